"""The colours of the design keep the contrast of WCAG 2.2 AA, in both schemes; nobody sees that in a diff."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[2] / "static" / "css" / "tokens.css").read_text("utf-8")
LIGHT = dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6});", TOKENS.partition("@media")[0]))
DARK = LIGHT | dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6});", TOKENS.partition("prefers-color-scheme: dark")[2]))
GROUNDS = ("--ground", "--surface", "--sunk")
TEXTS = [
    *[(text, ground) for text in ("--ink", "--muted", "--brand", "--brand-strong", "--bad") for ground in GROUNDS],
    *[(f"--{kind}", f"--{kind}-soft") for kind in ("bad", "good", "warn", "brand")],
    *[("--ink", f"--{kind}-soft") for kind in ("bad", "good", "warn", "brand")],
    *[
        ("--muted", "--brand-soft"),
        ("--brand-strong", "--brand-soft"),
        ("--good", "--surface"),
        ("--warn", "--surface"),
    ],
    *[("--on-brand", "--brand"), ("--on-brand", "--brand-strong"), ("--on-bad", "--bad")],
    *[
        ("--rail-ink", "--rail"),
        ("--rail-strong", "--rail"),
        ("--rail-ink", "--rail-chosen"),
        ("--rail-strong", "--rail-chosen"),
    ],
]
EDGES = [("--edge", ground) for ground in GROUNDS] + [("--brand", ground) for ground in (*GROUNDS, "--brand-soft")]


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """From 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_measure_itself() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_both_schemes_were_read() -> None:
    assert LIGHT["--ground"] != DARK["--ground"]
    assert len(LIGHT) > 20
    assert LIGHT["--rail-ink"] == DARK["--rail-ink"]


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_text_can_be_read(scheme: dict[str, str], text: str, ground: str) -> None:
    assert contrast(scheme[text], scheme[ground]) >= 4.5


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_controls_can_be_made_out(scheme: dict[str, str], edge: str, ground: str) -> None:
    assert contrast(scheme[edge], scheme[ground]) >= 3
