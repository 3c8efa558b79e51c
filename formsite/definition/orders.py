"""In which order chance put things before one customer, in words: drawn again as they were drawn, from the same seed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from formsite.definition.controls import Control, Drawing, Section, controls, sections
from formsite.definition.document import Group, Item
from formsite.definition.flow import Plan
from formsite.definition.state import State

Orders = dict[str, tuple[str, ...]]


def orders(plan: Plan, state: State, seed: str, language: str) -> Orders:
    """The words of what stands on each page, in each group and in each question whose order was left to chance, by path.

    No answer is filled in into these words.
    """
    counts = {path: number for path, number in state.answers.items() if plan.definition.is_repeat(path)}
    drawing = Drawing(plan, State(answers=counts), language, seed=seed)
    found: Orders = {}
    for page in plan.definition.pages:
        if not _has_chance(page.random, page.items):
            continue
        drawn = drawing.page(page)
        if page.random:
            found[page.id] = _words(drawn)
        found |= {
            section.id: _words(section.items)
            for section in sections(drawn)
            if not section.repeats and _is_random(plan, section.id)
        }
        found |= {control.id: _offered(control) for control in controls(drawn) if _is_random(plan, control.id)}
    return {path: words for path, words in found.items() if len(words) > 1}


def _has_chance(random: bool, items: Iterable[Item]) -> bool:
    return random or any(
        _has_chance(item.random, item.items) if isinstance(item, Group) else getattr(item.settings, "random", False)
        for item in items
    )


def _is_random(plan: Plan, path: str) -> bool:
    part = plan.step(path).part
    return bool(getattr(part, "random", False) or getattr(getattr(part, "settings", None), "random", False))


def _words(drawn: Sequence[Control | Section]) -> tuple[str, ...]:
    return tuple(_plain(each.label) or each.id for each in drawn)


def _offered(control: Control) -> tuple[str, ...]:
    if control.grid is not None:
        return tuple(_plain(row.label) or row.id for row in control.grid.rows)
    return tuple(choice.label or choice.id for choice in control.choices)


def _plain(label: Markup) -> str:
    return label.striptags()
