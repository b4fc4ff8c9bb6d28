"""How the operator site learns who the employee is. Never a citizen: no BSN passes this door."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol

from app.ports.login import BackChannel, LoginError, LoginStart, ProviderSession


@dataclass(frozen=True)
class Operator:
    """An employee who may use the operator site.

    `subject` is the provider's lasting id for this person, for the log; `name` is for the page. `roles` are those of
    the configured roles that the person has: never empty.
    """

    subject: str
    name: str
    roles: tuple[str, ...]
    authenticated_at: datetime
    provider_session: ProviderSession | None = None


class RoleMissing(LoginError):
    """The employee is who they say, but has none of the roles that may use this site."""

    default_reason: ClassVar[str] = "role_missing"


class SecondFactorMissing(LoginError):
    """The employee is who they say, but the provider does not say that more than a password was asked."""

    default_reason: ClassVar[str] = "second_factor_missing"


class StaffLoginProvider(BackChannel, Protocol):
    """The municipality's own identity provider for employees. Safe to share between threads."""

    def start(self, redirect_uri: str) -> LoginStart:
        """Begin a log-in; `redirect_uri` is the absolute address of the callback. Raises ProviderUnavailable."""
        ...

    def finish(
        self, flow: Mapping[str, str] | None, callback_params: Mapping[str, str], redirect_uri: str
    ) -> Operator:
        """Turn the callback into an Operator. Raises RoleMissing, SecondFactorMissing or another LoginError; see
        `app.ports.login.LoginProvider.finish`."""
        ...

    def logout_url(self, post_logout_redirect_uri: str) -> str | None:
        """Where the provider ends its own session, or None without such an address."""
        ...
