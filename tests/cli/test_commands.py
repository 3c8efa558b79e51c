"""The command line: what each command prints, on which stream, and how it ends."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from formsite.designer.starters import FOLDER as STARTERS
from formsite.foundation.crypto import Keyring
from tests.support import commands
from tests.support.forms import paged, simple


class Site:
    """An installation of its own, worked by its command."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if not name.startswith("FORMSITE_")}
        self.environment = kept | {
            "FORMSITE_DATA_DIR": str(folder / "data"),
            "FORMSITE_KEY_FILE": str(folder / "keys" / "k"),
            "FORMSITE_LOG_LEVEL": "error",
        }

    def run(
        self, *words: str, stdin: str = "", expect: int = 0, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        said = commands.run(words, stdin=stdin, folder=self.folder, environment=self.environment | environment)
        assert said.returncode == expect, (said.returncode, said.stdout[-800:], said.stderr[-800:])
        assert "Traceback" not in said.stderr
        return said

    def json(self, *words: str, **given: Any) -> Any:
        return json.loads(self.run(*words, "--json", **given).stdout)

    def file(self, name: str, document: Any) -> str:
        (self.folder / name).write_text(document if isinstance(document, str) else json.dumps(document))
        return name


@pytest.fixture
def site(tmp_path: Path, migrated: Path) -> Site:
    made = Site(tmp_path)
    (tmp_path / "data").mkdir()
    shutil.copy(migrated, tmp_path / "data" / "formsite.db")
    Keyring.load_or_create(tmp_path / "keys" / "k")
    return made


def test_it_starts_by_itself(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-P", "-m", "formsite", "--help"], capture_output=True, text=True, cwd=tmp_path, check=True
    )
    assert "Forms that people can trust" in said.stdout


def test_tables_go_up_and_down(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.run("db", "upgrade")
    site.run("db", "downgrade", "base")
    assert "not up to date" in site.run("web", "--port", "9", expect=1).stderr
    said = site.run("forms", "show", "tell", expect=1)
    assert said.stderr.startswith("The database is not up to date. Run: formsite db upgrade") and not said.stdout


def test_a_database_out_of_reach_is_told_in_a_line(site: Site) -> None:
    shutil.rmtree(site.folder / "data")
    (site.folder / "data" / "formsite.db").mkdir(parents=True)
    assert "cannot be reached" in site.run("forms", "show", "tell", expect=1).stderr


def test_staff_add(site: Site) -> None:
    made = site.json(
        "staff", "add", "Boss@Example.org", "--role", "admin", "--password-stdin", stdin="a long pass phrase\n"
    )
    assert set(made) == {"id", "email", "role"} and made["email"] == "boss@example.org"
    refused = site.run(
        "staff", "add", "x@example.org", "--role", "admin", "--password-stdin", stdin="short\n", expect=1
    )
    assert "12 characters" in refused.stderr and refused.stdout == ""
    site.run("staff", "add", "x@example.org", "--role", "king", "--password-stdin", expect=2)


def test_forms_import_publish_show_and_again(site: Site) -> None:
    source = site.file("tell.json", simple())
    made = site.json("forms", "import", source, "--slug", "tell", "--publish")
    assert set(made) == {"slug", "version", "url", "questions", "names", "losses"}
    assert (made["slug"], made["version"], made["questions"], made["losses"]) == ("tell", 1, 4, [])
    assert made["names"]["email"] == "email" and made["url"].endswith("/f/tell")
    changed = simple()
    changed["title"] = {"en": "Tell us more"}
    assert site.json("forms", "import", site.file("b.json", changed), "--slug", "tell", "--publish")["version"] == 2
    assert site.json("forms", "show", "tell", "--version", "1")["title"] == {"en": "Tell us"}
    assert site.json("forms", "show", "tell")["title"] == {"en": "Tell us more"}
    assert "no form" in site.run("forms", "show", "nothing", "--json", expect=1).stderr.lower()


def test_what_cannot_be_imported_says_where_what_and_how(site: Site) -> None:
    for name, content in (("a.json", "{"), ("b.json", {"formsite": 1}), ("c.bin", "MZ")):
        said = site.run("forms", "import", site.file(name, content), "--json", expect=1)
        assert set(json.loads(said.stdout)["error"]) == {"where", "what", "fix"} and said.stderr
    faulty = simple()
    faulty["pages"][0]["items"][0].pop("why")
    said = site.run("forms", "import", site.file("d.json", faulty), "--slug", "d", "--publish", "--json", expect=1)
    assert json.loads(said.stdout)["error"]["where"] == "/pages/0/items/0/why"
    site.run("forms", "show", "d", "--json", expect=1)  # nothing was kept
    site.run("forms", "import", "absent.json", "--json", expect=2)


def test_forms_check(site: Site) -> None:
    assert site.json("forms", "check", str(STARTERS / "competition.json")) == {"faults": []}
    said = site.run("forms", "check", str(STARTERS / "blank.json"), "--json", expect=1)
    assert all(set(fault) == {"where", "what", "fix"} for fault in json.loads(said.stdout)["faults"])


def test_forms_evaluate_one_and_many(site: Site) -> None:
    source = site.file("paged.json", paged())
    result = site.json("forms", "evaluate", source, "--answers", site.file("a.json", {"more": True, "rating": 9}))
    assert result["shown"] == ["full_name", "more", "what", "rating"]
    assert result["compulsory"] == ["what"] and set(result["errors"]) == {"what", "rating"}
    assert result["computed"] == {} and result["next"] == "second"
    nested = site.json(
        "forms",
        "evaluate",
        source,
        "--answers",
        site.file("n.json", {"second": {"what": "x"}, "first": {"more": True}}),
    )
    assert nested["errors"] == {} and nested["next"] is None
    german = site.json("forms", "evaluate", source, "--answers", "a.json", "--language", "de")
    assert german["errors"] != result["errors"]
    many = site.run("forms", "evaluate", source, "--batch", site.file("b.jsonl", '{"more": false}\n\n{"more": true}\n'))
    assert [json.loads(line)["shown"][2] for line in many.stdout.splitlines()] == ["rating", "what"]
    site.run("forms", "evaluate", source, expect=2)
    assert "JSON" in site.run("forms", "evaluate", source, "--answers", site.file("w.json", "[1"), expect=1).stderr


def test_responses_fill_and_export(site: Site) -> None:
    site.run("forms", "import", site.file("tell.json", simple()), "--slug", "tell", "--publish", "--json")
    site.run("responses", "fill", "tell", "-n", "205", "--seed", "3", "--days", "4")
    out = site.run("responses", "export", "tell", "--format", "csv", "-o", "-").stdout
    assert len(out.splitlines()) == 206 and "example.org" not in out
    site.run("responses", "export", "tell", "--format", "csv", "--personal", "-o", "x.csv", expect=2)
    site.run(
        "responses",
        "export",
        "tell",
        "--format",
        "csv",
        "--personal",
        "--reason",
        "the yearly report of the board",
        "-o",
        "x.csv",
    )
    assert "example.org" in (site.folder / "x.csv").read_text("utf-8-sig")
    site.run("responses", "fill", "nothing", "-n", "1", expect=1)


def test_doctor(site: Site) -> None:
    said = site.run("doctor", "--json", expect=1)  # no mail server, no admin
    findings = {finding["what"]: finding for finding in json.loads(said.stdout)["findings"]}
    assert findings["database"]["ok"] and not findings["staff"]["ok"] and findings["staff"]["fix"]
    names = {setting["name"] for setting in site.json("doctor", "--settings")}
    assert {"FORMSITE_DATABASE_URL", "FORMSITE_KEY_FILE", "FORMSITE_MAIL_SERVER", "FORMSITE_EMBED_ORIGINS"} <= names
    shown = site.run("doctor", "--settings", FORMSITE_SECRET_KEY="not to be seen by anybody").stdout
    assert "not to be seen" not in shown


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FORMSITE_PORT", "many"),
        ("FORMSITE_BASE_URL", "forms"),
        ("FORMSITE_KEY_FIEL", "x"),
        ("FORMSITE_KEY_FILE", "data/k"),
    ],
)
def test_a_wrong_setting_stops_with_a_line_that_names_it(site: Site, name: str, value: str) -> None:
    said = site.run("doctor", expect=1, **{name: value})
    assert name in said.stderr and len(said.stderr.strip().splitlines()) == 1


def test_wrong_usage_is_2_and_help_names_every_verb(site: Site) -> None:
    site.run("nonsense", expect=2)
    said = site.run("--help").stdout
    for verb in ("serve", "web", "worker", "demo", "db", "staff", "forms", "responses", "doctor"):
        assert verb in said


def test_the_worker_does_what_is_due_and_ends(site: Site) -> None:
    site.run("worker", "--once")
