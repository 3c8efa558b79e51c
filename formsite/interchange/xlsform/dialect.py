"""How XForms write answers: all of them are texts; several choices stand in one, with spaces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from formsite.definition.document import Field
from formsite.definition.logic import AnswerType
from formsite.interchange.dialects import NameByName


class XLSFormDialect(NameByName):
    """Names of the survey sheet, choice names of the choices sheet."""

    def __init__(self, names: Mapping[str, str], choices: Mapping[str, Mapping[str, str]]) -> None:
        super().__init__(names)
        self._choices = choices  # field -> name in the source -> id
        self._named = {field: {chosen: name for name, chosen in of.items()} for field, of in choices.items()}

    def value_in(self, path: str, field: Field, raw: Any) -> Any:
        """A text, number or list as formsite's value."""
        if raw is None or raw == "":
            return None
        kind = field.kind.answer
        if kind is AnswerType.CHOICES:
            given = raw.split() if isinstance(raw, str) else [str(each) for each in raw]
            return [self._choices.get(field.id, {}).get(each, each) for each in given]
        if kind is AnswerType.CHOICE:
            written = _written(raw)
            return self._choices.get(field.id, {}).get(written, written)
        if kind is AnswerType.NUMBER:
            return _number(raw)
        if kind is AnswerType.BOOLEAN:
            return raw if isinstance(raw, bool) else str(raw).lower() in ("ok", "true", "1", "yes")
        if kind is AnswerType.PLACE:
            return ", ".join(str(raw).replace(",", " ").split()[:2])
        if kind in (AnswerType.TIME, AnswerType.MOMENT):
            return str(raw)[: 5 if kind is AnswerType.TIME else 16]
        return str(raw)[:10] if kind is AnswerType.DATE else _written(raw)

    def value_out(self, path: str, field: Field, value: Any) -> Any:
        """A value as XForms write it."""
        named = self._named.get(field.id, {})
        if isinstance(value, list):
            return " ".join(named.get(str(each), str(each)) for each in value)
        return named.get(value, value) if isinstance(value, str) else value


def _written(raw: Any) -> str:
    return str(int(raw)) if isinstance(raw, float) and raw.is_integer() else str(raw)


def _number(raw: Any) -> Any:
    if isinstance(raw, int | float):
        return raw
    try:
        number = float(raw)
    except (TypeError, ValueError):
        return raw
    return int(number) if number.is_integer() else number
