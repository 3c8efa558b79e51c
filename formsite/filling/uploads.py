"""The files of a page that comes in: kept before anything looks at the answers, their ids put among what was sent.

So a file is an answer like any other: what is wrong with it is said beside its control, what is typed elsewhere is not
lost, and a page that is shown again sends the id back in place of the file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO, cast
from uuid import uuid4

from werkzeug.datastructures import FileStorage, MultiDict

from formsite.definition.document import Field
from formsite.definition.fieldtypes.files import ID, MARK, MEGABYTE, MOST_MEGABYTES, Uploaded, refused
from formsite.definition.flow import Plan
from formsite.filling import faces
from formsite.filling.pagetokens import PageToken
from formsite.filling.refusals import SentDifferently
from formsite.filling.visits import REVIEW, Visit
from formsite.foundation.database import reading, unit_of_work
from formsite.responses import uploads
from formsite.responses.examining import NotTaken, Sent, examine
from formsite.responses.uploads import FileGone, Holder, TooMuch

MOST_BYTES = (MOST_MEGABYTES + 10) * MEGABYTE
"""Of a page with files: what its fields may take together, and room for what is too large to be said so."""
GONE = f"{MARK}gone"
Values = Mapping[str, Sequence[str]]
Files = Iterable[tuple[str, Sent]]


def files_in(parts: MultiDict[str, FileStorage]) -> Iterator[tuple[str, Sent]]:
    """The files of a request, by the names of their controls."""
    for name, part in parts.items(multi=True):
        yield name, Sent(part.filename or "", part.mimetype, cast("BinaryIO", part.stream))


def most_bytes(arguments: Mapping[str, Any]) -> int | None:
    """How much may be sent to an address of a form; None for one that asks for no files."""
    if "token" in arguments:
        return MOST_BYTES  # its token was found genuine before anything was read
    face = faces.face(arguments["slug"])
    return MOST_BYTES if face and face.version.plan.takes_files else None


def received(visit: Visit, token: PageToken | None, sent: Values, files: Files) -> Values:
    """What was sent, with the ids of uploads in place of files, and without those that the customer removed.

    An id counts only where the upload belongs to this response and was sent for the same question.

    Raises:
        SentDifferently: the response was sent before, without this file.
        Unavailable: the place for files is full or away; nothing was kept.
    """
    if visit.page_id == REVIEW or not visit.plan.takes_files:
        return sent
    came = list(_wanted(visit.plan, files))
    values = {path: list(texts) for path, texts in sent.items() if _field(visit.plan, path)}
    if not came and not any(values.values()):
        return sent
    if token is None or token.response_id != visit.response_id or visit.response_id is None:
        return {**sent, **{path: [text for text in texts if not ID.fullmatch(text)] for path, texts in values.items()}}
    with unit_of_work(write=False):
        held = uploads.holder(visit.response_id, visit.version.form_id)
    dropped = frozenset(sent.get("_drop", ()))
    for path, texts in values.items():
        values[path] = [_checked(text, path, visit.plan, held) for text in texts if text not in dropped]
    uploads.touch(held, [text for texts in values.values() for text in texts if text in held.files], visit.now)
    if not token.expired:
        _keep(visit, came, values, held)
    return {**sent, **values}


def pretended(plan: Plan, sent: Values, files: Files) -> Values:
    """The same for a preview: files are looked at and not kept."""
    values = {path: list(texts) for path, texts in sent.items()}
    for path, field, file in _wanted(plan, files):
        try:
            examine(file, field)
            said = str(uuid4())
        except NotTaken as refusal:
            said = refused(str(refusal), file.name)
        values.setdefault(path, []).append(said)
    return values


def names(visit: Visit) -> dict[str, str]:
    """The names of the files that the response has, by their ids."""
    if visit.response_id is None or not visit.plan.takes_files:
        return {}
    with reading():
        held = uploads.holder(visit.response_id, visit.version.form_id)
    return {id_: each.name for id_, each in held.files.items()}


def said(visit: Visit, path: str, value: Any, known: Mapping[str, str]) -> str:
    """An answer in words; files by their names."""
    field = visit.plan.field(path)
    if isinstance(field.kind, Uploaded):
        called = [known[text] for text in field.kind.typed(value, field) if text in known]
        if called:
            return ", ".join(called)
    return visit.plan.text(path, value, visit.language)


def _field(plan: Plan, path: str) -> Field | None:
    question = plan.questions.at(path)
    return question.field if question and isinstance(question.field.kind, Uploaded) else None


def _wanted(plan: Plan, files: Files) -> Iterator[tuple[str, Field, Sent]]:
    """The files that a question asks for. A control in which nothing was chosen sends a file without a name."""
    for path, file in files:
        field = _field(plan, path)
        if field and file.name:
            yield path, field, file


def _checked(text: str, path: str, plan: Plan, held: Holder) -> str:
    """An id that this response may name, or what was typed beside it. Marks are for nobody else to make."""
    if text.startswith(MARK):
        return ""
    if not ID.fullmatch(text):
        return text
    known = held.files.get(text)
    asked = plan.questions.at(known.path) if known else None
    return text if asked and asked is plan.questions.at(path) else GONE


def _keep(visit: Visit, came: Iterable[tuple[str, Field, Sent]], values: dict[str, list[str]], held: Holder) -> None:
    """Keep what came, as far as its field takes it; a new file takes the place of the one that was there."""
    number: Counter[str] = Counter()
    for path, field, file in came:
        assert isinstance(field.kind, Uploaded)
        before = values.setdefault(path, [])
        number[path] += 1
        most = field.kind.most(field)
        if number[path] > most:
            before.append(str(uuid4()))  # one too many: it is said, and not looked at
            continue
        said, held = _kept(visit, path, field, file, held)
        if most == 1 and not said.startswith(MARK):
            before[:] = [text for text in before if not ID.fullmatch(text)]
        before.append(said)


def _kept(visit: Visit, path: str, field: Field, file: Sent, held: Holder) -> tuple[str, Holder]:
    try:
        return uploads.keep(examine(file, field), path, held, visit.now)
    except NotTaken as refusal:
        return refused(str(refusal), file.name), held
    except TooMuch:
        return refused("files_together", file.name), held
    except FileGone:
        raise SentDifferently(held.response_id) from None
