"""`formsite doctor`: what is wrong with this installation, and how to mend it."""

from __future__ import annotations

import sys

import click

from formsite.cli import examinations
from formsite.cli.running import application, as_json, print_json
from formsite.config import Settings


@click.command()
@click.option("--settings", is_flag=True, help="List every setting: name, value, default, meaning.")
@as_json
def doctor(settings: bool, json_out: bool) -> None:
    """Examine this installation. Status 1 if something is wrong."""
    app = application()
    if settings:
        _list_settings(app.config["FORMSITE"], json_out)
        return
    with app.app_context():
        findings = examinations.examine(app)
    if json_out:
        print_json({"findings": [{"what": f.what, "ok": f.ok, "said": f.said, "fix": f.fix} for f in findings]})
    else:
        for finding in findings:
            mark = "ok   " if finding.ok else "WRONG"
            click.echo(f"{mark} {finding.what}: {finding.said}" + ("" if finding.ok else f" -> {finding.fix}"))
    sys.exit(0 if all(finding.ok for finding in findings) else 1)


def _list_settings(settings: Settings, json_out: bool) -> None:
    described = settings.describe()
    if json_out:
        print_json([{"name": s.name, "value": s.value, "default": s.default, "meaning": s.meaning} for s in described])
        return
    for setting in described:
        click.echo(f"{setting.name}={setting.value}\n    {setting.meaning} (default: {setting.default})")
