"""Asking a time-stamp authority for a token (RFC 3161) over a kept connection, never longer than two seconds.

A citizen never waits for a time-stamp authority that is down: after a failure it is left alone for a while, and
documents are sealed without. Only a token that we would trust ourselves is used.
"""

import contextlib
import hashlib
import http.client
import logging
import secrets
import socket
import ssl
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from asn1crypto import tsp

from signing.errors import NoTimeStamp
from signing.sealing import der
from signing.time_stamp import NotATimeStamp, TimeStamp, read_time_stamp
from signing.verifying.paths import validate_path
from signing.verifying.trust import without_root

_log = logging.getLogger(__name__)
_SHA256 = der.sequence(der.oid("2.16.840.1.101.3.4.2.1"), der.NULL)
_TRUE = b"\x01\x01\xff"
_LARGEST_ANSWER = 100_000
_CLOCK_DIFFERENCE = timedelta(minutes=5)
_AT_ONCE = 8
_STALE = (http.client.RemoteDisconnected, ConnectionError)


@dataclass(frozen=True)
class TimeStampAuthority:
    """Where to ask, and whom we trust. `roots` are DER; `tls` None: plain http. Times in seconds."""

    url: str
    roots: tuple[bytes, ...] = field(repr=False)
    tls: ssl.SSLContext | None = None
    limit: float = 2.0
    pause: float = 30.0


class TimeStampClient:
    """Asks one authority, from any thread. Each of its own threads keeps a connection."""

    room = 9000
    """Bytes that a token may take."""

    def __init__(self, authority: TimeStampAuthority) -> None:
        self._authority = authority
        self._parts = urlsplit(authority.url)
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="time-stamp")
        self._kept = threading.local()
        self._resume_at = 0.0
        self._trial = threading.Lock()

    @property
    def is_paused(self) -> bool:
        """Whether it failed just now, so that asking again would be waiting for nothing."""
        return time.monotonic() < self._resume_at

    def token(self, digest: bytes) -> bytes:
        """A token in our spelling over a SHA-256 digest, of at most `room` bytes, in at most the limit of seconds.

        Raises NoTimeStamp; then it pauses.
        """
        if self.is_paused:
            raise NoTimeStamp("the time-stamp authority failed a moment ago")
        if self._resume_at == 0.0:
            return self._asked(digest)
        if not self._trial.acquire(blocking=False):  # after a failure, one tries and the others do without
            raise NoTimeStamp("the time-stamp authority failed a moment ago")
        try:
            return self._asked(digest)
        finally:
            self._trial.release()

    def _asked(self, digest: bytes) -> bytes:
        try:
            token = self._checked(self._answer(digest), digest)
        except NoTimeStamp as failure:
            self._resume_at = time.monotonic() + self._authority.pause
            _log.warning("no time-stamp", extra={"reason": str(failure)})
            raise
        self._resume_at = 0.0
        return token

    def _answer(self, digest: bytes) -> tuple[int, bytes]:
        nonce = secrets.randbits(63)
        question = der.sequence(
            der.integer(1), der.sequence(_SHA256, der.octets(digest)), der.integer(nonce), _TRUE
        )
        end = time.monotonic() + self._authority.limit
        used: list[http.client.HTTPConnection] = []
        running = self._threads.submit(self._exchange, question, end, used)
        try:
            return nonce, running.result(self._authority.limit)
        except TooLate:
            running.cancel()
            _cut_off(used)
            raise NoTimeStamp("the time-stamp authority did not answer in time") from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NoTimeStamp("the time-stamp authority could not be asked") from error

    def _exchange(self, question: bytes, end: float, used: list[http.client.HTTPConnection]) -> bytes:
        """On one of our own threads. A kept connection may have been closed at the other end: then once more."""
        was_kept = getattr(self._kept, "connection", None) is not None
        try:
            return self._posted(question, end, used)
        except _STALE:
            self._drop()
            if not was_kept:
                raise
            return self._posted(question, end, used)
        except BaseException:
            self._drop()
            raise

    def _posted(self, question: bytes, end: float, used: list[http.client.HTTPConnection]) -> bytes:
        connection = self._connection(_left(end))
        used.append(connection)
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        path = self._parts.path or "/"
        connection.request(
            "POST", f"{path}?{self._parts.query}" if self._parts.query else path, question, headers
        )
        with connection.getresponse() as response:
            answer = b""
            while len(answer) <= _LARGEST_ANSWER and (part := response.read1(8192)):
                answer += part
                _left(end)
            if response.status != http.client.OK or len(answer) > _LARGEST_ANSWER:
                raise ValueError("not an answer to a question for a time-stamp")
        return answer

    def _connection(self, seconds: float) -> http.client.HTTPConnection:
        connection: http.client.HTTPConnection | None = getattr(self._kept, "connection", None)
        if connection is None:
            connection = self._new_connection(seconds)
            self._kept.connection = connection
        elif connection.sock is not None:
            connection.sock.settimeout(seconds)
        return connection

    def _new_connection(self, seconds: float) -> http.client.HTTPConnection:
        host, port = self._parts.hostname or "", self._parts.port
        if self._authority.tls is None:
            return http.client.HTTPConnection(host, port, timeout=seconds)
        return http.client.HTTPSConnection(host, port, timeout=seconds, context=self._authority.tls)

    def _drop(self) -> None:
        connection, self._kept.connection = getattr(self._kept, "connection", None), None
        if connection is not None:
            connection.close()

    def _checked(self, answer: tuple[int, bytes], digest: bytes) -> bytes:
        nonce, encoded = answer
        try:
            stamp = read_time_stamp(_granted(encoded))
        except NotATimeStamp as error:
            raise NoTimeStamp("the answer holds no sound time-stamp") from error
        if stamp.digest != digest or stamp.nonce != nonce:
            raise NoTimeStamp("the answer is to another question")
        if abs(stamp.at - datetime.now(UTC)) > _CLOCK_DIFFERENCE:
            raise NoTimeStamp("the clock of the time-stamp authority is not ours")
        token = stamp.spelled(self._path(stamp))
        if len(token) > self.room:
            raise NoTimeStamp("the time-stamp is larger than the room for it")
        return token

    def _path(self, stamp: TimeStamp) -> tuple[bytes, ...]:
        """The certificates below the root; validated once for each certificate and hour."""
        hour = stamp.at.replace(minute=0, second=0, microsecond=0)
        known = getattr(self._kept, "path", None)
        what = (hashlib.sha256(stamp.leaf + b"".join(stamp.others)).digest(), hour)
        if known is None or known[0] != what:
            path = validate_path(stamp.leaf, stamp.others, self._authority.roots, stamp.at)
            if not path:
                raise NoTimeStamp("the time-stamp is of an authority that we do not trust")
            known = (what, without_root(path))
            self._kept.path = known
        certificates: tuple[bytes, ...] = known[1]
        return certificates


def _cut_off(used: list[http.client.HTTPConnection]) -> None:
    """End the reading of whoever sends a byte now and then, or its thread would be occupied for hours."""
    for connection in used:
        if connection.sock is not None:
            with contextlib.suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)


def _granted(answer: bytes) -> bytes:
    try:
        response = tsp.TimeStampResp.load(answer, strict=True)
        if response["status"]["status"].native not in ("granted", "granted_with_mods"):
            raise NoTimeStamp("the time-stamp authority refused")
        token: bytes = response["time_stamp_token"].dump()
    except (ValueError, TypeError, KeyError) as error:
        raise NoTimeStamp("the answer is not readable") from error
    return token


def _left(end: float) -> float:
    seconds = end - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds
