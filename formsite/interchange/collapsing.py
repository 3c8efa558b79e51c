"""How rules make single spaces of many: by letters of private use, which stand for others while those are replaced."""

from __future__ import annotations

OPEN, SHUT = "\ue000", "\ue001"
COLLAPSING = (("\n", " "), ("\t", " "), (" ", OPEN + SHUT), (SHUT + OPEN, ""), (OPEN + SHUT, " "))
"""What is replaced by what, one after the other; then the text is trimmed."""
