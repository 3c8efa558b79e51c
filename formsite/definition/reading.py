"""Turns what pydantic says of a document into formsite's faults: where (JSON pointer), what, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from formsite.definition.faults import Fault
from formsite.definition.parts import Part

_SAID = {
    "missing": ("it is missing", "Add it"),
    "extra_forbidden": ("there is no such member here", "Remove it, or mend its spelling"),
    "string_type": ("expected a text", "Put it in quotes"),
    "bool_type": ("expected true or false", "Write true or false"),
    "tuple_type": ("expected a list", "Write [ … ]"),
    "dict_type": ("expected an object", "Write { … }"),
    "model_type": ("expected an object", "Write { … }"),
}
_FIXES = {
    "string_pattern_mismatch": "Use small letters, digits and underscores, starting with a letter",
    "int_type": "Write a whole number",
    "float_type": "Write a number",
}
LONGEST_NAME = 60
GROUP, FIELD = TAGS = ("<group>", "<field>")
"""How pydantic tells the two kinds of items apart."""


def step(name: object) -> str:
    """One step of a JSON pointer (RFC 6901)."""
    return "/" + str(name).replace("~", "~0").replace("/", "~1")


def pointer(location: tuple[int | str, ...]) -> str:
    """A pydantic location as a JSON pointer."""
    return "".join(map(step, _steps(location)))


def _steps(location: tuple[int | str, ...]) -> Iterator[int | str]:
    """Pydantic puts the tag of the union after the index of an item; the document has no such step."""
    for index, part in enumerate(location):
        is_tag = part in TAGS and index >= 2 and location[index - 2] == "items" and isinstance(location[index - 1], int)
        if not is_tag:
            yield part


def read_part(model: type[Part], raw: object) -> Part:
    """A part whose model another member chooses; its faults are told with those of the whole."""
    if isinstance(raw, model):
        return raw
    try:
        return model.model_validate({} if raw is None else raw)
    except ValidationError as error:
        raise PydanticCustomError("faulty", "faulty", {"faults": faults_of(error)}) from None


def faults_of(error: ValidationError) -> tuple[Fault, ...]:
    """Every complaint of `error`, faults of nested readers included."""
    found = (
        fault for detail in error.errors(include_url=False, include_input=False) for fault in _faults(dict(detail))
    )
    return tuple(dict.fromkeys(found))


def _faults(detail: dict[str, Any]) -> Iterator[Fault]:
    where, context = pointer(detail["loc"]), detail.get("ctx", {})
    if detail["type"] == "faulty":
        for fault in context["faults"]:
            yield Fault(where + fault.where, fault.what, fault.fix)
        return
    what, fix = _SAID.get(detail["type"], (detail["msg"], _FIXES.get(detail["type"], "Change it to what is expected")))
    yield Fault(where, _sentence(what, detail["loc"]), context.get("fix", fix))


def _sentence(message: str, location: tuple[int | str, ...]) -> str:
    name = next((part for part in reversed(tuple(_steps(location))) if isinstance(part, str)), None)
    said = message[:1].lower() + message[1:] if name is not None else message[:1].upper() + message[1:]
    return f"“{name[:LONGEST_NAME]}”: {said}" if name is not None else said
