"""What only shows something and asks nothing."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field as Member

from formsite.definition.faults import Fault
from formsite.definition.fieldtypes.base import Cell, Column, FieldType, Value, registry
from formsite.definition.logic import AnswerType
from formsite.definition.parts import MEDIA_PATTERN, Part, Text

if TYPE_CHECKING:
    from formsite.definition.document import Field


class StatementSettings(Part):
    """What is said below the heading; a subset of Markdown."""

    body: Text | None = None


class Shown(FieldType):
    """What is no question."""

    family: ClassVar[str] = "Show"
    answer: ClassVar[AnswerType] = AnswerType.NOTHING

    def parse(self, raw: Sequence[str], field: Field) -> Value | None:
        """Never an answer."""
        return None

    def load(self, value: object, field: Field) -> Value | None:
        """Never an answer."""
        return None

    def columns(self, field: Field, language: str) -> tuple[Column, ...]:
        """None."""
        return ()

    def cells(self, value: Value | None, field: Field, language: str) -> tuple[Cell, ...]:
        """None."""
        return ()

    def schema(self, field: Field) -> dict[str, Any]:
        """No value fits."""
        return {"not": {}}

    def sample(self, field: Field, rng: random.Random) -> Value:
        """There is no answer to give."""
        raise LookupError("nothing is asked here")


@registry.register
class Statement(Shown):
    """Words between the questions. Asks nothing."""

    name: ClassVar[str] = "statement"
    title: ClassVar[str] = "Statement"
    widget: ClassVar[str] = "statement"
    Settings: ClassVar[type[Part]] = StatementSettings


class MediaSettings(Part):
    """A picture with the words for those who do not see it, and a link with its words."""

    picture: Annotated[str, Member(pattern=MEDIA_PATTERN, description="The name of a media file")] | None = None
    alt: Text | None = None
    link: Annotated[str, Member(pattern=r'^https?://[^\s"<>]+$', max_length=2_000)] | None = None
    link_label: Text | None = None


@registry.register
class Media(Shown):
    """A picture, or a link to a film or a page. Nothing is loaded from another host: a film is a link."""

    name: ClassVar[str] = "media"
    title: ClassVar[str] = "Picture or link"
    widget: ClassVar[str] = "media"
    Settings: ClassVar[type[Part]] = MediaSettings

    def input(self, field: Field, language: str) -> dict[str, str]:
        """The words for the picture and for the link."""
        texts = {"alt": field.settings.alt, "link": field.settings.link_label}
        return {name: text.say(language) for name, text in texts.items() if text}

    def faults(self, field: Field) -> list[Fault]:
        """Nothing to show, and a picture or a link without words."""
        settings, found = field.settings, []
        if not settings.picture and not settings.link:
            found.append(Fault("/settings/picture", "There is no picture and no link", "Give one of them"))
        if settings.picture and not (settings.alt and settings.alt.say("").strip()):
            what = "The picture says nothing to those who do not see it"
            found.append(Fault("/settings/alt", what, "Write in a few words what it shows"))
        if settings.link and not (settings.link_label and settings.link_label.say("").strip()):
            found.append(Fault("/settings/link_label", "The link has no words", "Write where it leads"))
        return found
