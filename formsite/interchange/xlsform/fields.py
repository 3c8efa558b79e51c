"""Questions of the survey sheet -> fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from formsite.definition.logic.reading import LONGEST_TEXT
from formsite.interchange.xlsform import kinds, xpath
from formsite.interchange.xlsform import rules as r
from formsite.interchange.xlsform.lists import Offered
from formsite.interchange.xlsform.logic import Logic
from formsite.interchange.xlsform.rows import YES, Node
from formsite.interchange.xlsform.rules import Rule
from formsite.interchange.xlsform.survey import Survey
from formsite.interchange.xlsform.texts import Words, as_plain

Item = dict[str, Any]
NO = frozenset({"", "no", "false", "false()", "0", "n"})
PERSONAL = re.compile(
    r"(^|_)(e?_?mail|phone|telephone|mobile|(first|last|full|sur|family)_?name|surname|address|postcode|zip)(_|$)"
)
WHY = {
    "en": "The questionnaire needs this answer.",
    "de": "Der Fragebogen braucht diese Antwort.",
    "fr": "Le questionnaire a besoin de cette réponse.",
    "es": "El cuestionario necesita esta respuesta.",
    "ar": "يحتاج الاستبيان إلى هذه الإجابة.",
}
REFUSED = {
    "en": "This answer is not possible here.",
    "de": "Diese Antwort ist hier nicht möglich.",
    "fr": "Cette réponse n'est pas possible ici.",
    "es": "Esta respuesta no es posible aquí.",
    "ar": "هذه الإجابة غير ممكنة هنا.",
}
OTHER = {"en": "Other", "de": "Anderes", "fr": "Autre", "es": "Otro", "ar": "غير ذلك"}
FILLED = frozenset({"text", "number", "date", "time", "moment", "choice", "choices", "month", "year"})
"""Kinds of answers that can be worked out or filled in beforehand."""


def usual(words: Words, language: str) -> Words:
    """Words of formsite's own, in the language of the form."""
    return {language: words.get(language.split("-")[0], words["en"])}


