"""Exports: every version in one table, nothing personal without a reason, memory that does not grow."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from formsite.consent.beside import ConsentBeside
from formsite.designer.models import Form
from formsite.foundation.audit import SYSTEM, AuditRow
from formsite.foundation.database import unit_of_work
from formsite.foundation.ids import reference
from formsite.responses import companions, export as exporting
from formsite.responses.export import Export, Format
from formsite.responses.guarding import is_risky, unguard
from formsite.responses.revealing import ReasonMissing
from tests.support.stored import ANSWERS, NOON, REGISTRATION, destroy_key, publish, respond

REASON = "Subject request 17, the whole file"


@pytest.fixture(autouse=True)
def consent_beside() -> Iterator[None]:
    companions.register(ConsentBeside())
    yield


def written(app: Flask, format_: str = "csv", *, personal: bool = False, reason: str = "") -> bytes:
    with app.app_context():
        with unit_of_work(write=False) as session:
            form = session.scalar(select(Form).where(Form.slug == "broadband"))
            assert form is not None
            session.expunge(form)
        out = io.BytesIO()
        exporting.write(form, out, format_, personal=personal, reason=reason, actor=SYSTEM, now=NOON)
    return out.getvalue()


def rows(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_without_the_right_no_personal_answer_leaves(db_app: Flask) -> None:
    with db_app.app_context():
        response_id = respond(publish())
    for format_ in exporting.FORMATS:
        data = written(db_app, format_).decode()
        assert "Canary" not in data
        assert "zoe.canary" not in data
        assert "full_name" not in data  # not even the column
    (row,) = rows(written(db_app))
    assert row["_reference"] == reference(response_id)
    assert (row["remark"], row["rated"], row["_version"], row["_language"]) == ("quick", "4", "1", "en")
    assert row["_submitted_at"] == "2026-01-31T12:02:00Z"
    assert (row["_consent_ask_me"], row["_consent_news"]) == ("given", "refused")


def test_with_personal_answers_and_a_reason(db_app: Flask) -> None:
    with db_app.app_context():
        version = publish()
        respond(version)
        destroy_key(respond(version, ANSWERS | {"remark": "erased"}, at=NOON + timedelta(seconds=1)))
    kept, erased = rows(written(db_app, personal=True, reason=REASON))
    assert (kept["full_name"], kept["address"]) == (ANSWERS["full_name"], ANSWERS["address"])
    assert (erased["full_name"], erased["remark"]) == ("", "erased")


@pytest.mark.parametrize("reason", ["", "because", " " * 30])
def test_personal_answers_need_a_reason(app: Flask, reason: str) -> None:
    with app.app_context():
        respond(publish())
    with pytest.raises(ReasonMissing):
        written(app, personal=True, reason=reason)


def test_every_export_is_on_record_with_its_rows_before_one_leaves(db_app: Flask) -> None:
    with db_app.app_context():
        version = publish()
        respond(version)
        respond(version)
    written(db_app, personal=True, reason=REASON)
    with db_app.app_context(), unit_of_work(write=False) as session:
        (event,) = session.scalars(select(AuditRow).where(AuditRow.name == "responses_exported"))
        assert event.details["rows"] == 2
        assert event.details["personal"] is True
        assert event.details["reason"] == REASON


def test_two_versions_share_one_table(db_app: Flask) -> None:
    items = REGISTRATION["pages"][0]["items"]
    newer = [items[0], items[2], {"id": "speed", "type": "number", "label": {"en": "Speed"}}]
    second = REGISTRATION | {"pages": [{"id": "you", "items": newer}]}
    with db_app.app_context():
        first = publish()
        respond(first)
        version = publish(second, form_id=first.form_id)
        respond(version, {"full_name": "Bo", "remark": "=1+1", "speed": -5}, at=NOON + timedelta(days=1))
    one, two = rows(written(db_app))
    names = list(one)
    assert names.index("remark") < names.index("speed") < names.index("rated")  # the newest version's first
    assert (one["remark"], one["speed"], one["rated"], one["_version"]) == ("quick", "", "4", "1")
    assert (two["remark"], two["speed"], two["rated"], two["_version"]) == ("'=1+1", "-5", "", "2")


def test_an_answer_that_was_personal_in_its_version_stays_in(db_app: Flask) -> None:
    items = [{"id": "full_name", "type": "short_text", "label": {"en": "Team"}}]
    with db_app.app_context():
        first = publish()
        respond(first)
        version = publish(REGISTRATION | {"pages": [{"id": "you", "items": items}]}, form_id=first.form_id)
        respond(version, {"full_name": "Team Quux"}, at=NOON + timedelta(days=1))
    one, two = rows(written(db_app))
    assert (one["full_name"], two["full_name"]) == ("", "Team Quux")


def test_no_cell_can_be_taken_for_a_formula_and_all_survive(app: Flask) -> None:
    hostile = [
        "=1+1",
        "+44 20 7946 0018",
        "-2+3",
        "@SUM(A1)",
        "＝1",
        'a,b"c',
        "line\nline",
        "it's",
        "'=1",
        "=cmd|'/c calc'!A0",
    ]
    with app.app_context():
        version = publish()
        for number, text in enumerate(hostile):
            respond(version, {"remark": text, "full_name": text}, {}, at=NOON + timedelta(seconds=number))
    found = rows(written(app, personal=True, reason=REASON))
    assert [unguard(row["remark"]) for row in found] == hostile
    assert not [cell for row in found for cell in row.values() if is_risky(cell)]


def test_json_lines_leave_out_what_was_not_answered(app: Flask) -> None:
    with app.app_context():
        respond(publish(), {"remark": "=1+1"}, {})
    (line,) = [json.loads(line) for line in written(app, "jsonl").splitlines()]
    assert line["remark"] == "=1+1"  # JSON is no spreadsheet
    assert "rated" not in line


def test_a_form_without_responses_is_a_header(app: Flask) -> None:
    with app.app_context():
        publish()
    assert rows(written(app)) == []
    assert b"_reference" in written(app)


def test_batches_leave_one_by_one_with_equal_cost(
    app: Flask, monkeypatch: pytest.MonkeyPatch, count_statements: Any
) -> None:
    monkeypatch.setattr(exporting, "BATCH", 3)
    with app.app_context():
        version = publish()
        for number in range(7):
            respond(version, at=NOON + timedelta(seconds=number))
        pieces = exporting.stream(Export(version.form_id, "broadband", Format.CSV))
        assert next(pieces).count(b"\r\n") == 1  # the header, before any row is read
        counts = []
        for _ in range(3):
            with count_statements() as count:
                piece = next(pieces)
            counts.append((piece.count(b"\r\n"), count.statements))
        assert counts == [(3, 2), (3, 2), (1, 2)]
        assert next(pieces, None) is None


def test_responses_in_progress_do_not_leave(app: Flask) -> None:
    from sqlalchemy import update

    from formsite.responses.models import Response

    with app.app_context():
        respond(publish())
        with unit_of_work(write=True) as session:
            session.execute(update(Response).values(state="in_progress", submitted_at=None))
    assert rows(written(app)) == []
