"""Reads one file of a stranger in a process of its own, which may use little: the other side of `apart`.

On standard input comes a line of JSON with the limits, the file's name and the format, then the file. On standard output goes a line
of JSON for each stage, and at last one with what came in, or why nothing did. Whatever a file makes of its reader, it
ends here: the process has no keys, no database and no settings, and the system ends it where it takes too long.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import sys
from typing import Any

MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 20
SECONDS = 45
FILES = 32
COLLECT_AFTER = 100_000  # objects: a reader makes many and ends soon
NICE = 5  # who imports waits; who fills in a form should not wait for them


def confine(memory: int, cpu: int, seconds: float) -> None:
    """From here on the process ends where it asks for more than a questionnaire needs."""
    _limit(resource.RLIMIT_AS, memory, memory)
    _limit(resource.RLIMIT_CPU, cpu, cpu + 1)
    _limit(resource.RLIMIT_CORE, 0, 0)
    _limit(resource.RLIMIT_NOFILE, FILES, FILES)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    os.nice(NICE)
    gc.set_threshold(COLLECT_AFTER)


def _limit(which: int, soft: int, hard: int) -> None:
    """A limit, or the narrower one that is set already."""
    most = resource.getrlimit(which)[1]
    if most != resource.RLIM_INFINITY:
        soft, hard = min(soft, most), min(hard, most)
    resource.setrlimit(which, (soft, hard))


def main() -> None:
    """Read what is on standard input."""
    head = json.loads(sys.stdin.buffer.readline())
    confine(**head["limits"])
    try:
        answer = _answer(sys.stdin.buffer.read(), head["name"], head["format"])
    except Exception as error:  # noqa: BLE001  (a fault of a reader is one file that does not come in)
        answer = {"failed": _kind(error)}
    say(answer)


def _kind(error: Exception) -> str:
    """What went wrong; a library that is there and cannot be loaded finds no room."""
    is_full = isinstance(error, ImportError) and not isinstance(error, ModuleNotFoundError)
    return "MemoryError" if is_full else type(error).__name__


def say(line: dict[str, Any]) -> None:
    """A line of the answer."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _answer(content: bytes, name: str, format_: str) -> dict[str, Any]:
    from formsite.definition.faults import Faulty
    from formsite.interchange import files, progress
    from formsite.interchange.losses import Unimportable

    try:
        with progress.heard(lambda stage: say({"stage": stage.name})):
            return {"imported": _as_json(files.read(content, name, format_))}
    except Unimportable as refusal:
        return {"refused": refusal.as_json()}
    except Faulty as refusal:
        return {"faults": [fault.as_json() for fault in refusal.faults]}


def _as_json(imported: Any) -> dict[str, Any]:
    places = {loss.where: imported.part_of(loss) for loss in imported.losses}
    return {
        "definition": imported.definition.as_json(),
        "slug": imported.slug,
        "names": imported.names,
        "losses": [[loss.where, loss.what, loss.why, loss.fix] for loss in imported.losses],
        "places": places,
        "format": imported.format,
    }
