"""The set-up does what is due and nothing else, and what it builds is whole."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from types import ModuleType

import brotli
import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def setup(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The set-up of a checkout that is an empty folder."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    monkeypatch.delitem(sys.modules, "setup", raising=False)
    import setup

    move(setup, monkeypatch, tmp_path)
    return setup


def move(setup: ModuleType, monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    """Pretend that the checkout lies here, its environment with it."""
    monkeypatch.setattr(setup, "ROOT", root)
    monkeypatch.setattr(setup, "VENV", root / ".venv")
    monkeypatch.setattr(setup, "BIN", root / ".venv" / "bin")
    (root / ".venv").mkdir(exist_ok=True)


class Step:
    """A step that writes one file from another, and counts how often it was done."""

    def __init__(self, setup: ModuleType, monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
        self.setup, self.root, self.done, self.fails = setup, root, 0, False
        monkeypatch.setattr(setup, "STAMPS", root / ".venv" / "stamps")
        (root / "source").write_text("1")

    def work(self) -> None:
        self.done += 1
        (self.root / "made").write_text("made")
        if self.fails:
            self.setup.run(sys.executable, "-c", "raise SystemExit(1)")

    def run(self, root: Path | None = None) -> int:
        self.setup.step("each", self.root / "made", [(root or self.root) / "source"], self.work)
        return self.done


@pytest.fixture
def step(setup: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Step:
    return Step(setup, monkeypatch, tmp_path)


def test_a_second_run_does_nothing(step: Step) -> None:
    assert [step.run(), step.run()] == [1, 1]


def test_a_changed_source_is_built_again(step: Step) -> None:
    step.run()
    (step.root / "source").write_text("2")
    assert [step.run(), step.run()] == [2, 2]


def test_what_somebody_removed_is_made_again(step: Step) -> None:
    step.run()
    (step.root / "made").unlink()
    assert step.run() == 2


def test_a_folder_that_was_moved_is_set_up_again(step: Step, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    step.run()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "source").write_text("1")
    move(step.setup, monkeypatch, elsewhere)
    assert step.run(elsewhere) == 2


def test_a_step_that_failed_half_way_is_due_again(step: Step) -> None:
    step.run()
    (step.root / "made").unlink()
    step.fails = True
    with pytest.raises(SystemExit, match="set-up stopped: .* failed"):
        step.run()
    step.fails = False
    assert [step.run(), step.run()] == [3, 3]


def test_an_old_python_is_refused_in_words(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup.sys, "version_info", (3, 10, 4))
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer"):
        setup.main()


def test_without_venv_an_ordinary_user_is_told_what_to_install(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup.sys, "executable", "/bin/false")
    monkeypatch.setattr(setup.os, "geteuid", lambda: 1000)
    with pytest.raises(SystemExit, match="apt-get install python3-venv"):
        setup.make_venv()


def test_an_environment_made_by_another_tool_is_not_cleared(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/said\n')
    python.chmod(0o755)
    monkeypatch.setattr(setup.sys, "executable", str(python))
    monkeypatch.setattr(setup, "STAMPS", setup.VENV / "stamps")
    setup.make_venv()
    setup.STAMPS.mkdir()
    setup.make_venv()
    assert ["--clear" in said for said in (tmp_path / "said").read_text().splitlines()] == [False, True]


@pytest.fixture
def build(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The build, with its result in a folder of the test."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    import build_static

    monkeypatch.setattr(build_static, "DIST", tmp_path / "dist")
    return build_static


def test_every_entry_is_one_hashed_file_with_its_compressed_twins(build: ModuleType) -> None:
    build.main()
    manifest = json.loads((build.DIST / "manifest.json").read_text("utf-8"))
    assert set(manifest) == set(build.ENTRIES)
    for entry, name in manifest.items():
        content = (build.DIST / name).read_bytes()
        assert name.startswith(Path(entry).stem + "-")
        assert gzip.decompress((build.DIST / f"{name}.gz").read_bytes()) == content
        assert brotli.decompress((build.DIST / f"{name}.br").read_bytes()) == content


def test_building_twice_gives_the_same_files(build: ModuleType) -> None:
    def files() -> dict[str, bytes]:
        build.main()
        return {path.name: path.read_bytes() for path in build.DIST.iterdir()}

    assert files() == files()


def test_a_build_that_fails_leaves_what_is_served(build: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    build.main()
    before = sorted(build.DIST.iterdir())
    monkeypatch.setattr(build, "OPTIONS", ("--no-such-option",))
    with pytest.raises(SystemExit, match="could not be built"):
        build.main()
    assert sorted(build.DIST.iterdir()) == before
    assert not list(build.DIST.parent.glob(".build-*"))


def test_without_esbuild_the_build_says_what_to_do(
    build: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(build, "ROOT", tmp_path)
    with pytest.raises(SystemExit, match="run `make setup`"):
        build.esbuild()


def test_the_last_line_counts_all_sets(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    import count_tests

    for n, counts in enumerate(
        ('tests="5" failures="1" errors="1" skipped="1"', 'tests="3" failures="0" errors="0" skipped="0"')
    ):
        (tmp_path / f"{n}.xml").write_text(f"<testsuites><testsuite {counts}/></testsuites>")
    count_tests.main(str(tmp_path), "none missing; ")
    assert capsys.readouterr().out == "none missing; 1 skipped, 5 passed, 2 failed\n"
