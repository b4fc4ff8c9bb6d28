"""Log-in of citizens: `app.ports.login.LoginProvider` on OpenID Connect (OpenID NLGov 1.0.1)."""

import contextlib
import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.oidc.citizen import principal
from app.oidc.code_flow import CodeFlow, failures_logged
from app.oidc.config import OidcConfig
from app.ports.clock import Clock
from app.ports.login import LoginStart, LogoutNotice, Principal, ProviderUnavailable

_log = logging.getLogger(__name__)


class OidcLogin:
    """Log-in with one broker. Safe to share between threads; keeps nothing about a citizen."""

    def __init__(
        self, config: OidcConfig, *, clock: Clock | None = None, allow_loopback_http: bool = False
    ) -> None:
        """Raises ValueError; see `CodeFlow`."""
        if config.representation_allowed:
            asking = config.profile.with_representation(config.representation_service)
            config = replace(config, profile=asking)
        self._config = config
        self._flow = CodeFlow(config, clock=clock, allow_loopback_http=allow_loopback_http)

    def client_jwks(self) -> dict[str, Any]:
        """Our public keys, to register at the broker."""
        return self._flow.client_jwks()

    def start(self, redirect_uri: str, *, step_up: bool = False) -> LoginStart:
        minimum = self._config.minimum_level
        level = self._config.profile.requested_levels.get(minimum, minimum)
        requested = {"acr_values": level}
        if step_up:
            requested["prompt"] = "login"  # also where the profile of this broker does not ask that
        with failures_logged():
            return self._flow.start(redirect_uri, requested)

    def finish(
        self, flow: Mapping[str, str] | None, callback_params: Mapping[str, str], redirect_uri: str
    ) -> Principal:
        with failures_logged():
            answers = self._flow.finish(flow, callback_params, redirect_uri)
            citizen = principal(answers, self._config)
        _log.info("login succeeded")
        return citizen

    def logout_url(self, post_logout_redirect_uri: str) -> str | None:
        with contextlib.suppress(ProviderUnavailable), failures_logged():
            return self._flow.logout_url(post_logout_redirect_uri)
        return None  # our own session is gone all the same

    def logout_notice(self, unverified_token: str) -> LogoutNotice:
        with failures_logged():
            return self._flow.logout_notice(unverified_token)
