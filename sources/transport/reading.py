"""One HTTP response: is it an answer at all, and then its whole body, within a size and a time."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from dataclasses import dataclass

from sources.deadline import Deadline
from sources.errors import Misconfigured, SourceMalformed, SourceRefused, SourceUnavailable, TooLarge

_CHUNK_BYTES = 64 * 1024
_CHARSETS = frozenset({"", "utf-8"})
_OUR_MISTAKE = frozenset({404, 405, 406, 410, 411, 414, 415})
_TRY_LATER = frozenset({408, 425, 429})


@dataclass
class ByteBudget:
    """How many bytes several answers to one question may have together; each answer takes from `left`."""

    left: int


def check_response(
    response: http.client.HTTPResponse, media_types: frozenset[str], statuses: frozenset[int]
) -> None:
    """Raises a SourceError unless it is an answer: 200, or one of `statuses` with one of `media_types`."""
    right_type = response.headers.get_content_type() in media_types
    if not (right_type and response.status in statuses):
        _check_status(response.status)
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise SourceMalformed("the answer is compressed")
    charset = (response.headers.get_content_charset("") or "").lower()
    if not right_type or charset not in _CHARSETS:
        raise SourceMalformed("the answer is of another type, or not in UTF-8")


def _check_status(status: int) -> None:
    """Only 200 is an answer. "Not found" is no answer either: a wrong address looks the same."""
    if status == 200:
        return
    if status in _OUR_MISTAKE:
        raise Misconfigured(f"status {status}")
    if status in _TRY_LATER or status >= 500:
        raise SourceUnavailable(f"status {status}")
    if status >= 400:
        raise SourceRefused(f"status {status}", status)
    raise SourceMalformed(f"status {status}")


def read_body(response: http.client.HTTPResponse, max_bytes: int, deadline: Deadline) -> bytes:
    """The whole body. Raises TooLarge, SourceUnavailable when it was cut off, TimeoutError at the deadline."""
    if (response.length or 0) > max_bytes:
        raise TooLarge("the announced answer is too large")
    body = bytearray()
    for chunk in _chunks(response, deadline):
        body += chunk
        if len(body) > max_bytes:
            raise TooLarge("the answer is too large")
    if response.length:  # fewer bytes than announced; read1 does not say so
        raise SourceUnavailable("the answer was cut off")
    return bytes(body)


def _chunks(response: http.client.HTTPResponse, deadline: Deadline) -> Iterator[bytes]:
    """What has arrived, piece by piece; also data that was buffered already ends at the deadline."""
    while chunk := response.read1(_CHUNK_BYTES):
        yield chunk
        if deadline.passed:
            raise TimeoutError
