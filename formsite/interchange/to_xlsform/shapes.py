"""What each field type is in a spreadsheet: a question type with its appearance, parameters and constraints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from formsite.definition.document import Field
from formsite.definition.fieldtypes.numbers import plain
from formsite.definition.fieldtypes.patterns import pattern_of, whole
from formsite.definition.logic import AnswerType
from formsite.interchange.to_xlsform.terms import quoted

T = AnswerType
EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
URL = r"^(https?://)?[^\s.]+\.\S+$"
COLOUR = r"^#[0-9a-f]{6}$"


@dataclass(frozen=True, slots=True)
class Shape:
    """A question type. `lost` names what it does not say."""

    type: str
    appearance: str = ""
    parameters: str = ""
    constraints: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


def shape_of(field: Field) -> Shape:
    """The shape of a field that is answered by itself, or shows something."""
    return _SHAPES.get(field.type, _by_answer)(field)


def _by_answer(field: Field) -> Shape:
    """For a type that has no line of its own here."""
    kinds = {T.NUMBER: "decimal", T.DATE: "date", T.TIME: "time", T.MOMENT: "datetime", T.FILE: "file"}
    lost = f"the type “{field.type}”"
    kind = field.kind.answer
    if kind in (T.CHOICE, T.CHOICES):
        return Shape("select_one" if kind is T.CHOICE else "select_multiple", lost=(lost,))
    return Shape(kinds.get(kind, "note" if kind is T.NOTHING else "text"), lost=(lost,))


def _text(appearance: str = "", pattern: str = "", lost: str = "") -> Callable[[Field], Shape]:
    def make(field: Field) -> Shape:
        least, most = (getattr(field.settings, name, None) for name in ("min_length", "max_length"))
        bounds = [f"string-length(.) >= {least}" if least else "", f"string-length(.) <= {most}" if most else ""]
        fits = f"regex(., {quoted(pattern).text})" if pattern else ""
        return Shape("text", appearance, "", tuple(filter(None, (*bounds, fits))), (lost,) if lost else ())

    return make


def _pattern(field: Field) -> Shape:
    settings = field.settings
    shapes = [
        *([pattern_of(settings.mask)] if settings.mask else []),
        *([settings.pattern] if settings.pattern else []),
    ]
    return Shape("text", constraints=tuple(f"regex(., {quoted(whole(each)).text})" for each in shapes))


def _bounds(settings: Any) -> tuple[str, ...]:
    told = ((">=", settings.min), ("<=", settings.max))
    return tuple(f". {op} {plain(bound)}" for op, bound in told if bound is not None)


def _number(field: Field) -> Shape:
    settings, lost = field.settings, []
    decimals = getattr(settings, "decimals", 2)
    if getattr(settings, "unit", None) is not None:
        lost.append("the unit")
    if getattr(settings, "currency", None) is not None:
        lost.append(f"the currency {settings.currency}")
    return Shape("decimal" if decimals else "integer", constraints=_bounds(settings), lost=tuple(lost))


def _slider(field: Field) -> Shape:
    settings = field.settings
    said = f"start={plain(settings.min)} end={plain(settings.max)} step={plain(settings.step)}"
    return Shape("range", parameters=said, lost=_ends(field))


def _scale(field: Field) -> Shape:
    bounds = field.kind.schema(field)
    said = f"start={bounds['minimum']} end={bounds['maximum']} step=1"
    return Shape("range", "rating", said, lost=_ends(field))


def _ends(field: Field) -> tuple[str, ...]:
    given = (getattr(field.settings, name, None) for name in ("low_label", "high_label", "unit"))
    return ("the words at its ends",) if any(given) else ()


def _timed(kind: str, function: str, appearance: str = "") -> Callable[[Field], Shape]:
    def make(field: Field) -> Shape:
        told = ((">=", field.settings.earliest), ("<=", field.settings.latest))
        made = tuple(f". {op} {_bound(bound, function)}" for op, bound in told if bound is not None)
        return Shape(kind, appearance, constraints=made)

    return make


def _bound(bound: str, function: str) -> str:
    if bound in ("today", "now"):
        return f"{bound}()"
    whole_day = f"{bound}-01" if len(bound) == len("2000-01") else bound
    return f"{function}({quoted(whole_day).text})" if function else quoted(bound).text


def _choice(kind: str, appearance: str = "") -> Callable[[Field], Shape]:
    def make(field: Field) -> Shape:
        settings = field.settings
        random = "randomize=true" if getattr(settings, "random", False) else ""
        return Shape(kind, appearance, random, _chosen(field) if kind != "select_one" else ())

    return make


def _chosen(field: Field) -> tuple[str, ...]:
    """How many may be chosen, and what goes with nothing else."""
    least, most = (getattr(field.settings, name, None) for name in ("min_choices", "max_choices"))
    bounds = [f"count-selected(.) >= {least}" if least else "", f"count-selected(.) <= {most}" if most else ""]
    alone = [
        f"not(selected(., '{choice.id}') and count-selected(.) > 1)"
        for choice in field.kind.choices(field)
        if choice.exclusive
    ]
    return tuple(filter(None, (*bounds, *alone)))


def _file(field: Field) -> Shape:
    kinds = field.settings.types
    kind = kinds[0] if len(kinds) == 1 and kinds[0] in ("audio", "video", "image") else "file"
    lost = [] if kind != "file" else [f"that only these kinds of files are taken: {', '.join(kinds)}"]
    return Shape(kind, lost=tuple(lost + _several_files(field)))


def _photo(field: Field) -> Shape:
    return Shape("image", lost=tuple(_several_files(field)))


def _several_files(field: Field) -> list[str]:
    most = field.settings.most_files
    return [f"that up to {most} files are taken"] if most > 1 else []


def _computed(field: Field) -> Shape:
    return Shape("calculate")


def _fixed(kind: str, appearance: str = "") -> Callable[[Field], Shape]:
    return lambda _field: Shape(kind, appearance)


_SHAPES: dict[str, Callable[[Field], Shape]] = {
    "short_text": _text(),
    "long_text": _text("multiline"),
    "name": _text(),
    "email": _text(pattern=EMAIL),
    "email_confirmed": _text(pattern=EMAIL, lost="that the address is typed twice"),
    "phone": _text("numbers", lost="that it is a phone number of some country"),
    "url": _text(pattern=URL),
    "colour": _text(pattern=COLOUR, lost="that a colour is picked"),
    "pattern_text": _pattern,
    "number": _number,
    "currency": _number,
    "slider": _slider,
    "rating": _scale,
    "nps": _scale,
    "csat": _scale,
    "ces": _scale,
    "date": _timed("date", "date"),
    "time": _timed("time", ""),
    "date_time": _timed("datetime", "date-time"),
    "month": _timed("date", "date", "month-year"),
    "yes_no": _fixed("select_one", "quick"),
    "single_choice": _choice("select_one"),
    "buttons": _choice("select_one", "columns-pack"),
    "dropdown": _choice("select_one", "minimal"),
    "search_choice": _choice("select_one", "minimal autocomplete"),
    "list_choice": _choice("select_one", "minimal autocomplete"),
    "country": _fixed("select_one", "minimal autocomplete"),
    "several_choices": _choice("select_multiple"),
    "ranking": _choice("rank"),
    "declaration": _fixed("acknowledge"),
    "statement": _fixed("note"),
    "media": _fixed("note"),
    "file": _file,
    "photo": _photo,
    "signature": _fixed("image", "signature"),
    "location": _fixed("geopoint"),
    "hidden": _fixed("hidden"),
    "computed": _computed,
}
