"""Definitions by strangers, read in place: each comes in with all its questions, or is refused with a sentence."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from formsite.definition import checks
from formsite.definition.document import parse, walk
from formsite.interchange import files
from formsite.interchange.losses import Unimportable

pytestmark = pytest.mark.interop
CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "surveyjs"
NOT_ASKED = frozenset({"html", "image", "panel", "flowpanel"})
GOAL = 0.95


def corpus() -> list[Path]:
    return sorted(CORPUS.rglob("*.json"))


if not corpus():
    pytest.skip(f"THE CORPUS IS ABSENT: {CORPUS} is needed for these tests", allow_module_level=True)


def asked(node: Any) -> Iterator[str]:
    """The names of the questions outside of entries and tables, straight from the JSON."""
    for holder in ("pages", "elements", "questions"):
        for each in (node.get(holder) if isinstance(node.get(holder), list) else None) or ():
            if not isinstance(each, dict):
                continue
            if holder != "pages" and each.get("type", "text") not in NOT_ASKED and each.get("name"):
                yield str(each["name"]).strip()
            if holder == "pages" or each.get("type") in ("panel", "flowpanel"):
                yield from asked(each)


@pytest.mark.parametrize("path", corpus(), ids=lambda path: path.stem)
def test_a_definition_comes_in_whole_or_is_refused_in_words(path: Path) -> None:
    try:
        imported = files.read(path.read_bytes(), path.name)
    except Unimportable as refusal:
        assert "asks nothing" in refusal.what and refusal.where and refusal.fix
        return
    assert checks.faults(imported.definition) == ()
    assert parse(imported.definition.as_json()) == imported.definition
    assert all(loss.where and loss.what and loss.why for loss in imported.losses)
    assert set(asked(json.loads(path.read_text()))) <= set(imported.names)
    assert set(imported.names.values()) <= {part.id for _, part in walk(imported.definition)}


def test_nearly_all_of_them_come_in() -> None:
    refused = 0
    for path in corpus():
        try:
            files.read(path.read_bytes(), path.name)
        except Unimportable:
            refused += 1
    assert refused <= len(corpus()) * (1 - GOAL)
