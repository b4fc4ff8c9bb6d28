"""Until when certificates are valid is told from the connections themselves."""

import ssl
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from cryptography import x509

from sources.config import SourceConfig
from sources.events import AskedEvent, AskResult, CertificateRole
from sources.gather import GatherTimes, gather
from sources.ports import SystemClock
from sources.registry import build_source
from sources.transport.address import parse_address
from sources.workers import SourcePools
from tests.integration.sources.support import PORTS, Town
from tests.unit.sources.fakes import CITIZEN


class Watch:
    """Implements SourceEvents."""

    def __init__(self) -> None:
        self.certificates: dict[CertificateRole, datetime] = {}
        self.results: list[AskResult] = []

    def asked(self, event: AskedEvent) -> None:
        self.results.append(event.result)

    def circuit(self, source_id: str, open_seconds: float | None) -> None:
        raise AssertionError("no circuit changes here")

    def certificate(self, source_id: str, role: CertificateRole, expires_at: datetime) -> None:
        self.certificates[role] = expires_at


def ask(config: SourceConfig) -> Watch:
    watch = Watch()
    source = build_source(config, replace(PORTS, events=watch))
    list(gather([source], CITIZEN, GatherTimes(60, 60), SystemClock(), SourcePools()))
    return watch


def end_of(file: Path | None) -> datetime:
    assert file is not None
    return x509.load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc


def end_of_server(config: SourceConfig) -> datetime:
    assert config.url is not None
    address = parse_address(config.url)
    shown = ssl.get_server_certificate((address.host, address.port))
    return x509.load_pem_x509_certificate(shown.encode()).not_valid_after_utc


@pytest.mark.parametrize("source_id", ["kredietbank-rivierenstreek", "waterschap-zonnedelta"])
def test_the_certificates_of_a_connection_are_told(town: Town, source_id: str) -> None:
    config = town.config(source_id)
    watch = ask(config)
    assert watch.certificates == {
        CertificateRole.SERVER: end_of_server(config),
        CertificateRole.CLIENT: end_of(config.client_certificate_file),
    }


def test_the_certificate_with_which_messages_are_signed_is_told_too(town: Town) -> None:
    config = town.config("sociale-dienst-de-waarden")
    assert config.dkd is not None
    watch = ask(config)
    assert watch.certificates[CertificateRole.SIGNING] == end_of(config.dkd.signing_certificate_file)
    assert watch.certificates[CertificateRole.SERVER] == end_of_server(config)


def test_a_server_that_is_not_trusted_has_no_certificate_to_tell(town: Town, tmp_path: Path) -> None:
    stranger = tmp_path / "stranger.pem"
    config = town.config("waterschap-zonnedelta")
    assert config.client_certificate_file is not None
    stranger.write_bytes(config.client_certificate_file.read_bytes())
    watch = ask(config.model_copy(update={"ca_file": stranger}))
    assert watch.certificates == {}
    assert watch.results == [AskResult.MISCONFIGURED]
