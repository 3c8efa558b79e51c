"""Cells that no spreadsheet will execute, and the way back.

A text that a spreadsheet could take for a formula gets an apostrophe in front. The rule looks past white space,
invisible characters and apostrophes, also at the start of every further line, so that taking one apostrophe off gives
back exactly what was there: “+44 20…” survives.
"""

from __future__ import annotations

import re

_UNSEEN = r"(?:(?![\r\n])[\s\u00a0\ufeff\u200b-\u200f\u2060\x00-\x1f])*"  # within a line
_FORMULA = r"=+\-@\uff1d\uff0b\uff0d\uff20"  # the full-width twins too
_RISK = rf"(?:{_UNSEEN}[{_FORMULA}\r\n]|[\t\x00])"
_RISK_IN_LINE = rf"{_UNSEEN}[{_FORMULA}]"
_UNGUARDED = re.compile(rf"\A(?='*{_RISK})|(?<=[\r\n])(?='*{_RISK_IN_LINE})")
_GUARDED = re.compile(rf"\A'(?='*{_RISK})|(?<=[\r\n])'(?='*{_RISK_IN_LINE})")


def guard(text: str) -> str:
    """`text` as a cell that stays text."""
    return _UNGUARDED.sub("'", text)


def unguard(cell: str) -> str:
    """What `guard` was given."""
    return _GUARDED.sub("", cell)


def is_risky(cell: str) -> bool:
    """Whether a spreadsheet could take the cell for a formula."""
    return re.match(_RISK, cell) is not None
