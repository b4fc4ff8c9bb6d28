"""What the API needs from the rest, handed over once by the composition root."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.ports.clock import Clock
from app.ports.grants import AccessCheck
from app.ports.monitor import MonitorFigures
from app.services.audit import WritesAudit
from app.services.consents import Consent
from app.services.overviews import CollectsClaims as CollectsClaims
from app.services.overviews import IssuesFiles as IssuesFiles
from app.services.overviews import VerifiesFiles as VerifiesFiles
from claims.identity import Bsn
from claims.organisation import ContactOption


class KeepsConsents(Protocol):
    """The use case `app.services.consents.Consents`."""

    def of(self, citizen: Bsn) -> tuple[Consent, ...]: ...

    def withdraw(self, citizen: Bsn, grant_id: str, by_app: str | None = None) -> bool: ...


class WatchesSources(Protocol):
    """The use case `app.services.monitor.Monitor`."""

    def figures(self, now: datetime, days: int) -> MonitorFigures: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiTexts:
    """`base_address`: the fixed public address without a slash at the end. The document names whom to ask."""

    organisation_name: str
    base_address: str
    contact: tuple[ContactOption, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiServices:
    """Everything that the API may use. `progress_streams`: how many callers of one process may have the progress told as it
    happens; each takes a thread."""

    access: AccessCheck
    collections: CollectsClaims
    issue: IssuesFiles
    verify: VerifiesFiles
    monitor: WatchesSources
    audit: WritesAudit
    consents: KeepsConsents
    clock: Clock
    texts: ApiTexts
    progress_streams: int = 2
