"""Structured logs: what happened, never what anybody answered. JSON for machines, plain lines for a terminal."""

from __future__ import annotations

import contextlib
import logging
import sys

import structlog


def set_up(form: str, level: str) -> None:
    """Configure logging for the process.

    Args:
        form: `json`, `pretty`, or `auto` (pretty in a terminal).
        level: the least level that is written: debug, info, warning, error.
    """
    pretty = form == "pretty" or (form == "auto" and sys.stderr.isatty())
    renderer: structlog.typing.Processor = structlog.processors.JSONRenderer()
    if pretty:  # its own way of showing an exception shows the variables with it: answers, keys
        renderer = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    processors: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        *([] if pretty else [structlog.processors.format_exc_info]),
        renderer,
    ]
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=_StandardError,
        cache_logger_on_first_use=False,
    )


class _StandardError:
    """Writes lines to standard error. A log that nobody takes any more must not cost anybody their answer."""

    def __init__(self, *_name: object) -> None:
        """Named by where it is used; it makes no difference."""

    def msg(self, line: str) -> None:
        """One line, in one piece: threads do not mix theirs."""
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.write(line + "\n")
            sys.stderr.flush()

    debug = info = warning = error = exception = critical = msg
