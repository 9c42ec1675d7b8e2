"""Logging: events as key and value, one JSON object a line, ids only. No Bsn, name or message content is ever a value."""

from __future__ import annotations

import logging
import sys
import traceback
from typing import TextIO

import structlog


def configure_logging(*, level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send structured events to `stream` (standard error); `level` is a name of the logging module."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(file=stream or sys.stderr),
        cache_logger_on_first_use=False,
    )


def trace_without_values(error: BaseException) -> str:
    """Where an exception and those that led to it were raised: files, lines and types, never a message, which may quote a value of a bericht."""
    parts = [*traceback.format_tb(error.__traceback__), type(error).__qualname__]
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        parts.append(f"\nafter:\n{trace_without_values(before)}")
    return "".join(parts)
