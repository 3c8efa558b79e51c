"""Taking the responses to a form out, as CSV that no spreadsheet will execute or as JSON lines.

Rows come from the database in batches and leave at once, so memory does not grow with their number. What leaves, by
whom and why is written down before the first row does. Without `personal`, sealed answers are not even read.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, BinaryIO
from uuid import UUID

from sqlalchemy import Row, func, select

from formsite.definition.fieldtypes import Cell
from formsite.designer import plans
from formsite.designer.models import Form, Version
from formsite.designer.plans import Published
from formsite.foundation import audit
from formsite.foundation.audit import Actor
from formsite.foundation.database import db, unit_of_work
from formsite.foundation.ids import reference
from formsite.responses import companions, merging
from formsite.responses.events import ResponsesExported
from formsite.responses.guarding import guard
from formsite.responses.models import Response, ResponseKey, ResponseState
from formsite.responses.revealing import open_personal, reasoned

BATCH = 500
NONE = UUID(int=0)


class Format(StrEnum):
    """What an export is written as."""

    CSV = "csv"
    JSONL = "jsonl"


FORMATS = tuple(each.value for each in Format)


@dataclass(frozen=True, slots=True)
class Export:
    """What leaves: one form's submitted responses."""

    form_id: UUID
    slug: str
    format: Format = Format.CSV
    personal: bool = False

    @property
    def filename(self) -> str:
        """A name that says what is inside."""
        return f"{self.slug}{'-personal' if self.personal else ''}.{self.format.value}"


def announce(export: Export, *, reason: str, actor: Actor, at: datetime) -> int:
    """Put the export on record, and say how many rows it has. Runs in the caller's writing unit, before any row leaves.

    Raises:
        revealing.ReasonMissing: personal answers without a reason.

    """
    reason = reasoned(reason) if export.personal else " ".join(reason.split())
    rows = db.session.scalar(select(func.count()).select_from(Response).where(*_submitted(export))) or 0
    event = ResponsesExported(export.form_id, export.format.value, export.personal, reason, rows)
    audit.record(event, actor=actor, at=at)
    return rows


def write(form: Form, out: BinaryIO, format_: str, *, personal: bool, reason: str, actor: Actor, now: datetime) -> int:
    """Put the export on record, then write the whole file to `out`; how many rows it has.

    Raises:
        revealing.ReasonMissing: personal answers without a reason.

    """
    export = Export(form.id, form.slug, Format(format_), personal)
    with unit_of_work(write=True):
        rows = announce(export, reason=reason, actor=actor, at=now)
    for piece in stream(export):
        out.write(piece)
    return rows


def announced(export: Export, *, reason: str, actor: Actor, at: datetime) -> Iterator[bytes]:
    """The file, piece by piece, put on record in a writing unit of its own before the first."""
    with unit_of_work(write=True):
        announce(export, reason=reason, actor=actor, at=at)
    yield from stream(export)


def stream(export: Export) -> Iterator[bytes]:
    """The file, piece by piece. Each batch is a short reading unit of its own: a slow reader holds nothing open."""
    with unit_of_work(write=False):
        versions = _versions(export.form_id)
    counts = _instances(export, versions)
    tables = {
        version_id: merging.Table(version.definition, counts, personal=export.personal)
        for version_id, version in versions.items()
    }
    names = merging.columns(list(tables.values()), [version.definition for version in versions.values()])
    write = _csv if export.format is Format.CSV else _jsonl
    if export.format is Format.CSV:
        yield _header(names)
    last = NONE
    while True:
        with unit_of_work(write=False):
            rows = _batch(export, last)
            lines = _lines(export, rows, versions, tables)
        if not rows:
            return
        yield write(names, lines)
        last = rows[-1].id


def _submitted(export: Export) -> tuple[Any, ...]:
    return Response.form_id == export.form_id, Response.state == ResponseState.SUBMITTED.value


def _versions(form_id: UUID) -> dict[UUID, Published]:
    """Every version by id, the newest first."""
    ids = db.session.scalars(select(Version.id).where(Version.form_id == form_id).order_by(Version.number.desc())).all()
    return {version_id: version for version_id in ids if (version := plans.published(version_id))}


def _instances(export: Export, versions: dict[UUID, Published]) -> dict[str, int]:
    """The most instances that each repeat has in any response. Only where a version has one is every row looked at."""
    counts: dict[str, int] = {}
    last = NONE
    while any(version.definition.repeats for version in versions.values()):
        with unit_of_work(write=False):
            rows = _batch(replace(export, personal=False), last)
        if not rows:
            break
        for row in rows:
            merging.counted(versions[row.version_id].definition, row.answers, counts)
        last = rows[-1].id
    return counts


def _batch(export: Export, last: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    query = select(
        Response.id,
        Response.version_id,
        Response.language,
        Response.started_at,
        Response.submitted_at,
        Response.is_test,
        Response.answers,
    )
    if export.personal:
        query = query.add_columns(Response.sealed, ResponseKey.wrapped)
        query = query.outerjoin(ResponseKey, ResponseKey.id == Response.id)
    query = query.where(*_submitted(export), Response.id > last).order_by(Response.id).limit(BATCH)
    return db.session.execute(query).all()


def _lines(
    export: Export,
    rows: Sequence[Row[*tuple[Any, ...]]],
    versions: dict[UUID, Published],
    tables: dict[UUID, merging.Table],
) -> list[dict[str, Cell]]:
    ids = [row.id for row in rows]
    beside = [companion.cells(ids) for companion in companions.all()] if ids else []
    lines = []
    for row in rows:
        version = versions[row.version_id]
        answers = row.answers | (open_personal(row, row.wrapped) or {}) if export.personal else row.answers
        line = _fixed(row, version) | tables[row.version_id].cells(answers)
        for found in beside:
            line |= found.get(row.id, {})
        lines.append(line)
    return lines


def _fixed(row: Row[*tuple[Any, ...]], version: Published) -> dict[str, Cell]:
    return {
        "_reference": reference(row.id),
        "_submitted_at": _time(row.submitted_at),
        "_started_at": _time(row.started_at),
        "_version": version.number,
        "_language": row.language,
        "_test": int(row.is_test),
    }


def _time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _header(names: Sequence[str]) -> bytes:
    """The byte order mark makes spreadsheets read UTF-8."""
    return ("\ufeff" + _records([[guard(name) for name in names]])).encode()


def _csv(names: Sequence[str], lines: Sequence[dict[str, Cell]]) -> bytes:
    return _records([[_cell(line.get(name)) for name in names] for line in lines]).encode()


def _records(rows: Sequence[Sequence[str | int | float]]) -> str:
    """RFC 4180."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def _cell(value: Cell) -> str | int | float:
    """Numbers stay numbers, also negative ones; texts are guarded."""
    if value is None:
        return ""
    return guard(value) if isinstance(value, str) else value


def _jsonl(names: Sequence[str], lines: Sequence[dict[str, Cell]]) -> bytes:
    """One object a line; what was not answered is left out."""
    kept = ({name: line[name] for name in names if line.get(name) is not None} for line in lines)
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in kept).encode()
