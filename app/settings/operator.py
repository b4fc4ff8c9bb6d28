"""The table [operator]: the site for the municipality's own operators. Without it that site does not start."""

from __future__ import annotations

from pydantic import model_validator

from app.settings.kinds import SecretFile, SiteAddress, Text
from app.settings.sessions import OperatorSessionSettings
from app.settings.staff import StaffProviderSettings

_SHORTEST_TOKEN = 20


class OperatorSettings(StaffProviderSettings):
    """`app_roles`: having one of these, which stand in `allowed_roles` too, is enough to let apps in. `metrics_token_file`: the
    bearer token for /metrics; without it that page does not exist."""

    public_url: SiteAddress
    app_roles: tuple[Text, ...] = ()
    sessions: OperatorSessionSettings = OperatorSessionSettings()
    metrics_token_file: SecretFile | None = None

    @model_validator(mode="after")
    def _registrars_may_enter(self) -> OperatorSettings:
        if not set(self.app_roles) <= set(self.allowed_roles):
            raise ValueError("each of app_roles must be one of allowed_roles too")
        return self

    def metrics_token(self) -> str | None:
        """The token that a Prometheus server must show. Raises ValueError or OSError."""
        if self.metrics_token_file is None:
            return None
        token = self.metrics_token_file.read_text().strip()
        if len(token) < _SHORTEST_TOKEN or not (token.isascii() and token.isprintable()) or " " in token:
            raise ValueError(f"the token must be {_SHORTEST_TOKEN} or more characters without spaces")
        return token
