"""How reports reach each source: by the table `reports` of its stanza."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from sources.config import SourceConfig
from sources.error_reports.folder import FolderWay
from sources.error_reports.report import ErrorReport
from sources.error_reports.rest import RestWay
from sources.ports import SourceEvents


class ReportWay(Protocol):
    def deliver(self, report: ErrorReport) -> None:
        """Returns when the report is where the organisation finds it; a second delivery of the same report is known by its id.
        Raises a `sources.errors.SourceError`."""
        ...


def takes_reports(config: SourceConfig) -> bool:
    return config.connected and config.reports is not None


def build_ways(configs: Iterable[SourceConfig], events: SourceEvents) -> dict[str, ReportWay]:
    """By source id; opens nothing. Raises Misconfigured."""
    return {config.source_id: _way(config, events) for config in configs if takes_reports(config)}


def _way(config: SourceConfig, events: SourceEvents) -> ReportWay:
    table = config.reports
    if table is not None and table.outbox_folder is not None and table.receiver_file is not None:
        return FolderWay(table.outbox_folder, table.receiver_file)
    return RestWay(config, events)
