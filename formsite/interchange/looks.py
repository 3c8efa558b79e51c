"""Patterns that look ahead, which RE2 does not: what is looked for at the beginning is a pattern of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

_PIECES = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()|]", re.DOTALL)


def without_looks(pattern: str) -> Iterator[tuple[str, bool]]:
    """Patterns that together say the same, and whether each must match or must not."""
    rest, looks = pattern.removeprefix("^"), []
    while rest.startswith(("(?=", "(?!")) and (end := next((at for at, depth in _marks(rest) if not depth), 0)):
        looks.append((f"^(?:{rest[3:end]})", rest[2] == "="))
        rest = rest[end + 1 :]
    if not looks or not pattern.startswith("^") or any(rest[at] == "|" and not depth for at, depth in _marks(rest)):
        yield pattern, True
        return
    yield from looks
    yield f"^{rest}", True


def _marks(pattern: str) -> Iterator[tuple[int, int]]:
    """Where brackets and bars stand, and how many brackets are open behind them."""
    depth = 0
    for found in _PIECES.finditer(pattern):
        depth += {"(": 1, ")": -1}.get(found[0], 0)
        if found[0] in "()|":
            yield found.start(), depth
