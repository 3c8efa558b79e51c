"""Importing on the screen: a file is kept, read by the worker, and becomes a draft with its losses, or nothing at all."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from formsite.designer.models import Form
from formsite.foundation import clock, worker
from formsite.foundation.database import unit_of_work
from formsite.foundation.parts import parts
from formsite.interchange import apart, files, incoming, jobs, progress, queries, views
from formsite.interchange.losses import Imported
from formsite.interchange.models import Import, ImportState
from formsite.interchange.progress import Stage
from formsite.staff.models import Role
from tests.interchange.xlsform_books import book, row
from tests.support.forms import publish, simple
from tests.support.pages import Page
from tests.support.people import sign_in

START = "/staff/forms/import"
BOOK = book([
    row("text", "who"),
    row("deviceid", "device"),
    row("integer", "age", relevant="${later} = 1"),
    row("integer", "later"),
])  # fmt: skip


@pytest.fixture(autouse=True)
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read in this process; how they are read apart is another test."""
    monkeypatch.setattr(apart, "read", here)


def here(content: bytes, name: str, format: str = "auto", *, told: Callable[[Stage], None] = print) -> Imported:
    with progress.heard(told):
        return files.read(content, name, format)


def send(client: FlaskClient, content: bytes, name: str = "mine.xlsx", page: Page | None = None) -> TestResponse:
    data = (page or Page(client.get(START))).form_data(START) | {"file": FileStorage(io.BytesIO(content), name)}
    boundary, body = encode_multipart(data)  # in memory: what the client itself makes leaves a file open
    return client.post(START, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def bring(client: FlaskClient, content: bytes, name: str = "mine.xlsx") -> str:
    """Send a file; the address of its import."""
    answer = send(client, content, name)
    assert answer.status_code == 303, Page(answer, expect=answer.status_code).text
    return str(answer.headers["Location"])


def work(app: Flask) -> None:
    worker.run_once(app)


def counted(app: Flask, table: type[Any] = Form) -> int:
    with app.app_context(), unit_of_work(write=False) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def kept(app: Flask) -> list[str]:
    with app.app_context():
        return [each.name for each in parts().storage.kept(incoming.SHELF)]


def only(app: Flask) -> Import:
    with app.app_context(), unit_of_work(write=False) as session:
        found = session.scalars(select(Import)).one()
        session.expunge(found)
        return found


def test_a_file_becomes_a_draft_with_its_losses(app: Flask, designer: FlaskClient) -> None:
    address = bring(designer, BOOK, "folder/Field visit.xlsx")
    waiting = Page(designer.get(address))
    assert "Waiting to be read" in waiting.text and "Step" not in waiting.text
    assert counted(app) == 0 and len(kept(app)) == 1
    work(app)
    page = Page(designer.get(address))
    assert "Field visit.xlsx (XLSForm" in page.text and "by Designer" in page.text
    assert "3 questions came in; 2 things did not" in page.text
    rows = {cells[0].text: cells for cells in table(page)}
    assert "records only what it needs" in rows["survey!3"][2].text and rows["survey!3"][3].text == "Nothing needs to be done."
    place = rows["survey!4 in the draft"][0].children[0]
    assert place.get("href") == "/staff/forms/field-visit/?part=age"
    assert 'aria-current="true"' in designer.get(place.get("href")).text or counted(app) == 1
    assert kept(app) == [] and counted(app) == 1
    bench = Page(designer.get("/staff/forms/field-visit/"))
    assert "imported from Field visit.xlsx, 2 losses" in bench.text
    assert address in [link.get("href") for link in bench.all("a")]
    listed = Page(designer.get(START))
    assert [link.text for link in listed.all("a", aria_current="page")] == ["Forms"]
    assert address in [link.get("href") for link in listed.all("a")] and "3 questions, 2 losses" in listed.text


def table(page: Page) -> list[list[Any]]:
    return [[cell for cell in line.walk() if cell.name in ("td", "th")] for line in page.all("tr")[1:]]


def test_losses_are_filtered_and_taken_along(app: Flask, designer: FlaskClient) -> None:
    address = bring(designer, BOOK)
    work(app)
    assert [line[0].text for line in table(Page(designer.get(f"{address}?q=NEEDS+only")))] == ["survey!3"]
    assert [line[0].text for line in table(Page(designer.get(f"{address}?do=something")))] == ["survey!4 in the draft"]
    assert "Of these, 1 needs something" in Page(designer.get(address)).text
    assert "No loss fits" in Page(designer.get(f"{address}?q=nothing+of+this")).text
    answer = designer.get(f"{address}/losses.csv")
    assert answer.mimetype == "text/csv" and "attachment" in answer.headers["Content-Disposition"]
    lines = answer.get_data(as_text=True).splitlines()
    assert lines[0] == "\ufeffWhere,What,Why,What to do" and len(lines) == 3 and lines[1].startswith("survey!3,")


def test_losses_that_look_like_formulas_stay_text(app: Flask, designer: FlaskClient) -> None:
    address = bring(designer, book([row("text", "a"), row("=HYPERLINK(1)", "b")]))
    work(app)
    with app.app_context(), unit_of_work(write=True) as session:
        session.scalars(select(Import)).one().losses = [{"where": "=1+1", "what": "-a", "why": "w", "fix": "f", "part": ""}]
    assert designer.get(f"{address}/losses.csv").get_data(as_text=True).splitlines()[1] == "'=1+1,'-a,w,f"


def test_many_losses_come_in_pages(app: Flask, designer: FlaskClient) -> None:
    address = bring(designer, BOOK)
    work(app)
    with app.app_context(), unit_of_work(write=True) as session:
        found = session.scalars(select(Import)).one()
        found.losses = [{"where": f"row {n}", "what": "a", "why": "b", "fix": "c", "part": ""} for n in range(450)]
        found.lost = 450
    page, seen = Page(designer.get(address)), 0
    while True:
        seen += len(table(page))
        further = [link for link in page.all("a") if link.text == "Further losses"]
        if not further:
            break
        page = Page(designer.get(further[0].get("href")))
    assert seen == 450 and "401 to 450 of 450" in page.text
    for odd in ("-5", "99999", "x", "401"):
        Page(designer.get(f"{address}?from={odd}"))


def test_a_part_that_is_gone_is_no_link(app: Flask, designer: FlaskClient) -> None:
    address = bring(designer, BOOK)
    work(app)
    with app.app_context(), unit_of_work(write=True) as session:
        form = session.scalars(select(Form)).one()
        form.draft = json.loads(json.dumps(form.draft).replace('"id": "age"', '"id": "years"'))
    assert "survey!4" in [line[0].text for line in table(Page(designer.get(address)))]


def test_progress_is_followed_with_and_without_scripts(app: Flask, designer: FlaskClient, monkeypatch: Any) -> None:
    address = bring(designer, BOOK)
    seen: list[str] = []
    hear = {"HX-Request": "true"}

    def told(import_id: UUID, until: Any, stage: Stage) -> None:
        reach(import_id, until, stage)
        page = Page(designer.get(address, headers=hear))
        seen.append(page.by_id("progress").walk()[1].text)
        assert page.all("meta", http_equiv="refresh") and page.by_id("progress").get("hx-trigger") == "every 1s"

    reach = jobs._reach
    monkeypatch.setattr(jobs, "_reach", told)
    work(app)
    assert seen == [f"Step {stage.number} of 5: {stage.value}" for stage in Stage]
    done = designer.get(address, headers=hear)
    assert done.headers["HX-Refresh"] == "true" and done.get_data() == b""
    assert not Page(designer.get(address)).all("meta", http_equiv="refresh")


def test_a_double_click_imports_once(app: Flask, designer: FlaskClient) -> None:
    page = Page(designer.get(START))
    first, second = send(designer, BOOK, page=page), send(designer, BOOK, page=page)
    work(app)
    third = send(designer, BOOK, page=page)
    assert first.headers["Location"] == second.headers["Location"] == third.headers["Location"]
    work(app)
    assert counted(app) == counted(app, Import) == 1 and kept(app) == []
    other = send(designer, b'{"formsite": 1}', "other.json", page=page)  # another file by the same page, and the
    again = send(designer, BOOK)  # same file by another page, are meant
    assert len({other.headers["Location"], again.headers["Location"], first.headers["Location"]}) == 3


def test_two_clicks_at_once_import_once(db_app: Flask, monkeypatch: Any) -> None:
    client = sign_in(db_app, Role.DESIGNER)
    page = Page(client.get(START))
    first = send(client, BOOK, page=page)
    real, seen = views._before, []
    monkeypatch.setattr(views, "_before", lambda hash_: real(hash_) if seen else seen.append(hash_))
    second = send(client, BOOK, page=page)
    assert second.headers["Location"] == first.headers["Location"]
    assert counted(db_app, Import) == 1 and len(kept(db_app)) == 1


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"{", "mine.json", ["line 1, column 2", "This is not JSON", "Mend it there"]),
        (b"%PDF-1.7", "mine.xlsx", ["This is a PDF document", "Bring a definition"]),
        (json.dumps({"formsite": 1, "languages": ["en"], "title": {"en": "T"}, "pages": [{"id": "p", "items": [
            {"id": "a", "type": "nothing", "label": {"en": "A"}}, {"id": "B!", "type": "text", "label": {"en": "A"}}]}]}).encode(),
         "mine.json", ["things are wrong", "/pages/0/items/0/type", "/pages/0/items/1/id"]),
    ],
)  # fmt: skip
def test_what_is_refused_says_where_what_and_how(
    app: Flask, designer: FlaskClient, content: bytes, name: str, words: list[str]
) -> None:
    address = bring(designer, content, name)
    work(app)
    page = Page(designer.get(address), expect=422)
    assert all(word in page.text for word in [*words, "Nothing was created", f"{name} was not imported"]), page.text
    assert counted(app) == 0 and kept(app) == [] and page.by_id("file").get("type") == "file"
    assert "refused" in Page(designer.get(START)).text
    again = designer.post(START, data=page.form_data(START) | {"file": (io.BytesIO(BOOK), "mine.xlsx")})
    work(app)
    assert "3 questions came in" in Page(designer.get(again.headers["Location"])).text and counted(app) == 1


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "The file is empty"), (b" " * (files.MOST_BYTES + 1), "larger than 10 MB")]
)
def test_what_needs_no_reader_is_refused_at_once(app: Flask, designer: FlaskClient, content: bytes, words: str) -> None:
    assert words in Page(send(designer, content), expect=422).error("file")
    assert counted(app, Import) == 0 and kept(app) == []


