"""Names that formsite can use, out of whatever a questionnaire calls its parts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGEST = 64


class Names:
    """Hands out each name once. Field names are small letters, digits and underscores; choice names may hold more."""

    def __init__(self, *, choice: bool = False, reserved: Iterable[str] = ()) -> None:
        self._taken = set(reserved)
        self._choice = choice

    def take(self, wanted: str) -> str:
        """`wanted` if it can be had, else the nearest name that can."""
        base = self._clean(wanted)
        name, number = base, 1
        while name in self._taken:
            number += 1
            name = f"{base[: LONGEST - len(str(number)) - 1]}_{number}"
        self._taken.add(name)
        return name

    def _clean(self, wanted: str) -> str:
        plain = unicodedata.normalize("NFKD", wanted.strip()).encode("ascii", "ignore").decode()
        if self._choice:
            name = re.sub(r"[^A-Za-z0-9_.-]+", "_", plain)[:LONGEST]
            return name if re.match(r"[A-Za-z0-9]", name) else f"c{name}"[:LONGEST]
        name = re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")[:LONGEST]
        return name if re.match(r"[a-z]", name) else f"q_{name}"[:LONGEST].rstrip("_")
