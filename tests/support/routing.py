"""Addresses are compiled once for all applications of a run: each test has its own, and all have the same hundred."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule


def compile_once() -> None:
    """Remember the builders of rules. What Werkzeug compiles for one looks at nothing but the rule as it is written."""
    compile_builder = Rule._compile_builder
    made: dict[Any, Callable[..., Any]] = {}

    def remembered(rule: Rule, append_unknown: bool = True) -> Callable[..., Any]:
        if rule.defaults:
            return compile_builder(rule, append_unknown)
        key = (rule.rule, tuple(rule._trace), append_unknown)
        if key not in made:
            made[key] = compile_builder(rule, append_unknown)
        return made[key]

    Rule._compile_builder = remembered  # type: ignore[method-assign]
