"""`formsite demo`: a site to try out: one form of each kind, responses, a sign-in for each role, mail caught on a page."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import click
import flask_migrate
from flask import Flask

from formsite.cli.running import application, refuse
from formsite.cli.serving import HOST, PORT, run_web, worker_process
from formsite.demo import catching, seeding
from formsite.demo.seeding import PASSWORD

FOLDER = "instance/demo"
KEYS = "instance-keys/demo.keys"


@click.command()
@click.option("--seed-only", is_flag=True, help="Make the demo data and end.")
@HOST
@PORT
def demo(seed_only: bool, host: str, port: int | None) -> None:
    """Make the demo site, and serve it. Its data lies apart from a real site's."""
    _settings(host, port)
    app = application()
    with app.app_context():
        flask_migrate.upgrade()
        seeding.seed()
    if seed_only:
        click.echo("The demo data is there.", err=True)
        return
    _serve(app, host)


def _settings(host: str, port: int | None) -> None:
    """The demo's own settings, for this process and those it starts; what is set already stays."""
    port = port or int(os.environ.get("FORMSITE_PORT", "8000"))
    given = {
        "FORMSITE_DEMO": "true",
        "FORMSITE_DATA_DIR": FOLDER,
        "FORMSITE_KEY_FILE": KEYS,
        "FORMSITE_PORT": str(port),
        "FORMSITE_BASE_URL": f"http://127.0.0.1:{port}",
        "FORMSITE_SITE_NAME": "Northwind Fibre",
        "FORMSITE_ORGANISATION": "Northwind Fibre Ltd",
        "FORMSITE_CONTACT_EMAIL": "privacy@northwind.example",
        "FORMSITE_CONTACT_ADDRESS": "1 Harbour Street, Leeds",
        "FORMSITE_MAIL_SERVER": "127.0.0.1",
        "FORMSITE_MAIL_PORT": str(_free_port()),
        "FORMSITE_MAIL_SENDER": "Northwind Fibre <hello@northwind.example>",
        "FORMSITE_LOG_LEVEL": "warning",
    }
    for name, value in given.items():
        os.environ.setdefault(name, value)


def _serve(app: Flask, host: str) -> None:
    settings = app.config["FORMSITE"]
    try:
        socket.create_server((host, settings.port)).close()
    except OSError:
        refuse(f"Port {settings.port} is taken. Choose another: FORMSITE_PORT=8001 make run")
    with catching.caught(settings.mail_port, Path(settings.data_dir) / catching.FOLDER), worker_process():
        _welcome(settings.base_url)
        run_web(host, settings.port, workers=1)


def _welcome(url: str) -> None:
    lines = ["", f"  The demo is at {url}", f"  Staff sign in at {url}/staff/ with the password: {PASSWORD}", ""]
    lines += [f"    {address:32} {said}" for address, said in seeding.PEOPLE_SAID]
    lines += ["", f"  Caught mail: {url}/demo/mail", "  Stop with Ctrl+C", ""]
    click.echo("\n".join(lines), file=sys.stdout)
    sys.stdout.flush()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