def test_no_file_and_far_too_much(app: Flask, designer: FlaskClient) -> None:
    data = Page(designer.get(START)).form_data(START)
    assert "Choose a file" in Page(designer.post(START, data=data), expect=422).error("file")
    huge = send(designer, b" " * (12 * 1024 * 1024))
    assert "larger than 10 MB" in Page(huge, expect=413).text
    assert counted(app, Import) == 0


@pytest.mark.parametrize("name", ["../../etc/passwd", "<script>alert(1)</script>.xlsx", "x" * 5_000, "import.json"])
def test_names_of_files_are_only_words(app: Flask, designer: FlaskClient, name: str) -> None:
    document = simple() if name == "import.json" else None
    address = bring(designer, json.dumps(document).encode() if document else BOOK, name)
    work(app)
    page = Page(designer.get(address))
    assert "<script>alert" not in page.html and "etc/passwd (" not in page.text
    assert 0 < len(only(app).name) <= 200


@pytest.mark.parametrize(
    ("given", "shown"),
    [("C:\\forms\\a.xlsx", "a.xlsx"), ("a\0b\r\n.xlsx", "ab.xlsx"), ("", "file"), ("/", "file"), ("\ud800x", "x"), ("\u202egpj.xlsx", "gpj.xlsx")],
)  # fmt: skip
def test_nothing_in_a_name_is_no_letter(given: str, shown: str) -> None:
    assert incoming.file_name(given) == shown


