"""Ends a worker without warning in the middle of an import: another one goes on, and there is one draft."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from formsite.foundation import clock
from formsite.interchange import incoming, jobs
from formsite.interchange.models import Import, ImportState
from formsite.staff.models import Role
from tests.faults.test_kill import environment
from tests.interchange.test_importing import bring, counted, kept, only
from tests.interchange.xlsform_books import book, row
from tests.support.people import sign_in

pytestmark = pytest.mark.faults
LONG = book([row("text", f"q{number}", relevant="${q0} = 'x'" if number else "") for number in range(1_000)])


def until(app: Flask, holds: Callable[[Import], bool]) -> None:
    for _ in range(1_200):
        if holds(only(app)):
            return
        time.sleep(0.05)
    raise AssertionError(f"it stays {only(app).state}")


def test_a_worker_killed_in_the_middle_leaves_the_import_to_the_next(app: Flask, tmp_path: Path) -> None:
    designer = sign_in(app, Role.DESIGNER)
    address = bring(designer, LONG)
    worker = subprocess.Popen([sys.executable, "-m", "formsite", "worker"], env=environment(tmp_path, 9))
    until(app, lambda found: found.state == ImportState.RUNNING)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert only(app).state == ImportState.RUNNING and counted(app) == 0
    with app.app_context():
        assert jobs.read_next(clock.now()) == 0  # its lease is kept: nobody can know that it is dead
        assert jobs.read_next(clock.now() + incoming.LEASE) == 1
    assert "1000 questions came in" in designer.get(address).text
    assert (only(app).tries, counted(app), kept(app)) == (2, 1, [])
