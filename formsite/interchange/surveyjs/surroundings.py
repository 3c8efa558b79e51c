"""What a survey says beside its questions: what is only looks is left out in silence, the rest is named."""

from __future__ import annotations

from formsite.interchange.surveyjs import js
from formsite.interchange.surveyjs.elements import Element, Lose
from formsite.interchange.surveyjs.layouts import Layouts

UNBROUGHT = {
    "completedHtmlOnCondition": "formsite says one thing at the end",
    "completedBeforeHtml": "formsite does not know who took part before",
    "navigateToUrl": "formsite stays on its own page at the end",
    "navigateToUrlOnCondition": "formsite stays on its own page at the end",
    "showTimer": "formsite gives people the time they need",
    "timeLimit": "formsite gives people the time they need",
    "timeLimitPerPage": "formsite gives people the time they need",
    "cookieName": "formsite tells double entries in its own way",
    "partialSendEnabled": "formsite keeps drafts in its own way",
    "sendResultOnPageNext": "formsite keeps drafts in its own way",
    "surveyId": "the survey comes from this file",
    "surveyPostId": "formsite keeps responses in its own way",
    "clearInvisibleValues": "answers to what is not shown are never kept",
    "storeOthersAsComment": "“other” is kept beside the choice",
    "logo": "the site has one of its own",
    "autoAdvanceEnabled": "customers go on by themselves",
}
USUAL = {"clearInvisibleValues": ("onComplete", "onHidden", "onHiddenContainer"), "storeOthersAsComment": (True,)}
PART_UNBROUGHT = {
    "correctAnswer": "formsite does not mark answers as right; give choices scores",
    "maxTimeToFinish": "formsite gives people the time they need",
    "timeLimit": "formsite gives people the time they need",
    "clearIfInvisible": "answers to what is not shown are never kept",
    "choiceValuesFromQuestion": "choices come from questions with choices only",
    "defaultDisplayValue": "a text shows the answer or nothing",
}


def tell_unbrought(root: Element, lose: Lose) -> None:
    """Names what the survey and its elements say that has no place in formsite."""
    for name, why in UNBROUGHT.items():
        held = root.get(name)
        if js.is_empty(held) or held in (False, 0) or held in USUAL.get(name, ()):
            continue
        lose("/", name, why)
    for element in root.walk():
        for name, why in PART_UNBROUGHT.items():
            held = element.get(name)
            if not js.is_empty(held) and held is not False and not (name == "clearIfInvisible" and held != "none"):
                lose(element.where, name, why)


def tell_shared(layouts: Layouts, lose: Lose) -> None:
    """Names the questions that keep one answer between them."""
    for layout in layouts.of.values():
        if layout.first is not None and not layout.element.repeats:
            first = layout.first.element
            lose(
                layout.element.where,
                f"the answer it shares with “{first.name}” at {first.place}",
                "each question has an answer of its own; this one starts with that of the other where it can",
            )
