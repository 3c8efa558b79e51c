"""Edge cases, written by hand: each expected value was thought out, not computed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

TODAY = "2026-05-17"
NOW = "2026-05-17T14:05"
SCOPE: dict[str, Any] = {
    "homes": {
        **dict.fromkeys(("age", "nick", "born", "ill", "toys"), ["kids"]),
        **dict.fromkeys(("toy", "cost", "lost"), ["kids", "toys"]),
    },
    "repeats": ["kids", "toys"],
    "parts": {"whole": ["t", "n"]},
    "scores": {"c": {"fibre": 3, "dsl": 0.1, "none": -1}, "s": {"fibre": 2, "dsl": 0.2}},
}
"""Where answers stand in all cases: kids with an age, a nick and so on, and each with toys."""
WORDS = {"c": "Fibre to the home", "s": "Fibre, DSL", "kids-0-nick": "Ada", "kids-1-nick": "Bo"}


def f(name: str) -> dict[str, Any]:
    return {"field": name}


def v(value: Any) -> dict[str, Any]:
    return {"value": value}


def day(text: str) -> dict[str, Any]:
    return {"date": text}


def two(op: str, left: dict[str, Any], right: dict[str, Any]) -> dict[str, Any]:
    return {"op": op, "left": left, "right": right}


def many(op: str, *of: dict[str, Any]) -> dict[str, Any]:
    return {"op": op, "of": list(of)}


def one(op: str, of: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"op": op, "of": of, **more}


def span(op: str, start: str, end: str) -> dict[str, Any]:
    return {"op": op, "from": day(start), "to": day(end)}


def later(start: str, days: Any) -> dict[str, Any]:
    return {"op": "add_days", "date": day(start), "days": v(days)}


UNKNOWN, YES, NO = two("is", f("absent"), v(1)), v(True), v(False)
COMPARISONS = ("is", "is_not", "less", "at_most", "more", "at_least", "contains", "starts_with")


def by_hand() -> Iterator[tuple[dict[str, Any], dict[str, Any], Any]]:
    """Rule, answers and what they come to on 17 May 2026."""
    truth = {True: YES, False: NO, None: UNKNOWN}
    both = {(True, True): (True, True), (True, False): (False, True), (False, False): (False, False)}
    both |= {(True, None): (None, True), (False, None): (False, None), (None, None): (None, None)}
    for (a, b), (in_all, in_any) in both.items():
        for left, right in ((a, b), (b, a)):
            yield many("all", truth[left], truth[right]), {}, in_all
            yield many("any", truth[left], truth[right]), {}, in_any
    for value, opposite in ((True, False), (False, True), (None, None)):
        yield one("not", truth[value]), {}, opposite
        yield many("all", truth[value]), {}, value
        yield {"op": "if", "if": truth[value], "then": v(1), "else": v(2)}, {}, {True: 1, False: 2, None: None}[value]
    for op in COMPARISONS:
        for unanswered in ({}, {"x": None}, {"x": ""}, {"x": []}):
            yield two(op, f("x"), v("a")), unanswered, None
            yield one("not", two(op, f("x"), v("a"))), unanswered, None
    for given, told in (
        (0, True),
        (False, True),
        ("0", True),
        (" ", True),
        ([""], True),
        (None, False),
        ("", False),
        ([], False),
    ):
        yield {"op": "answered", "field": "x"}, {"x": given}, told
    yield {"op": "answered", "field": "x"}, {}, False
    yield {"op": "answered", "field": "__proto__"}, {}, False
    yield {"op": "answered", "field": "constructor"}, {}, False
    yield two("is", f("toString"), v("x")), {}, None
    # one kind is never equal to another
    for a, b in ((1, True), (0, False), ("1", 1), ("true", True), ("", False), ("", 0)):
        yield two("is", v(a), v(b)), {}, None
        yield two("is_not", v(b), v(a)), {}, None
    yield two("is", v(0.0), v(0)), {}, True
    yield two("is", v(-0.0), v(0)), {}, True
    yield two("is", many("plus", v(0.1), v(0.2)), v(0.3)), {}, False
    yield two("is", one("round", many("plus", v(0.1), v(0.2)), places=2), v(0.3)), {}, True
    yield two("is", f("x"), f("x")), {"x": ["a"]}, None
    yield two("is", f("x"), f("x")), {"x": {"a": 1}}, None
    # texts
    yield two("is", v("\u00e9"), v("e\u0301")), {}, True
    yield two("is", v("a"), v("A")), {}, False
    yield two("is", v("\ufb01"), v("fi")), {}, False
    yield two("contains", v("caf\u00e9"), v("e\u0301")), {}, True
    yield two("contains", v("abc"), v("")), {}, True
    yield two("starts_with", v("abc"), v("b")), {}, False
    yield two("starts_with", v("e\u0301a"), v("e")), {}, False
    yield two("contains", f("x"), v("a")), {"x": ["b", "a"]}, True
    yield two("contains", f("x"), v("a")), {"x": ["ab", 1, None]}, False
    yield two("contains", f("x"), v(1)), {"x": [1]}, None
    yield two("starts_with", f("x"), v("a")), {"x": ["a"]}, None
    yield one("length", v("😀e\u0301")), {}, 3
    yield one("length", v("")), {}, 0
    yield one("lower", v("ÀΣİẞ")), {}, "àσİß"
    yield one("lower", v("ΟΔΟΣ")), {}, "οδοσ"
    yield one("trim", v("\u00a0 a\u2003\t\n")), {}, "a\u2003"
    yield one("trim", v(" \t\r\n\u00a0")), {}, ""
    yield many("join", v("a"), v("")), {}, "a"
    yield many("join", v("a"), v(1)), {}, None
    yield two("is", many("join", v("e"), v("\u0301")), v("\u00e9")), {}, True
    # numbers
    yield many("divided_by", v(1), v(0)), {}, None
    yield many("divided_by", v(1), v(-0.0)), {}, None
    yield many("divided_by", v(1), v(5e-324)), {}, None
    yield many("divided_by", v(7), v(2)), {}, 3.5
    yield many("times", v(1e308), v(10)), {}, None
    yield many("plus", v(1e308), v(1e308), v(-1e308)), {}, None
    yield many("minus", v(0.3), v(0.1)), {}, 0.19999999999999998
    yield many("plus", v(1), v(True)), {}, None
    yield many("plus", v(1)), {}, 1
    yield many("plus", v(1), f("absent")), {}, None
    yield many("least", v(3), v(-1), v(2)), {}, -1
    yield many("greatest", v(3), v("3")), {}, None
    yield many("greatest", day("2026-01-01"), {"op": "today"}), {}, TODAY
    yield many("least", day("2026-01-01"), v(1)), {}, None
    for value, places, rounded in (
        (0.5, 0, 1), (-0.5, 0, -1), (1.5, 0, 2), (2.5, 0, 3), (-2.5, 0, -3), (0.49999999999999994, 0, 1), (1.005, 2, 1.0),
        (2.675, 2, 2.68), (1e308, 9, None), (1e300, 0, 1e300), (0.1234567895, 9, 0.12345679), (0, 3, 0), (9007199254740991, 0, 9007199254740992),
    ):  # fmt: skip
        yield one("round", v(value), places=places), {}, rounded
    yield one("round", v(2.5)), {}, 3
    yield one("round", v("2.5")), {}, None
    yield one("count", f("x")), {"x": ["a", "b"]}, 2
    yield one("count", f("x")), {"x": []}, None
    yield one("count", f("x")), {"x": "ab"}, None
    yield two("less", v("a"), v("b")), {}, None
    yield two("less", v("10"), v(9)), {}, None
    yield two("at_most", v(False), v(True)), {}, None
    yield two("less", v(9007199254740992.0), f("x")), {"x": 9007199254740993}, False
    # days
    for start, days, end in (
        ("2024-02-28", 1, "2024-02-29"), ("2023-02-28", 1, "2023-03-01"), ("2000-02-28", 1, "2000-02-29"), ("1900-02-28", 1, "1900-03-01"),
        ("2024-02-29", 365, "2025-02-28"), ("2024-02-29", 366, "2025-03-01"), ("2023-12-31", 1, "2024-01-01"), ("2024-01-01", -1, "2023-12-31"),
        ("0001-01-01", -1, None), ("9999-12-31", 1, None), ("0001-01-01", 3652058, "9999-12-31"), ("9999-12-31", -3652058, "0001-01-01"),
        ("2026-01-01", 0.5, None), ("2026-01-01", 2.0, "2026-01-03"), ("2026-01-01", "1", None), ("2026-01-01", 1e300, None), ("0099-12-31", 1, "0100-01-01"),
    ):  # fmt: skip
        yield later(start, days), {}, end
    for start, end, days in (
        ("2024-02-28", "2024-03-01", 2), ("2023-02-28", "2023-03-01", 1), ("2026-05-17", "2026-05-17", 0), ("2026-05-18", "2026-05-17", -1),
        ("0001-01-01", "9999-12-31", 3652058), ("2026-03-28", "2026-03-30", 2), ("1970-01-01", "2000-01-01", 10957),
    ):  # fmt: skip
        yield span("days_between", start, end), {}, days
    for start, end, years in (
        ("2008-05-17", "2026-05-17", 18), ("2008-05-18", "2026-05-17", 17), ("2008-05-16", "2026-05-17", 18), ("2026-05-17", "2026-05-17", 0),
        ("2004-02-29", "2022-02-28", 17), ("2004-02-29", "2022-03-01", 18), ("2004-02-29", "2024-02-28", 19), ("2004-02-29", "2024-02-29", 20),
        ("2024-02-28", "2025-02-28", 1), ("2024-03-01", "2025-02-28", 0), ("2026-05-17", "2008-05-18", -17), ("0001-01-01", "9999-12-31", 9998),
    ):  # fmt: skip
        yield span("years_between", start, end), {}, years
    for written in (
        "2026-02-30",
        "2025-02-29",
        "1900-02-29",
        "0000-01-01",
        "2026-13-01",
        "2026-00-01",
        "2026-01-00",
        "2026-1-01",
        "20260101",
        "2026-01-01 ",
        "2026-01-01T00:0",
        "2026-W01-1",
        "+026-01-01",
        "٢٠٢٦-٠١-٠١",
        "2026-01-01\n",
        " 026-01-01",
    ):
        yield one("year", f("x")), {"x": written}, None
        yield two("less", f("x"), day("2027-01-01")), {"x": written}, None
    yield one("year", f("x")), {"x": "2024-02-29"}, 2024
    yield one("month", f("x")), {"x": "2024-02-29"}, 2
    yield one("day", f("x")), {"x": "2024-02-29"}, 29
    yield one("year", day("0099-01-01")), {}, 99
    yield two("less", day("0099-12-31"), day("0100-01-01")), {}, True
    yield {"op": "today"}, {}, TODAY
    yield two("is", {"op": "today"}, v(TODAY)), {}, True
    # among several
    yield {"op": "one_of", "left": v("a"), "values": [v("b"), v("a")]}, {}, True
    yield {"op": "one_of", "left": v("a"), "values": [v("b"), v("c")]}, {}, False
    yield {"op": "one_of", "left": v("a"), "values": [v("b"), f("absent")]}, {}, None
    yield {"op": "one_of", "left": v("a"), "values": [f("absent"), v("a")]}, {}, True
    yield {"op": "one_of", "left": v("a"), "values": [v("b"), v(1)]}, {}, None
    yield {"op": "one_of", "left": f("absent"), "values": [v("a")]}, {}, None
    # a part that is not true or false decides nothing
    yield many("all", v(1), YES), {}, None
    yield many("all", v(1), NO), {}, False
    yield many("any", v("true"), NO), {}, None
    yield one("not", v(0)), {}, None
    yield {"op": "if", "if": v(1), "then": v(1), "else": v(2)}, {}, None
    deep = YES
    for _ in range(19):
        deep = one("not", deep)
    yield deep, {}, False
