"""Look for a newer list, verify it, and hold it. Whatever is wrong with it, the list that is held stays as it is."""

from __future__ import annotations

from pathlib import Path

import structlog

from sources.config import SourceConfig
from sources.deadline import Deadline
from sources.errors import Misconfigured, SourceError
from sources.fcid.scheme.errors import ListRefused
from sources.fcid.scheme.memory import taken
from sources.fcid.scheme.names import MEDIA_TYPE
from sources.fcid.scheme.reader import read_list
from sources.fcid.scheme.signed import MAX_BYTES, load_pinned_keys
from sources.ports import HeldScheme, SchemeCheck, SourcePorts
from sources.transport.http import HttpTransport, settings_of

log = structlog.get_logger(__name__)
_FETCH_SECONDS = 30.0


def refresh(config: SourceConfig, ports: SourcePorts) -> SchemeCheck:
    """Take the list of this stanza when it is newer; the result is noted in the store too. Raises SourceError only when
    the store cannot be used."""
    problem: str | None = None
    try:
        _take(config, ports)
    except (ListRefused, SourceError) as error:
        problem = str(error)
        log.error("scheme_list_refused", scheme=config.source_id, reason=problem)
    check = SchemeCheck(ports.clock.now(), problem)
    ports.schemes.note(config.source_id, check)
    return check


def _take(config: SourceConfig, ports: SourcePorts) -> None:
    if config.scheme is None:
        raise Misconfigured("this source has no list")
    settings, now = config.scheme, ports.clock.now()
    token = fetch_list(config)
    new = read_list(token, load_pinned_keys(settings.signer_file))
    before: list[HeldScheme | None] = []

    def decide(held: HeldScheme | None) -> HeldScheme:
        before[:] = [held]
        return taken(held, new, token, now, settings.keep)

    after = ports.schemes.replace(config.source_id, decide)
    _log_changes(config.source_id, before[0], after)


def fetch_list(config: SourceConfig) -> bytes:
    """The unverified list, from where the stanza says. Raises a SourceError."""
    if config.scheme is None:
        raise Misconfigured("this source has no list")
    if config.scheme.list_file is not None:
        return _read(config.scheme.list_file)
    transport = HttpTransport(settings_of(at_list(config)))
    return transport.get(MEDIA_TYPE.name, Deadline.after(_FETCH_SECONDS))


def at_list(config: SourceConfig) -> SourceConfig:
    """The settings with which the list itself is fetched."""
    if config.scheme is None:
        raise Misconfigured("this source has no list")
    ca_file = config.scheme.list_ca_file or config.ca_file
    changes = {"url": config.scheme.list_url, "ca_file": ca_file, "max_bytes": MAX_BYTES}
    return config.model_copy(update=changes)


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(MAX_BYTES + 1)
    except OSError:
        raise Misconfigured("the file with the list cannot be read") from None


def _log_changes(scheme: str, before: HeldScheme | None, after: HeldScheme) -> None:
    was = {one.oin for one in (before.organisations if before else ()) if one.left_at is None}
    known = {one.oin for one in (before.organisations if before else ())}
    now = {one.oin for one in after.organisations if one.left_at is None}
    for oin in sorted(was - now):
        log.warning("scheme_organisation_left", scheme=scheme, oin=oin)
    for oin in sorted(known - {one.oin for one in after.organisations}):
        log.warning("scheme_organisation_no_longer_shown", scheme=scheme, oin=oin)
    if before is None or after.version != before.version:
        log.info("scheme_list_taken", scheme=scheme, version=after.version, organisations=len(now))
