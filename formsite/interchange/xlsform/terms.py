"""What an expression is while it is translated: its kind, known before any answer, and the rule that yields it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from formsite.interchange.xlsform import rules as r
from formsite.interchange.xlsform.rules import Rule


class Untranslatable(Exception):
    """formsite has no rule for it; says what."""


@dataclass(frozen=True, slots=True)
class Source:
    """A question or repeat of the spreadsheet, as rules see it."""

    name: str
    id: str
    kind: str  # text number date time moment choice choices truth place file repeat nothing; fixed: the text `list`
    homes: tuple[str, ...] = ()  # the repeats around it, by id
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # name in the source -> ids
    list: str = ""
    position: int = 0
    chain: tuple[str, ...] = ()  # the names of the groups around it, and its own


class Sources:
    """All of them: by name, as `${name}` finds them, and by chain, as a path does."""

    def __init__(self, held: Iterable[Source] = ()) -> None:
        self._by_name: dict[str, Source] = {}
        self._by_chain: dict[tuple[str, ...], Source] = {}
        self._by_id: dict[str, Source] = {}
        for each in held:
            self.add(each)

    def add(self, source: Source) -> None:
        """One more; the first of a name is found by it."""
        self._by_name.setdefault(source.name, source)
        self._by_chain[source.chain or (source.name,)] = source
        self._by_id[source.id] = source

    def put(self, source: Source) -> None:
        """In place of the one that is called so."""
        if self._by_name.get(source.name, source).id == source.id:
            self._by_name[source.name] = source
        self._by_chain[source.chain or (source.name,)] = source
        self._by_id[source.id] = source

    def get(self, name: str) -> Source | None:
        """By name."""
        return self._by_name.get(name)

    def at(self, chain: tuple[str, ...]) -> Source | None:
        """By chain; where nothing stands there, what is called so."""
        return self._by_chain.get(chain) or (self._by_name.get(chain[-1]) if chain else None)

    def repeat(self, name: str) -> Source:
        """A repeat, by its id."""
        return self._by_id[name]

    def exactly(self, chain: tuple[str, ...]) -> Source | None:
        """By chain alone."""
        return self._by_chain.get(chain)


@dataclass(frozen=True, slots=True)
class Term:
    """A translated expression: its kind, and the rule that yields it. Truths are never unknown.

    `there` tells whether there is such a node at all: one of an instance that is not there equals nothing. `is_blank`: its
    text is '' where it is unknown, as that of every answer is.
    """

    kind: str
    rule: Rule
    const: str | float | bool | None = None
    source: Source | None = None
    there: Rule = field(default_factory=lambda: r.TRUE)
    is_blank: bool = False


def truth_term(rule: Rule) -> Term:
    """A truth; its rule is never unknown."""
    return Term("truth", rule, rule["value"] if isinstance(rule.get("value"), bool) else None)


def number_term(rule: Rule) -> Term:
    """A number, unknown where XPath has NaN."""
    return Term("number", rule)


def text_term(rule: Rule) -> Term:
    """A text."""
    return Term("text", rule, rule["value"] if isinstance(rule.get("value"), str) else None)


def decimal(text: str) -> float | None:
    """The number that a text writes; None where XPath has NaN."""
    try:
        return float(text) if text.strip() and set(text.strip()) <= set("-.0123456789") else None
    except ValueError:
        return None


def as_float(const: object) -> float | None:
    """A constant as a number."""
    if isinstance(const, bool):
        return float(const)
    return const if isinstance(const, float) else decimal(str(const))


def written(const: str | float | bool) -> str:
    """A constant as a text; whole numbers without a point."""
    if isinstance(const, float):
        return str(int(const)) if const.is_integer() else repr(const)
    return str(const)


def equal_consts(a: object, b: object) -> Rule:
    """Whether two constants are equal: as numbers if either is one."""
    if isinstance(a, float) or isinstance(b, float):
        return r.TRUE if as_float(a) is not None and as_float(a) == as_float(b) else r.FALSE
    return r.TRUE if a == b else r.FALSE


def holds(op: str, a: float | None, b: float | None) -> bool:
    """Whether two numbers are in the order that `op` says."""
    assert a is not None and b is not None
    return {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[op]


def folded(op: str, a: float, b: float) -> Term:
    """Two numbers reckoned at once."""
    if op in ("div", "mod") and b == 0:
        return Term("number", r.NO_NUMBER)
    made = {"+": a + b, "-": a - b, "*": a * b}.get(op)
    value = made if made is not None else a / b if op == "div" else math.fmod(a, b)
    return Term("number", r.value(value), value)
