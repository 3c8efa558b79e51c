"""The `formsite` command. One module for each group of verbs, loaded when its verb is called."""

from __future__ import annotations

from importlib import import_module

import click

COMMANDS = {
    "serve": "serving",
    "web": "serving",
    "worker": "serving",
    "demo": "demo",
    "db": "database",
    "staff": "staff",
    "forms": "forms",
    "responses": "responses",
    "doctor": "doctor",
}


class Commands(click.Group):
    """Finds a command by name and imports only its module, so that `--help` and small verbs start at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every verb, in the order in which somebody new needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command called `name`."""
        if name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"formsite.cli.{COMMANDS[name]}"), name)
        return command


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="formsite")
def main() -> None:
    """Forms that people can trust: design, publish, fill in, follow up.

    Settings come from the environment (FORMSITE_…) or a .env file; `formsite doctor --settings` lists them.
    Exit status: 0 done, 1 refused (with the reason), 2 wrong usage.
    """
