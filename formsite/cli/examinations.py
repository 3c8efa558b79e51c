"""What `formsite doctor` looks at. Each examination says what it saw and, where it is wrong, how to mend it."""

from __future__ import annotations

import socket
import stat
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select, text

from formsite.foundation import clock
from formsite.foundation.database import db, migrations_at_head, unit_of_work
from formsite.foundation.errors import Unavailable
from formsite.foundation.ids import uuid7
from formsite.foundation.outbox import OutboxMail
from formsite.foundation.parts import parts
from formsite.staff.models import Role, StaffMember


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    what: str
    ok: bool
    said: str
    fix: str = ""


def examine(app: Flask) -> list[Finding]:
    """Every examination; one that fails outright is itself a finding."""
    findings = []
    for look in LOOKS:
        try:
            findings.append(look(app))
        except Exception as error:  # noqa: BLE001  (a doctor reports what breaks, and goes on)
            findings.append(
                Finding(look.__name__.strip("_"), False, f"{type(error).__name__}: {error}", "Mend this first")
            )
    return findings


def _database(app: Flask) -> Finding:
    with unit_of_work(write=False):
        db.session.execute(text("SELECT 1"))
    return Finding("database", True, f"{db.engine.dialect.name} answers")


def _migrations(app: Flask) -> Finding:
    if migrations_at_head():
        return Finding("migrations", True, "the tables are of this version")
    return Finding("migrations", False, "the tables are of another version", "formsite db upgrade")


def _durability(app: Flask) -> Finding:
    if db.engine.dialect.name != "sqlite":
        with unit_of_work(write=False):
            setting = db.session.scalar(text("SHOW synchronous_commit"))
        return Finding("durability", setting == "on", f"synchronous_commit is {setting}", "Set synchronous_commit = on")
    with unit_of_work(write=False):
        mode = db.session.scalar(text("PRAGMA journal_mode"))
        level = db.session.scalar(text("PRAGMA synchronous"))
    ok = mode == "wal" and level == 2
    return Finding(
        "durability", ok, f"journal {mode}, synchronous {level}", "Let no other program change the database's mode"
    )


def _key_file(app: Flask) -> Finding:
    path = Path(app.config["FORMSITE"].key_file)
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        return Finding("key file", False, f"others can read it (mode {mode:o})", f"chmod 600 {path}")
    return Finding("key file", True, "only its owner can read it; keep a copy of it apart from the database's")


def _data_folder(app: Flask) -> Finding:
    path = Path(app.config["FORMSITE"].data_dir)
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o007:
        return Finding("data folder", False, f"everybody can read it (mode {mode:o})", f"chmod 750 {path}")
    return Finding("data folder", True, "not open to everybody")


def _files(app: Flask) -> Finding:
    """One small file is put, read and taken away again."""
    storage, name, content = parts().storage, f"trials/{uuid7().hex}", b"formsite doctor"
    try:
        storage.put(name, [content])
        same = b"".join(storage.get(name)) == content
        storage.delete(name)
    except Unavailable as error:
        same, said = False, str(error)
    else:
        said = "files are kept and found again" if same else "a file came back as another one"
    fix = "Look at FORMSITE_STORAGE_URL, its keys, and the space that is left"
    return Finding("files", same, said, fix)


def _address(app: Flask) -> Finding:
    url = str(app.config["FORMSITE"].base_url)
    if url.startswith("https://") or "//127.0.0.1" in url or "//localhost" in url:
        return Finding("address", True, url)
    return Finding(
        "address",
        False,
        f"{url} is not encrypted on its way",
        "Put a proxy with TLS in front; set FORMSITE_BASE_URL to https://…",
    )


def _mail(app: Flask) -> Finding:
    settings = app.config["FORMSITE"]
    try:
        with socket.create_connection((settings.mail_server, settings.mail_port), timeout=3):
            pass
    except OSError as error:
        where = f"{settings.mail_server}:{settings.mail_port}"
        return Finding(
            "mail", False, f"{where} does not answer ({error})", "Set FORMSITE_MAIL_SERVER and FORMSITE_MAIL_PORT"
        )
    return Finding("mail", True, "the mail server answers")


def _outbox(app: Flask) -> Finding:
    late = clock.now() - timedelta(minutes=15)
    with unit_of_work(write=False):
        waiting = db.session.scalar(
            select(func.count()).select_from(OutboxMail).where(OutboxMail.state == "waiting", OutboxMail.due_at < late)
        )
        failed = db.session.scalar(select(func.count()).select_from(OutboxMail).where(OutboxMail.state == "failed"))
    ok = not waiting and not failed
    fix = "Run `formsite worker`, or look at /staff/outbox"
    return Finding("outbox", ok, f"{waiting} mails late, {failed} failed", fix)


def _staff(app: Flask) -> Finding:
    with unit_of_work(write=False):
        admins = db.session.scalar(
            select(func.count())
            .select_from(StaffMember)
            .where(StaffMember.role == Role.ADMIN.value, StaffMember.disabled_at.is_(None))
        )
    return Finding("staff", bool(admins), f"{admins} admins", "formsite staff add EMAIL --role admin --password-stdin")


LOOKS: tuple[Callable[[Flask], Finding], ...] = (
    _database,
    _migrations,
    _durability,
    _key_file,
    _data_folder,
    _files,
    _address,
    _mail,
    _outbox,
    _staff,
)
