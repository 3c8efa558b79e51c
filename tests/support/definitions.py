"""Definitions for tests: the tiny ones in `tests/definitions/`, one field by itself, and generated ones of every shape."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from formsite.definition.document import Definition, Field, parse
from formsite.definition.fieldtypes import registry

FOLDER = Path(__file__).parent.parent / "definitions"
LANGUAGES = ("en", "de", "ar", "pt-BR")


def tiny(name: str) -> dict[str, Any]:
    """The tiny definition called `name`."""
    raw: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return raw


def all_tiny() -> list[str]:
    """The names of all tiny definitions."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def form(*items: dict[str, Any], **members: Any) -> dict[str, Any]:
    """A definition with one page of `items`."""
    page = {"id": "the_page", "items": list(items)}
    return {"formsite": 1, "languages": ["en"], "title": {"en": "A form"}, "pages": [page], **members}


def field(type_: str, settings: dict[str, Any] | None = None, **members: Any) -> Field:
    """One field by itself."""
    raw = {"id": "asked", "type": type_, "label": {"en": "Asked"}, **members}
    return definition(raw | ({"settings": settings} if settings else {})).by_id["asked"]


def definition(*items: dict[str, Any], **members: Any) -> Definition:
    """The same, read."""
    return parse(form(*items, **members))


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)


def texts(languages: Sequence[str]) -> st.SearchStrategy[dict[str, str]]:
    """Words in some of the languages."""
    return st.dictionaries(st.sampled_from(languages), words, max_size=2)


def choices(languages: Sequence[str]) -> st.SearchStrategy[list[dict[str, Any]]]:
    """A few choices, each with its own id."""
    ids = st.lists(
        st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,5}", fullmatch=True), min_size=1, max_size=4, unique=True
    )
    return ids.flatmap(
        lambda names: st.tuples(
            *(st.fixed_dictionaries({"id": st.just(n), "label": texts(languages)}) for n in names)
        ).map(list)
    )


def rows(languages: Sequence[str]) -> st.SearchStrategy[list[dict[str, Any]]]:
    """A few rows or columns, each with its own id."""
    return (
        choices(languages)
        .map(lambda made: [row | {"id": row["id"].replace("-", "_")} for row in made])
        .filter(lambda made: len({row["id"] for row in made}) == len(made))
    )


