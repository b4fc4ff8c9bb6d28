"""The authorization code flow with PKCE, whoever logs in: from the first redirect to answers that are checked."""

import contextlib
import json
import logging
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from app.oidc import jose, validate
from app.oidc.assertion import ClientAuth, client_auth, tls_client_auth
from app.oidc.config import Connection, UserinfoForm
from app.oidc.exchange import Tokens, authorization_session, exchange_code, fetch_userinfo
from app.oidc.flow import check_flow, new_flow
from app.oidc.keys import load_keys
from app.oidc.logout import check_logout_token
from app.oidc.metadata import Metadata
from app.oidc.provider import Provider
from app.oidc.pushed import push
from app.oidc.transport import Answer
from app.oidc.validate import Answers, Expectation
from app.ports.clock import Clock, SystemClock
from app.ports.login import (
    LevelTooLow,
    LoginCancelled,
    LoginError,
    LoginRefused,
    LoginStart,
    LogoutNotice,
    ProviderUnavailable,
    ReplayedCallback,
)
from sources.spans import Kind, span

_log = logging.getLogger(__name__)
_MAX_LOGOUT_TOKEN = 16 * 1024

# Error answers of an authorization endpoint (RFC 6749, 4.1.2.1; OpenID Connect Core 3.1.2.6; Unmet Authentication
# Requirements 1.0). What is not here is a refusal without further detail.
_CALLBACK_ERRORS: Mapping[str, LoginError] = {
    "access_denied": LoginCancelled(),
    "server_error": ProviderUnavailable("callback_server_error"),
    "temporarily_unavailable": ProviderUnavailable("callback_temporarily_unavailable"),
    "unmet_authentication_requirements": LevelTooLow(),
}


