"""The table [rates]: how often one address may come."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.http.rate_limits import Rate
from app.http.routes import Pace
from app.settings.kinds import Part

_FIVE_MINUTES = 300
Times = Annotated[int, Field(ge=1, le=1_000_000)]


class RateSettings(Part):
    """One address can be a whole library or mobile network, so these stop programs and not people. `counted_in`:
    "database" for several processes, "memory" when one process serves the site. Pages are counted in memory always."""

    counted_in: Literal["database", "memory"] = "database"
    pages_per_minute: Times = 1200
    log_ins_per_5_minutes: Times = 200
    uploads_per_5_minutes: Times = 60
    secrets_per_5_minutes: Times = 120
    logout_notices_per_5_minutes: Times = 3000

    @property
    def rates(self) -> dict[Pace, Rate]:
        return {
            Pace.PAGES: Rate(self.pages_per_minute, 60),
            Pace.LOG_IN: Rate(self.log_ins_per_5_minutes, _FIVE_MINUTES),
            Pace.UPLOAD: Rate(self.uploads_per_5_minutes, _FIVE_MINUTES),
            Pace.SECRET: Rate(self.secrets_per_5_minutes, _FIVE_MINUTES),
            Pace.NOTICES: Rate(self.logout_notices_per_5_minutes, _FIVE_MINUTES),
        }