class Fields:
    """Makes fields of questions; `names` tells the path of each by its name in the source."""

    def __init__(self, survey: Survey, logic: Logic) -> None:
        self.survey = survey
        self.logic = logic
        self.names: dict[str, str] = {}

    def make(self, node: Node) -> Item | None:
        """A field; None for what is not asked."""
        kind = node.kind
        assert kind is not None
        if node.type in kinds.TIMES and node.source not in self.survey.named:
            self.survey.lose(node.where, f"{node.type} “{node.source}”", "formsite records times by itself")
            return None
        if not kind.type:
            given = self.survey.get(node, "type")
            self.survey.lose(node.where, f"{given} “{node.source}”", kind.loss)
            return None
        if kind.loss:
            self.survey.lose(node.where, f"the type “{self.survey.get(node, 'type')}”", kind.loss)
        if node.id != node.source:
            self.survey.lose(node.where, f"the name “{node.source}”", f"it is called “{node.id}”")
        asked: Item = {"id": node.id, "type": kind.type, "label": self.label(node)}
        if kind.is_computed:
            self._computed(node, asked)
        else:
            self._asked(node, asked, kind)
        if kind.value != "nothing":
            self.name(node)
        return asked

    def name(self, node: Node) -> None:
        """Tell where it is; by its path where another question has its name."""
        name = node.source if self.names.get(node.source, node.id) == node.id else "/".join(node.chain)
        self.names.setdefault(name, node.id)

    def label(self, node: Node) -> Words:
        """What is asked, without Markdown; the name where nothing is said."""
        label = self.survey.texts.plain(node.row, "label", node.where, node.filled)
        return label if any(text.strip() for text in label.values()) else {self.survey.language: node.source}

    # -- what is asked -----------------------------------------------------------------------------------------------
    def _asked(self, node: Node, asked: Item, kind: kinds.Kind) -> None:
        if hint := self.hint(node):
            asked["hint"] = hint
        settings = dict(kind.settings)
        if node.listed:
            settings["choices"] = list(self.choices(node))
        if kind.type == "declaration":
            settings["body"] = self.survey.texts.rich(node.row, "label", node.where, node.filled) or asked["label"]
        if kind.type == "statement":
            self._statement(node, asked, settings)
        if settings:
            asked["settings"] = settings
        if self.is_personal(node, kind):
            asked["personal"] = True
        self._conditions(node, asked, kind)

    def hint(self, node: Node) -> Words:
        """The hint, and the guidance below it."""
        hint = self.survey.texts.rich(node.row, "hint", node.where, node.filled)
        guidance = self.survey.texts.rich(node.row, "guidance_hint", node.where, node.filled)
        return {
            tag: "\n\n".join(filter(None, (hint.get(tag), guidance.get(tag))))
            for tag in dict.fromkeys((*hint, *guidance))
        }

    def _statement(self, node: Node, asked: Item, settings: Item) -> None:
        """The first line of a note is its heading; what follows keeps its Markdown."""
        rich = self.survey.texts.rich(node.row, "label", node.where, node.filled)
        heads, bodies = {}, {}
        for tag, words in rich.items():
            first, _, rest = words.strip().partition("\n")
            heads[tag] = as_plain(first).strip() or node.source
            if rest.strip():
                bodies[tag] = rest.strip()
        if bodies:
            asked["label"], settings["body"] = heads, bodies

    def is_personal(self, node: Node, kind: kinds.Kind) -> bool:
        """By its type, or by its name."""
        named = PERSONAL.search(re.sub(r"[^a-z]+", "_", node.source.lower()))
        return kind.personal or (kind.value == "text" and named is not None)

    def choices(self, node: Node) -> Iterator[Item]:
        """What is offered, each under the conditions of its rows."""
        made: dict[str, tuple[Offered, list[Rule]]] = {}
        for offered in self.survey.lists.get(node.listed):
            shown = self.logic.offered(node, offered)
            if shown != r.FALSE:
                made.setdefault(offered.id, (offered, []))[1].append(shown)
        is_other = self.survey.has_other(node)
        if not made:
            made = {each.id: (each, [r.FALSE]) for each in self.survey.lists.get(node.listed)[:1]}
        for name, (offered, conditions) in made.items():
            label = {tag: self.survey.texts.piped(words, offered.where) for tag, words in offered.label.items()}
            shown = r.some(*conditions)
            yield {
                "id": name,
                "label": label,
                **({} if shown == r.TRUE else {"shown_if": shown}),
                **({"other": True} if is_other and name == "other" else {}),
            }
        if node.listed in self.survey.with_other and "other" not in made:
            label = usual(OTHER, self.survey.language)
            yield {"id": "other", "label": label, **({"other": True} if is_other else {})}

    # -- what is worked out ------------------------------------------------------------------------------------------
    def _computed(self, node: Node, asked: Item) -> None:
        """A value that is worked out: drawn only where it is a note."""
        if node.type in kinds.TIMES:
            rule: Rule | None = {"op": kinds.TIMES[node.type]}
        else:
            rule = self._calculation(node, None) or self._first_value(node)
        if rule is None and not self.survey.get(node, "calculation"):
            self.survey.lose(node.where, f"{node.type} “{node.source}”", "there is nothing to work out; it is empty")
        asked["computed"] = rule or r.value("")
        if node.type != "note":
            asked["settings"] = {"hidden": True}
        if (shown := self.logic.truth(node, "relevant")) not in (None, r.TRUE):
            asked["shown_if"] = shown

    def _first_value(self, node: Node) -> Rule | None:
        """A calculation without an expression keeps its default."""
        text = self.survey.get(node, "default")
        if not text or len(text) > LONGEST_TEXT or self.survey.get(node, "calculation"):
            return None
        return self.logic.value(node, "default", None, text) if is_dynamic(text) else r.value(text)

    def _calculation(self, node: Node, kind: str | None, otherwise: Rule | None = None) -> Rule | None:
        """What is worked out; where something triggers it, once that is answered."""
        rule = self.logic.value(node, "calculation", kind)
        trigger = self.survey.get(node, "trigger")
        if rule is None or not trigger:
            return rule
        names = re.findall(r"\$\{\s*([^}\s]+)\s*\}", trigger)
        self.survey.lose(node.where, f"trigger: {trigger}", "it is worked out whenever what it looks at changes")
        text = " or ".join(f"${{{name}}} != ''" for name in names)
        answered = self.logic.condition(node, "trigger", text) if text else None
        if answered is None:
            return rule
        if otherwise is not None:
            return r.when(answered, rule, otherwise)
        once = r.many("any", answered, r.UNKNOWN)  # true, or unknown: then the value is unknown, too
        return {"op": "if", "if": once, "then": rule, "else": rule}

    # -- conditions --------------------------------------------------------------------------------------------------
    def _conditions(self, node: Node, asked: Item, kind: kinds.Kind) -> None:
        if (shown := self.logic.truth(node, "relevant")) not in (None, r.TRUE):
            asked["shown_if"] = shown
        if kind.value == "nothing":
            return
        self._compulsion(node, asked)
        self._limits(node, asked, kind)
        read_only = self.survey.get(node, "read_only").lower()
        if self.survey.get(node, "default"):
            self._default(node, asked, kind)
        if self.survey.get(node, "calculation") and kind.value in FILLED:
            self._worked_out(node, asked, kind, is_fixed=read_only in YES)
        elif read_only in YES:
            asked["read_only"] = True
        elif read_only not in NO and (rule := self.logic.truth(node, "read_only")) is not None:
            asked["read_only"] = rule

    def _compulsion(self, node: Node, asked: Item) -> None:
        required = self.survey.get(node, "required").lower()
        compulsory: Any = required in YES
        if required not in YES | NO:
            rule = self.logic.truth(node, "required")
            compulsory = (
                {r.TRUE["value"]: True, r.FALSE["value"]: False}.get(rule.get("value"), rule) if rule else False
            )
        if not compulsory:
            return
        asked["compulsory"] = compulsory
        if message := self.survey.texts.plain(node.row, "required_message", node.where, node.filled):
            asked["compulsory_message"] = message
        if asked.get("personal"):
            asked["why"] = usual(WHY, self.survey.language)
            why = "customers are told so; put your own reason in place of a general one"
            self.survey.lose(node.where, "why it is compulsory", why)

    def _limits(self, node: Node, asked: Item, kind: kinds.Kind) -> None:
        message = self.survey.texts.plain(node.row, "constraint_message", node.where, node.filled)
        said = message or usual(REFUSED, self.survey.language)
        limits = []
        if kind.constraint and (rule := self.logic.condition(node, "constraint", kind.constraint)) is not None:
            limits.append({"rule": rule, "message": usual(REFUSED, self.survey.language)})
        if (rule := self.logic.truth(node, "constraint")) not in (None, r.TRUE):
            limits.append({"rule": rule, "message": said})
        if limits:
            asked["limits"] = limits

    def _worked_out(self, node: Node, asked: Item, kind: kinds.Kind, *, is_fixed: bool) -> None:
        rule = self._calculation(node, kind.value, asked.get("default"))
        if rule is None:
            return
        if self.survey.get(node, "trigger") and not is_fixed:
            asked["default"] = rule  # set once when the other answer changes; the customer may change it
            return
        asked.pop("default", None)
        asked["computed"] = rule
        if not is_fixed:
            self.survey.lose(node.where, "calculation", "the customer cannot change what is worked out")

    def _default(self, node: Node, asked: Item, kind: kinds.Kind) -> None:
        text = self.survey.get(node, "default")
        if len(text) > LONGEST_TEXT:
            self.survey.lose(node.where, f"default: {text[:80]}…", f"it is longer than {LONGEST_TEXT} characters")
            return
        if kind.value not in FILLED or kind.value in ("month", "year"):
            self.survey.lose(node.where, f"default: {text[:80]}", "formsite fills in no such answer beforehand")
            return
        if kind.value in ("choice", "choices"):
            ids = self.survey.choices_of(node)
            names = [text] if kind.value == "choice" else text.split()
            if all(name in ids for name in names):
                asked["default"] = r.value(" ".join(ids[name][0] for name in names))
                return
        if kind.value == "text" and not (is_dynamic(text) and is_readable(text)):
            asked["default"] = r.value(text)
            return
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            text = f"date('{text}')"
        elif re.fullmatch(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*|\d{2}:\d{2}.*", text):
            text = f"'{text[: 5 if text[2] == ':' else 16].replace(' ', 'T')}'"
        rule = self.logic.first_value(node, kind.value, text)
        if rule == r.value(""):
            self.survey.lose(
                node.where,
                f"default: {text[:80]}",
                "it is worked out when the form is opened, and nothing is answered then",
            )
        elif rule is not None:
            asked["default"] = rule


def is_readable(text: str) -> bool:
    """Whether it is an expression at all, and no sentence with a bracket in it."""
    try:
        xpath.parse(text)
    except xpath.NoXPath:
        return False
    return True


def is_dynamic(text: str) -> bool:
    """Whether a default is an expression: it calls something, or looks at an answer."""
    return "${" in text or re.search(r"[\w-]\(", text) is not None
