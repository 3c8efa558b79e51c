"""Surveys that ask one question at a time: the page of a group becomes a page for each of its questions."""

from __future__ import annotations

from collections.abc import Callable

from formsite.interchange.limesurvey.making import Item

MOST_PAGES = 400
ABOUT = "about_"
"""What begins the id of the description of a group, which stands above the first question."""


def one_by_one(pages: list[Item], name: Callable[[str], str]) -> list[Item] | None:
    """A page for each question; None where these are more than a form should have."""
    found = [part for page in pages for part in _parts(page, name)]
    return found if len(found) <= MOST_PAGES else None


def _parts(page: Item, name: Callable[[str], str]) -> list[Item]:
    runs: list[list[Item]] = [[]]
    for item in page["items"]:
        runs[-1].append(item)
        if _is_asked(item):
            runs.append([])
    last = runs.pop()
    if not runs:
        return [page]
    runs[-1] += last  # what is worked out behind the last question stays with it
    first, *others = runs
    return [page | {"items": first}, *(page | {"id": name(page["id"]), "items": each} for each in others)]


def _is_asked(item: Item) -> bool:
    """Whether customers see it as a question of its own."""
    if item["type"] in ("hidden", "computed"):
        return item["type"] == "computed" and not item.get("settings", {}).get("hidden")
    return not str(item["id"]).startswith(ABOUT)
