"""Reading a file apart: in a process of its own, so that none can take more time or memory than a questionnaire needs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Timer
from typing import IO, Any

from formsite.definition.faults import Fault, Faulty
from formsite.interchange import confined, files
from formsite.interchange.losses import Imported, Loss, Unimportable
from formsite.interchange.progress import Stage

MOST_ANSWER = 64 * 1024 * 1024
LIMITS = {"memory": confined.MEMORY, "cpu": confined.CPU_SECONDS, "seconds": confined.SECONDS}
GRACE = 5  # the process ends itself; this is for a machine that hangs
PASSED_ON = (
    "PATH",
    "LANG",
    "LC_ALL",
    "LD_LIBRARY_PATH",
    "PYTHONHOME",
    "PYTHONPATH",
    "PYTHONDONTWRITEBYTECODE",
    "TMPDIR",
)
"""The environment that the process gets: no setting, and no password."""
PACKAGE = Path(__file__).parents[2]
START = "import sys; sys.path.append(sys.argv[1]); from formsite.interchange.confined import main; main()"
"""Our package last, so that nothing that lies beside it hides a part of the language."""
TOO_LONG = ("It takes too long to read", "Take it apart, or simplify its longest rules")
TOO_DEEP = ("It is nested too deeply", "Take its groups or rules apart")
TOO_LARGE = (
    "It needs more memory than a questionnaire can",
    "Take it apart, or save it anew without what is not needed",
)
UNREAD = (
    "formsite could not read it; the fault is ours",
    "Save it again in the program it comes from, or take it apart",
)


def read(
    content: bytes, name: str, format: str = "auto", *, told: Callable[[Stage], None] = lambda _stage: None
) -> Imported:
    """Read a file as `files.read` does, without the dialect: names and losses, no answers.

    Args:
        told: is called as each stage begins.

    Raises:
        Unimportable: nothing can be imported; says where, what and how to mend it.
        Faulty: an own definition with faults.
    """
    files.refuse_size(len(content), name)
    process = subprocess.Popen(  # noqa: S603  (our own program)
        [sys.executable, "-P", "-c", START, str(PACKAGE)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
        cwd="/",
    )
    end = Timer(LIMITS["seconds"] + GRACE, process.kill)
    end.start()
    head = json.dumps({"limits": LIMITS, "name": name, "format": format})
    with process:
        try:
            answer = _talk(process, head.encode() + b"\n" + content, told)
            process.wait()
        finally:
            end.cancel()
            process.kill()
    return _taken(answer or _ended(process.returncode), name)


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in PASSED_ON if name in os.environ}


def _talk(process: subprocess.Popen[bytes], sent: bytes, told: Callable[[Stage], None]) -> dict[str, Any]:
    """Hand over the file, listen to the stages; the last line, or nothing where it was cut short."""
    into, out = process.stdin, process.stdout
    if into is None or out is None:
        raise TypeError("the process was started without pipes")
    try:
        into.write(sent)
        into.close()
    except BrokenPipeError:
        return {}
    while line := _line(out):
        if "stage" not in line:
            return line
        told(Stage[line["stage"]])
    return {}


def _line(out: IO[bytes]) -> dict[str, Any]:
    raw = out.readline(MOST_ANSWER)
    if not raw.endswith(b"\n"):
        return {}
    line: dict[str, Any] = json.loads(raw)
    return line


def _ended(status: int) -> dict[str, Any]:
    """What is known of a process that did not answer."""
    return {"failed": signal.Signals(-status).name if status < 0 else f"status {status}"}


def _taken(answer: dict[str, Any], name: str) -> Imported:
    if "refused" in answer:
        raise Unimportable(**answer["refused"])
    if "faults" in answer:
        raise Faulty(tuple(Fault(**fault) for fault in answer["faults"]))
    if "failed" in answer:
        raise Unimportable(name, *_said(answer["failed"]))
    from formsite.definition.document import parse  # the process began while this one had yet to read it

    held = answer["imported"]
    return Imported(
        definition=parse(held["definition"]),
        slug=held["slug"],
        names=held["names"],
        losses=tuple(Loss(*each) for each in held["losses"]),
        places=held["places"],
        format=held["format"],
    )


def _said(failure: str) -> tuple[str, str]:
    if failure in ("SIGXCPU", "SIGALRM"):
        return TOO_LONG
    if failure == "RecursionError":
        return TOO_DEEP
    if failure in ("MemoryError", "SystemError", "SIGSEGV", "SIGABRT", "SIGKILL"):
        return TOO_LARGE
    import structlog

    structlog.get_logger("imports").error("reader failed", error=failure)
    return UNREAD
