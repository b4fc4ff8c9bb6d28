"""The log as the programs write it, for as long as a test looks at it."""

from __future__ import annotations

import contextlib
import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import structlog

from app.observability import configure_logging

Lines = Callable[[], list[dict[str, Any]]]


@contextlib.contextmanager
def logged(level: str) -> Iterator[Lines]:
    """Gives a function that gives the lines written so far, as objects. Afterwards logging is as it was."""
    root = logging.getLogger()
    before, old_level = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logging(level, stream)
    try:
        yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    finally:
        structlog.reset_defaults()
        structlog.contextvars.clear_contextvars()
        root.handlers[:] = before
        root.setLevel(old_level)
