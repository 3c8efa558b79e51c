"""Taking a seat: one statement each, exact under concurrent submissions because the row is locked while it is raised."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, String, cast, func, select
from sqlalchemy.dialects import postgresql, sqlite

from formsite.definition.seats import Claim
from formsite.responses.models import Tally

tallies: Any = Tally.__table__
MARK = "\n"
"""Between the entries of `of_form`; no name holds one."""


def take(form_id: UUID, claims: Sequence[Claim], connection: Connection) -> Claim | None:
    """Take all of them, in their order; the first that is not to be had, and then the caller's unit must be undone."""
    for claim in claims:
        if claim.number > claim.limit:
            return claim
        insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(tallies)
        statement = (
            insert.values(form_id=form_id, name=claim.name, taken=claim.number)
            .on_conflict_do_update(
                index_elements=["form_id", "name"],
                set_={"taken": tallies.c.taken + claim.number},
                where=tallies.c.taken + claim.number <= claim.limit,
            )
            .returning(tallies.c.taken)
        )
        if connection.execute(statement).first() is None:
            return claim
    return None


def of_form(form_id: Any) -> Any:
    """All tallies of a form as one text, `name=taken` by lines: so that they come with the form in one statement."""
    entry = tallies.c.name + "=" + cast(tallies.c.taken, String)
    return select(func.aggregate_strings(entry, MARK)).where(tallies.c.form_id == form_id).scalar_subquery()


def read(entries: str | None) -> dict[str, int]:
    """What `of_form` found."""
    pairs = (line.rpartition("=") for line in (entries or "").split(MARK) if line)
    return {name: int(taken) for name, _, taken in pairs}
