"""What a survey says beside its questions: what is only looks is left out in silence, the rest is named."""

from __future__ import annotations

from formsite.interchange.surveyjs import js
from formsite.interchange.surveyjs.elements import Element, Lose

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
    "valueName": "",
    "bindings": "",
    "maxTimeToFinish": "formsite gives people the time they need",
    "timeLimit": "formsite gives people the time they need",
    "clearIfInvisible": "answers to what is not shown are never kept",
    "choiceValuesFromQuestion": "choices come from questions with choices only",
    "defaultDisplayValue": "a text shows the answer or nothing",
    "choicesEnableIf": "",
}


def tell_unbrought(root: Element, lose: Lose) -> None:
    """Names what the survey and its elements say that has no place in formsite."""
    for name, why in UNBROUGHT.items():
        held = root.get(name)
        if js.is_empty(held) or held in (False, 0) or held in USUAL.get(name, ()):
            continue
        lose("/", name, why)
    shared: dict[str, Element] = {}
    for element in root.walk():
        for name, why in PART_UNBROUGHT.items():
            held = element.get(name)
            if (
                why
                and not js.is_empty(held)
                and held is not False
                and not (name == "clearIfInvisible" and held != "none")
            ):
                lose(element.where, name, why)
        _shares(element, shared, lose)


def _shares(element: Element, shared: dict[str, Element], lose: Lose) -> None:
    """Two questions that keep one answer."""
    if (
        element.is_container
        or not element.name
        or any(above.repeats for above in element.around())
        or element.row is not None
    ):
        return
    key = element.value_name.lower()
    if key in shared and (element.word("valueName") or shared[key].word("valueName")):
        lose(element.where, f"the answer it shares with “{shared[key].name}”", "each question has an answer of its own")
    elif key in shared:
        lose(
            element.where,
            f"the name it shares with another question at {shared[key].place}",
            "conditions look at the first one",
        )
    shared.setdefault(key, element)
