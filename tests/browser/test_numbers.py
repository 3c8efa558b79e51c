"""A number that is typed is the same number to the server and to the browser, or none to both."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from formsite.definition.fieldtypes import Unreadable
from tests.support.definitions import field

pytestmark = pytest.mark.browser
SOURCE = Path(__file__).parents[2] / "static" / "js" / "public" / "numbers.js"
SIGNS = [*"0123456789", *"00123", *".,.,", " ", "'", "’", "\u00a0", "\u202f", "\u066c", "\u066b", "+", "-", "−"]
SIGNS += ["٣", "۴", "५", "\u200f", "e", "_", "½"]


def test_both_read_the_same(chromium: Browser) -> None:
    rng = random.Random(7)
    typed = ["".join(rng.choices(SIGNS, k=rng.randint(1, 9))) for _ in range(3_000)]
    typed += [
        "0,123,456",
        "1,234",
        "1.234",
        "1,234.5",
        "12.345,6",
        "9007199254740993",
        "1\t000",
        ".5",
        "5.",
        "000",
        "-0",
    ]
    typed += ["5 kg", "KG5", "5kg kg", "kg", "-5 Kg", "1 234,5kg", "5 k"]
    page = chromium.new_page()
    try:
        script = SOURCE.read_text("utf-8").replace("export ", "")
        both = f"(typed) => {{ {script}; return [0, 3].map((places) => typed.map((text) => numberOf(text, places, 'Kg'))); }}"
        found = page.evaluate(both, typed)
    finally:
        page.close()
    for decimals, numbers in zip((0, 3), found, strict=True):
        asked = field("number", {"decimals": decimals, "unit": {"en": "Kg"}})
        for text, number in zip(typed, numbers, strict=True):
            try:
                value = asked.kind.parse([text], asked)
            except Unreadable:
                value = None
            assert number == value, (text, decimals)
