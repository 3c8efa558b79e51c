"""Which language a customer gets: asked for in the address, else what the browser prefers, else the form's first."""

from __future__ import annotations

from flask import request

from formsite.definition.document import Definition


def chosen(definition: Definition) -> str:
    """One of the definition's languages."""
    languages = definition.languages
    if request.query_string and (asked := request.args.get("lang")):
        if asked in languages:
            return asked
        return _by_base(asked, languages) or definition.language
    if len(languages) == 1:
        return definition.language
    for wanted, _ in request.accept_languages:
        if found := wanted if wanted in languages else _by_base(wanted, languages):
            return found
    return definition.language


def _by_base(tag: str, languages: tuple[str, ...]) -> str | None:
    base = tag.split("-")[0].lower()
    return next((language for language in languages if language.split("-")[0].lower() == base), None)
