"""What the operator pages need from the rest, handed over once by the composition root."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.oauth.register import ClientRegistry
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
class AppServices:
    """`roles`: an employee with one of these may change what is registered; others look. `allow_loopback_http`: only
    `simulators/demo` says so."""

    registry: ClientRegistry
    roles: frozenset[str] = frozenset()
    allow_loopback_http: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorServices:
    """Everything that the pages may use. `metrics_token`: what a Prometheus server must show; None means that there is
    no page for it. `seal_expires_at`: end of the seal certificate, None when it cannot be read. `sealed_counts`: PDFs by
    level, see `DocumentRegister`. `apps`: who may ask citizens for consent; None where nobody can.
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
    reports: Callable[[], Sequence[ReportFigures]] = tuple
    apps: AppServices | None = None

    @property
    def app_roles(self) -> frozenset[str]:
        return frozenset() if self.apps is None else self.apps.roles
