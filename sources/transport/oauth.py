"""Access tokens by OAuth 2 client credentials (RFC 6749, section 4.4), kept in memory until shortly before they end.

One fetch at a time per source: who comes meanwhile waits for that token, within his own deadline. A token endpoint that
fails is a failure of the source: it cannot be asked. No token, assertion or text of the server is ever logged.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeGuard
from urllib.parse import urlencode

import structlog

from claims.strict_json import loads_strict
from sources.config import SourceConfig
from sources.deadline import Deadline
from sources.errors import Misconfigured, SourceError, SourceMalformed, SourceRefused, TooSlow
from sources.oauth_settings import OauthSettings
from sources.transport.access import Token
from sources.transport.address import parse_address
from sources.transport.assertion import ASSERTION_TYPE, client_assertion
from sources.transport.connection import TlsFiles
from sources.transport.http import JSON_TYPES, HttpSettings, HttpTransport, Question, Reply

log = structlog.get_logger(__name__)

_MAX_BYTES = 64 * 1024
_REFUSALS = frozenset({400, 401, 403})
_MARGIN_SECONDS = 30.0  # a token must outlive the question that it goes with
_UNSTATED_LIFE_SECONDS = 60
_LONGEST_LIFE_SECONDS = 6 * 3600  # OAuth-NL: client credentials at most six hours
_LOOK_UP_SECONDS = 0.5
_TOKEN = re.compile(r"[A-Za-z0-9\-._~+/]{1,8000}=*")  # RFC 6750, section 2.1
# RFC 6749, section 5.2, and RFC 8707, section 2
_ERROR_CODES = frozenset(
    {
        "invalid_request",
        "invalid_client",
        "invalid_grant",
        "unauthorized_client",
        "unsupported_grant_type",
        "invalid_scope",
        "invalid_target",
    }
)


class AccessTokens:
    """Safe to share between threads; `Tokens` of `sources.transport.http`."""

    def __init__(self, config: SourceConfig) -> None:
        if config.oauth is None or config.ca_file is None:
            raise Misconfigured("access tokens need a table oauth and ca_file")
        self._source_id = config.source_id
        self._settings: OauthSettings = config.oauth
        self._transport = HttpTransport(endpoint_settings(config.oauth, config, config.ca_file))
        self._lock = threading.Lock()
        self._held: Token | None = None

    def current(self, deadline: Deadline) -> Token:
        """The token that we have, or a new one. Raises a SourceError."""
        held = self._held
        return held if _usable(held, None) else self._get(None, deadline)

    def renew(self, refused: Token, deadline: Deadline) -> Token:
        """Another one than `refused`: of somebody who renewed it meanwhile, or a new one. Raises a SourceError."""
        return self._get(refused, deadline)

    def _get(self, refused: Token | None, deadline: Deadline) -> Token:
        with self._turn(deadline):
            if not _usable(self._held, refused):
                self._held = None
                self._held = self._fetch(deadline)
            return self._held

    @contextmanager
    def _turn(self, deadline: Deadline) -> Iterator[None]:
        """Also looks now and then whether anybody still waits."""
        while not self._lock.acquire(timeout=min(deadline.remaining, _LOOK_UP_SECONDS)):
            if deadline.passed:
                raise TooSlow("token endpoint: no access token in time")
        try:
            yield
        finally:
            self._lock.release()

    def _fetch(self, deadline: Deadline) -> Token:
        asked_at = time.monotonic()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        question = Question(urlencode(self._form()).encode(), headers, JSON_TYPES, _REFUSALS)
        try:
            token = _read_token(self._transport.post("", question, deadline), asked_at)
        except SourceError as error:
            raise type(error)(f"token endpoint: {error}") from None
        log.info("source_token_new", source=self._source_id, seconds=round(token.until - asked_at))
        return token

    def _form(self) -> dict[str, str]:
        settings = self._settings
        form = {"grant_type": "client_credentials", "client_id": settings.client_id}
        if settings.scope is not None:
            form["scope"] = settings.scope
        if settings.audience is not None:
            form["audience"] = settings.audience
        if settings.signing_key_file is not None:
            form["client_assertion_type"] = ASSERTION_TYPE
            form["client_assertion"] = client_assertion(settings, settings.signing_key_file)
        return form


def endpoint_settings(oauth: OauthSettings, config: SourceConfig, ca_file: Path) -> HttpSettings:
    """Our client certificate goes along here too: a token that is bound to it (RFC 8705, section 3) is made here."""
    return HttpSettings(
        address=parse_address(oauth.token_url),
        tls=TlsFiles(oauth.ca_file or ca_file, config.client_certificate_file, config.client_key_file),
        connect_seconds=config.connect_seconds,
        max_bytes=_MAX_BYTES,
        source_id=config.source_id,
    )


def _usable(held: Token | None, refused: Token | None) -> TypeGuard[Token]:
    return held is not None and held is not refused and time.monotonic() < held.until


def _read_token(reply: Reply, asked_at: float) -> Token:
    """Raises SourceRefused, or SourceMalformed for an answer that is no bearer token."""
    try:
        answer = loads_strict(reply.body, _MAX_BYTES, floats=True)
    except ValueError:
        raise SourceMalformed("the answer is not strict JSON") from None
    if not isinstance(answer, dict):
        raise SourceMalformed("the answer is not a JSON object")
    if reply.status != 200:
        code = answer.get("error")
        raise SourceRefused(code if isinstance(code, str) and code in _ERROR_CODES else "refused")
    value, kind = answer.get("access_token"), answer.get("token_type")
    if not isinstance(value, str) or not _TOKEN.fullmatch(value):
        raise SourceMalformed("no access token in the answer")
    if not isinstance(kind, str) or kind.lower() != "bearer":
        raise SourceMalformed("a token of another type than bearer")
    life = _life(answer.get("expires_in"))
    return Token(value, time.monotonic(), asked_at + life - min(_MARGIN_SECONDS, life / 2))


def _life(stated: object) -> int:
    """Seconds. Some servers state it as a text; without any statement we do not keep it for long."""
    if stated is None:
        return _UNSTATED_LIFE_SECONDS
    if isinstance(stated, str) and re.fullmatch(r"[0-9]{1,9}", stated):
        stated = int(stated)
    if not isinstance(stated, int) or isinstance(stated, bool) or stated <= 0:
        raise SourceMalformed("the life of the token is no number of seconds")
    return min(stated, _LONGEST_LIFE_SECONDS)
