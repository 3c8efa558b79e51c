"""The `formsite` command in a process of its own, forked from one that has read its modules already."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
import traceback
import warnings
from collections.abc import Mapping
from pathlib import Path

import structlog

import formsite.application  # noqa: F401  (what every command would read again)
from formsite.cli import main


def run(words: tuple[str, ...], *, stdin: str, folder: Path, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:  # fmt: skip
    """Run a command in `folder` and wait for its end: its own streams, environment and exit status."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        given.write(stdin.encode())
        given.seek(0)
        pid = os.fork()
        if pid == 0:
            _be_the_command(words, [given.fileno(), out.fileno(), err.fileno()], folder, environment)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        return subprocess.CompletedProcess(words, status, _said(out), _said(err))


def _said(stream: io.BufferedRandom) -> str:
    stream.seek(0)
    return stream.read().decode()


def _be_the_command(words: tuple[str, ...], streams: list[int], folder: Path, environment: Mapping[str, str]) -> None:
    status = 70
    try:
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
        sys.stdin, sys.stdout, sys.stderr = (
            os.fdopen(number, mode, encoding="utf-8") for number, mode in enumerate("rww")
        )
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        warnings.resetwarnings()
        warnings.simplefilter("ignore")
        structlog.reset_defaults()
        sys.argv = ["formsite", *words]
        main()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # as Python itself would say it
        traceback.print_exc()
        status = 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
