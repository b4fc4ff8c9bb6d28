"""The one composition root: settings in, use cases with their concrete parts out."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from app.api.services import ApiServices
from app.bootstrap_api import build_api, build_app_services, build_oauth, grant_job
from app.bootstrap_audit import audit_jobs, build_audit, build_pseudonyms
from app.bootstrap_certificates import certificate_ends
from app.bootstrap_checks import check_surroundings, contact_job, health_notes
from app.bootstrap_counsel import CounselSite, build_counsel, counsel_job
from app.bootstrap_paper import build_paper, paper_job
from app.bootstrap_reports import build_reports, report_jobs, report_store
from app.bootstrap_seals import (
    CannotStart,
    build_seal,
    expiry_job,
    refresh_job,
    refresher,
    seal_expires_at,
    wants_refreshing,
)
from app.bootstrap_sessions import build_session_ends
from app.bootstrap_sharing import build_sharing, share_job
from app.bootstrap_storage import Storage as Storage
from app.bootstrap_storage import open_storage as open_storage
from app.documents import formatting
from app.http.errors import NO_EXTRA
from app.http.limits import FORM_OVERHEAD
from app.http.rate_limits import RateLimits
from app.http.session_interface import OPERATOR_COOKIE
from app.http.setup import SiteParts
from app.memory_dumps import leave_none
from app.observability import configure_logging
from app.oidc.config import Connection
from app.oidc.login import OidcLogin
from app.oidc.staff import StaffLogin
from app.operator.errors import EXPLANATIONS
from app.operator.errors import render_error as render_operator_error
from app.operator.services import OperatorServices, OperatorTexts
from app.persistence.audit_log import SqlAuditLog
from app.persistence.engine import moment_of
from app.persistence.key_ring_file import DerivedKeys
from app.ports.audit import Origin
from app.ports.clock import Clock, SharedClock, SystemClock
from app.ports.jobs import JobLedger
from app.ports.monitor import MonitoredSource
from app.services.audit_keeping import was_intact
from app.services.background import Job, overdue, standard_jobs
from app.services.collection import Collections, CollectionTimes, Surroundings
from app.services.desk import CounsellorsDesk
from app.services.figure_recorder import FigureRecorder
from app.services.installation_metrics import InstallationFigures
from app.services.issue import Issue
from app.services.list_refresh import ListRefresh
from app.services.merge import MergeFiles
from app.services.monitor import Monitor, purge_figures
from app.services.my_data import MyData
from app.services.open_sessions import OpenSessions
from app.services.summaries import Summaries
from app.services.verify import Verify
from app.settings import Settings, SettingsError, load_settings
from app.settings.arrival import ArrivalSettings
from app.settings.model import TimeSettings
from app.tracing import start_tracing
from app.web.arrival import ArrivalRules
from app.web.errors import render_error
from app.web.services import AgreedStatement, WebServices, WebTexts
from signing.errors import SigningError
from signing.policy import TrustPolicy, load_trust
from signing.report import SealReport
from signing.verifying.sandbox import DEFAULT, examine, start
from sources.adapter import SourceAdapter
from sources.config import SourceConfig, SourcesFileError, load_sources
from sources.directory import SourceDirectory
from sources.gather import GatherTimes

CSRF_PURPOSE = "csrf"
RATES_PURPOSE = "addresses of visitors"
OPERATOR_CSRF_PURPOSE = "operator csrf"


T = TypeVar("T", covariant=True)
Site = tuple[SiteParts, WebServices, ApiServices | None, CounselSite | None]


def site_or_exit(*, allow_loopback_http: bool = False) -> Site:
    """What `app.factory.create_site` needs, by the settings file; or one clear line on standard error and the end of
    the process. `allow_loopback_http`: see `app.settings.load_settings`. The examiner of uploaded files starts too."""
    built = _built_or_exit(build_site, _citizens, allow_loopback_http=allow_loopback_http)
    start()
    return built


def operator_site_or_exit(*, allow_loopback_http: bool = False) -> tuple[SiteParts, OperatorServices]:
    """The same for `app.factory.create_operator_site`."""
    return _built_or_exit(build_operator_site, _employees, allow_loopback_http=allow_loopback_http)


class _Build(Protocol[T]):
    def __call__(self, settings: Settings, *, allow_loopback_http: bool) -> T: ...


def _citizens(settings: Settings) -> Connection:
    return settings.login.oidc_config()


def _employees(settings: Settings) -> Connection | None:
    return None if settings.operator is None else settings.operator.staff_config()


def _built_or_exit(
    build: _Build[T], who: Callable[[Settings], Connection | None], *, allow_loopback_http: bool
) -> T:
    try:
        settings = load_settings(allow_loopback_http=allow_loopback_http)
        configure_logging(settings.log_level)
        connection = who(settings)
        if connection is not None:
            check_surroundings(connection, settings.sources_file, allow_loopback_http=allow_loopback_http)
        leave_none()
        start_tracing(os.environ)
        return build(settings, allow_loopback_http=allow_loopback_http)
    except (SettingsError, CannotStart, SigningError, SourcesFileError) as error:
        sys.stderr.write(f"blauwe-knop cannot start: {error}\n")
        sys.exit(1)


def build_site(settings: Settings, *, allow_loopback_http: bool = False) -> Site:
    """Build what the public site needs. Raises CannotStart, SigningError or SourcesFileError."""
    clock, storage, policy = SystemClock(), open_storage(settings), load_trust(settings.trust_folder)
    own = settings.organisation.organization_identifier
    seal = build_seal(settings, policy, storage.material)
    audit = build_audit(settings, storage.database, clock, Origin.SITE)
    limits, watcher = settings.sessions.limits, build_session_ends(settings, audit).citizens
    paper = build_paper(settings, storage.database, storage.register, (clock, audit))
    issue = Issue(storage.collections, storage.register, seal.sealing, (clock, audit), paper)
    shared = SharedClock(functools.partial(moment_of, storage.database), clock)
    collections = _collections(settings, storage, Surroundings(clock, audit, shared=shared))
    verify = Verify(_examiner(settings, policy), storage.register, own, audit)
    summaries = Summaries(seal.sealing, storage.register, clock, audit)
    sharing = build_sharing(settings, storage.database, issue, (clock, audit))
    services = WebServices(
        login=OidcLogin(settings.login.oidc_config(), allow_loopback_http=allow_loopback_http),
        collections=collections,
        reports=build_reports(settings, storage, collections, (clock, audit)),
        issue=issue,
        verify=verify,
        paper=paper,
        desk=CounsellorsDesk(MergeFiles(verify), summaries, storage.desk, clock),
        audit=audit,
        my_data=MyData(SqlAuditLog(storage.database), build_pseudonyms(settings)),
        open_sessions=OpenSessions(storage.sessions, watcher, clock, (limits.idle, limits.absolute)),
        clock=clock,
        texts=_texts(settings),
        seal=seal.published,
        progress_streams=settings.limits.progress_streams,
        apps=build_oauth(settings, storage.database, audit, clock),
        shares=sharing.by_code,
        share_organisations=sharing.with_organisations,
        arrivals=arrival_rules(settings.arrival),
    )
    parts = replace(_site_parts(settings, storage, clock), session_watcher=watcher)
    api = build_api(settings, services, build_monitor(settings, storage))
    counsel = build_counsel(
        settings, storage.counsellor_sessions, (parts, services), sharing, allow_loopback_http
    )
    return parts, services, api, counsel


def arrival_rules(stated: ArrivalSettings) -> ArrivalRules:
    return ArrivalRules(stated.places, frozenset(stated.themes), stated.case_references)


def _examiner(settings: Settings, policy: TrustPolicy) -> Callable[[bytes], SealReport]:
    """What the page takes is examined: "too large" would be told as "not a sealed overview"."""
    limits = replace(DEFAULT, max_bytes=settings.limits.upload_bytes + FORM_OVERHEAD)
    return functools.partial(examine, policy=policy, limits=limits)


def _site_parts(settings: Settings, storage: Storage, clock: Clock) -> SiteParts:
    jobs = _jobs(settings, storage)
    return SiteParts(
        public_url=settings.public_url,
        proxies=settings.trusted_proxies,
        rate_limits=_rate_limits(settings, storage),
        theme=settings.theme(),
        themes=settings.arrival.loaded_themes(),
        upload_bytes=settings.limits.upload_bytes,
        bodies_at_once=settings.limits.bodies_at_once,
        session_store=storage.sessions,
        session_limits=settings.sessions.limits,
        clock=clock,
        csrf_secret=DerivedKeys(settings.storage.key_ring(), CSRF_PURPOSE),
        render_error=render_error,
        error_explanations=NO_EXTRA,
        health_checks=storage.health_checks,
        health_notes=health_notes(settings, storage, jobs, clock),
    )


def _rate_limits(settings: Settings, storage: Storage) -> RateLimits:
    shared = storage.rates if settings.rates.counted_in == "database" else None
    return RateLimits(settings.rates.rates, settings.storage.key_ring().derive(RATES_PURPOSE), shared)


def build_operator_site(
    settings: Settings, *, allow_loopback_http: bool = False
) -> tuple[SiteParts, OperatorServices]:
    """Build what the operator site needs. Raises CannotStart or SourcesFileError."""
    operator = settings.operator
    if operator is None:
        raise CannotStart("there is no table [operator] in the settings: see docs/operator-site.md")
    clock, storage, limits = SystemClock(), open_storage(settings), operator.sessions.limits
    audit = build_audit(settings, storage.database, clock, Origin.OPERATOR_SITE)
    services = OperatorServices(
        login=StaffLogin(operator.staff_config(), allow_loopback_http=allow_loopback_http),
        monitor=build_monitor(settings, storage),
        sealed_counts=storage.register.sealed_counts,
        audit=audit,
        clock=clock,
        texts=OperatorTexts(
            organisation_name=settings.organisation.name,
            base_address=operator.public_url,
            idle_limit=formatting.duration(operator.sessions.idle_seconds),
            absolute_limit=formatting.duration(operator.sessions.absolute_seconds),
        ),
        metrics_token=operator.metrics_token(),
        seal_expires_at=lambda: seal_expires_at(settings.seal),
        reports=report_store(settings, storage).figures,
        installation=functools.partial(_installation, _jobs(settings, storage), settings, storage, clock),
        apps=build_app_services(settings, storage.database, audit, allow_loopback_http=allow_loopback_http),
    )
    public = _site_parts(settings, storage, clock)
    parts = replace(
        public,
        public_url=operator.public_url,
        themes={},
        session_store=storage.operator_sessions,
        session_limits=limits,
        session_cookie=OPERATOR_COOKIE,
        session_watcher=build_session_ends(settings, audit).employees,
        csrf_secret=DerivedKeys(settings.storage.key_ring(), OPERATOR_CSRF_PURPOSE),
        render_error=render_operator_error,
        error_explanations=EXPLANATIONS,
    )
    return parts, services


def _installation(
    jobs: Sequence[Job], settings: Settings, storage: Storage, clock: Clock
) -> InstallationFigures:
    now, states = clock.now(), storage.ledger.states()
    late = overdue(jobs, states, now)
    of_each = {job.name: job.name in late for job in jobs}
    is_intact = was_intact(SqlAuditLog(storage.database))
    return InstallationFigures(now, states, of_each, is_intact, certificate_ends(settings))


def _jobs(settings: Settings, storage: Storage) -> tuple[Job, ...]:
    limits = settings.sessions.limits
    ends = build_session_ends(settings, build_audit(settings, storage.database, SystemClock(), Origin.WORKER))
    purge_sessions = functools.partial(ends.citizens.purge, storage.sessions)
    standard = standard_jobs(purge_sessions, storage.collections, limits.absolute)
    purge_operators = functools.partial(ends.employees.purge, storage.operator_sessions)
    keep = timedelta(days=settings.monitor.keep_days)
    return (
        *standard,
        Job("purge_operator_sessions", timedelta(minutes=1), purge_operators),
        counsel_job(ends.counsellors, storage.counsellor_sessions),
        grant_job(settings, storage.database),
        share_job(storage.database),
        paper_job(storage.database),
        *_report_jobs(settings, storage),
        Job("purge_desk", timedelta(minutes=1), storage.desk.purge),
        Job("purge_rates", timedelta(minutes=1), storage.rates.purge),
        Job("purge_batches", timedelta(hours=1), storage.batches.purge),
        Job("purge_figures", timedelta(hours=1), lambda now: purge_figures(storage.figures, now, keep)),
        *_list_jobs(settings, storage),
        contact_job(settings.security_contact_until),
        *_seal_jobs(settings, storage),
        *_audit_jobs(settings, storage),
    )


def _report_jobs(settings: Settings, storage: Storage) -> tuple[Job, ...]:
    clock = SystemClock()
    return report_jobs(
        settings, storage, (clock, build_audit(settings, storage.database, clock, Origin.WORKER))
    )


def _audit_jobs(settings: Settings, storage: Storage) -> tuple[Job, ...]:
    audit = build_audit(settings, storage.database, SystemClock(), Origin.WORKER)
    return audit_jobs(settings, storage.database, audit)


def _list_jobs(settings: Settings, storage: Storage) -> tuple[Job, ...]:
    """Lists of organisations are renewed as often as every hour. One that is refused is no failed job: that would be
    tried again at once."""
    lists = [config for config in load_sources(settings.sources_file) if config.scheme and config.connected]
    audit = build_audit(settings, storage.database, SystemClock(), Origin.WORKER)
    refresher = ListRefresh(storage.source_ports(SystemClock()), audit)

    def refresh_all(_now: datetime) -> int:
        return sum(refresher.refresh(config) for config in lists)

    return (Job("refresh_lists", timedelta(minutes=15), refresh_all),) if lists else ()


def _seal_jobs(settings: Settings, storage: Storage) -> tuple[Job, ...]:
    """Fetching only where there is something to fetch. The trust folder is read each time: it may be renewed meanwhile."""
    expiry = expiry_job(settings.seal)
    if not wants_refreshing(settings.seal):
        return (expiry,)
    return (
        expiry,
        refresh_job(lambda: refresher(settings, load_trust(settings.trust_folder)), storage.material),
    )


def build_worker(settings: Settings) -> tuple[tuple[Job, ...], JobLedger, Clock]:
    """The background jobs, who may run them, and the time."""
    storage = open_storage(settings)
    return _jobs(settings, storage), storage.ledger, SystemClock()


def build_monitor(settings: Settings, storage: Storage) -> Monitor:
    """The figures of every source, also those of organisations in a list. Raises SourcesFileError."""
    stanzas = {config.source_id: config for config in load_sources(settings.sources_file)}
    directory = SourceDirectory(stanzas.values(), storage.source_ports(SystemClock()))

    def sources() -> list[MonitoredSource]:
        return [_monitored(adapter, stanzas) for adapter in directory.current()]

    return Monitor(sources, storage.figures, storage.batches)


def _monitored(adapter: SourceAdapter, stanzas: Mapping[str, SourceConfig]) -> MonitoredSource:
    """An organisation in a list is named by its list and its OIN, and has the protocol of the list."""
    source_id, organisation = adapter.source.source_id, adapter.source.organisation
    config = stanzas.get(source_id) or stanzas[source_id.rpartition("-")[0]]
    return MonitoredSource(
        source_id,
        organisation.name,
        organisation.department,
        config.protocol,
        adapter.connected,
        batch_name=config.stored_as if config.index is None else None,
        index_name=config.stored_as if config.index is not None else None,
        stale_after=_stale_after(config),
    )


def _stale_after(config: SourceConfig) -> timedelta | None:
    if config.index is not None:
        return config.index.max_age
    return None if config.batch is None else config.batch.stale_after


def _texts(settings: Settings) -> WebTexts:
    organisation, agreed = settings.organisation, settings.accessibility
    return WebTexts(
        organisation_name=organisation.name,
        base_address=settings.public_url,
        security_contact=settings.security_contact,
        security_contact_until=settings.security_contact_until,
        contact=organisation.contact.options,
        idle_seconds=settings.sessions.idle_seconds,
        absolute_seconds=settings.sessions.absolute_seconds,
        log_kept_days=settings.audit.keep_days,
        may_represent=settings.login.representation == "allowed",
        statement=None if agreed is None else AgreedStatement(**agreed.model_dump()),
    )


def collection_times(times: TimeSettings) -> CollectionTimes:
    """How long one source gets is a setting of that source (`total_seconds`), so there is no other limit here."""
    return CollectionTimes(
        GatherTimes(times.collection_seconds, times.collection_seconds), times.show_after_seconds
    )


def _collections(settings: Settings, storage: Storage, around: Surroundings) -> Collections:
    times, clock = collection_times(settings.times), around.clock
    ports = replace(storage.source_ports(clock), events=FigureRecorder(storage.figures, clock))
    directory = SourceDirectory(load_sources(settings.sources_file), ports)
    return Collections(storage.collections, directory.current, times, around)
