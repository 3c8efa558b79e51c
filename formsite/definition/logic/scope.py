"""What rules must know of a form: where answers stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Scope:
    """Where answers stand.

    `homes`: the repeating groups around a field, part or repeat, from outside in, for those that stand in one.
    `repeats`: the groups that repeat. `parts`: the parts of each field that is made of some, by their ids.
    `scores`: what the choices of a field score.
    """

    homes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    repeats: frozenset[str] = frozenset()
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    scores: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


EMPTY = Scope()
"""Of a form without repeats, parts and scores."""
