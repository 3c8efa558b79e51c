"""Answers drawn by chance: usual, borderline, empty and wrong ones, with the words that a form's rules look for."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

LITERAL = re.compile(r"'([^']{1,40})'|\"([^\"]{1,40})\"|(?<![\w.{$])(-?\d+(?:\.\d+)?)")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
WORDS = ("a", "Ada Lovelace", "zwölf", "42", "x" * 60, "0", "two words", "7.5")


@dataclass
class Draw:
    """One set of answers being drawn: chance, and the literals of the form's rules."""

    chance: random.Random
    texts: Sequence[str] = ()
    numbers: Sequence[float] = ()
    full: float = 0.75
    """How likely a question is answered at all."""
    plain: bool = False
    """Whether all answers are texts, as in a submission."""

    def answered(self) -> bool:
        """Whether this question gets an answer."""
        return self.chance.random() < self.full

    def one(self, of: Sequence[Any]) -> Any:
        """One of some values; None if there is none."""
        return self.chance.choice(of) if of else None

    def some(self, of: Sequence[Any], at_least: int = 1) -> list[Any]:
        """Some of the values, in their order."""
        count = self.chance.randint(min(at_least, len(of)), len(of))
        held = set(self.chance.sample(range(len(of)), count))
        return [value for number, value in enumerate(of) if number in held]

    def text(self, lengths: Iterable[int] = ()) -> str:
        """A text: a word of the rules, of a length next to a bound, or any."""
        bounds = [length + step for length in lengths for step in (-1, 0, 1) if 0 < length + step < 2000]
        pick = self.chance.random()
        if bounds and pick < 0.4:
            return "m" * self.chance.choice(bounds)
        return self.chance.choice(self.texts) if self.texts and pick < 0.75 else self.chance.choice(WORDS)

    def number(self, bounds: Iterable[float] = (), whole: bool = False) -> float | int:
        """A number: next to a bound or to a number of the rules, or any."""
        near = [bound + step for bound in (*bounds, *self.numbers) for step in (-1, 0, 0, 1)]
        value: float = self.chance.choice(near) if near and self.chance.random() < 0.7 else self.chance.randint(0, 120)
        if not whole and self.chance.random() < 0.15:
            value += 0.5
        return int(value) if whole or float(value).is_integer() else value

    def day(self, bounds: Iterable[str] = ()) -> str:
        """A day: next to a bound, to today or to a day of the rules, or any."""
        known = [day for text in (*bounds, *self.texts) if (day := _day(text[:10])) is not None]
        near = [day + timedelta(days=step) for day in (*known, date.today()) for step in (-1, 0, 1)]
        far = date(1950, 1, 1) + timedelta(days=self.chance.randint(0, 30_000))
        return (self.chance.choice(near) if self.chance.random() < 0.5 else far).isoformat()

    def time(self) -> str:
        """A time of day."""
        return f"{self.chance.randint(0, 23):02}:{self.chance.choice((0, 15, 59)):02}"


@dataclass
class Literals:
    """The texts and numbers that stand in expressions."""

    texts: list[str] = field(default_factory=list)
    numbers: list[float] = field(default_factory=list)

    def add(self, expression: str) -> None:
        """Those of one expression."""
        for single, double, number in LITERAL.findall(expression):
            if number:
                self.numbers.append(float(number))
            elif (single or double).strip():
                text = (single or double).strip()
                self.texts.append(text)
                if re.fullmatch(r"-?\d+(\.\d+)?", text):
                    self.numbers.append(float(text))


def _day(text: str) -> date | None:
    """The day that a text writes, if there is such a day."""
    try:
        return date.fromisoformat(text) if DATE.fullmatch(text) else None
    except ValueError:
        return None


def draws(seed: str, count: int, literals: Literals) -> list[Draw]:
    """As many draws as wished, the same for the same seed: the first is empty, the others are fuller and fuller."""
    fullness = [0.0, *(0.35 + 0.65 * number / max(1, count - 2) for number in range(count - 1))]
    return [
        Draw(random.Random(f"{seed}/{number}"), literals.texts, literals.numbers, full, number % 2 == 1)
        for number, full in enumerate(fullness)
    ]
