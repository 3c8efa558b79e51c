"""`formsite serve`, `web` and `worker`: the running site."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import click

from formsite.cli.running import NOT_UP_TO_DATE, application, refuse
from formsite.foundation.database import migrations_at_head
from formsite.foundation import worker as background

HOST = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
PORT = click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on; FORMSITE_PORT if not given.")
WORKERS = click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Web processes.")
PAUSE_SECONDS = 2.0


@click.command()
@HOST
@PORT
@WORKERS
def serve(host: str, port: int | None, workers: int) -> None:
    """Web and worker together, on one machine."""
    port = ready(port)
    with worker_process():
        run_web(host, port, workers)


@click.command()
@HOST
@PORT
@WORKERS
def web(host: str, port: int | None, workers: int) -> None:
    """Web alone; run `formsite worker` beside it, here or elsewhere."""
    run_web(host, ready(port), workers)


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, then end.")
def worker(once: bool) -> None:
    """Worker alone: sends the mail that is due and runs the jobs. As many as you like, on PostgreSQL."""
    app = application()
    if once:
        background.run_once(app)
        return
    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    background.run(app, stop)


def ready(port: int | None) -> int:
    """Check the settings and the database before a port is opened; the port to open."""
    if port is not None:
        os.environ["FORMSITE_PORT"] = str(port)  # the processes started from here must know it as well
    app = application()
    with app.app_context():
        if not migrations_at_head():
            refuse(NOT_UP_TO_DATE)
    return int(app.config["FORMSITE"].port)


def run_web(host: str, port: int, workers: int) -> None:
    """Serve until told to stop."""
    from granian import Granian
    from granian.constants import Interfaces

    click.echo(f"formsite listens on http://{host}:{port}", err=True)
    Granian(
        "formsite:create_app",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        log_access=False,
        respawn_failed_workers=True,
    ).serve()


@contextmanager
def worker_process() -> Iterator[None]:
    """A worker beside the web, ended with it. If it ends before, another one takes its place."""
    stop = threading.Event()
    keeper = threading.Thread(target=_keep_worker, args=(stop,))
    keeper.start()
    try:
        yield
    finally:
        stop.set()
        keeper.join()


def _keep_worker(stop: threading.Event) -> None:
    while True:
        process = subprocess.Popen([sys.executable, "-m", "formsite", "worker"])
        while process.poll() is None and not stop.wait(0.5):
            pass
        if stop.is_set():
            break
        if process.returncode:
            click.echo("The worker ended; another one starts.", err=True)
        if stop.wait(PAUSE_SECONDS):
            return
    process.terminate()
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
