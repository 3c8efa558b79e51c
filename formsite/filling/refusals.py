"""Why a form does not take an answer, each as its own refusal; `name` is its page in `templates/filling/`."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from formsite.definition.seats import Claim
from formsite.foundation.errors import Refused


class Shut(Refused):
    """The form takes no answers (any more)."""

    name: ClassVar[str]

    def __init__(self, slug: str) -> None:
        super().__init__(f"The form “{slug}” takes no answers: {self.name}")
        self.slug = slug


class Closed(Shut):
    """Its time is over, or staff closed it."""

    name: ClassVar[str] = "closed"
    status: ClassVar[int] = 410


class Full(Shut):
    """It has as many responses as it takes."""

    name: ClassVar[str] = "full"
    status: ClassVar[int] = 410


class NotYet(Shut):
    """It opens later."""

    name: ClassVar[str] = "not_yet"
    status: ClassVar[int] = 403


class Gone(Shut):
    """It was taken away."""

    name: ClassVar[str] = "gone"
    status: ClassVar[int] = 410


class AlreadyAnswered(Shut):
    """A personal link gives one answer."""

    name: ClassVar[str] = "answered"
    status: ClassVar[int] = 409


class SentDifferently(Refused):
    """The same page came twice, with other answers the second time."""

    status: ClassVar[int] = 409

    def __init__(self, response_id: UUID) -> None:
        super().__init__("This page was sent before, with other answers")
        self.response_id = response_id


class NoSeat(Refused):
    """Something that was chosen has no seat left, or a quota is met."""

    status: ClassVar[int] = 409

    def __init__(self, claim: Claim) -> None:
        super().__init__(f"There is no seat left: {claim.name}")
        self.claim = claim


SHUT: dict[str, type[Shut]] = {kind.name: kind for kind in (Closed, Full, NotYet, Gone, AlreadyAnswered)}
