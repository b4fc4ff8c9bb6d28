"""Answers to what is no request that the application could see: whole bytes, with our headers and a reference number."""

from __future__ import annotations

import structlog
from gunicorn.http.errors import (
    ExpectationFailed,
    InvalidResponseHeader,
    InvalidResponseHeaderName,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
)

from app.http.errors import ErrorPage, plain_page
from app.http.security_headers import HEADERS
from app.observability import new_reference

TOO_SLOW = (408, "Request Timeout")
TOO_LONG = (431, "Request Header Fields Too Large")
_OURS = (500, "Internal Server Error")
_STATUSES: tuple[tuple[type[Exception], tuple[int, str]], ...] = (
    (InvalidResponseHeader, _OURS),  # although it is a ParseException
    (InvalidResponseHeaderName, _OURS),
    (LimitRequestLine, (414, "URI Too Long")),
    (LimitRequestHeaders, TOO_LONG),
    (ExpectationFailed, (417, "Expectation Failed")),
    (ParseException, (400, "Bad Request")),
    (Exception, _OURS),
)
_log = structlog.stdlib.get_logger(__name__)


def answer_to(error: Exception) -> bytes:
    """The answer to a request that could not be read, or that failed outside the application; it is in the log too.

    What was sent is not: it may hold a code of the log-in.
    """
    status, reason = next(found for kind, found in _STATUSES if isinstance(error, kind))
    number = new_reference()
    if status >= 500:
        _log.error("failed outside the application", reference=number, exc_info=error)
    else:
        _log.warning("request refused", reference=number, status=status, kind=type(error).__name__)
    return answer(status, reason, number)


def answer(status: int, reason: str, number: str) -> bytes:
    page = ErrorPage(status, "Dit verzoek klopt niet", "Ga terug en probeer het opnieuw.", number)
    if status >= 500:
        page = ErrorPage(
            status, "Er ging iets mis", "Dit ligt aan ons, niet aan u. Probeer het later opnieuw.", number
        )
    body = plain_page(page).encode()
    headers = {
        **HEADERS,
        "Cache-Control": "no-store",
        "Connection": "close",
        "Content-Type": "text/html; charset=utf-8",
        "Content-Length": str(len(body)),
    }
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
