"""The losses of an import, as the screen and a spreadsheet show them."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

from formsite.designer import drafts
from formsite.designer.models import Form
from formsite.interchange.models import Import
from formsite.responses.guarding import guard

PAGE = 200
COLUMNS = {"where": "Where", "what": "What", "why": "Why", "fix": "What to do"}


@dataclass(frozen=True, slots=True)
class Losses:
    """Some of the losses: those that hold the words (and need something), from one on. `part` is one the draft still has."""

    words: str
    pressing: bool
    needing: int  # how many of all need something
    shown: list[dict[str, Any]]
    start: int
    number: int
    next: int | None


def losses(found: Import, form: Form | None, words: str, start: int, *, pressing: bool) -> Losses:
    """A page of them."""
    needing = sum(_needs(loss) for loss in found.losses)
    fitting = [loss for loss in found.losses if _holds(loss, words) and (not pressing or _needs(loss))]
    start = min(max(start, 0), len(fitting))
    there = {part["id"] for part, _ in drafts.parts(form.draft)} if form is not None else set()
    shown = [loss | {"part": loss["part"] if loss["part"] in there else ""} for loss in fitting[start : start + PAGE]]
    end = start + len(shown)
    return Losses(words, pressing, needing, shown, start, len(fitting), end if end < len(fitting) else None)


def losses_csv(found: Import) -> bytes:
    """All of them (RFC 4180); the byte order mark makes spreadsheets read UTF-8."""
    out = io.StringIO("\ufeff")
    out.seek(0, io.SEEK_END)
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(COLUMNS.values())
    rows.writerows([guard(loss[name]) for name in COLUMNS] for loss in found.losses)
    return out.getvalue().encode()


def _needs(loss: dict[str, Any]) -> bool:
    return not str(loss["fix"]).startswith("Nothing")


def _holds(loss: dict[str, Any], words: str) -> bool:
    said = " ".join(loss[name] for name in COLUMNS).casefold()
    return all(word in said for word in words.casefold().split())
