"""Orders of chance: questions of one random group stand in a group of formsite, pages are shuffled where all of them are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby

from formsite.interchange.limesurvey.making import Item
from formsite.interchange.limesurvey.survey import Group, Question
from formsite.interchange.limesurvey.texts import Report

Named = tuple[Question, list[Item]]


def shuffled(asked: Iterable[Named], name: Callable[[str], str], report: Report) -> list[Item]:
    """The items of the questions of a page, each run of one random group as a group."""
    items: list[Item] = []
    seen: set[str] = set()
    for chance, run in groupby(asked, key=lambda each: each[0].attribute("random_group")):
        held = list(run)
        own = [item for _, each in held for item in each]
        if chance and (chance in seen or len(held) == 1):
            for question, _ in held:
                report(question.code, "random_group", "only questions that follow each other are shuffled; move it")
        elif chance:
            own = [{"type": "group", "id": name(f"random_{chance}"), "random": True, "items": own}]
        seen.add(chance)
        items += own
    return items


def pages_are_shuffled(groups: Iterable[Group]) -> bool:
    """Whether every group but the first is of one random group, as formsite shuffles pages."""
    first, *others = [group.random.strip() for group in groups] or [""]
    return not first and len(others) > 1 and bool(others[0]) and len(set(others)) == 1
