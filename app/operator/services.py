"""What the operator pages need from the rest, handed over once by the composition root."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.ports.clients import ClientStore
from app.ports.clock import Clock
from app.ports.error_reports import ReportFigures
from app.ports.monitor import DeliveryMonitor
from app.ports.register import SealedLevel
from app.ports.staff_login import StaffLoginProvider
from app.services.audit import WritesAudit
from app.services.installation_metrics import InstallationFigures


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorTexts:
    """`base_address` is the fixed address of this site without a slash at the end: addresses are never built from what
    a browser sends. `idle_limit` and `absolute_limit` say how long a session lasts."""

    organisation_name: str
    base_address: str
    idle_limit: str
    absolute_limit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorServices:
    """Everything that the pages may use. `metrics_token`: what a Prometheus server must show; None means that there is
    no page for it. `seal_expires_at`: end of the seal certificate, None when it cannot be read. `sealed_counts`: PDFs by
    level, see `DocumentRegister`. `clients`: the registered apps; None where there can be none.
    `reports`: of citizens, on their way or given up. `installation`: how background work and the audit log are."""

    login: StaffLoginProvider
    monitor: DeliveryMonitor
    audit: WritesAudit
    clock: Clock
    texts: OperatorTexts
    installation: Callable[[], InstallationFigures]
    metrics_token: str | None = field(default=None, repr=False)
    seal_expires_at: Callable[[], datetime | None] = lambda: None
    sealed_counts: Callable[[], Mapping[SealedLevel, int]] = dict
    clients: ClientStore | None = None
    reports: Callable[[], Sequence[ReportFigures]] = tuple
