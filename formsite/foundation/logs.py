"""Structured logs: what happened, never what anybody answered. JSON for machines, plain lines for a terminal."""

from __future__ import annotations

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
    renderer = structlog.dev.ConsoleRenderer() if pretty else structlog.processors.JSONRenderer()
    processors = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        *([] if pretty else [structlog.processors.format_exc_info]),
        renderer,
    ]
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
