"""Ask one question and receive one answer: over TLS, within a time and a size, without any helpfulness.

Built on the standard library on purpose: it follows no redirects, reads no proxy, netrc or certificate settings from
the environment, keeps no cookies, unpacks no compressed body and reuses no connection between citizens.
"""

from __future__ import annotations

import http.client
import json
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import structlog

from claims.strict_json import loads_strict
from sources.config import SourceConfig
from sources.deadline import Deadline
from sources.errors import Misconfigured, SourceMalformed, SourceRefused, SourceUnavailable, TooSlow
from sources.events import CertificateRole
from sources.transport.access import Tokens, bearer
from sources.transport.address import Address, parse_address
from sources.transport.connection import TlsFiles, client_context, client_expiry, connect, server_expiry
from sources.transport.own_headers import OwnHeaders
from sources.transport.reading import ByteBudget, check_response, read_body
from sources.transport.trace import Trace
from sources.transport.watching import note_answer

log = structlog.get_logger(__name__)

JSON_TYPES = frozenset({"application/json"})
# A value of few bytes takes many in memory; no honest answer has a member per ten bytes.
_BYTES_PER_ITEM = 10

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
    source_id: str = ""
    own_headers: OwnHeaders = field(default_factory=OwnHeaders)
    transaction_header: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask, and what may come back. `statuses` besides 200 count as an answer only when the body has one of
    `media_types`; without it they mean what they mean for every source. `number` is the message's own, if it has one;
    `budget` is shared with other questions."""

    body: bytes | None = field(repr=False)
    headers: Mapping[str, str]
    media_types: frozenset[str]
    statuses: frozenset[int] = frozenset()
    number: str | None = None
    budget: ByteBudget | None = None
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes = field(repr=False)


def settings_of(config: SourceConfig) -> HttpSettings:
    """The transport's part of a stanza. Raises Misconfigured when it cannot be asked at all."""
    if config.url is None or config.ca_file is None:
        raise Misconfigured("a connected source needs url and ca_file")
    tls = TlsFiles(config.ca_file, config.client_certificate_file, config.client_key_file)
    own_headers = OwnHeaders(
        api_key_file=config.api_key_file,
        api_key_header=config.api_key_header,
        basic_file=config.basic_file,
        fixed=config.headers,
        files=config.header_files,
    )
    return HttpSettings(
        address=parse_address(config.url),
        tls=tls,
        connect_seconds=config.connect_seconds,
        max_bytes=config.max_bytes,
        source_id=config.source_id,
        own_headers=own_headers,
        transaction_header=config.transaction_header,
    )


class HttpTransport:
    """Safe to share between threads: every question opens its own connection."""

    def __init__(
        self,
        settings: HttpSettings,
        note_certificate: NoteCertificate = _nobody_asks,
        tokens: Tokens | None = None,
    ) -> None:
        self._settings = settings
        self._note_certificate = note_certificate
        self._tokens = tokens

    def post_json(
        self, path: str, question: dict[str, object], deadline: Deadline, budget: ByteBudget | None = None
    ) -> object:
        """The parsed, unverified answer. Raises a SourceError of every kind but WrongPerson."""
        body = json.dumps(question, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        reply = self.post(path, Question(body, headers, JSON_TYPES, budget=budget), deadline)
        try:
            return loads_strict(
                reply.body, len(reply.body), max_items=self._settings.max_bytes // _BYTES_PER_ITEM
            )
        except ValueError:
            raise SourceMalformed("the answer is not strict JSON") from None

    def get(self, media_type: str, deadline: Deadline) -> bytes:
        """The unverified document at the address itself; for what is about nobody. Raises as `post`."""
        question = Question(None, {"Accept": media_type}, frozenset({media_type}), method="GET")
        return self.post("", question, deadline).body

    def post(self, path: str, question: Question, deadline: Deadline) -> Reply:
        """The whole unverified answer. Raises a SourceError of every kind but WrongPerson.

        A source that answers 401 to a token that we had already is asked once more with a new one: see
        docs/decisions/0011-renewing-access-tokens.md.
        """
        if self._tokens is None:
            return self._exchange(path, question, {}, deadline)
        begun = time.monotonic()
        token = self._tokens.current(deadline)
        try:
            return self._exchange(path, question, bearer(token), deadline)
        except SourceRefused as refusal:
            if refusal.status != 401 or token.got_at >= begun:
                raise
        log.info("source_token_refused", source=self._settings.source_id)
        newer = self._tokens.renew(token, deadline)
        return self._exchange(path, question, bearer(newer), deadline)

    def _exchange(
        self, path: str, question: Question, access: Mapping[str, str], deadline: Deadline
    ) -> Reply:
        trace = Trace(self._settings.source_id, self._settings.transaction_header, question.number)
        headers = {
            **self._settings.own_headers.read(),
            **question.headers,
            "Accept-Encoding": "identity",
            **trace.headers(),
            **access,
        }
        connection = self._open(deadline)
        try:
            target = self._settings.address.target(path)
            connection.request(question.method, target, question.body, headers)
            response = connection.getresponse()
            trace.saw(response.status, response.headers)
            note_answer(self._settings.address, response)
            check_response(response, question.media_types, question.statuses)
            return Reply(response.status, self._read(response, question.budget, deadline))
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
            trace.write()

    def _read(
        self, response: http.client.HTTPResponse, budget: ByteBudget | None, deadline: Deadline
    ) -> bytes:
        if budget is None:
            return read_body(response, self._settings.max_bytes, deadline)
        body = read_body(response, min(self._settings.max_bytes, budget.left), deadline)
        budget.left -= len(body)
        return body

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
