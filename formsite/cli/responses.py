"""`formsite responses`: export, and synthetic responses for trying things out."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path

import click

from formsite.cli.running import actor, refuse, refusals, within
from formsite.designer import queries
from formsite.filling import faces, synthetic
from formsite.foundation import clock
from formsite.foundation.database import unit_of_work
from formsite.responses import export as exporting


@click.group()
def responses() -> None:
    """Stored responses."""


@responses.command()
@click.argument("slug")
@click.option("-n", "number", type=click.IntRange(1, 10_000_000), required=True, help="How many.")
@click.option("--seed", type=int, default=0, show_default=True, help="The same seed gives the same answers.")
@click.option("--days", type=click.IntRange(0, 3_650), default=0, show_default=True, help="Spread over the last DAYS.")
@refusals
def fill(slug: str, number: int, seed: int, days: int) -> None:
    """Store N believable synthetic responses, marked as test data."""
    with within():
        face = faces.face(slug)
        if face is None:
            refuse(f"No form is published as “{slug}”")
        limited = face.max_responses is not None
        made = synthetic.fill(face.version, slug, number, seed=seed, days=days, now=clock.now(), limited=limited)
    click.echo(f"{made} responses were stored.", err=True)


@responses.command()
@click.argument("slug")
@click.option("--format", "format_", type=click.Choice(sorted(exporting.FORMATS)), default="csv", show_default=True)
@click.option("--personal", is_flag=True, help="With personal answers; needs --reason.")
@click.option("--reason", default="", help="Why personal answers leave: kept in the audit log.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    required=True,
    help="A file, or - for standard output.",
)
@refusals
def export(slug: str, format_: str, personal: bool, reason: str, output: Path) -> None:
    """Write every submitted response of SLUG. Without --personal no personal answer leaves."""
    if personal and not reason.strip():
        raise click.UsageError("--personal needs --reason TEXT")
    with within(), ExitStack() as stack:
        with unit_of_work(write=False):
            form = queries.by_slug(slug)
        if form is None:
            refuse(f"There is no form “{slug}”")
        out = sys.stdout.buffer if str(output) == "-" else stack.enter_context(output.open("wb"))
        number = exporting.write(form, out, format_, personal=personal, reason=reason, actor=actor(), now=clock.now())
    click.echo(f"{number} responses were written.", err=True)
