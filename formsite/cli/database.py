"""`formsite db`: migrations."""

from __future__ import annotations

import click
import flask_migrate

from formsite.cli.running import within


@click.group()
def db() -> None:
    """Bring the database to another version of its tables."""


@db.command()
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Migrate up to REVISION (the newest, if none is named)."""
    with within(ready=False):
        flask_migrate.upgrade(revision=revision)
    click.echo("The database is up to date.", err=True)


@db.command()
@click.argument("revision", default="-1")
def downgrade(revision: str) -> None:
    """Migrate down to REVISION (one step, if none is named)."""
    with within(ready=False):
        flask_migrate.downgrade(revision=revision)
    click.echo("The database was migrated down.", err=True)