class CodeFlow:
    """Log-ins at one provider. Safe to share between threads; keeps nothing about a person."""

    def __init__(
        self, config: Connection, *, clock: Clock | None = None, allow_loopback_http: bool = False
    ) -> None:
        """Raises ValueError when a key cannot be used or the issuer is not https.

        `allow_loopback_http` accepts http addresses on this same machine; only `simulators/demo` passes it.
        """
        self._config = config
        self._now = (clock or SystemClock()).now
        self._provider = Provider(config, allow_loopback_http=allow_loopback_http)
        self._keys = load_keys(config)
        # Authlib writes the code verifier and the token request at DEBUG.
        logging.getLogger("authlib").setLevel(logging.INFO)

    def client_jwks(self) -> dict[str, Any]:
        """Our public keys, to register at the provider."""
        return self._keys.public_jwks()

    def start(self, redirect_uri: str, requested: Mapping[str, str]) -> LoginStart:
        """Begin a log-in; `requested` are the parameters of one kind of log-in. Raises ProviderUnavailable."""
        metadata = self._provider.metadata()
        flow = new_flow(self._config.issuer, self._now())
        with authorization_session(self._config) as session:
            url, _state = session.create_authorization_url(
                metadata.authorization_endpoint,
                state=flow["state"],
                code_verifier=flow["code_verifier"],
                nonce=flow["nonce"],
                redirect_uri=redirect_uri,
                **{**self._always_requested(), **requested},
            )
            url = push(self._config, metadata, url, session.client_auth(self._proof(metadata)))
        return LoginStart(url, flow)

    def finish(
        self, flow: Mapping[str, str] | None, callback_params: Mapping[str, str], redirect_uri: str
    ) -> Answers:
        """Everything that is checked for every log-in. Raises a LoginError."""
        checked = check_flow(flow, callback_params, self._now(), self._config.flow_max_age)
        if checked["issuer"] != self._config.issuer:
            raise ReplayedCallback("other_issuer")
        metadata = self._provider.metadata()
        validate.check_callback_issuer(callback_params, metadata.issuer, required=metadata.sends_iss)
        params = {
            "code": _code(callback_params),
            "redirect_uri": redirect_uri,
            "code_verifier": checked["code_verifier"],
        }
        with span("log-in exchange", Kind.CLIENT):
            return self._exchanged(params, metadata, checked)

    def _exchanged(
        self, params: Mapping[str, str], metadata: Metadata, checked: Mapping[str, str]
    ) -> Answers:
        tokens = exchange_code(self._config, metadata, self._proof(metadata), params)
        started_at = datetime.fromisoformat(checked["started_at"])
        expect = Expectation(self._config, checked["nonce"], started_at, self._now())
        return self._answers(tokens, metadata, expect)

    def logout_url(self, post_logout_redirect_uri: str) -> str | None:
        """Where the provider ends its own session. Raises ProviderUnavailable."""
        address = self._provider.metadata().end_session_endpoint
        if address is None:
            return None
        query = {"client_id": self._config.client_id, "post_logout_redirect_uri": post_logout_redirect_uri}
        return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"

    def logout_notice(self, unverified_token: str) -> LogoutNotice:
        """What a logout token says. Raises LoginRefused or ProviderUnavailable."""
        if len(unverified_token) > _MAX_LOGOUT_TOKEN:
            raise LoginRefused("logout_too_large")
        claims = self._open(unverified_token, jose.LOGOUT)
        return check_logout_token(claims, self._config, self._now())

    def _proof(self, metadata: Metadata) -> ClientAuth:
        """One way of proving who we are, fresh for each call."""
        if self._keys.signing is None:
            return tls_client_auth(self._config.client_id)
        named_by = self._keys.signing_chain[0] if self._config.assertion_names_certificate else None
        return client_auth(self._keys.signing, self._config.client_id, metadata.token_endpoint, named_by)

    def _always_requested(self) -> dict[str, str]:
        profile = self._config.profile
        wanted = {}
        if profile.prompt is not None:
            wanted["prompt"] = profile.prompt
        if profile.max_authentication_age is not None:
            wanted["max_age"] = str(int(profile.max_authentication_age.total_seconds()))
        return wanted

    def _answers(self, tokens: Tokens, metadata: Metadata, expect: Expectation) -> Answers:
        if self._config.profile.id_token_encrypted and not jose.is_encrypted(tokens.unverified_id_token):
            raise LoginRefused("id_token_form")
        id_token_claims = self._open(tokens.unverified_id_token)
        validate.check_id_token(id_token_claims, expect)
        validate.check_at_hash(id_token_claims, tokens.access_token)
        userinfo = None
        if self._config.profile.needs_userinfo:
            userinfo = self._userinfo(fetch_userinfo(self._config, metadata, tokens.access_token))
            validate.check_userinfo(userinfo, id_token_claims, expect)
        return Answers(id_token_claims, userinfo, expect)

    def _userinfo(self, answer: Answer) -> jose.Claims:
        """The content in the one form that is configured: a plain answer never passes for an encrypted one."""
        form = self._config.profile.userinfo_form
        if form is UserinfoForm.JSON:
            return _plain_userinfo(answer)
        if answer.content_type != "application/jwt":
            raise LoginRefused("userinfo_form")
        token = answer.body.decode("ascii", errors="replace").strip()
        if jose.is_encrypted(token) is not (form is UserinfoForm.ENCRYPTED):
            raise LoginRefused("userinfo_form")
        return self._open(token)

    def _open(self, token: str, types: Collection[str | None] = jose.ANSWER) -> jose.Claims:
        profile = self._config.profile
        if jose.is_encrypted(token):
            token = jose.decrypt(token, self._keys.openers, profile.encryption_algorithms)
        return jose.open_signed(token, self._provider.key, profile.signing_algorithms, types)


def _code(callback_params: Mapping[str, str]) -> str:
    error = callback_params.get("error")
    if error is not None:
        known = _CALLBACK_ERRORS.get(error, LoginRefused("callback_error"))
        raise type(known)(known.reason)
    code = callback_params.get("code")
    if not code:
        raise LoginRefused("code_missing")
    return code


def _plain_userinfo(answer: Answer) -> jose.Claims:
    if answer.content_type != "application/json":
        raise LoginRefused("userinfo_form")
    try:
        userinfo = json.loads(answer.body)
    except (ValueError, RecursionError):
        raise LoginRefused("userinfo_malformed") from None
    if not isinstance(userinfo, dict):
        raise LoginRefused("userinfo_malformed")
    return userinfo


@contextlib.contextmanager
def failures_logged() -> Iterator[None]:
    """Kind and reason only: never an address with code and state, a token or a BSN."""
    try:
        yield
    except LoginError as error:
        _log.warning("login failed: %s, reason %s", type(error).__name__, error.reason)
        raise
