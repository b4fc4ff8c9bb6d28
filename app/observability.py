"""Logging: one JSON object per line on stdout, for our own events and those of libraries.

Code must not log personal data at all; the redaction here is the second line of defence.
"""

from __future__ import annotations

import logging
import re
import secrets
import sys
from collections.abc import Mapping
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor

MASK = "*********"
_NINE_DIGITS = re.compile(r"(?<![0-9])[0-9](?:[ .\-]?[0-9]){8}(?![0-9])", re.ASCII)
_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# At DEBUG these print bodies, tokens or query strings.
_TALKATIVE = ("authlib", "requests", "urllib3", "pyhanko", "pyhanko_certvalidator", "sqlalchemy", "PIL")


def configure_logging(level: str, stream: TextIO | None = None) -> None:
    """Send every log line to `stream` (stdout when None). `level` is DEBUG, INFO, WARNING or ERROR."""
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*_shared(), structlog.stdlib.ExtraAdder()],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_endings()],
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # The web server writes down what it could not read of a request, with handlers of its own.
    server = logging.getLogger("gunicorn.error")
    server.handlers.clear()
    server.propagate = True
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def new_reference() -> str:
    """A number to quote to the help desk: ten characters without look-alikes, random."""
    return "".join(secrets.choice(_CROCKFORD) for _ in range(10))


def mask_text(text: str) -> str:
    """Hide every number of nine digits that passes the eleven-test, also when written with dots or spaces."""
    return _NINE_DIGITS.sub(_mask_match, text)


def redact(_logger: object, _method: str, event: EventDict) -> EventDict:
    """structlog processor: mask names and values, however deep. Objects are shown by their repr, masked."""
    return {mask_text(str(key)): _redacted(value) for key, value in event.items()}


def _redacted(value: object) -> Any:
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        masked = mask_text(str(value))
        return value if masked == str(value) else masked
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, Mapping):
        return {mask_text(str(key)): _redacted(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_redacted(item) for item in value]
    return mask_text(repr(value))


def _mask_match(match: re.Match[str]) -> str:
    digits = [int(character) for character in match.group() if character.isdigit()]
    total = sum(weight * digit for weight, digit in zip(_WEIGHTS, digits, strict=True))
    return match.group() if total % 11 or not any(digits) else MASK


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
    ]


def _endings() -> list[Processor]:
    """Exceptions become text before the redaction, without local variables. The time is added after it: digits of
    a moment are not a BSN."""
    return [
        structlog.processors.format_exc_info,
        redact,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
