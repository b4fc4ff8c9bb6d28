"""The heads of answers, for whoever checks a connection. Nobody watches while citizens are asked about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPResponse

from sources.transport.address import Address
from sources.transport.trace import gateway_error


@dataclass(frozen=True, slots=True)
class AnswerHead:
    """Nothing of the content. `address` is where we asked, `source_time` the clock of the source (Date, RFC 9110 6.6.1,
    whole seconds), `seen_at` ours at that moment. `media_type` and `charset` are texts of the source: tell only those
    that you know; `gateway_error` is letters only."""

    address: Address
    status: int
    media_type: str
    charset: str
    compressed: bool
    source_time: datetime | None
    seen_at: datetime
    gateway_error: str | None = None


_watched: ContextVar[list[AnswerHead] | None] = ContextVar("answer_heads", default=None)


@contextmanager
def watch_answers() -> Iterator[list[AnswerHead]]:
    """The heads of all answers that arrive in this thread meanwhile, in order."""
    heads: list[AnswerHead] = []
    token = _watched.set(heads)
    try:
        yield heads
    finally:
        _watched.reset(token)


def note_answer(address: Address, response: HTTPResponse) -> None:
    """Called by the transport for every answer."""
    heads = _watched.get()
    if heads is None:
        return
    headers = response.headers
    encoding = headers.get("Content-Encoding", "identity").lower()
    head = AnswerHead(
        address=address,
        status=response.status,
        media_type=headers.get_content_type(),
        charset=(headers.get_content_charset("") or "").lower(),
        compressed=encoding != "identity",
        source_time=_moment(headers.get("Date")),
        seen_at=datetime.now(UTC),
        gateway_error=gateway_error(headers),
    )
    heads.append(head)


def _moment(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text or "")
    except (ValueError, OverflowError):
        return None
    return None if moment.tzinfo is None else moment
