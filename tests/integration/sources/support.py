"""Real adapters that ask the simulated organisations over real TLS."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509

from claims.identity import Bsn
from claims.outcome import FailureCause, SourceAnswer, SourceFailure, SourceOutcome
from simulators.authority import create_authority
from simulators.certificates import CertificateOrder, new_key
from simulators.organisations import Simulation
from simulators.organisations.server import TlsServer
from sources.adapter import SourceAdapter
from sources.config import SourceConfig, load_sources
from sources.gather import GatherTimes, gather
from sources.ports import SourcePorts, SystemClock
from sources.registry import build_source
from sources.workers import SourcePools

# Wide enough for a machine that is busy with other things; a source that never ends is given up after SHORT.
PATIENT = "total_seconds = 30\nconnect_seconds = 30"
SHORT = "total_seconds = 3\nconnect_seconds = 30"

_COPIED = {x509.OID_SUBJECT_ALTERNATIVE_NAME, x509.OID_KEY_USAGE, x509.OID_EXTENDED_KEY_USAGE}

PORTS = SourcePorts(SystemClock())


@dataclass(frozen=True)
class Town:
    """The running simulation and a folder for settings files."""

    simulation: Simulation
    folder: Path

    def config(self, source_id: str, settings: str = PATIENT) -> SourceConfig:
        file = self.simulation.write_sources_toml(self.folder / "sources.toml", settings)
        [config] = [config for config in load_sources(file) if config.source_id == source_id]
        return config

    def build(self, config: SourceConfig) -> SourceAdapter:
        return build_source(config, PORTS)

    def ask(self, source_id: str, bsn: str, settings: str = PATIENT, **changes: object) -> SourceOutcome:
        """One source, one citizen, one outcome; `changes` are other settings than the file can have."""
        config = self.config(source_id, settings).model_copy(update=changes)
        return ask_adapter(self.build(config), bsn)


def ask(config: SourceConfig, bsn: str) -> SourceOutcome:
    return ask_adapter(build_source(config, PORTS), bsn)


def ask_adapter(source: SourceAdapter, bsn: str) -> SourceOutcome:
    """One source, one citizen, one outcome."""
    times = GatherTimes(source_seconds=60, total_seconds=60)
    [outcome] = gather([source], Bsn(bsn), times, SystemClock(), SourcePools())
    return outcome


def answer_of(outcome: SourceOutcome) -> SourceAnswer:
    assert isinstance(outcome, SourceAnswer)
    return outcome


def cause_of(outcome: SourceOutcome) -> FailureCause:
    assert isinstance(outcome, SourceFailure)
    return outcome.cause


@contextmanager
def with_an_expired_certificate(town: Town) -> Iterator[tuple[int, list[object]]]:
    """A server of the right authority whose certificate ended yesterday: its port, and the questions that it got."""
    asked: list[object] = []
    authority = create_authority(town.simulation.credentials.ca_file.parent / "authority")
    genuine, now = authority.issue_server().certificate, datetime.now(UTC)
    day = timedelta(days=1)
    extensions = [(one.value, one.critical) for one in genuine.extensions if one.oid in _COPIED]
    order = CertificateOrder(genuine.subject, now - 30 * day, now - day, extensions)
    files = authority.tls_root.issue(order, new_key()).write(town.folder, "expired")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.certificate_file, files.key_file)
    server = TlsServer("expired", ("127.0.0.1", 0), context, asked.append)
    server.run_in_background()
    try:
        yield server.port, asked
    finally:
        server.stop()
