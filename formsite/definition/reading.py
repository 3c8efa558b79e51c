"""Turns what pydantic says of a document into formsite's faults: where (JSON pointer), what, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from formsite.definition.faults import Fault

_FIXES = {
    "missing": "Add it",
    "extra_forbidden": "Remove it, or mend its spelling",
    "string_pattern_mismatch": "Use small letters, digits and underscores, starting with a letter",
    "string_type": "Put it in quotes",
    "int_type": "Write a whole number",
    "bool_type": "Write true or false",
}


def pointer(location: tuple[int | str, ...]) -> str:
    """A pydantic location as a JSON pointer (RFC 6901); the tags of unions, written `<so>`, are no part of it."""
    parts = [str(part) for part in location if not (isinstance(part, str) and part.startswith("<"))]
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)


def faults_of(error: ValidationError) -> tuple[Fault, ...]:
    """Every complaint of `error`, faults of nested readers included."""
    found = (
        fault for detail in error.errors(include_url=False, include_input=False) for fault in _faults(dict(detail))
    )
    return tuple(dict.fromkeys(found))


def _faults(detail: dict[str, Any]) -> Iterator[Fault]:
    location = detail["loc"]
    context = detail.get("ctx", {})
    if detail["type"] == "faulty":
        where = pointer(_without_union_members(location))
        for fault in context["faults"]:
            yield Fault(where + fault.where, fault.what, fault.fix)
        return
    if location and str(location[-1]).startswith("bool"):
        return  # the other half of "true, false or a rule": the rule's own faults say more
    fix = context.get("fix") or _FIXES.get(detail["type"], "Change it to what is expected")
    yield Fault(pointer(_without_union_members(location)), _sentence(detail["msg"], location), fix)


def _without_union_members(location: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """Pydantic names the member of a plain union it tried (`bool`, `function-before[…]`); a document has no such key."""
    return tuple(part for part in location if not (isinstance(part, str) and ("[" in part or part == "bool")))


def _sentence(message: str, location: tuple[int | str, ...]) -> str:
    name = next((str(part) for part in reversed(location) if isinstance(part, str) and part[0] != "<"), "The document")
    return f"“{name}”: {message[:1].lower()}{message[1:]}" if location else message
