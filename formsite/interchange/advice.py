"""What to do about a loss, by its kind: what importers say of why something was lost, and the advice that fits it."""

from __future__ import annotations

import re

NOTHING = "Nothing needs to be done."
RULE = "Set the rule in the draft, where the question can be asked in another way."
ANYTHING = "Open the question in the draft, and change it there if it matters to you."

_KINDS: tuple[tuple[str, str], ...] = (
    (r"records (only what it needs|times by itself)|its own way of keeping|keeps (responses|no entities)", NOTHING),
    (
        r"has no use for|not shown are never kept|customers go on by themselves|whenever what it looks at changes",
        NOTHING,
    ),
    (r"people the time|text message|greyed out|cannot change what is worked out|takes the questions alone", NOTHING),
    (r"LimeSurvey itself changes", NOTHING),
    (
        r"why it is compulsory",
        "Write your own reason beside the question, or make it optional.",
    ),
    (
        r"the place of|its place \||stands (below|after)",
        "Look at the order of the questions in the draft.",
    ),
    (
        r"which is asked later|it looks at itself|which is itself",
        "Move what the rule looks at before it, then set the rule in the draft.",
    ),
    (
        r"there is no (question|variable)|looks at no question",
        "Name a question that there is in the file and import it again, or set the rule in the draft.",
    ),
    (
        r"cannot (be read|read it)|has no (condition|name or no expression)",
        "Mend the expression in the file and import it again, or set the rule in the draft.",
    ),
    (
        r"too (large|deep)",
        "Split it: let computed values hold the parts, and look at these.",
    ),
    (
        r"formsite never runs them",
        "Look whether the questions need what the macros did; if so, say it by rules.",
    ),
    (
        r"opens (no other file|none)",
        "Look whether the values are the newest; if not, open the workbook, save it and import it again.",
    ),
    (
        r"earlier response",
        "Ask it again, or hand the value over by the address of the form.",
    ),
    (
        r"pictures, sound|no pictures of other|[Aa] picture|media field|its picture",
        "Put the file under Pictures, and name it in the question.",
    ),
    (
        r"choices by hand|there is no list|not in this workbook|its choices|choices come from|one file at a time",
        "Paste the choices, or the questions, into the draft.",
    ),
    (
        r"inside a text|in a text|write the text without|three dots|text (before|beside) the answer|inside the text",
        "Write the text anew in the draft.",
    ),
    (
        r"stored as “|it is called “|is called #",
        "Nothing for customers. Whoever reads the answers finds them under the new name.",
    ),
    (
        r"tag that browsers know|no language is called",
        "Say the language in the file by its tag, such as en or pt-BR, and import it again.",
    ),
    (
        r"appearance|draws questions|slider_layout|step|its picture with areas|totals|select.?all|headings among",
        "Nothing, unless the look matters: then choose another type of question in the draft.",
    ),
    (
        r"it only warns",
        "Make it a check that must hold, or say it in the help of the question.",
    ),
    (
        r"marks? answers as right",
        "Give the choices scores.",
    ),
    (
        r"asked as (a )?text|does not know (the type|it)|is typed as text|it is a text|asks for no",
        "Choose the type that fits in the draft.",
    ),
    (
        r"the function|no function|no rule for|function of|\w+\(\)|random",
        "Say it by another rule in the draft, or work it out from the exported answers.",
    ),
    (
        r"it is (always shown|optional|empty|left out|lost)|it can be changed|any answer is taken|nothing is filled",
        RULE,
    ),
    (r"always offered|all choices are offered|has no value|every entry|decides how often|the next page", RULE),
    (r"nobody is|its own choices|is not worked out|customer can change", RULE),
)
_COMPILED = tuple((re.compile(pattern), advice) for pattern, advice in _KINDS)


def advice(what: str, why: str) -> str:
    """What to do about something that was lost."""
    said = f"{what} | {why}"
    return next((fix for pattern, fix in _COMPILED if pattern.search(said)), ANYTHING)
