"""How the application learns who the citizen is. Everything behind this port may know tokens; nobody else does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Protocol

from app.ports.data_subject import DataSubject, Representative
from claims.identity import Bsn


@dataclass(frozen=True)
class ProviderSession:
    """The log-in as the provider knows it, so that it can end ours. `subject` may be a BSN: never store it as it is."""

    issuer: str
    subject: str
    sid: str | None

    def __repr__(self) -> str:
        return "ProviderSession(…)"


@dataclass(frozen=True)
class LogoutNotice:
    """The provider says that a log-in ended: the one with this `sid`, or every one of this `subject` when there is no
    `sid`. One of both is there. `notice_id` counts once; the notice cannot come again after `expires_at`."""

    issuer: str
    subject: str | None
    sid: str | None
    notice_id: str
    expires_at: datetime

    def __repr__(self) -> str:
        return "LogoutNotice(…)"


@dataclass(frozen=True)
class Principal:
    """The citizen whose claims may be asked: who logged in, or whom `representative`, who then logged in, represents.

    `level` is the eIDAS level of assurance as a URI, at least the configured one; `authenticated_at` is the moment at which
    the person who logged in proved who they are, as the provider states it.
    """

    bsn: Bsn
    level: str
    authenticated_at: datetime
    provider_session: ProviderSession | None = None
    representative: Representative | None = None

    @property
    def data_subject(self) -> DataSubject:
        """Raises ValueError when somebody would represent themselves."""
        return DataSubject(self.bsn, self.representative)


@dataclass(frozen=True)
class LoginStart:
    """Where to send the browser, and what the caller must keep until it comes back.

    `flow` (state, nonce, code_verifier, started_at) is secret: keep it in the encrypted server-side session, never in a
    readable cookie, and take it out of the session before calling `LoginProvider.finish`: it works once.
    """

    redirect_url: str
    flow: dict[str, str]

    def __repr__(self) -> str:
        return "LoginStart(…)"


class LoginError(Exception):
    """The citizen is not logged in. `reason` is a short word for the log, never shown and never token content."""

    default_reason: ClassVar[str] = "login_failed"

    def __init__(self, reason: str | None = None) -> None:
        self.reason = reason or self.default_reason
        super().__init__(self.reason)


class LoginCancelled(LoginError):
    """The citizen pressed cancel at the provider (DigiD checklist T6: say so)."""

    default_reason = "cancelled"


class LevelTooLow(LoginError):
    """The citizen logged in with less certainty than this service needs: end the session and say what is needed."""

    default_reason = "level_too_low"


class ReplayedCallback(LoginError):
    """The state is unknown, used before, too old or of another browser: the citizen must start again."""

    default_reason = "state_unknown"


class LoginRefused(LoginError):
    """A check on the answer failed. An attack or a wrong setting; the citizen can do nothing about it."""

    default_reason = "refused"


class ActingForAnother(LoginRefused):
    """Somebody logged in on behalf of somebody else (DigiD Machtigen), and this installation does not do that."""

    default_reason = "representation"


class RepresentationRefused(LoginRefused):
    """Somebody logged in on behalf of somebody else, in a way that we do not accept: `reason` tells which."""

    default_reason = "representation_unknown"


class ProviderUnavailable(LoginError):
    """The provider cannot be reached, answers with an error of its own, or describes itself wrongly: try later."""

    default_reason = "unavailable"


class BackChannel(Protocol):
    """What a provider tells and asks us without a browser."""

    def client_jwks(self) -> dict[str, Any]:
        """Our public keys as a JWK set (RFC 7517)."""
        ...

    def logout_notice(self, unverified_token: str) -> LogoutNotice:
        """What a logout token says (OpenID Connect Back-Channel Logout 1.0). Raises LoginRefused for one that is not
        right, ProviderUnavailable."""
        ...


class LoginProvider(BackChannel, Protocol):
    """The log-in service (DigiD through a broker). Safe to share between threads."""

    def start(self, redirect_uri: str, *, step_up: bool = False) -> LoginStart:
        """Begin a log-in; `redirect_uri` is the absolute address of the callback. `step_up`: the last one was not certain
        enough, so the provider must not go on with it. Raises ProviderUnavailable."""
        ...

    def finish(
        self, flow: Mapping[str, str] | None, callback_params: Mapping[str, str], redirect_uri: str
    ) -> Principal:
        """Turn the callback into a Principal. Raises a LoginError of the kinds above.

        `flow` is what `start` gave to this same browser, or None when its session holds none (any more).
        `callback_params` are the query parameters as received, unchecked.
        """
        ...

    def logout_url(self, post_logout_redirect_uri: str) -> str | None:
        """Address to send the browser to after our own session was destroyed, or None without such a service."""
        ...