def test_an_import_whose_worker_died_is_tried_again(db_app: Flask) -> None:
    client = sign_in(db_app, Role.DESIGNER)
    address = bring(client, BOOK)
    import_id = only(db_app).id
    with db_app.app_context():
        with unit_of_work(write=True):
            assert incoming.claim(import_id, clock.now() - timedelta(seconds=30)) is not None
        assert jobs.read_next(clock.now()) == 0  # another one has it
        assert "Step 1 of 5" in Page(client.get(address)).text
        assert jobs.read_next(clock.now() + incoming.LEASE) == 1
    assert "3 questions came in" in Page(client.get(address)).text
    assert (only(db_app).tries, counted(db_app), kept(db_app)) == (2, 1, [])


def test_it_is_late_when_whoever_reads_it_does_not_come_back(app: Flask, designer: FlaskClient) -> None:
    address, now = bring(designer, BOOK), clock.now()
    with app.app_context(), unit_of_work(write=True):
        found = incoming.claim(queries.next_waiting(now) or UUID(int=0), now - incoming.LEASE - timedelta(seconds=1))
    assert found is not None and "No worker has it" in Page(designer.get(address)).text
    with app.app_context(), unit_of_work(write=True):
        assert incoming.claim(found.id, now) is not None
    assert "No worker" not in Page(designer.get(address)).text


def test_an_import_that_kills_its_worker_again_and_again_is_given_up(app: Flask, designer: FlaskClient) -> None:
    address = bring(designer, BOOK)
    now = clock.now()
    with app.app_context():
        import_id = only(app).id
        for _ in range(incoming.MOST_TRIES):
            with unit_of_work(write=True):
                assert incoming.claim(import_id, now) is not None
            now += incoming.LEASE
        assert "tried again" in Page(designer.get(address)).text
        jobs.read_next(now)
    assert "interrupted 3 times" in Page(designer.get(address), expect=422).text
    assert counted(app) == 0 and kept(app) == []


