"""`formsite staff`: accounts."""

from __future__ import annotations

import sys

import click

from formsite.cli.running import actor, as_json, print_json, refusals, within
from formsite.foundation import clock
from formsite.foundation.database import unit_of_work
from formsite.staff import accounts
from formsite.staff.models import Role


@click.group()
def staff() -> None:
    """The people who work with formsite."""


@staff.command()
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--name", default="", help="As colleagues see it; the part before the @ if not given.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
@as_json
@refusals
def add(email: str, role: str, name: str, password_stdin: bool, json_out: bool) -> None:
    """Make an account for EMAIL."""
    password = (
        sys.stdin.readline().rstrip("\r\n")
        if password_stdin
        else click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    )
    with within(), unit_of_work(write=True):
        member = accounts.add(
            email, name=name or email.split("@")[0], role=Role(role), password=password, actor=actor(), now=clock.now()
        )
        made = {"id": str(member.id), "email": member.email, "role": member.role}
    if json_out:
        print_json(made)
    else:
        click.echo(f"{made['email']} may sign in as {made['role']}.", err=True)
