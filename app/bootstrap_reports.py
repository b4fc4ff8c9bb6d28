"""Building what reports of citizens need, by the settings."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.bootstrap_audit import build_pseudonyms
from app.bootstrap_storage import Storage
from app.persistence.error_report_store import SqlErrorReportStore, purge_reports
from app.ports.clock import Clock
from app.services.audit import WritesAudit
from app.services.background import Job
from app.services.error_reports import ErrorReports, ViewsCollections
from app.services.report_delivery import ReportDelivery, is_stuck
from app.settings import Settings
from sources.config import load_sources
from sources.error_reports.ways import build_ways, takes_reports
from sources.ports import NoEvents


def build_reports(
    settings: Settings, storage: Storage, collections: ViewsCollections, around: tuple[Clock, WritesAudit]
) -> ErrorReports:
    """For the pages. Raises SourcesFileError."""
    receivers = {
        config.source_id: config.reports.give_up_after
        for config in load_sources(settings.sources_file)
        if takes_reports(config) and config.reports is not None
    }
    return ErrorReports(
        report_store(settings, storage), collections, build_pseudonyms(settings), around, receivers
    )


def report_jobs(settings: Settings, storage: Storage, around: tuple[Clock, WritesAudit]) -> tuple[Job, ...]:
    """Also where no source takes reports any more: what was there before is given up in its time."""
    ways = build_ways(load_sources(settings.sources_file), NoEvents())
    delivery = ReportDelivery(report_store(settings, storage), ways, around)
    return (
        Job("deliver_reports", timedelta(minutes=1), delivery.run),
        Job("purge_reports", timedelta(hours=1), lambda now: purge_reports(storage.database, now)),
    )


def report_store(settings: Settings, storage: Storage) -> SqlErrorReportStore:
    return SqlErrorReportStore(storage.database, settings.storage.key_ring())


def reports_flow(store: SqlErrorReportStore, now: datetime) -> bool:
    """For health: False when somebody must look."""
    return not any(is_stuck(figures, now) for figures in store.figures())
