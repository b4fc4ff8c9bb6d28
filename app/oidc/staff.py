"""Log-in of employees: `app.ports.staff_login.StaffLoginProvider` on OpenID Connect."""

import contextlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.oidc.code_flow import CodeFlow, failures_logged
from app.oidc.config import ClaimPlace, Connection, ProviderProfile, UserinfoForm
from app.oidc.validate import Answers
from app.ports.clock import Clock
from app.ports.login import LoginRefused, LoginStart, LogoutNotice, ProviderUnavailable
from app.ports.staff_login import Operator, RoleMissing

_log = logging.getLogger(__name__)
_MAX_TEXT = 200


@dataclass(frozen=True, kw_only=True)
class StaffProfile(ProviderProfile):
    """What differs between identity providers of municipalities.

    `roles` is where the roles stand: a list of words, or one word. `allowed_roles`: having one of these is enough; they
    are compared exactly. `name_claim` stands in the same answer as the roles; without it the subject is shown.
    No `prompt`: employees are used to single sign-on, and their own session here is short.
    """

    roles: ClaimPlace
    allowed_roles: tuple[str, ...]
    name_claim: str = "name"
    scope: str = "openid profile"
    userinfo_form: UserinfoForm = UserinfoForm.JSON
    prompt: str | None = None
    max_authentication_age: timedelta | None = None

    @property
    def places(self) -> tuple[ClaimPlace, ...]:
        return (self.roles,)


@dataclass(frozen=True, kw_only=True)
class StaffConfig(Connection):
    """The connection with the identity provider of the municipality's employees."""

    profile: StaffProfile

    def __post_init__(self) -> None:
        """Raises ValueError when the parts do not fit together."""
        super().__post_init__()
        if not self.profile.allowed_roles or not all(self.profile.allowed_roles):
            raise ValueError("no role is configured, so nobody could log in")


class StaffLogin:
    """Log-in with one identity provider. Safe to share between threads; keeps nothing about a person."""

    def __init__(
        self, config: StaffConfig, *, clock: Clock | None = None, allow_loopback_http: bool = False
    ) -> None:
        """Raises ValueError; see `CodeFlow`."""
        self._profile = config.profile
        self._flow = CodeFlow(config, clock=clock, allow_loopback_http=allow_loopback_http)

    def client_jwks(self) -> dict[str, Any]:
        """Our public keys, to register at the provider."""
        return self._flow.client_jwks()

    def start(self, redirect_uri: str) -> LoginStart:
        with failures_logged():
            return self._flow.start(redirect_uri, {})

    def finish(
        self, flow: Mapping[str, str] | None, callback_params: Mapping[str, str], redirect_uri: str
    ) -> Operator:
        with failures_logged():
            answers = self._flow.finish(flow, callback_params, redirect_uri)
            employee = operator(answers, self._profile)
        _log.info("operator login succeeded", extra={"operator": employee.subject, "roles": employee.roles})
        return employee

    def logout_url(self, post_logout_redirect_uri: str) -> str | None:
        with contextlib.suppress(ProviderUnavailable), failures_logged():
            return self._flow.logout_url(post_logout_redirect_uri)
        return None  # our own session is gone all the same

    def logout_notice(self, unverified_token: str) -> LogoutNotice:
        with failures_logged():
            return self._flow.logout_notice(unverified_token)


def operator(answers: Answers, profile: StaffProfile) -> Operator:
    """The employee, when one of the roles is theirs. Raises RoleMissing or LoginRefused."""
    subject = answers.id_token_claims["sub"]
    if len(subject) > _MAX_TEXT or not subject.isprintable():
        raise LoginRefused("sub")
    stated = answers.find(profile.roles)
    roles = tuple(role for role in profile.allowed_roles if role in _words(stated))
    if not roles:
        _log.warning(
            "operator has none of the roles", extra={"operator": subject, "stated": stated is not None}
        )
        raise RoleMissing()
    name = _name(answers, profile) or subject
    return Operator(subject, name, roles, answers.authenticated_at, answers.provider_session)


def _words(stated: object) -> list[object]:
    """One word is one role, never a list in disguise."""
    return stated if isinstance(stated, list) else [stated]


def _name(answers: Answers, profile: StaffProfile) -> str | None:
    name = answers.find(ClaimPlace(profile.roles.source, (profile.name_claim,)))
    if not isinstance(name, str) or not name.isprintable():
        return None
    return name.strip()[:_MAX_TEXT] or None
