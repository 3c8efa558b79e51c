"""What is looked up while a customer types: the entries of a list that fit."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from formsite.definition.fieldtypes.lists import ListChoice
from formsite.definition.flow import Plan

LONGEST = 200


def fitting(
    plan: Plan, name: str, text: str, of: Collection[str], language: str, full: Mapping[str, frozenset[str]]
) -> dict[str, Any] | None:
    """The entries for a text, each an id and its words, and whether there are more; None where nothing is looked up.

    Where they depend on another question, `of` are its answers.
    """
    question = plan.questions.get(name)
    if question is None or not isinstance(question.field.kind, ListChoice):
        return None
    field, kind = question.field, question.field.kind
    strange = (
        {c.id for c in kind.choices(field) if c.of is not None and c.of not in of} if field.settings.parent else ()
    )
    withheld = {*full.get(field.id, ()), *strange}
    found, more = kind.found(field, text[:LONGEST], language, withheld)
    return {"entries": [[c.id, kind.words(c.id, field, language)] for c in found], "more": more}
