"""Before a certificate for log-ins ends it is told: every file for which a start would be refused afterwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import BaseModel
from structlog.testing import capture_logs

from app import bootstrap_certificates
from app.bootstrap import build_operator_site
from app.bootstrap_certificates import certificate_ends, ending_soon
from app.settings import Settings, load_settings
from app.settings.login import LoginSettings
from app.settings.provider import ProviderSettings
from app.settings.staff import StaffProviderSettings
from simulators.authority import Authority
from simulators.organisations.stanzas import UNCONNECTED
from tests.support.databases import migrated_sqlite
from tests.unit.settings.conftest import Instance
from tests.unit.settings.test_certificates import NOW as OF_CERTIFICATE
from tests.unit.settings.test_certificates import certificate


def with_certificate(instance: Instance, table: str, name: str) -> Path:
    """A client certificate instead of the signing key of that table."""
    files = Authority.create().issue_client("Gemeente Voorbeeld").write(instance.folder, name)
    tls = f'''client_authentication = "tls_client_auth"
certificate_file = "{name}.pem"
certificate_key_file = "{name}.key.pem"'''
    instance.change(f'signing_key_file = "secrets/{table}-signing.pem"', tls)
    return Path(files.certificate_file)


@pytest.fixture(autouse=True)
def nothing_was_told_yet() -> None:
    bootstrap_certificates._told.clear()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Log-ins of citizens, employees and counsellors, each with a certificate of its own."""
    instance = Instance(tmp_path)
    instance.on_sqlite()
    migrated_sqlite(tmp_path / "bk.sqlite3")
    (tmp_path / "sources.toml").write_text(UNCONNECTED)
    for table in ("login", "operator", "stadsbank"):
        with_certificate(instance, table, f"client-{table}")
    return load_settings(instance.file)


def test_each_connection_tells_when_its_certificate_ends(settings: Settings) -> None:
    ends = certificate_ends(settings)
    assert set(ends) == {("login", "client"), ("operator", "client"), ("sharing-stadsbank", "client")}
    first = min(end for end in ends.values() if end is not None)
    assert ending_soon(settings, first - timedelta(days=61)) == ()
    assert "login (client)" in ending_soon(settings, max(filter(None, ends.values())) - timedelta(days=60))


def test_of_a_chain_the_first_end_counts(settings: Settings, tmp_path: Path) -> None:
    alone = certificate_ends(settings)["login", "client"]
    file = tmp_path / "client-login.pem"
    file.write_bytes(file.read_bytes() + certificate(ec.generate_private_key(ec.SECP256R1())))
    first = certificate_ends(settings)["login", "client"]
    assert first == OF_CERTIFICATE + timedelta(days=30)
    assert alone is not None
    assert first < alone


def test_one_that_cannot_be_read_is_told_and_has_no_end(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "client-operator.pem").write_text("junk")
    (tmp_path / "client-stadsbank.pem").unlink()
    with capture_logs() as lines:
        ends = certificate_ends(settings)
        assert certificate_ends(settings) == ends
    assert (ends["operator", "client"], ends["sharing-stadsbank", "client"]) == (None, None)
    assert [line["connection"] for line in lines] == ["operator", "sharing-stadsbank"], (
        "once, not at every look"
    )
    assert set(ending_soon(settings, datetime.now(UTC))) >= {
        "operator (client)",
        "sharing-stadsbank (client)",
    }


def test_one_that_breaks_again_after_it_was_mended_is_told_again(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "client-operator.pem"
    good = file.read_bytes()
    with capture_logs() as lines:
        for content in (b"junk", good, b"junk", b"junk"):
            file.write_bytes(content)
            certificate_ends(settings)
        file.unlink()
        certificate_ends(settings)
    assert [line["kind"] for line in lines] == ["ValueError", "ValueError", "FileNotFoundError"]


def test_the_operator_site_tells_it_to_prometheus_and_to_whoever_asks_for_health(
    settings: Settings, tmp_path: Path
) -> None:
    parts, services = build_operator_site(settings)
    assert services.installation().certificates == certificate_ends(settings)
    note = parts.health_notes["login_certificates"]
    made_for_years = certificate(ec.generate_private_key(ec.SECP256R1()), ends=timedelta(days=4000))
    for table in ("login", "operator", "stadsbank"):
        (tmp_path / f"client-{table}.pem").write_bytes(made_for_years)
    assert note()
    (tmp_path / "client-stadsbank.pem").unlink()
    assert not note()


@pytest.mark.parametrize("kind", [LoginSettings, StaffProviderSettings])
def test_no_certificate_of_a_connection_is_forgotten(kind: type[ProviderSettings], tmp_path: Path) -> None:
    assert issubclass(kind, BaseModel)
    named = [name for name in kind.model_fields if name.endswith("certificate_file")]
    stated = kind.model_construct(None, **{name: tmp_path / name for name in named})
    assert {file.name for file in stated.certificate_files().values()} == set(named)
