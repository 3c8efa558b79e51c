"""Orders of chance that are the same for one response whenever they are drawn."""

from __future__ import annotations

import json
import random
from collections.abc import Collection, Sequence

from formsite.definition.document import Page


def shuffled(names: Sequence[str], seed: str | None, about: str, fixed: Collection[str] = ()) -> list[str]:
    """The names in an order of chance that is the same for the same seed; `fixed` ones keep their places.

    The order is that of Python's Mersenne Twister seeded by the text `<seed>/<about>` (its sequence for a seed is
    guaranteed across versions for `random()`), sorting by one draw a name.
    """
    if seed is None:
        return list(names)
    chance = random.Random(f"{seed}/{about}")
    free = [name for name in names if name not in fixed]
    drawn = iter(sorted(free, key=lambda _name: chance.random()))
    return [name if name in fixed else next(drawn) for name in names]


def varies(page: Page) -> bool:
    """Whether the page looks another way for other people or on other days, before anything is answered."""
    written = json.dumps(page.model_dump(mode="json", by_alias=True, exclude_defaults=True))
    return any(mark in written for mark in ('"random": true', '"op": "today"', '"op": "now"'))
