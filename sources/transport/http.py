"""Post one question and receive one answer: over TLS, within a time and a size, without any helpfulness.

Built on the standard library on purpose: it follows no redirects, reads no proxy, netrc or certificate settings from
the environment, keeps no cookies, unpacks no compressed body and reuses no connection between citizens.
"""

from __future__ import annotations

import base64
import http.client
import json
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path

from claims.strict_json import loads_strict
from sources.config import SourceConfig
from sources.deadline import Deadline
from sources.errors import (
    Misconfigured,
    SourceMalformed,
    SourceRefused,
    SourceUnavailable,
    TooLarge,
    TooSlow,
)
from sources.events import CertificateRole
from sources.ports import SourceEvents
from sources.transport.address import Address, parse_address
from sources.transport.connection import TlsFiles, client_context, client_expiry, connect, server_expiry

_CHUNK_BYTES = 64 * 1024
_JSON_TYPES = frozenset({"application/json"})
_CHARSETS = frozenset({"", "utf-8"})
_OUR_MISTAKE = frozenset({404, 405, 406, 410, 411, 414, 415})
_TRY_LATER = frozenset({408, 425, 429})


NoteCertificate = Callable[[CertificateRole, datetime], None]


def _nobody_asks(_role: CertificateRole, _expires_at: datetime) -> None:
    pass


@dataclass(frozen=True)
class HttpSettings:
    """Where and how to ask. `connect_seconds` counts for one attempt, `max_bytes` for one answer."""

    address: Address
    tls: TlsFiles
    connect_seconds: float
    max_bytes: int
    api_key_file: Path | None = None
    api_key_header: str = "X-Api-Key"
    basic_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What to post, and what may come back. `statuses` besides 200 count as an answer only when the body has one of
    `media_types`; without it they mean what they mean for every source."""

    body: bytes = field(repr=False)
    headers: Mapping[str, str]
    media_types: frozenset[str]
    statuses: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes = field(repr=False)


def settings_of(config: SourceConfig) -> HttpSettings:
    """The transport's part of a stanza. Raises Misconfigured when it cannot be asked at all."""
    if config.url is None or config.ca_file is None:
        raise Misconfigured("a connected source needs url and ca_file")
    tls = TlsFiles(config.ca_file, config.client_certificate_file, config.client_key_file)
    return HttpSettings(
        address=parse_address(config.url),
        tls=tls,
        connect_seconds=config.connect_seconds,
        max_bytes=config.max_bytes,
        api_key_file=config.api_key_file,
        api_key_header=config.api_key_header,
        basic_file=config.basic_file,
    )


def transport_of(config: SourceConfig, events: SourceEvents) -> HttpTransport:
    """The transport of a source, which tells `events` until when the certificates that it uses are valid. Raises
    Misconfigured."""
    return HttpTransport(settings_of(config), partial(events.certificate, config.source_id))


