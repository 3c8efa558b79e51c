"""More edge cases by hand: texts and numbers as each other, parts of texts, patterns, times, groups that repeat."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Case = tuple[dict[str, Any], dict[str, Any], Any]
KIDS = {
    "kids": 3,
    "kids-0-age": 7,
    "kids-0-nick": "Ada",
    "kids-1-age": 3,
    "kids-1-ill": True,
    "kids-2-ill": False,
    "kids-0-toys": 2,
    "kids-0-toys-0-cost": 1.5,
    "kids-0-toys-1-cost": 2,
    "kids-2-toys": 1,
    "kids-2-toys-0-cost": 4,
}


def f(name: str) -> dict[str, Any]:
    return {"field": name}


def v(value: Any) -> dict[str, Any]:
    return {"value": value}


def one(op: str, of: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"op": op, "of": of, **more}


def two(op: str, left: Any, right: Any) -> dict[str, Any]:
    return {"op": op, "left": v(left), "right": v(right)}


def pair(op: str, *of: Any) -> dict[str, Any]:
    return {"op": op, "of": [v(each) for each in of]}


def over(op: str, of: dict[str, Any], group: str = "kids", **more: Any) -> dict[str, Any]:
    return {"op": op, "over": group, "of": of, **more}


def all_of_them() -> Iterator[Case]:
    """Every case of this file."""
    yield from certain()
    yield from numbers_and_texts()
    yield from parts_of_texts()
    yield from patterns()
    yield from reckoning()
    yield from times()
    yield from choices()
    yield from repeats()


def certain() -> Iterator[Case]:
    for value, sure in ((v(True), True), (v(False), False), (f("absent"), False), (v(1), False), (v("true"), False)):
        yield one("sure", value), {}, sure
    yield {"op": "or_else", "of": [f("absent"), f("n"), v(2)]}, {"n": 0}, 0
    yield {"op": "or_else", "of": [f("absent"), f("n")]}, {"n": ""}, None
    yield {"op": "or_else", "of": [v(False), v(True)]}, {}, False
    yield {"op": "or_else", "of": [{"op": "today"}]}, {}, "2026-05-17"


def numbers_and_texts() -> Iterator[Case]:
    for text, number in (
        ("3", 3), (" 3\n", 3), ("-0.5", -0.5), ("3.", 3), (".5", 0.5), ("-.5", -0.5), ("007", 7), ("", None), ("-", None), (".", None), ("+3", None),
        ("1e3", None), ("1,5", None), ("0x10", None), ("Infinity", None), ("NaN", None), ("1 000", None), ("٣", None), ("--1", None), ("1.2.3", None),
        ("9" * 400, None), ("9" * 401, None), ("9007199254740993", 9007199254740992), ("0." + "3" * 300, 1 / 3), ("\u2003 3", None), ("\u00a03", 3),
    ):  # fmt: skip
        yield one("number", v(text)), {}, number
    yield one("number", v(True)), {}, 1
    yield one("number", v(False)), {}, 0
    yield one("number", v(2.5)), {}, 2.5
    yield one("number", f("s")), {"s": ["1"]}, None
    for number, text in (
        (3, "3"), (3.0, "3"), (-0.0, "0"), (2.5, "2.5"), (-2.5, "-2.5"), (0.1, "0.1"), (1e20, "100000000000000000000"), (1e21, None), (-1e21, None),
        (123456789012345680000.0, "123456789012345680000"), (999999999999999900000.0, "999999999999999900000"), (1e-6, "0.000001"), (9.9e-7, None),
        (1.25e-5, "0.0000125"), (0.30000000000000004, "0.30000000000000004"), (1e16, "10000000000000000"), (5e-324, None), (4.35, "4.35"), (True, "true"),
        (False, "false"), ("a ", "a "), ("2026-05-17", "2026-05-17"),
    ):  # fmt: skip
        yield one("text", v(number)), {}, text
    yield one("text", f("s")), {"s": ["b", "a"]}, "b a"
    yield one("text", f("s")), {"s": ["b", 1]}, None
    yield one("text", f("s")), {"s": {"b": 1}}, None
    yield one("text", one("number", v("1.50"))), {}, "1.5"


def parts_of_texts() -> Iterator[Case]:
    yield one("upper", v("straße ŉ ﬁ ς é")), {}, "STRAßE ŉ ﬁ Σ É"
    yield one("upper", v("ı İ ǆ µ ÿ")), {}, "I İ Ǆ Μ Ÿ"
    yield one("upper", v(1)), {}, None
    for left, right, ends in (("abc", "bc", True), ("abc", "", True), ("", "a", False), ("abc", "ab", False)):
        yield two("ends_with", left, right), {}, ends
    yield two("ends_with", "cafe\u0301", "\u00e9"), {}, True
    yield two("ends_with", "cafe\u0301", "\u0301"), {}, False
    yield two("ends_with", 12, "2"), {}, None
    for text, mark, before, after, found in (
        ("a@b@c", "@", "a", "b@c", 1), ("abc", "@", "", "", -1), ("abc", "", "", "abc", 0), ("", "", "", "", 0), ("", "a", "", "", -1),
        ("😀x", "x", "😀", "", 1), ("e\u0301x", "x", "\u00e9", "", 1), ("aaa", "aa", "", "a", 0),
    ):  # fmt: skip
        yield two("before", text, mark), {}, before
        yield two("after", text, mark), {}, after
        yield two("find", text, mark), {}, found
    yield two("find", "a1", 1), {}, None
    for text, start, length, cut in (
        ("abcde", 1, 2, "bc"), ("abcde", 0, 9, "abcde"), ("abcde", 5, 1, ""), ("abcde", 9, 1, ""), ("abcde", -2, 4, "ab"), ("abcde", -2, 1, ""),
        ("abcde", 1.9, 1.9, "b"), ("abcde", 2, -1, ""), ("abcde", 2, 0, ""), ("😀bc", 1, 1, "b"), ("e\u0301x", 0, 1, "e"), ("abcde", 1e300, 1e300, ""),
        ("abcde", "1", 1, None), ("abcde", 1, True, None), (5, 0, 1, None),
    ):  # fmt: skip
        yield one("substring", v(text), length=v(length)) | {"from": v(start)}, {}, cut
    yield one("substring", v("abcde")) | {"from": v(3)}, {}, "de"
    yield one("substring", v("abcde")) | {"from": v(-3)}, {}, "abcde"
    yield one("substring", v("abcde")) | {"from": f("absent")}, {}, None
    yield one("substring", v("abcde"), length=f("absent")) | {"from": v(0)}, {}, None
    for text, old, new, changed in (
        ("a.b.c", ".", "", "abc"), ("aaa", "aa", "b", "ba"), ("abc", "", "x", "abc"), ("abc", "x", "y", "abc"), ("a$b", "$", "$&$1", "a$&$1b"),
        ("aa", "a", "aa", "aaaa"), ("e\u0301", "\u00e9", "x", "e\u0301"), ("1", 1, "x", None), ("1", "1", 2, None),
    ):  # fmt: skip
        yield one("replace", v(text), old=v(old), new=v(new)), {}, changed
    long = one("replace", v("a" * 1_000), old=v("a"), new=v("b" * 100))
    yield one("length", long), {}, 100_000
    yield one("replace", long, old=v("b"), new=v("bb")), {}, None


PATTERNS: tuple[tuple[str, str, bool], ...] = (
    ("b", "abc", True), ("^b", "abc", False), ("c$", "abc", True), ("c$", "abc\n", False), (r"c\z", "abc", True), (r"\Ab", "abc", False),
    ("", "", True), ("a.c", "a\nc", True), ("^.$", "😀", True), ("^.$", "e\u0301", False), ("(?-s)a.c", "a\nc", False), ("(?-s)a.c", "a\rc", True),
    (r"^\d+$", "12", True), (r"\d", "٣", False), (r"\w", "é", False), (r"\w", "_", True), (r"^\W$", "é", True), (r"\s", "\u00a0", False),
    (r"\s", "\v", False), (r"\s", "\f", True), (r"[[:space:]]", "\v", True), (r"^\S$", "\u2003", True), (r"\bé", "é", False), (r"a\b", "aé", True),
    ("(?i)straße", "STRASSE", False), ("(?i)é", "É", True), ("(?i)σ", "ς", True), ("(?i)k", "\u212a", True), ("(?i)i", "İ", False), ("(?i)[a-z]", "ſ", True),
    (r"(?i)\w", "ſ", True), (r"(?i)^\W$", "ſ", False), ("(?i)[^s]", "ſ", False), (r"(?i)\P{Lu}", "a", False), (r"(?i)[^\P{Lu}x]", "a", True),
    ("(?i)[[:^upper:]]", "a", False), ("(?i)[[:^upper:]]", "1", True), ("(?i)\u00df", "\u1e9e", True), ("[A-Z]", "a", False),
    ("(?m)^b$", "a\nb\nc", True), ("^b$", "a\nb\nc", False), ("(?m)a$", "a\rb", False), (r"(?m)a\z", "a\nb", False), ("(?im)^B$", "a\nb", True),
    ("a(?i:b)c", "aBc", True), ("a(?i:b)c", "aBC", False), ("a(?i)b|c", "C", True), ("a(?i)b|c", "AB", False), ("(?i)a(?-i)b", "Ab", True),
    ("(?i)a(?-i)b", "aB", False), ("^(?:(?i)yes)$", "YES", True), ("(a(?i)b)c", "aBC", False), ("(?s-i:a)", "A", False), ("(?U)a+", "aa", True),
    ("(?P<year>[0-9]{4})", "2026", True), ("(?<year>[0-9]{4})", "226", False), ("(?P<1a>x)", "x", True),
    (r"^\pL+$", "éß", True), (r"\p{Greek}", "ω", True), (r"\P{Greek}", "ω", False), (r"\p{^Greek}", "ω", False), (r"^\p{Lu}\p{Ll}$", "Éa", True),
    (r"^[\p{L} ]+$", "ä ö", True), (r"[^\p{L}]", "ä", False), (r"\p{Han}", "日", True), (r"^[\pN-]+$", "1-2", True),
    ("[]a]", "]", True), ("[^]a]", "]", False), ("[a-]", "-", True), ("[a-c-e]", "d", False), ("[a-c-e]", "-", True), (r"[\w-.]", "-", True),
    (r"^[\w.-]+@[\w-]+\.\w{2,}$", "a.b-c@d-e.org", True), (r"^\+?[0-9 \-/()]+$", "+44 (0)20-1/2", True), ("[[:alpha:][:digit:]]", "5", True),
    ("[[]", "[", True), ("[.*+?(){}|^$]", "^", True), ("[^\n]", "\n", False), (r"[\x41-\x43]", "B", True), (r"\x{1F600}", "😀", True), (r"^\101$", "A", True),
    (r"[\S\s]", "a", True), (r"^[\D\d]$", "é", True), (r"[^\Wx]", "x", False), (r"[^\Wx]", "é", False), (r"[^\Wx]", "y", True),
    ("a{2}", "a", False), ("a{,2}", "a{,2}", True), ("a{", "a{", True), ("^a{2,3}$", "aaa", True), ("x{0}", "", True), ("a}", "a}", True), ("a]", "a]", True),
    (r"\Qa.b\E+", "a.bb", True), (r"\Qa.b\E", "axb", False), (r"\Q(", "(", True), (r"\-\/\:\_\@", "-/:_@", True), (r"\.", "a", False),
    ("^*a", "a", True), (r"\b+a", "a", True), ("(|a)b", "b", True), ("a||b", "", True), ("()*", "", True), (r"a\tb", "a\tb", True), (r"\a\f\n\r\v", "\x07\f\n\r\v", True),
    ("^(?:a|ab)(?:c|bcd)$", "abcd", True), ("a*?b", "aab", True), ("(a+)+$", "a" * 20 + "b", False), ("\u2028", "\u2028", True), ("(?-s)^.$", "\u2028", True),
)  # fmt: skip


def patterns() -> Iterator[Case]:
    for pattern, text, found in PATTERNS:
        yield one("matches", v(text), pattern=pattern), {}, found
    yield one("matches", v(12), pattern="1"), {}, None
    yield one("matches", f("absent"), pattern=""), {}, None


def reckoning() -> Iterator[Case]:
    for a, b, rest in (
        (7, 3, 1),
        (-7, 3, -1),
        (7, -3, 1),
        (5.5, 2, 1.5),
        (1, 0, None),
        (0.3, 0.1, 0.09999999999999998),
        (1e308, 3, 2),
        (True, 2, None),
    ):
        yield pair("mod", a, b), {}, rest
    for base, exponent, power in (
        (2, 10, 1024), (2, -1, 0.5), (3, 30, 205891132094649), (0, 0, 1), (0, 1, 0), (0, -1, None), (-2, 3, -8), (-8, 0.5, None), (2, 0.5, 1.4142135623731),
        (0, 0.5, 0), (1.5, 2, 2.25), (4, 0.5, 2), ("2", 2, None), (-1, 3, -1),
    ):  # fmt: skip
        yield pair("power", base, exponent), {}, power
    for op, value, found in (
        ("sqrt", 2, 2**0.5), ("sqrt", 0, 0), ("sqrt", -1, None), ("abs", -2.5, 2.5), ("abs", 0, 0), ("floor", -0.5, -1), ("floor", 2.9, 2), ("floor", 1e300, 1e300),
        ("ceil", -0.5, 0), ("ceil", 2.1, 3), ("exp", 0, 1), ("exp", 1, 2.718281828459), ("exp", 1000, None), ("log", 1, 0), ("log", 0, None), ("log", -1, None),
        ("log", 10, 2.302585092994), ("sqrt", "4", None), ("floor", True, None),
    ):  # fmt: skip
        yield one(op, v(value)), {}, found
    yield one("text", one("ceil", v(-0.5))), {}, "0"


def times() -> Iterator[Case]:
    yield {"op": "now"}, {}, "2026-05-17T14:05"
    yield one("hour", {"op": "now"}), {}, 14
    yield one("minute", {"op": "now"}), {}, 5
    yield one("hour", v("09:30")), {}, 9
    for text in (
        "24:00",
        "9:30",
        "09:60",
        "09:30:00",
        "2026-05-17",
        "2026-02-30T09:30",
        "2026-05-17 09:30",
        "2026-05-17T09:30Z",
        "٠٩:٣٠",
    ):
        yield one("hour", v(text)), {}, None
    yield one("year", v("2026-05-17T09:30")), {}, 2026
    for day, number in (
        ("2026-05-17", 7),
        ("2026-05-18", 1),
        ("0001-01-01", 1),
        ("9999-12-31", 5),
        ("1969-12-31", 3),
        ("2024-02-29T00:00", 4),
    ):
        yield one("weekday", v(day)), {}, number
    for text, number in (
        ("1970-01-01", 0), ("1969-12-31", -1), ("2000-01-01", 10957), ("0001-01-01", -719162), ("1970-01-01T12:00", 0.5), ("1969-12-31T18:00", -0.25),
        ("06:00", 0.25), ("00:00", 0), ("2026-05", None), ("x", None),
    ):  # fmt: skip
        yield one("day_number", v(text)), {}, number
    for number, day in (
        (0, "1970-01-01"),
        (-0.5, "1969-12-31"),
        (0.99, "1970-01-01"),
        (-719162, "0001-01-01"),
        (-719163, None),
        (2932896, "9999-12-31"),
        (2932897, None),
        (1e300, None),
    ):
        yield one("day_of_number", v(number)), {}, day
    yield one("date_of", {"op": "now"}), {}, "2026-05-17"
    for text, day in (
        ("2026-05-17", "2026-05-17"),
        ("2026-05-17T09:30:00Z", "2026-05-17"),
        ("2026-02-30T09:30", None),
        ("17.05.2026", None),
        (1, None),
    ):
        yield one("date_of", v(text)), {}, day
    for text, time in (("2026-05-17T09:30", "09:30"), ("2026-05-17", None), ("09:30", None)):
        yield one("time_of", v(text)), {}, time
    for left, right, less in (
        ("09:30", "10:00", True), ("2026-05-17T09:30", "2026-05-17T09:31", True), ("2026-05", "2026-12", True), ("2026-05-17", "2026-05-17T09:30", None),
        ("09:30", "2026-05-17", None), ("2026-05", "2026-05-17", None), ("2026-13", "2026-12", None), ("24:00", "09:30", None), ("0000-05", "2026-05", None),
    ):  # fmt: skip
        yield two("less", left, right), {}, less
    yield pair("greatest", "09:30", "23:59", "10:00"), {}, "23:59"
    yield pair("least", "09:30", "2026-05"), {}, None
    for start, months, end in (
        ("2026-01-31", 1, "2026-02-28"), ("2024-01-31", 1, "2024-02-29"), ("2026-01-31", -2, "2025-11-30"), ("2026-12-01", 1, "2027-01-01"), ("2026-05-17", 0, "2026-05-17"),
        ("2024-02-29", 12, "2025-02-28"), ("9999-12-01", 1, None), ("0001-01-01", -1, None), ("2026-01-01", 0.5, None), ("2026-05-17T09:30", 1, None), ("2026-01-31", 1e7, None),
    ):  # fmt: skip
        yield {"op": "add_months", "date": v(start), "months": v(months)}, {}, end
    for start, end, months in (
        ("2026-01-31", "2026-02-28", 0), ("2026-01-31", "2026-03-01", 1), ("2026-01-15", "2026-02-15", 1), ("2026-02-15", "2026-01-16", 0), ("2026-02-15", "2026-01-15", -1),
        ("2000-01-01", "2026-05-17", 316),
    ):  # fmt: skip
        yield {"op": "months_between", "from": v(start), "to": v(end)}, {}, months
    for pattern, text in (
        ("%Y-%m-%d", "2026-05-07"), ("%y|%n|%e", "26|5|7"), ("%a %b", "Thu May"), ("%H:%M:%S", "09:05:00"), ("%h", "9"), ("%%Y", "%%Y"), ("%q", "%q"), ("%", "%"), ("", ""),
        ("😀%d", "😀07"),
    ):  # fmt: skip
        yield one("format_date", v("2026-05-07T09:05"), pattern=pattern), {}, text
    yield one("format_date", v("2026-05-07"), pattern="%H:%M"), {}, "00:00"
    yield one("format_date", v("0099-05-07"), pattern="%Y %y"), {}, "0099 99"
    yield one("format_date", v("09:05"), pattern="%H"), {}, None


def choices() -> Iterator[Case]:
    for index, choice in ((0, "b"), (1, "a"), (2, None), (-1, None), (0.5, None), (True, None)):
        yield one("nth", f("s"), index=v(index)), {"s": ["b", "a"]}, choice
    yield one("nth", v("ab"), index=v(0)), {}, None
    yield one("list_text", f("s"), separator=", "), {"s": ["b", "a"]}, "b, a"
    yield one("list_text", f("s"), separator=", "), {"s": ["b", None]}, None
    yield one("list_text", f("s"), separator=", "), {"s": "b"}, None
    for answers, score in (
        ({"c": "fibre"}, 3),
        ({"c": "unknown"}, 0),
        ({}, None),
        ({"c": True}, 0),
        ({"c": "constructor"}, 0),
    ):
        yield {"op": "score", "field": "c"}, answers, score
    for chosen, score in ((["fibre", "dsl"], 2.2), (["dsl", "fibre", "none"], 2.2), ([1, None], 0), ([], None)):
        yield {"op": "score", "field": "s"}, {"s": chosen}, score
    yield {"op": "score", "field": "n"}, {"n": 1}, 0
    yield {"op": "score", "field": "constructor"}, {"constructor": "name"}, 0
    yield {"op": "label", "field": "c"}, {}, "Fibre to the home"
    yield {"op": "label", "field": "nick"}, {}, None
    yield over("join_over", {"op": "label", "field": "nick"}, separator="+"), KIDS, "Ada+Bo"


def repeats() -> Iterator[Case]:
    yield f("age"), KIDS, None
    yield {"op": "answered", "field": "age"}, KIDS, False
    yield {"op": "position", "over": "kids"}, KIDS, None
    yield {"op": "instances", "over": "kids"}, KIDS, 3
    yield {"op": "instances", "over": "toys"}, KIDS, 0
    for number, count in (
        (None, 0),
        (0, 0),
        (2.0, 2),
        (2.5, 0),
        (-1, 0),
        ("2", 0),
        (True, 0),
        ([2], 0),
        (10**15, 1_000),
    ):
        yield {"op": "instances", "over": "kids"}, {"kids": number}, count
        yield {"op": "answered", "field": "kids"}, {"kids": number}, count > 0
    yield {"op": "answered", "field": "whole"}, {"t": "x"}, True
    yield {"op": "answered", "field": "whole"}, {"u": "x"}, False
    ill, young = f("ill"), {"op": "less", "left": f("age"), "right": v(5)}
    for op, of, expected in (
        ("sum_over", f("age"), 10), ("sum_over", f("nick"), 0), ("least_over", f("age"), 3), ("greatest_over", f("age"), 7), ("least_over", f("nick"), None),
        ("least_over", f("cost"), None), ("count_over", young, 1), ("count_over", f("age"), 0), ("any_over", ill, True), ("all_over", ill, False),
        ("any_over", young, True), ("all_over", young, False), ("any_over", {"op": "not", "of": ill}, True), ("all_over", {"op": "answered", "field": "age"}, False),
        ("sum_over", {"op": "position", "over": "kids"}, 6), ("sum_over", {"op": "instances", "over": "toys"}, 3), ("sum_over", over("sum_over", f("cost"), "toys"), 7.5),
        ("count_over", over("any_over", {"op": "more", "left": f("cost"), "right": v(3)}, "toys"), 1),
        ("sum_over", over("sum_over", v(1)), 9), ("any_over", f("nick"), None), ("all_over", {"op": "sure", "of": young}, False),
    ):  # fmt: skip
        yield over(op, of), KIDS, expected
    yield over("sum_over", f("age"), where=young), KIDS, 3
    yield over("greatest_over", f("age"), where=v(False)), KIDS, None
    yield over("all_over", young, where=young), KIDS, True
    yield over("join_over", f("nick"), separator=", "), KIDS, "Ada"
    yield over("join_over", one("text", {"op": "position", "over": "kids"}), separator=", "), KIDS, "1, 2, 3"
    yield over("join_over", f("age"), separator=", "), KIDS, ""
    for index, age in ((0, 7), (1, 3), (2, None), (3, None), (-1, None), (0.5, None), ("0", None)):
        yield over("at", f("age"), index=v(index)), KIDS, age
    yield over("at", over("at", f("cost"), "toys", index=v(1)), index=v(0)), KIDS, 2
    yield over("at", over("sum_over", f("age")), index=v(1)), KIDS, 10
    for op, expected in (
        ("sum_over", 0),
        ("least_over", None),
        ("count_over", 0),
        ("any_over", False),
        ("all_over", True),
    ):
        yield over(op, young), {}, expected
    yield over("sum_over", v(1e308)), KIDS, None
