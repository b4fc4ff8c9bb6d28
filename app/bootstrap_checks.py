"""Checks at the start of a site that need more than the settings file."""

from __future__ import annotations

from pathlib import Path

from app.bootstrap_seals import CannotStart
from app.oidc.clock import clock_trouble
from app.oidc.config import Connection
from app.ports.clock import SystemClock
from app.settings.source_secrets import refuse_open_files
from sources.config import load_sources


def check_surroundings(connection: Connection, sources_file: Path, *, allow_loopback_http: bool) -> None:
    """`connection`: with whoever logs people in here. Raises CannotStart, SettingsError or SourcesFileError."""
    refuse_open_files(load_sources(sources_file))
    trouble = clock_trouble(connection, SystemClock(), allow_loopback_http=allow_loopback_http)
    if trouble is not None:
        raise CannotStart(trouble)
