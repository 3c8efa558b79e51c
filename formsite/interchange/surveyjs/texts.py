"""Texts of a survey: in several languages, with answers in them, some of them HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from formsite.definition.parts import LANGUAGE_PATTERN, LONGEST_TEXT
from formsite.interchange import markup
from formsite.interchange.surveyjs import js
from formsite.interchange.surveyjs.elements import Lose
from formsite.interchange.surveyjs.terms import Const, Untranslatable
from formsite.interchange.surveyjs.finding import Place
from formsite.interchange.surveyjs.translation import Translator

Words = dict[str, str]
MOST_LANGUAGES = 60
_GAP = re.compile(r"\{([^{}]+)\}")
_TAG = re.compile(r"<[a-zA-Z/!][^<>]*>")
_LANGUAGE = re.compile(LANGUAGE_PATTERN)
TEXTUAL = (
    "title",
    "Title",
    "text",
    "Text",
    "description",
    "Description",
    "Html",
    "html",
    "laceholder",
    "labelTrue",
    "labelFalse",
)
USUAL: dict[str, Words] = {
    "none": {"en": "None", "de": "Keine", "fr": "Aucun", "es": "Ninguno", "ar": "لا شيء"},
    "refused": {"en": "Refuse to answer", "de": "Keine Angabe", "fr": "Refuser de répondre", "es": "Negarse a contestar", "ar": "رفض الإجابة"},
    "dontknow": {"en": "Don't know", "de": "Weiß nicht", "fr": "Ne sait pas", "es": "No sé", "ar": "لا أعرف"},
    "other": {"en": "Other (describe)", "de": "Benutzerdefinierte Antwort", "fr": "Autre (préciser)", "es": "Otro (describa)", "ar": "غير ذلك (صف)"},
    "comment": {"en": "Comment", "de": "Kommentar", "fr": "Commentaire", "es": "Comentario", "ar": "تعليق"},
    "true": {"en": "Yes", "de": "Ja", "fr": "Oui", "es": "Sí", "ar": "نعم"},
    "false": {"en": "No", "de": "Nein", "fr": "Non", "es": "No", "ar": "لا"},
    "impossible": {
        "en": "This answer is not possible here.",
        "de": "Diese Antwort ist hier nicht möglich.",
        "fr": "Cette réponse n'est pas possible ici.",
        "es": "Esta respuesta no es posible aquí.",
        "ar": "هذه الإجابة غير ممكنة هنا.",
    },
    "some": {
        "en": "Answer at least one of these questions.",
        "de": "Beantworten Sie mindestens eine dieser Fragen.",
        "fr": "Répondez à au moins une de ces questions.",
        "es": "Conteste al menos una de estas preguntas.",
        "ar": "أجب عن سؤال واحد على الأقل من هذه الأسئلة.",
    },
    "unique": {
        "en": "This is there already; give another answer.",
        "de": "Das ist schon vorhanden; geben Sie etwas anderes an.",
        "fr": "Cette réponse existe déjà ; donnez-en une autre.",
        "es": "Esta respuesta ya existe; dé otra.",
        "ar": "هذه الإجابة موجودة بالفعل؛ أدخل إجابة أخرى.",
    },
    "say_what": {
        "en": "Say what it is.",
        "de": "Sagen Sie, was es ist.",
        "fr": "Précisez ce que c'est.",
        "es": "Diga qué es.",
        "ar": "اذكر ما هو.",
    },
}  # fmt: skip


class Texts:
    """Makes texts of what a property holds: words, or words by language."""

    def __init__(self, raw: Any, translator: Translator, lose: Lose) -> None:
        self.translator = translator
        self.lose = lose
        named = list(_by_language(raw))
        locale = tag_of(raw["locale"]) if isinstance(raw.get("locale"), str) else None
        both = any("default" in names and locale in names for names in named)
        self.base = locale if locale and not both else "en"  # what is written without a language
        tags = dict.fromkeys(tag for names in named for tag in names if tag != "default")
        self.tags = list(dict.fromkeys([locale or self.base, self.base, *tags]))[:MOST_LANGUAGES]

    def plain(self, raw: Any, place: Place, where: str) -> Words | None:
        """A text without marks; None if there is none."""
        return self._each(raw, place, where, rich=False)

    def rich(self, raw: Any, place: Place, where: str) -> Words | None:
        """A text in formsite's Markdown."""
        return self._each(raw, place, where, rich=True)

    def bare(self, said: str) -> Words:
        """A name or value as it stands."""
        return {self.base: re.sub(r"\{(?=\{)", "{ ", said)[:LONGEST_TEXT] if said.strip() else "–"}

    def usual(self, key: str) -> Words:
        """Words that the engine has itself, in the languages of the survey."""
        known = USUAL[key]
        return {tag: known.get(tag.split("-")[0], known["en"]) for tag in self.tags}

    def _each(self, raw: Any, place: Place, where: str, *, rich: bool) -> Words | None:
        found: Words = {}
        for tag, said in self._languages(raw, where):
            made = self._made(said, place, where, rich=rich)
            if made.strip():
                found[tag] = made[:LONGEST_TEXT]
        return found or None

    def _languages(self, raw: Any, where: str) -> list[tuple[str, str]]:
        if isinstance(raw, bool | int | float):
            raw = js.text(raw)
        if isinstance(raw, str):
            return [(self.base, raw)]
        if not isinstance(raw, dict):
            if raw is not None:
                self.lose(where, "a text", "it is neither words nor words by language")
            return []
        found: list[tuple[str, str]] = []
        for name, said in raw.items():
            tag = self.base if name == "default" else tag_of(str(name))
            if not isinstance(said, str) or tag is None:
                self.lose(where, f"the text for “{str(name)[:40]}”", "this is no language, or no text")
                continue
            if tag in self.tags and all(tag != other for other, _ in found):
                found.append((tag, said))
        return found

    def _made(self, said: str, place: Place, where: str, *, rich: bool) -> str:
        said = said[: 4 * LONGEST_TEXT]
        gaps: list[str] = []

        def keep(gap: re.Match[str]) -> str:
            filled = self._filled(gap[1], place, where)
            if filled is None:
                return gap[0]
            gaps.append(filled)
            return f"\ue000{len(gaps) - 1}\ue001"

        said = _GAP.sub(keep, said.replace("\ue000", "").replace("\ue001", ""))
        marked = markup.Marked(said)
        if rich:
            marked = markup.markdown(said)
        elif _TAG.search(said) or re.search(r"&(#\d+|[a-zA-Z]+);", said):
            marked = markup.words(said)
        for lost in marked.lost:
            self.lose(where, f"{lost} in a text", "texts hold words, emphasis, lists and links only")
        text = re.sub(r"\{(?=\{)", "{ ", marked.text)
        return re.sub("\ue000(\\d+)\ue001", lambda mark: gaps[int(mark[1])], text)

    def _filled(self, name: str, place: Place, where: str) -> str | None:
        """What stands in a text for a name in braces; None where the engine leaves it as it is."""
        if not name.strip() or ":" in name:
            return None
        try:
            anywhere = replace(place, order=self.translator.layouts.order + 1, own=True)
            found = self.translator.find(name.strip(), anywhere)
        except Untranslatable as refusal:
            self.lose(where, f"“{{{name.strip()}}}” in a text", f"{refusal}; it is left out")
            return ""
        if not found.known:
            return None
        if isinstance(found.term, Const):
            return js.text(found.term.value)
        if not found.field:
            self.lose(where, f"“{{{name.strip()}}}” in a text", "it is no answer to a single question; it is left out")
            return ""
        return f"{{{{{found.field}}}}}"


def _by_language(node: Any) -> Iterator[list[str]]:
    """The languages of every text that has some."""
    if isinstance(node, dict):
        for name, held in node.items():
            if name.endswith(TEXTUAL) and isinstance(held, dict):
                tags = (
                    key if key == "default" else tag_of(str(key)) for key, said in held.items() if isinstance(said, str)
                )
                yield [tag for tag in tags if tag]
            else:
                yield from _by_language(held)
    elif isinstance(node, list):
        for each in node:
            yield from _by_language(each)


def tag_of(locale: str) -> str | None:
    """A language of SurveyJS as a tag; None if it is none."""
    base, *rest = re.split("[-_]", locale.strip())
    tag = "-".join([base.lower(), *rest])
    return tag if tag != "default" and _LANGUAGE.fullmatch(tag) and len(base) < 4 else None


def unescaped(text: str) -> str:
    """Words out of Markdown, for a heading."""
    return html.unescape(re.sub(r"\\([\\`*\[\]<_#>+-])", r"\1", re.sub(r"(?<!\\)[*`]+", "", text)))
