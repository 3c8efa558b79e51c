"""An import from the screen: kept, claimed by a worker, and ended with a draft or with the reasons why there is none."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, update

from formsite.designer import forms
from formsite.designer.models import Form
from formsite.foundation import sealedfiles
from formsite.foundation.audit import Actor
from formsite.foundation.crypto import Unreadable
from formsite.foundation.database import affected, db
from formsite.foundation.parts import parts
from formsite.foundation.storage import Missing
from formsite.interchange.losses import Imported
from formsite.interchange.models import Import, ImportState
from formsite.interchange.progress import Stage

SHELF = "imports"
LEASE = timedelta(seconds=90)  # longer than any file may be read
MOST_TRIES = 3
LONGEST = 600
MOST_LOSSES = 5_000
GONE = {
    "where": "",
    "what": "The file is no longer there: web and worker keep files in different places",
    "fix": "Let an admin look at FORMSITE_STORAGE_URL, then import it again",
}
INTERRUPTED = {
    "where": "",
    "what": f"Reading it was interrupted {MOST_TRIES} times",
    "fix": "Import it again; if that does not help, let an admin look at the worker's log",
}
BROKEN = {
    "where": "",
    "what": "No draft could be made of it; the fault is ours, and has been noted",
    "fix": "Import it again; if that does not help, let an admin look at the worker's log",
}


def file_name(given: str) -> str:
    """The name of a file as it may be shown: without folders, and nothing in it that is no letter."""
    shown = "".join(char for char in given.replace("\\", "/") if char.isprintable())
    return plain(PurePath(shown).name)[:200] or "file"


def request_hash(actor: Actor, page: str, content: bytes) -> bytes:
    """The same for the same file sent again by the same page."""
    return hashlib.sha256(b"\0".join((str(actor.id).encode(), page.encode()[:200], content))).digest()


def keep_file(id: UUID, content: bytes) -> None:
    """Keep the file, sealed, until it was read: archives of other programs may hold answers."""
    parts().storage.put(_place(id), sealedfiles.seal_pieces(parts().keyring.derive(SHELF), [content], file=id))


def file_of(id: UUID) -> bytes | None:
    """The file; None where it cannot be had."""
    try:
        pieces = parts().storage.get(_place(id))
        return b"".join(sealedfiles.open_pieces(parts().keyring.derive(SHELF), pieces, file=id))
    except (Missing, Unreadable):
        return None


def forget_file(id: UUID) -> None:
    """It was read."""
    parts().storage.delete(_place(id))


def _place(id: UUID) -> str:
    return f"{SHELF}/{id.hex}"


def add(id: UUID, request: bytes, name: str, size: int, *, actor: Actor, now: datetime) -> Import:
    """An import that waits for a worker."""
    made = Import(id=id, request_hash=request, name=name, size=size, by_id=actor.id, by_name=actor.name, begun_at=now)
    db.session.add(made)
    db.session.flush()
    return made


def claim(id: UUID, now: datetime) -> Import | None:
    """Take it for reading; None if another worker was quicker."""
    free = or_(
        Import.state == ImportState.WAITING.value,
        and_(Import.state == ImportState.RUNNING.value, Import.leased_until <= now),
    )
    taken = {
        "state": ImportState.RUNNING.value,
        "leased_until": now + LEASE,
        "tries": Import.tries + 1,
        "stage": Stage.READING.name,
    }
    if not affected(db.session.execute(update(Import).where(Import.id == id, free).values(taken))):
        return None
    return db.session.get(Import, id, populate_existing=True)


def held(id: UUID, until: datetime) -> Import | None:
    """An import, if the worker that took it until then still has it; locked until the unit ends."""
    found = db.session.get(Import, id, populate_existing=True, with_for_update=True)
    is_mine = found is not None and found.state == ImportState.RUNNING.value and found.leased_until == until
    return found if is_mine else None


def reach(mine: Import, stage: Stage) -> None:
    """How far it is."""
    mine.stage = stage.name


def finish(mine: Import, imported: Imported, now: datetime) -> Form:
    """A draft of what came in, with what was lost."""
    actor = Actor("staff", mine.by_id, mine.by_name)
    form = forms.import_form(imported.definition, slug=imported.slug, taken_slug_is_new=True, actor=actor, now=now)
    mine.form_id, mine.format, mine.questions = form.id, imported.format, imported.questions
    mine.lost = len(imported.losses)
    mine.losses = [
        {name: plain(said) for name, said in loss.as_json().items()} | {"part": imported.part_of(loss)[:200]}
        for loss in imported.losses[:MOST_LOSSES]
    ]
    _end(mine, ImportState.DONE, now)
    return form


def refuse(mine: Import, refusals: Iterable[dict[str, Any]], now: datetime) -> None:
    """Nothing came in."""
    mine.refusals = [{name: plain(str(said)) for name, said in each.items()} for each in refusals]
    _end(mine, ImportState.REFUSED, now)


def _end(mine: Import, state: ImportState, now: datetime) -> None:
    mine.state, mine.ended_at, mine.leased_until, mine.stage = state.value, now, None, ""


def plain(text: str) -> str:
    """Words of a file as a database holds them: no NUL, no half characters, and no end of it."""
    return text[:LONGEST].replace("\0", "").encode("utf-8", "replace").decode()
