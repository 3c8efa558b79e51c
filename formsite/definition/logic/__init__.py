"""Rules: small typed JSON trees, three-valued, run by the server and mirrored in the browser.

Unanswered is unknown, and unknown satisfies no comparison nor its opposite (Kleene's strong logic of indeterminacy,
"Introduction to Metamathematics", section 64). `static/js/rules.js` has the same meaning; both run the vectors in
`tests/definition/vectors/rules.json`.
"""

from formsite.definition.logic.evaluation import Context, compile_rule
from formsite.definition.logic.explaining import Line, Seen, explain
from formsite.definition.logic.nodes import (
    NODES,
    Node,
    fields_of,
    rename_field,
    to_json,
    walk,
)
from formsite.definition.logic.reading import SCHEMA, parse
from formsite.definition.logic.scope import Scope
from formsite.definition.logic.typing import AnswerType, Operand, infer, typecheck
from formsite.definition.logic.words import read_aloud

__all__ = [
    "NODES",
    "SCHEMA",
    "AnswerType",
    "Context",
    "Line",
    "Node",
    "Operand",
    "Scope",
    "Seen",
    "compile_rule",
    "explain",
    "fields_of",
    "infer",
    "parse",
    "read_aloud",
    "rename_field",
    "to_json",
    "typecheck",
    "walk",
]