def settings(type_: str, languages: Sequence[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Settings that leave an answer possible."""
    short = st.integers(1, 20)
    text = texts(languages)
    offered = {"choices": choices(languages)}
    made: dict[str, st.SearchStrategy[dict[str, Any]]] = {
        "short_text": st.fixed_dictionaries(
            {}, optional={"min_length": short, "max_length": short.map(lambda n: n + 20)}
        ),
        "phone": st.fixed_dictionaries({}, optional={"country": st.sampled_from(["GB", "DE", "EG"])}),
        "number": st.fixed_dictionaries(
            {},
            optional={
                "min": st.integers(-1000, 0) | st.floats(-10, 0, allow_nan=False),
                "max": st.integers(1, 1000) | st.floats(1, 10, allow_nan=False),
                "decimals": st.integers(0, 9),
                "unit": text,
            },
        ),
        "date": st.fixed_dictionaries(
            {}, optional={"earliest": st.dates(max_value=date(2000, 1, 1)).map(str), "latest": st.just("today")}
        ),
        "single_choice": st.fixed_dictionaries(offered),
        "dropdown": st.fixed_dictionaries(offered),
        "several_choices": st.fixed_dictionaries(offered, optional={"max_choices": st.integers(1, 5)}),
        "rating": st.fixed_dictionaries(
            {}, optional={"from": st.integers(0, 1), "to": st.integers(2, 10), "low_label": text, "high_label": text}
        ),
        "statement": st.fixed_dictionaries({}, optional={"body": text}),
    }
    lines = {"items": rows(languages)}
    matrix = {"rows": rows(languages)}
    whole = st.sampled_from(["all", "any"])
    for name in ("likert", "matrix_several", "matrix_text", "matrix_number", "matrix_mixed"):
        made[name] = st.fixed_dictionaries(matrix | {"columns": rows(languages)}, optional={"compulsory_rows": whole})
    made["several_numbers"] = st.fixed_dictionaries(lines, optional={"sum_most": short, "random": st.booleans()})
    made["constant_sum"] = st.fixed_dictionaries(lines, optional={"total": short})
    made["full_name"] = st.fixed_dictionaries({}, optional={"title": st.booleans(), "middle": st.booleans()})
    made["address"] = st.fixed_dictionaries({}, optional={"parts": st.just(["line1", "postcode", "city"])})
    made["date_range"] = st.fixed_dictionaries({}, optional={"one_end": st.booleans(), "from_label": text})
    made["several_texts"] = st.fixed_dictionaries(lines, optional={"lines": st.booleans()})
    made["matrix_one"] = st.fixed_dictionaries(
        matrix | {"columns": rows(languages)}, optional={"compulsory_rows": whole}
    )
    made["long_text"] = made["name"] = made["short_text"]
    made["buttons"] = made["search_choice"] = made["single_choice"]
    made["list_choice"] = st.fixed_dictionaries(offered)
    made["ranking"] = st.fixed_dictionaries(offered, optional={"max_choices": st.integers(1, 5)})
    made["pattern_text"] = st.fixed_dictionaries({"mask": st.sampled_from(["99-aa", "****", "a9"])})
    made["currency"] = st.fixed_dictionaries({}, optional={"currency": st.sampled_from(["EUR", "JPY", "KWD"])})
    made["slider"] = st.fixed_dictionaries({}, optional={"step": st.sampled_from([0.5, 1, 5]), "low_label": text})
    made["time"] = st.fixed_dictionaries({}, optional={"earliest": st.times().map(lambda at: f"{at:%H:%M}")})
    made["date_time"] = st.fixed_dictionaries({}, optional={"latest": st.just("today")})
    made["month"] = st.fixed_dictionaries({}, optional={"earliest": st.just("today")})
    made["country"] = st.fixed_dictionaries({}, optional={"countries": st.just(["DE", "AT"])})
    made["media"] = st.fixed_dictionaries(
        {"link": st.just("https://example.org/film"), "link_label": st.just({"en": "Film"})}
    )
    return made.get(type_, st.just({}))


@st.composite
def rules(draw: st.DrawFn, earlier: Sequence[dict[str, Any]], depth: int = 2) -> dict[str, Any]:
    """A well-typed rule over fields that were asked before."""
    if depth and draw(st.booleans()):
        op = draw(st.sampled_from(["all", "any", "not"]))
        if op == "not":
            return {"op": "not", "of": draw(rules(earlier, depth - 1))}
        return {"op": op, "of": [draw(rules(earlier, depth - 1)) for _ in range(draw(st.integers(1, 3)))]}
    asked = draw(st.sampled_from(earlier))
    name = {"field": asked["id"]}
    ids = [choice["id"] for choice in asked.get("settings", {}).get("choices", [])]
    match asked["type"]:
        case "number" | "rating":
            op = draw(st.sampled_from(["is", "is_not", "less", "at_most", "more", "at_least"]))
            return {
                "op": op,
                "left": name,
                "right": {"value": draw(st.integers(-9, 99) | st.floats(0, 9, allow_nan=False))},
            }
        case "date":
            return {
                "op": "less",
                "left": name,
                "right": {"op": "add_days", "date": {"op": "today"}, "days": {"value": 3}},
            }
        case "yes_no":
            return {"op": "is", "left": name, "right": {"value": draw(st.booleans())}}
        case "single_choice" | "dropdown" | "buttons" | "search_choice" | "list_choice":
            return {"op": "one_of", "left": name, "values": [{"value": draw(st.sampled_from(ids))}]}
        case "several_choices" | "ranking":
            return {"op": "contains", "left": name, "right": {"value": draw(st.sampled_from(ids))}}
    return {"op": "answered", "field": asked["id"]}


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A definition that could be published but for its words: pages, nested groups, every type, rules on earlier fields."""
    languages = draw(st.lists(st.sampled_from(LANGUAGES), min_size=1, max_size=3, unique=True))
    text, names, earlier = texts(languages), iter(range(10_000)), []

    def maybe(made: dict[str, Any], name: str, strategy: st.SearchStrategy[Any]) -> None:
        if draw(st.integers(0, 3)) == 0:
            made[name] = draw(strategy)

    def asked() -> dict[str, Any]:
        kind = draw(st.sampled_from(registry.names()))
        made: dict[str, Any] = {"id": f"f_{next(names)}", "type": kind, "label": draw(text)}
        maybe(made, "hint", text)
        maybe(made, "why", text)
        maybe(made, "personal", st.booleans())
        maybe(made, "settings", settings(kind, languages))
        if not {"choices", "rows", "items", "mask", "link"}.isdisjoint(registry.get(kind).Settings.model_fields):
            made["settings"] = draw(settings(kind, languages))
        if kind == "computed":
            made["computed"] = {"op": "plus", "of": [{"value": 1}, {"value": 2}]}
        if earlier:
            maybe(made, "shown_if", rules(earlier))
            for lines in ("choices", "rows", "items"):
                for line in made.get("settings", {}).get(lines, ()):
                    maybe(line, "shown_if", rules(earlier))
        if registry.get(kind).asks:
            maybe(made, "compulsory", rules(earlier) | st.booleans() if earlier else st.booleans())
            earlier.append(made)
        return made

    def item(depth: int) -> dict[str, Any]:
        if depth and draw(st.integers(0, 3)) == 0:
            made: dict[str, Any] = {"id": f"g_{next(names)}", "type": "group"}
            maybe(made, "label", text)
            if earlier:
                maybe(made, "shown_if", rules(earlier))
            made["items"] = [item(depth - 1) for _ in range(draw(st.integers(1, 3)))]
            return made
        return asked()

    pages = []
    for _ in range(draw(st.integers(1, 3))):
        page: dict[str, Any] = {"id": f"p_{next(names)}"}
        maybe(page, "title", text)
        if earlier:
            maybe(page, "shown_if", rules(earlier))
        page["items"] = [item(2) for _ in range(draw(st.integers(1, 4)))]
        pages.append(page)
    whole: dict[str, Any] = {"formsite": 1, "languages": languages, "title": draw(text), "pages": pages}
    maybe(whole, "kind", st.sampled_from(["questionnaire", "registration", "competition", "promotion", "feedback"]))
    for name in ("intro", "done", "notice"):
        maybe(whole, name, text)
    maybe(
        whole,
        "consents",
        st.fixed_dictionaries(
            {"id": st.just("c"), "purpose": st.sampled_from(["feedback", "marketing"]), "wording": text},
            optional={"channel": st.sampled_from(["email", "phone", "sms", "post"])},
        ).map(lambda one: [one]),
    )
    maybe(
        whole,
        "feedback",
        st.fixed_dictionaries(
            {"form": st.just("how-was-it"), "subject": text, "body": text},
            optional={"after_hours": st.integers(0, 200)},
        ),
    )
    return whole
