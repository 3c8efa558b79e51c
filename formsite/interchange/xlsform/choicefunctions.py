"""Functions of choices: an answer is the names of what was chosen, with spaces between them, and so is any text."""

from __future__ import annotations

from formsite.interchange.xlsform import rules as r
from formsite.interchange.xlsform import xpath as x
from formsite.interchange.xlsform.paths import Place, locate
from formsite.interchange.xlsform.rules import Rule
from formsite.interchange.xlsform.terms import (
    Source,
    Term,
    Untranslatable,
    number_term,
    text_term,
    truth_term,
    written,
)
from formsite.interchange.xlsform.textfunctions import collapsed, piece
from formsite.interchange.xlsform.translation import MOST_CASES, Args, Make, Translator

CHOSEN = ("choice", "choices")
SPACE = r.value(" ")


def _selected(t: Translator, args: Args, place: Place) -> Term:
    chosen, wanted = t.term(args[0], place), t.term(args[1], place)
    if chosen.kind in CHOSEN and chosen.source is not None:
        op = "is" if chosen.kind == "choice" else "contains"
        if isinstance(wanted.const, str | float):
            name = written(wanted.const).strip()
            ids = chosen.source.choices.get(name, ())
            found = (r.sure(r.compare(op, chosen.rule, r.value(each))) for each in ids)
            return truth_term(r.some(*found) if name else t.is_empty(chosen))
        both_empty = r.every(t.is_empty(chosen), t.is_empty(wanted))
        return truth_term(r.some(r.sure(r.compare(op, chosen.rule, t.as_text(wanted))), both_empty))
    if isinstance(wanted.const, str | float):
        word = written(wanted.const).strip()
        sought, is_one = r.value(word), r.FALSE if " " in word else r.TRUE
    else:
        sought = r.unary("trim", t.as_text(wanted))
        is_one = r.negated(r.sure(r.compare("contains", sought, SPACE)))
    among = t.as_text(chosen) if sought.get("value") else r.unary("trim", t.as_text(chosen))
    spaced = (r.many("join", SPACE, each, SPACE) for each in (among, sought))
    return truth_term(r.every(r.sure(r.compare("contains", *spaced)), is_one))


def _count_selected(t: Translator, args: Args, place: Place) -> Term:
    term = t.term(args[0], place)
    if term.kind == "choices":
        return number_term(r.many("or_else", r.unary("count", term.rule), r.value(0.0)))
    if isinstance(term.const, str):
        number = float(len(term.const.split()))
        return Term("number", r.value(number), number)
    if term.kind != "text":
        return number_term(r.when(t.is_filled(term), r.value(1.0), r.value(0.0)))
    words = collapsed(t.as_text(term))
    without: Rule = {"op": "replace", "of": words, "old": SPACE, "new": r.value("")}
    spaces = r.many("minus", r.unary("length", words), r.unary("length", without))
    some = r.many("plus", spaces, r.value(1.0))
    return number_term(r.when(r.sure(r.compare("is", words, r.value(""))), r.value(0.0), some))


def _selected_at(t: Translator, args: Args, place: Place) -> Term:
    """The name at a place, counted from 0; nothing stands before the first."""
    term, number = t.term(args[0], place), t.term(args[1], place)
    if term.kind == "choices":
        found = {"op": "nth", "of": term.rule, "index": t.as_number(number)}
        return Term("choice", found, None, term.source)
    if term.kind == "choice":
        first = r.sure(r.compare("is", t.as_number(number), r.value(0.0)))
        return Term("choice", r.when(first, term.rule, r.NO_TEXT), None, term.source)
    if isinstance(number.const, float) and number.const < 0:
        return Term("text", r.value(""), "")
    return text_term(piece(collapsed(t.as_text(term)), " ", number.const))


def _choice_name(t: Translator, args: Args, place: Place) -> Term:
    """The words of a choice: of an answer in the language in which it is given, else by its name."""
    term = t.term(args[0], place)
    listed = _question(t, args[1], place) if len(args) > 1 else term.source
    if term.source is not None and term.kind in CHOSEN and (listed is None or listed.list == term.source.list):
        label = _label(term.rule, term.source)
        if label is not None:
            return text_term(r.many("or_else", label, r.value("")))
    if listed is None or not listed.list or len(listed.choices) > MOST_CASES:
        raise Untranslatable("the words of a choice that is put together")
    rows = t.lists.get(listed.list, [])
    if isinstance(term.const, str):
        words = next((row["label"] for row in rows if row["name"] == term.const), "")
        return Term("text", r.value(words), words)
    t.said.append("words that are looked up by a name are in the form's first language")
    text = t.as_known_text(term)
    told = {row["name"]: row["label"] for row in reversed(rows)}
    cases = (
        r.when(r.sure(r.compare("is", text, r.value(name))), r.value(label), r.NO_TEXT) for name, label in told.items()
    )
    return text_term(r.many("or_else", *cases, r.value("")))


def _label(rule: Rule, source: Source) -> Rule | None:
    """The words of an answer, also of one that stands in an instance that is picked; None of anything else."""
    if rule == r.field(source.id):
        return {"op": "label", "field": source.id}
    if rule.get("op") == "at" and (inner := _label(rule["of"], source)) is not None:
        return rule | {"of": inner}
    return None


def _question(t: Translator, expr: x.Expr, place: Place) -> Source | None:
    """The question whose choices are meant: its name or path stands in quotes."""
    if isinstance(expr, x.String):
        try:
            expr = x.parse(expr.value)
        except x.NoXPath:
            return None
    found = locate(expr, place, t.sources)  # its answer is not looked at
    return None if found is None else found.source


CHOICE_FUNCTIONS: dict[str, Make] = {
    "selected": _selected,
    "selected-at": _selected_at,
    "count-selected": _count_selected,
    "jr:choice-name": _choice_name,
    "choice-label": _choice_name,
}