def test_who_comes_late_makes_no_second_draft(app: Flask, designer: FlaskClient) -> None:
    bring(designer, BOOK)
    with app.app_context():
        until = clock.now() + incoming.LEASE
        jobs.read_next(clock.now())
        jobs._read(only(app).id, "mine.xlsx", 1, until)  # its lease was over, another worker has finished it
        found = here(BOOK, "mine.xlsx")
        jobs._finish(only(app).id, until, found)
        jobs._refuse(only(app).id, until, [incoming.GONE])
    assert counted(app) == 1 and only(app).state == ImportState.DONE


def test_a_fault_of_ours_refuses_the_file_and_keeps_nothing(app: Flask, designer: FlaskClient, monkeypatch: Any) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("secret answer")

    address = bring(designer, BOOK)
    monkeypatch.setattr(incoming, "finish", broken)
    work(app)
    page = Page(designer.get(address), expect=422)
    assert "the fault is ours" in page.text and "secret" not in page.html
    assert counted(app) == 0 and kept(app) == []


def test_a_file_that_is_gone_is_told(app: Flask, designer: FlaskClient) -> None:
    address = bring(designer, BOOK)
    with app.app_context():
        incoming.forget_file(only(app).id)
    work(app)
    assert "no longer there" in Page(designer.get(address), expect=422).text


def test_the_file_is_sealed_while_it_is_kept(app: Flask, designer: FlaskClient) -> None:
    bring(designer, json.dumps(simple()).encode(), "mine.json")
    with app.app_context():
        assert b"formsite" not in b"".join(parts().storage.get(kept(app)[0]))
        found = incoming.file_of(only(app).id)
    assert found is not None and json.loads(found) == simple()


def test_files_that_nobody_reads_are_swept(app: Flask, designer: FlaskClient) -> None:
    bring(designer, BOOK)
    lost = UUID(int=7)
    with app.app_context():
        incoming.keep_file(lost, b"x")
        jobs.sweep(clock.now())
        assert len(kept(app)) == 2
        jobs.sweep(clock.now() + timedelta(days=2))
        assert kept(app) == [f"imports/{only(app).id.hex}"]


def test_it_is_said_when_no_worker_comes(app: Flask, designer: FlaskClient) -> None:
    address = bring(designer, BOOK)
    assert "No worker" not in Page(designer.get(address)).text
    with app.app_context(), unit_of_work(write=True) as session:
        session.scalars(select(Import)).one().begun_at = clock.now() - timedelta(minutes=1)
    assert "No worker has it" in Page(designer.get(address)).text


def test_what_is_not_there_and_older_imports(app: Flask, designer: FlaskClient) -> None:
    assert designer.get(f"{START}/00000000-0000-7000-8000-000000000000").status_code == 404
    assert designer.get(f"{START}/nothing").status_code == 404
    for number in range(queries.PAGE + 1):
        bring(designer, b"{%d" % number, f"{number}.json")
    page = Page(designer.get(START))
    older = [link.get("href") for link in page.all("a", rel="next")]
    assert len(table(page)) == queries.PAGE and [line[0].text for line in table(Page(designer.get(older[0])))] == ["0.json"]
    Page(designer.get(f"{START}?older=nonsense"))


def test_a_form_goes_out_as_it_is(app: Flask, designer: FlaskClient, support: FlaskClient) -> None:
    definition = simple(notice={"en": "Why we ask"})
    publish(app, definition, "tell")
    page = Page(support.get("/staff/forms/tell/export"))
    links = [link.get("href") for link in page.all("a") if "download" in link.attributes]
    assert links == [f"/staff/forms/tell/export/{kind}" for kind in ("formsite", "yaml", "xlsform")]
    for link, ending in zip(links, ("json", "yaml", "xlsx"), strict=True):
        answer = support.get(link)
        assert answer.headers["Content-Disposition"] == f"attachment; filename=tell.{ending}"
        again = files.read(answer.get_data(), f"tell.{ending}")
        assert again.questions == 4
        assert ending == "xlsx" or again.definition.sha256 == files.read(json.dumps(definition).encode(), "x").definition.sha256
    assert [line[0].text for line in table(page)] and "no place for it" in page.text
    assert support.get("/staff/forms/tell/export/exe").status_code == 404
    assert support.get("/staff/forms/nothing/export").status_code == 404


def test_only_who_may_import_does(app: Flask, designer: FlaskClient, analyst: FlaskClient) -> None:
    address = bring(designer, BOOK)
    for path in (START, address, f"{address}/losses.csv"):
        assert analyst.get(path).status_code == 403
