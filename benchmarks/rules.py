"""Measures the rules of a large form beside what a user would pick instead: JsonLogic, compiled by datalogic-py.

300 questions, each shown by a rule over three questions before it, all answered. formsite decides the whole state (what is
shown, compulsory and counted, in the order of the form); datalogic-py evaluates the same 300 rules over the same
answers, its data held ready, and does nothing else. They take turns; medians of the rounds are quoted. Before that, both
must come to the same for each rule. Run it by `make bench-rules`.
"""

from __future__ import annotations

import argparse
import gc
import time
from datetime import date
from statistics import median
from typing import Any

import datalogic_py

from formsite.definition.document import parse
from formsite.definition.flow import Plan

QUESTIONS = 300
TODAY = date(2026, 1, 31)
KINDS = ("number", "single_choice", "yes_no", "short_text")


def _question(number: int) -> dict[str, Any]:
    kind = KINDS[number % len(KINDS)]
    made: dict[str, Any] = {"id": f"q{number}", "type": kind, "label": {"en": f"Question {number}"}}
    if kind == "single_choice":
        made["settings"] = {"choices": [{"id": f"c{at}", "label": {"en": f"Choice {at}"}} for at in range(5)]}
    if number >= len(KINDS):
        made["shown_if"] = _rule(number)
    return made


def _condition(number: int) -> dict[str, Any]:
    kind = KINDS[number % len(KINDS)]
    op, value = {
        "number": ("at_least", 18),
        "single_choice": ("is_not", "c4"),
        "yes_no": ("is", True),
        "short_text": ("is_not", "nothing"),
    }[kind]
    return {"op": op, "left": {"field": f"q{number}"}, "right": {"value": value}}


def _rule(number: int) -> dict[str, Any]:
    first, second, third = (_condition(number - back) for back in (1, 2, 4))
    return {"op": "all", "of": [first, {"op": "any", "of": [second, third]}]}


def _answers() -> dict[str, Any]:
    values = {"number": 41, "single_choice": "c2", "yes_no": True, "short_text": "something"}
    return {f"q{number}": values[KINDS[number % len(KINDS)]] for number in range(QUESTIONS)}


def _as_jsonlogic(rule: dict[str, Any]) -> Any:
    if rule["op"] in ("all", "any"):
        return {"and" if rule["op"] == "all" else "or": [_as_jsonlogic(each) for each in rule["of"]]}
    op = {"at_least": ">=", "is": "===", "is_not": "!=="}[rule["op"]]
    return {op: [{"var": rule["left"]["field"]}, rule["right"]["value"]]}


def _seconds(run: Any, times: int) -> float:
    """Of the processor, for one run, on average over some: other programs on the machine count little."""
    gc.collect()
    began = time.thread_time()
    for _ in range(times):
        run()
    return (time.thread_time() - began) / times


def main() -> None:
    """Compare, and say it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=9)
    options.add_argument("--times", type=int, default=200, help="evaluations a round")
    asked = options.parse_args()
    items = [_question(number) for number in range(QUESTIONS)]
    raw = {"formsite": 1, "languages": ["en"], "title": {"en": "Large"}, "pages": [{"id": "page", "items": items}]}
    began = time.thread_time()
    plan = Plan(parse(raw))
    compiled = time.thread_time() - began
    answers = _answers()
    rules = [datalogic_py.Engine().compile(_as_jsonlogic(item["shown_if"])) for item in items if "shown_if" in item]
    data = datalogic_py.DataHandle(answers)

    def own() -> Any:
        return plan.state(answers, TODAY)

    def theirs() -> list[Any]:
        return [rule.evaluate_data(data) for rule in rules]

    shown = set(own().shown)
    assert [item["id"] in shown for item in items if "shown_if" in item] == theirs(), "the two do not agree"
    rounds = [(_seconds(own, asked.times), _seconds(theirs, asked.times)) for _ in range(asked.rounds)]
    mine, other = (median(each) for each in zip(*rounds, strict=True))
    print(f"{len(rules)} rules of {QUESTIONS} questions; read and compiled once in {compiled * 1e3:.0f} ms")
    print(f"formsite, the whole state    {mine * 1e3:7.3f} ms  ({min(r[0] for r in rounds) * 1e3:.3f} at best)")
    print(f"datalogic-py, the rules only {other * 1e3:7.3f} ms  ({min(r[1] for r in rounds) * 1e3:.3f} at best)")
    print(f"ratio                        {median(a / b for a, b in rounds):7.2f}")


if __name__ == "__main__":
    main()
