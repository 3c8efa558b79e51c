"""Refuses a change of the tables that has no migration: up from nothing, compare, down to nothing, on SQLite."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import flask_migrate

from formsite import create_app
from formsite.config import Settings


def main() -> None:
    """Exit status 1 where models and migrations differ."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = Settings(
            _env_file=None,
            data_dir=folder / "data",
            key_file=folder / "keys" / "k",
            log_level="error",
            log_format="json",
        )
        app = create_app(settings)
        with app.app_context():
            flask_migrate.upgrade()
            flask_migrate.check()
            flask_migrate.downgrade(revision="base")
    print("models and migrations agree", file=sys.stderr)


if __name__ == "__main__":
    main()
