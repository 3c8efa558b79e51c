"""The loop behind the site: sends the mail that is due, runs the jobs, and does what waits in queues."""

from __future__ import annotations

import threading

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from formsite.foundation import clock, jobs, outbox
from formsite.foundation.database import db

POLL_SECONDS = 0.5
PAUSE_SECONDS = 5.0
log = structlog.get_logger("worker")


def run(app: Flask, stop: threading.Event) -> None:
    """Work until `stop` is set. A database that is away is waited for; nothing ends the loop but `stop`."""
    log.info("worker starts")
    while not stop.is_set():
        try:
            busy = run_once(app)
        except SQLAlchemyError as error:
            log.error("database is away", error=type(error).__name__)
            busy = 0
            stop.wait(PAUSE_SECONDS)
        except Exception:
            log.exception("worker stumbles")
            busy = 0
            stop.wait(PAUSE_SECONDS)
        if not busy:
            stop.wait(POLL_SECONDS)
    log.info("worker stops")


def run_once(app: Flask) -> int:
    """Do what is due now; how many things that was."""
    with app.app_context():
        try:
            return outbox.send_due(clock.now()) + jobs.run_due(clock.now()) + jobs.run_waiting(clock.now())
        finally:
            db.session.remove()
