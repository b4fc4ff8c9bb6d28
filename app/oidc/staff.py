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
from app.ports.staff_login import Operator, RoleMissing, SecondFactorMissing

_log = logging.getLogger(__name__)
_MAX_TEXT = 200


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """Which words of the provider mean that more than a password was asked: one of `acr`, or one of `amr` (RFC 8176)."""

    acr: tuple[str, ...] = ()
    amr: tuple[str, ...] = ("mfa",)

    def was_used(self, id_token_claims: Mapping[str, Any]) -> bool:
        stated = id_token_claims.get("amr")
        methods = stated if isinstance(stated, list) else []
        return id_token_claims.get("acr") in self.acr or any(method in self.amr for method in methods)


@dataclass(frozen=True, kw_only=True)
class StaffProfile(ProviderProfile):
    """What differs between identity providers of municipalities.

    `roles` is where the roles stand: a list of words, or one word. `allowed_roles`: having one of these is enough; they
    are compared exactly. `second_factor` None: left to the provider. `name_claim` stands in the same answer as the roles;
    without it the subject is shown. `organisation`: whose employees these are; None: our own.
    No `prompt`: employees are used to single sign-on, and their own session here is short.
    """

    roles: ClaimPlace
    allowed_roles: tuple[str, ...]
    second_factor: SecondFactor | None = SecondFactor()
    name_claim: str = "name"
    organisation: str | None = None
    scope: str = "openid profile"
    userinfo_form: UserinfoForm = UserinfoForm.JSON
    prompt: str | None = None
    max_authentication_age: timedelta | None = None

    @property
    def places(self) -> tuple[ClaimPlace, ...]:
        return (self.roles,)

    def in_log(self, subject: str) -> dict[str, str]:
        """Who it is, for a log line. The ids of employees of others are not for our log: the audit log has a pseudonym."""
        return {"operator": subject} if self.organisation is None else {"organisation": self.organisation}


@dataclass(frozen=True, kw_only=True)
class StaffConfig(Connection):
    """The connection with the identity provider of the municipality's employees."""

    profile: StaffProfile

    def __post_init__(self) -> None:
        """Raises ValueError when the parts do not fit together."""
        super().__post_init__()
        if not self.profile.allowed_roles or not all(self.profile.allowed_roles):
            raise ValueError("no role is configured, so nobody could log in")
        factor = self.profile.second_factor
        if factor is not None and not (factor.acr or factor.amr):
            raise ValueError("no word for a second factor is configured, so nobody could log in")


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
            return self._flow.start(redirect_uri, self._requested())

    def _requested(self) -> dict[str, str]:
        factor = self._profile.second_factor
        return {"acr_values": " ".join(factor.acr)} if factor is not None and factor.acr else {}

    def finish(
        self, flow: Mapping[str, str] | None, callback_params: Mapping[str, str], redirect_uri: str
    ) -> Operator:
        with failures_logged():
            answers = self._flow.finish(flow, callback_params, redirect_uri)
            employee = operator(answers, self._profile)
        who = self._profile.in_log(employee.subject)
        _log.info("operator login succeeded", extra={**who, "roles": employee.roles})
        return employee

    def logout_url(self, post_logout_redirect_uri: str) -> str | None:
        with contextlib.suppress(ProviderUnavailable), failures_logged():
            return self._flow.logout_url(post_logout_redirect_uri)
        return None  # our own session is gone all the same

    def logout_notice(self, unverified_token: str) -> LogoutNotice:
        with failures_logged():
            return self._flow.logout_notice(unverified_token)


def operator(answers: Answers, profile: StaffProfile) -> Operator:
    """The employee, when one of the roles is theirs. Raises RoleMissing, SecondFactorMissing or LoginRefused."""
    subject = answers.id_token_claims["sub"]
    if len(subject) > _MAX_TEXT or not subject.isprintable():
        raise LoginRefused("sub")
    stated = answers.find(profile.roles)
    roles = tuple(role for role in profile.allowed_roles if role in _words(stated))
    if not roles:
        _log.warning(
            "operator has none of the roles",
            extra={**profile.in_log(subject), "stated": stated is not None},
        )
        raise RoleMissing()
    _check_second_factor(answers, profile, subject)
    name = _name(answers, profile) or subject
    return Operator(subject, name, roles, answers.authenticated_at, answers.provider_session)


def _check_second_factor(answers: Answers, profile: StaffProfile, subject: str) -> None:
    """BIO2 5.17.01, ASVS 5.0 6.3.3. Only the ID token counts: userinfo says nothing about this log-in."""
    claims = answers.id_token_claims
    if profile.second_factor is None or profile.second_factor.was_used(claims):
        return
    words = {name: str(claims.get(name))[:_MAX_TEXT] for name in ("acr", "amr")}
    _log.warning("operator lacks a second factor", extra={**profile.in_log(subject), **words})
    raise SecondFactorMissing()


def _words(stated: object) -> list[object]:
    """One word is one role, never a list in disguise."""
    return stated if isinstance(stated, list) else [stated]


def _name(answers: Answers, profile: StaffProfile) -> str | None:
    name = answers.find(ClaimPlace(profile.roles.source, (profile.name_claim,)))
    if not isinstance(name, str) or not name.isprintable():
        return None
    return name.strip()[:_MAX_TEXT] or None
