"""What every command shares: the application around it, refusals on standard error, JSON on standard output."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, NoReturn, ParamSpec, TypeVar

import click

from formsite import create_app
from formsite.definition.faults import Faulty
from formsite.foundation.errors import Refused

if TYPE_CHECKING:  # what works on files alone does not wait for the framework and the database
    from flask import Flask

    from formsite.foundation.audit import Actor

P = ParamSpec("P")
T = TypeVar("T")
NOT_UP_TO_DATE = "The database is not up to date. Run: formsite db upgrade"


def application() -> Flask:
    """The application, or the one line that says which setting is wrong."""
    from formsite.config import ConfigError

    try:
        return create_app()
    except ConfigError as error:
        refuse(str(error))


@contextmanager
def within(*, ready: bool = True) -> Iterator[Flask]:
    """An application context.

    Args:
        ready: its database is needed as it should be; one that is not is told in a line.
    """
    from sqlalchemy.exc import DBAPIError

    app = application()
    with app.app_context():
        try:
            yield app
        except DBAPIError:
            if ready and (said := _of_database()):
                refuse(said)
            raise


def _of_database() -> str:
    """What is wrong with the database as a whole, if it is that."""
    from sqlalchemy.exc import DBAPIError

    from formsite.foundation.database import migrations_at_head

    try:
        return "" if migrations_at_head() else NOT_UP_TO_DATE
    except DBAPIError:
        return "The database cannot be reached. Look at FORMSITE_DATABASE_URL."


def actor() -> Actor:
    """Whoever sits at the terminal."""
    from formsite.foundation.audit import Actor

    return Actor("cli", None, os.environ.get("SUDO_USER") or os.environ.get("USER") or "command line")


def refuse(message: str) -> NoReturn:
    """Say why, and end with status 1."""
    click.echo(message, err=True)
    sys.exit(1)


def print_json(document: Any) -> None:
    """One JSON document on standard output and nothing else."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def faults_json(refusal: Faulty) -> dict[str, Any]:
    """Faults as the command line prints them."""
    return {"faults": [fault.as_json() for fault in refusal.faults]}


def refusals(verb: Callable[P, T]) -> Callable[P, T]:
    """A domain refusal becomes its sentence on standard error and status 1, never a traceback."""

    @wraps(verb)
    def command(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return verb(*args, **kwargs)
        except Refused as refusal:
            refuse(str(refusal))

    return command


as_json = click.option("--json", "json_out", is_flag=True, help="Print one JSON document on standard output.")
