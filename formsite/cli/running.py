"""What every command shares: the application around it, refusals on standard error, JSON on standard output."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, NoReturn, ParamSpec, TypeVar

import click
from flask import Flask

from formsite import create_app
from formsite.config import ConfigError
from formsite.definition.faults import Faulty
from formsite.foundation.audit import Actor
from formsite.foundation.errors import Refused

P = ParamSpec("P")
T = TypeVar("T")


def application() -> Flask:
    """The application, or the one line that says which setting is wrong."""
    try:
        return create_app()
    except ConfigError as error:
        refuse(str(error))


@contextmanager
def within() -> Iterator[Flask]:
    """An application context."""
    app = application()
    with app.app_context():
        yield app


def actor() -> Actor:
    """Whoever sits at the terminal."""
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
    return {"faults": [{"where": f.where, "what": f.what, "fix": f.fix} for f in refusal.faults]}


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
