"""Web and worker together: the worker is there as long as the web is, whatever ends it."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import Any

import pytest

from formsite.cli import serving


def test_a_worker_that_ends_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen

    def fake(command: list[str], **given: Any) -> subprocess.Popen[bytes]:
        assert command[1:] == ["-m", "formsite", "worker"]
        lasts = "time.sleep(60)" if started else "raise SystemExit(9)"
        started.append(start([sys.executable, "-S", "-c", f"import time; {lasts}"], **given))
        return started[-1]

    monkeypatch.setattr(serving, "PAUSE_SECONDS", 0)
    monkeypatch.setattr(serving.subprocess, "Popen", fake)
    with serving.worker_process():
        for _ in range(1_000):
            if len(started) == 2:
                break
            time.sleep(0.01)
        assert len(started) == 2 and started[0].returncode == 9
        assert started[1].poll() is None
    assert started[1].returncode is not None
