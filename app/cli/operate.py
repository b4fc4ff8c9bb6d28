"""Commands for operators: they need the settings file."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path

from app import worker
from app.bootstrap import build_monitor, open_storage
from app.bootstrap_audit import command_audit
from app.cli import scheme
from app.cli.account import account_of_command
from app.cli.progress import ProgressBar
from app.cli.settings import load_settings
from app.cli.source_status import as_members, as_table
from app.cli.written_down import written_down
from app.documents.formatting import organisation
from app.ports.audit import Event
from app.ports.storage import StorageUnavailable
from app.services import audit_facts
from app.services.list_refresh import ListRefresh
from app.settings import SettingsError
from signing.errors import SigningError
from sources.batch.importing import Watcher, import_file
from sources.config import SourceConfig, SourcesFileError, load_sources
from sources.errors import SourceError
from sources.fcid.scheme.members import standing_of
from sources.ports import BatchStore, DeliveryRefused, SourcePorts, SystemClock
from sources.shrinking import NotMuchSmaller

FAILED = 1


def one_line(command: Callable[..., int]) -> Callable[..., int]:
    """What an operator can mend is one clear line on standard error, never a traceback."""

    @wraps(command)
    def run(*arguments: object, **options: object) -> int:
        try:
            return command(*arguments, **options)
        except (SettingsError, SourcesFileError, DeliveryRefused, SourceError, SigningError) as error:
            sys.stderr.write(f"blauwe-knop: {error}\n")
        except StorageUnavailable as error:
            sys.stderr.write(f"blauwe-knop: the database cannot be used now ({error})\n")
        return FAILED

    return run


@one_line
def work(*, once: bool) -> int:
    """Run the background jobs until stopped, or once."""
    return worker.run(load_settings(), once=once)


@one_line
def purge() -> int:
    """Delete whatever has been kept long enough, now."""
    settings = load_settings()
    with written_down(settings, audit_facts.by_operator(Event.PURGE_ASKED, account_of_command())):
        return worker.purge(settings)


@one_line
def list_sources() -> int:
    """Every configured source, one per line; below a list of organisations, each of those."""
    settings = load_settings()
    ports = open_storage(settings).source_ports(SystemClock())
    for config in load_sources(settings.sources_file):
        state = "aangesloten" if config.connected else "niet aangesloten"
        print(
            f"{config.source_id:32} {config.protocol or '-':16} {state:18} {organisation(config.source.organisation)}"
        )
        if config.scheme is not None and config.connected:
            for line in scheme.members(config, standing_of(config, ports)):
                print(line)
    return 0


@one_line
def show_source_status(*, days: int, as_json: bool) -> int:
    """The figures of the delivery monitor."""
    settings = load_settings()
    figures = build_monitor(settings, open_storage(settings)).figures(datetime.now(UTC), days)
    if as_json:
        print(json.dumps(as_members(figures), ensure_ascii=False))
    else:
        print("\n".join(as_table(figures, days)))
    return 0


@one_line
def show_scheme(name: str, *, refresh_first: bool) -> int:
    """What is held of a signed list of organisations; 1 when none is in force. `refresh_first`: look for a newer one."""
    settings = load_settings()
    storage = open_storage(settings)
    ports = storage.source_ports(SystemClock())
    config = next((one for one in load_sources(settings.sources_file) if one.source_id == name), None)
    if config is None or config.scheme is None:
        raise SourcesFileError(f"{settings.sources_file}: {name} is not a list of organisations")
    if refresh_first:
        ListRefresh(ports, command_audit(settings, storage.database), account_of_command()).refresh(config)
    return scheme.show(config, ports)


@one_line
def import_delivery(name: str, file: Path, *, accept_smaller: bool = False) -> int:
    """Make a file the delivery of its source, or change nothing and say why. Bad records are named by line number.
    `accept_smaller`: somebody asked, and it is right that it has far fewer records than the one before."""
    settings = load_settings()
    config = next((one for one in load_sources(settings.sources_file) if one.source_id == name), None)
    if config is None:
        raise DeliveryRefused(f"{name} is not in {settings.sources_file}")
    ports = SourcePorts(SystemClock(), _guarded(config, open_storage(settings).batches, accept_smaller))
    detail = "accept-smaller" if accept_smaller else ""
    fact = audit_facts.by_operator(Event.DELIVERY_IMPORTED, account_of_command(), name, detail)
    with written_down(settings, fact), ProgressBar(sys.stderr) as bar:
        report = import_file(config, file, ports, Watcher(bar.show, bar.note_bad_record))
    skipped = f", {report.bad} overgeslagen" if report.bad else ""
    print(
        f"{name}: {report.records} regels ingelezen{skipped}; peilmoment {report.as_of:%Y-%m-%d %H:%M} UTC."
    )
    if report.unplaced:
        until_then = "is geen antwoord volledig" if config.index is None else "vragen wij over iedereen"
        print(f"Van {report.unplaced} is het bsn onbekend: tot de volgende levering {until_then}.")
    return 0


def _guarded(config: SourceConfig, store: BatchStore, accept_smaller: bool) -> BatchStore:
    delivered = config.batch or config.index
    if delivered is None or accept_smaller:
        return store
    return NotMuchSmaller(store, delivered.least_share_of_last)


@one_line
def rotate_delivery_keys() -> int:
    """After a new line in the key ring. Exit code 1: of some delivery the key is not in the ring any more, or the old sealed
    keys are still on disk."""
    settings = load_settings()
    with written_down(settings, audit_facts.key_changed(account_of_command(), "deliveries", "rotate-keys")):
        rotated = open_storage(settings).batches.rotate_keys()
    print(f"{rotated.deliveries} leveringen staan nu onder de nieuwste sleutel; alle andere stonden daar al.")
    if rotated.lost:
        sys.stderr.write(
            f"blauwe-knop: of {rotated.lost} deliveries the key is not in the ring: put it back, or import them again\n"
        )
    if not rotated.wiped:
        sys.stderr.write(
            "blauwe-knop: old sealed keys are still on disk: let the owner run VACUUM FULL batch_deliveries\n"
        )
    return 0 if rotated.wiped and not rotated.lost else FAILED
