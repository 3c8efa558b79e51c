"""Choices as lines of text: how a designer pastes them in bulk, and sees them again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from formsite.definition.parts import MEDIA_PATTERN

LONGEST_ID = 64
USUAL_TYPE = "short_text"
"""Of a column that names no other."""


MARKS = {"other": "other", "alone": "exclusive", "fixed": "fixed"}
"""What a choice may be marked with behind a second bar: the word, and the member that it sets."""
NUMBERS = {"score": "score", "seats": "capacity"}
PICTURE, OF = "picture", "of"
MARKED = frozenset((*MARKS.values(), *NUMBERS.values(), PICTURE, OF))
CHOICE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,6})?", re.ASCII)


def lines_of(choices: Sequence[dict[str, Any]], language: str) -> str:
    """One line a choice, `id | label` or `id | label | marks`; the label is empty where it is not translated."""
    return "\n".join(_line(choice, choice["label"].get(language, "")) for choice in choices)


def _line(choice: dict[str, Any], label: str) -> str:
    marks = [word for word, member in MARKS.items() if choice.get(member)]
    marks += [f"{word} {choice[member]}" for word, member in NUMBERS.items() if choice.get(member) is not None]
    marks += [f"{OF} {choice[OF]}"] if choice.get(OF) else []
    marks += [f"{PICTURE} {choice[PICTURE]}"] if choice.get(PICTURE) else []
    return f"{choice['id']} | {label}".rstrip() + (f" | {', '.join(marks)}" if marks else "")


def _marked(label: str) -> tuple[str, dict[str, Any]]:
    """The label without the marks behind its last bar, and what they set; a bar before anything else is of the label."""
    said, bar, listed = label.rpartition("|")
    made: dict[str, Any] = {}
    for mark in listed.split(",") if bar else ():
        word, _, number = mark.strip().partition(" ")
        if word in MARKS and not number:
            made[MARKS[word]] = True
        elif word in NUMBERS and NUMBER.fullmatch(number.strip()):
            made[NUMBERS[word]] = float(number) if "." in number else int(number)
        elif word == OF and CHOICE.fullmatch(number.strip()):
            made[OF] = number.strip()
        elif word == PICTURE and re.fullmatch(MEDIA_PATTERN, number.strip()):
            made[PICTURE] = number.strip()
        else:
            return label, {}
    return (said.strip(), made) if made else (label, {})


def rows_of(text: str, language: str, before: Sequence[dict[str, Any]] = ()) -> list[dict[str, Any]]:
    """Rows or columns out of lines; their ids are steps of a path, so a dash in one becomes a low line."""
    lines = (line.partition("|") for line in text.splitlines())
    plain = (f"{name.replace('-', '_')}{bar}{label}" if bar else name for name, bar, label in lines)
    return choices_of("\n".join(plain), language, before)


def columns_as_lines(columns: Sequence[dict[str, Any]], language: str) -> str:
    """One line a column, `id | label | type`, or `id | label | type: choice; choice`; the usual type is left out."""
    lines = lines_of(columns, language).split("\n") if columns else []
    types = (_typed(column, language) for column in columns)
    return "\n".join(f"{line} | {type_}" if type_ else line for line, type_ in zip(lines, types, strict=True))


def _typed(column: dict[str, Any], language: str) -> str:
    type_: str = column.get("type", USUAL_TYPE)
    offered = [choice["label"].get(language, "") for choice in column.get("settings", {}).get("choices", ())]
    if offered and all(label and not re.search(r"[;|\n]", label) for label in offered):
        return f"{type_}: {'; '.join(offered)}"
    return "" if type_ == USUAL_TYPE else type_


def columns_of(text: str, language: str, before: Sequence[dict[str, Any]] = ()) -> list[dict[str, Any]]:
    """Columns out of lines, as `columns_as_lines` writes them. One that keeps its type keeps its settings, and its
    choices as far as it names them.
    """
    cut = [[part.strip() for part in line.split("|", 2)] for line in text.splitlines()]
    types = [parts[2] if len(parts) > 2 else USUAL_TYPE for parts in cut if any(parts[:2])]
    made = rows_of("\n".join(" | ".join(parts[:2]) for parts in cut), language, before)
    return [_of_type(column, type_, language) for column, type_ in zip(made, types, strict=True)]


def _of_type(column: dict[str, Any], typed: str, language: str) -> dict[str, Any]:
    type_, _, listed = (part.strip() for part in typed.partition(":"))
    if column.get("type", USUAL_TYPE) != type_:
        column = {name: held for name, held in column.items() if name != "settings"} | {"type": type_}
    if not listed:
        return column
    settings = column.get("settings", {})
    choices = choices_of(listed.replace(";", "\n"), language, settings.get("choices", ()))
    return column | {"settings": settings | {"choices": choices}}


def choices_of(text: str, language: str, before: Sequence[dict[str, Any]] = ()) -> list[dict[str, Any]]:
    """Choices out of lines, `label`, `id | label` or `id | label | marks`; empty lines are passed over.

    A line with the id, or else the label, of a choice that was there before keeps that choice's id, its rule and its
    words in other languages, so that answers already given keep their meaning. Marks are as written; a line that is but
    a label keeps those there were.
    """
    by_id = {choice["id"]: choice for choice in before}
    by_label = {choice["label"].get(language, ""): choice for choice in before}
    taken: set[str] = set()
    made = []
    for line in text.splitlines():
        name, bar, label = (part.strip() for part in line.partition("|"))
        label, marks = _marked(label) if bar else (name, {})
        if not (name or label):
            continue
        known = by_id.get(name) if bar else by_label.get(label)
        if known is not None and known["id"] in taken:
            known = None
        wanted = known["id"] if known else name if bar else id_from(label)
        chosen = wanted if known else _free(wanted, taken | set(by_id) if not bar else taken)
        taken.add(chosen)
        words = {tag: said for tag, said in (known or {}).get("label", {}).items() if tag != language}
        kept = {name: held for name, held in (known or {}).items() if not bar or name not in MARKED}
        said = words | ({language: label} if label else {}) or {language: chosen}
        made.append({**kept, "id": chosen, "label": said, **marks})
    return made


def id_from(label: str) -> str:
    """An id that says what the label does, as far as ids can."""
    plain = unicodedata.normalize("NFKD", label.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:LONGEST_ID] or "choice"


def _free(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted[: LONGEST_ID - 4]}_{number}"
    return name