class HttpTransport:
    """Safe to share between threads: every question opens its own connection."""

    def __init__(self, settings: HttpSettings, note_certificate: NoteCertificate = _nobody_asks) -> None:
        self._settings = settings
        self._note_certificate = note_certificate

    def post_json(self, path: str, question: dict[str, object], deadline: Deadline) -> object:
        """The parsed, unverified answer. Raises a SourceError of every kind but WrongPerson."""
        body = json.dumps(question, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        return self._parse(self.post(path, Question(body, headers, _JSON_TYPES), deadline).body)

    def post(self, path: str, question: Question, deadline: Deadline) -> Reply:
        """The whole unverified answer. Raises a SourceError of every kind but WrongPerson."""
        headers = {**question.headers, "Accept-Encoding": "identity", **self._api_key(), **self._basic()}
        connection = self._open(deadline)
        try:
            connection.request("POST", self._settings.address.path + path or "/", question.body, headers)
            response = connection.getresponse()
            _check_response(response, question)
            return Reply(response.status, self._read(response, deadline))
        except TimeoutError:
            raise TooSlow("the answer was not complete in time") from None
        except (ConnectionError, ssl.SSLEOFError, http.client.IncompleteRead):
            raise SourceUnavailable("the connection was broken") from None
        except ssl.SSLError:  # TLS 1.3 refuses a client certificate only after the handshake
            raise SourceRefused("the source refused our certificate") from None
        except OSError:
            raise SourceUnavailable("the connection was broken") from None
        except http.client.HTTPException:
            raise SourceMalformed("the answer is not HTTP") from None
        finally:
            connection.close()

    def _open(self, deadline: Deadline) -> http.client.HTTPSConnection:
        """One retry, and only here: nothing has been sent yet."""
        try:
            return self._connect(deadline)
        except SourceUnavailable:
            if deadline.passed:
                raise TooSlow("no connection in time") from None
            return self._connect(deadline)

    def _connect(self, deadline: Deadline) -> http.client.HTTPSConnection:
        address, seconds = self._settings.address, self._settings.connect_seconds
        try:
            connection = connect((address.host, address.port), self._context, seconds, deadline)
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
            raise SourceUnavailable("the connection was broken") from None
        except ssl.SSLError:
            raise Misconfigured("no trusted TLS connection") from None
        except OSError:
            raise SourceUnavailable("no connection") from None
        self._note_certificates(connection)
        return connection

    def _note_certificates(self, connection: http.client.HTTPSConnection) -> None:
        expires_at = server_expiry(connection)
        if expires_at is not None:
            self._note_certificate(CertificateRole.SERVER, expires_at)
        if self._own_expiry is not None:
            self._note_certificate(CertificateRole.CLIENT, self._own_expiry)

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return client_context(self._settings.tls)

    @cached_property
    def _own_expiry(self) -> datetime | None:
        """Of the file as it was when this process first used it, as is the certificate itself."""
        return client_expiry(self._settings.tls)

    def _api_key(self) -> dict[str, str]:
        if self._settings.api_key_file is None:
            return {}
        return {self._settings.api_key_header: _read_secret(self._settings.api_key_file)}

    def _basic(self) -> dict[str, str]:
        """RFC 7617; the file holds `name:password`."""
        if self._settings.basic_file is None:
            return {}
        pair = _read_secret(self._settings.basic_file)
        if ":" not in pair:
            raise Misconfigured("the file for basic access holds no name and password")
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}

    def _read(self, response: http.client.HTTPResponse, deadline: Deadline) -> bytes:
        if (response.length or 0) > self._settings.max_bytes:
            raise TooLarge("the announced answer is too large")
        body = bytearray()
        for chunk in _chunks(response, deadline):
            body += chunk
            if len(body) > self._settings.max_bytes:
                raise TooLarge("the answer is too large")
        if response.length:  # fewer bytes than announced; read1 does not say so
            raise SourceUnavailable("the answer was cut off")
        return bytes(body)

    def _parse(self, body: bytes) -> object:
        try:
            return loads_strict(body, self._settings.max_bytes)
        except ValueError:
            raise SourceMalformed("the answer is not strict JSON") from None


def _read_secret(file: Path) -> str:
    try:
        key = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise Misconfigured("the file with the API key cannot be read") from None
    if not key or not key.isprintable():
        raise Misconfigured("the file with the API key holds no key")
    return key


def _chunks(response: http.client.HTTPResponse, deadline: Deadline) -> Iterator[bytes]:
    """What has arrived, piece by piece; also data that was buffered already ends at the deadline."""
    while chunk := response.read1(_CHUNK_BYTES):
        yield chunk
        if deadline.passed:
            raise TimeoutError


def _check_response(response: http.client.HTTPResponse, question: Question) -> None:
    right_type = response.headers.get_content_type() in question.media_types
    if not (right_type and response.status in question.statuses):
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
        raise SourceRefused(f"status {status}")
    raise SourceMalformed(f"status {status}")
