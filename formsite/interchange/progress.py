"""How far the reading of a file is: readers say it, whoever waits for the file hears it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum


class Stage(StrEnum):
    """What is done with a file, one after the other."""

    READING = "Reading the file"
    UNDERSTANDING = "Understanding the questions"
    TRANSLATING = "Translating the rules"
    CHECKING = "Checking the form"
    MAKING = "Making the draft"

    @property
    def number(self) -> int:
        """Which of all stages it is, from 1."""
        return list(Stage).index(self) + 1


Told = Callable[[Stage], None]
_told: ContextVar[Told | None] = ContextVar("formsite_progress", default=None)


def at(stage: Stage) -> None:
    """A stage begins."""
    if (told := _told.get()) is not None:
        told(stage)


@contextmanager
def heard(told: Told) -> Iterator[None]:
    """Tells `told` of the stages that begin inside."""
    token = _told.set(told)
    try:
        yield
    finally:
        _told.reset(token)
