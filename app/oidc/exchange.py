"""The code for tokens, and the access token for userinfo: the calls that the browser does not see."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from authlib.integrations.requests_client import OAuth2Session

from app.oidc import transport
from app.oidc.assertion import ClientAuth
from app.oidc.config import Connection
from app.oidc.metadata import Metadata
from app.ports.login import LoginRefused, ProviderUnavailable, ReplayedCallback

# RFC 6749, section 5.2. Anything else a broker writes in `error` does not reach our log.
_KNOWN_ERRORS = frozenset(
    {"invalid_request", "invalid_client", "unauthorized_client", "unsupported_grant_type", "invalid_scope"}
)


@dataclass(frozen=True)
class Tokens:
    """Fresh from the token endpoint; neither is checked yet."""

    unverified_id_token: str
    access_token: str

    def __repr__(self) -> str:
        return "Tokens(…)"


def authorization_session(config: Connection) -> Any:
    """Authlib's client for this broker, for the authorization address as well as for the exchange."""
    session = OAuth2Session(
        client_id=config.client_id,
        scope=config.profile.scope,
        code_challenge_method="S256",
        default_timeout=(config.connect_timeout_s, config.read_timeout_s),
    )
    transport.configure(session, config)
    return session


def exchange_code(
    config: Connection, metadata: Metadata, auth: ClientAuth, params: Mapping[str, str]
) -> Tokens:
    """Redeem a code; `params` are code, redirect_uri and code_verifier. Raises a LoginError."""
    answer = _fetch(config, metadata, auth, params)
    id_token, access_token = answer.get("id_token"), answer.get("access_token")
    if not isinstance(id_token, str) or not id_token:
        raise LoginRefused("id_token_missing")
    if not isinstance(access_token, str) or not (access_token.isascii() and access_token.isprintable()):
        raise LoginRefused("access_token_missing")
    if str(answer.get("token_type")).lower() != "bearer":
        raise LoginRefused("token_type")
    return Tokens(id_token, access_token)


def _fetch(
    config: Connection, metadata: Metadata, auth: ClientAuth, params: Mapping[str, str]
) -> dict[str, Any]:
    form = {"grant_type": "authorization_code", **params}
    with authorization_session(config) as session:
        proof = session.client_auth(auth)
    try:
        answer = transport.post(config, metadata.token_endpoint, form, proof)
        document = transport.json_object(answer)
    except ProviderUnavailable as trouble:
        raise ProviderUnavailable(
            "token_timeout" if trouble.reason == "timeout" else "token_endpoint"
        ) from None
    if answer.status < 500 and "error" in document:
        raise _refused(document["error"])
    if answer.status != 200:
        raise ProviderUnavailable("token_endpoint")
    return document


def _refused(error: object) -> LoginRefused | ReplayedCallback:
    if error == "invalid_grant":
        # Used, too old, or of another log-in: for the citizen the same as a replayed callback.
        return ReplayedCallback("code_refused")
    known = isinstance(error, str) and error in _KNOWN_ERRORS
    return LoginRefused(f"token_{error}" if known else "token_error")


def fetch_userinfo(config: Connection, metadata: Metadata, access_token: str) -> transport.Answer:
    """Raises ProviderUnavailable."""
    if metadata.userinfo_endpoint is None:
        raise ProviderUnavailable("metadata_userinfo_endpoint")
    headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/jwt, application/json"}
    return transport.get(config, metadata.userinfo_endpoint, headers)
