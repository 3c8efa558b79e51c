"""Puts what looks at a later question after it: formsite decides from the first question to the last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from formsite.interchange.surveyjs.elements import Element, Lose
from formsite.interchange.surveyjs.expressions import names_of

LOOKING = (
    "visibleIf",
    "requiredIf",
    "enableIf",
    "expression",
    "setValueIf",
    "setValueExpression",
    "choicesVisibleIf",
    "rowsVisibleIf",
)
DEEPEST = 200
"""How far one element may be moved for another that is moved for another."""


def put_in_order(root: Element, lose: Lose) -> None:
    """Moves elements down within the page or panel that they stand in, as far as their conditions want it."""
    for holder in list(root.walk()):
        if holder is not root and len(holder.children) > 1 and holder.kind not in ("matrixdropdown", "multipletext"):
            _sort(holder, lose)


def _sort(holder: Element, lose: Lose) -> None:
    named = {name: child for child in reversed(holder.children) for name in _names_below(child, holder)}
    wanted = {child: [named[name] for name in _looked_at(child) if name in named] for child in holder.children}
    if not any(wanted.values()):
        return
    done: dict[Element, None] = {}
    for child in holder.children:
        _place(child, wanted, done, set())
    at = {child: number for number, child in enumerate(holder.children)}
    for number, child in enumerate(done):
        later = [each for each in wanted[child] if each is not child and at[each] > at[child]]
        if later and number > at[child]:
            lose(
                child.where,
                "its place",
                f"it stands after “{later[-1].name or later[-1].kind}”, which its conditions look at",
            )
    holder.children = list(done)


def _place(
    child: Element, wanted: dict[Element, list[Element]], done: dict[Element, None], open_: set[Element]
) -> None:
    """The element after what it looks at. Where two look at each other, they stay as they are."""
    if child in done or child in open_:
        return
    open_.add(child)
    for each in wanted[child] if len(open_) < DEEPEST else ():
        _place(each, wanted, done, open_)
    open_.discard(child)
    done[child] = None


def _names_below(child: Element, holder: Element) -> Iterator[str]:
    """The names that conditions beside an element know it, and what is in it, by."""
    prefix = {"paneldynamic": "panel.", "matrixdynamic": "row.", "row": "row."}.get(holder.kind, "")
    inside = [child, *(_opened(child.children) if child.is_container else ())]
    for each in inside:
        if each.name and not each.is_container:
            yield f"{prefix}{each.value_name.lower()}"
            if holder.kind in ("panel", "flowpanel"):
                yield f"panel.{each.value_name.lower()}"


def _opened(children: Iterable[Element]) -> Iterator[Element]:
    for child in children:
        yield child
        if child.is_container:
            yield from _opened(child.children)


def _looked_at(child: Element) -> Iterator[str]:
    """The names in the conditions of an element and of what is in it, and the beginnings of them."""
    for each in child.walk():
        for name in LOOKING:
            text = each.condition(name)
            for variable in names_of(text):
                steps = variable.split("[")[0].lower().split(".")
                yield from (".".join(steps[:end]) for end in range(len(steps), 0, -1))
