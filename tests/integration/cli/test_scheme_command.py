"""`blauwe-knop sources scheme`, `sources list` and the worker's job, with real settings and a real database."""

import logging
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from joserfc.jwk import ECKey

from app.bootstrap import build_worker
from app.cli.main import main
from app.services.background import overdue, run_due
from app.settings import load_settings
from simulators.organisations.scheme import SchemeManager
from tests.support.audit import deeds_in
from tests.support.databases import migrated_sqlite
from tests.unit.settings.conftest import Instance

SOURCES = """
[lijst]
protocol = "fcid"
organisation = "De lijst"
ca_file = "ca.pem"
client_certificate_file = "client.pem"
client_key_file = "client.key.pem"
[lijst.scheme]
list_file = "lijst.jws"
signer_file = "lijst.jwk"
"""


def entry(number: int) -> dict[str, object]:
    return {
        "oin": f"0000000190000004{number}000",
        "name": f"Waterschap {number}",
        "discovery_url": f"https://waterschap-{number}.invalid/ontdekken",
        "public_key": ECKey.generate_key("P-256").as_dict(private=False),
        "document_types": ["FINANCIAL_CLAIMS_INFORMATION_REQUEST"],
    }


class Operator:
    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys
        self.instance = Instance(folder)
        text = self.instance.file.read_text()
        before, _, rest = text.partition("[database]\n")
        _, _, after = rest.partition("\n[")
        self.instance.file.write_text(f'{before}[database]\nurl = "sqlite:///k.sqlite3"\n\n[{after}')
        (folder / "sources.toml").write_text(SOURCES)
        self.settings = load_settings(self.instance.file)
        migrated_sqlite(folder / "k.sqlite3")
        self.manager = SchemeManager()
        self.manager.write_key(folder / "lijst.jwk")

    def publish(self, version: int, *numbers: int, **changes: int) -> None:
        token = self.manager.publish([entry(number) for number in numbers], version, **changes)
        (self.folder / "lijst.jws").write_bytes(token)

    def work(self) -> None:
        """The one job that this is about: others need a seal, which is not here."""
        every, ledger, clock = build_worker(self.settings)
        jobs = [job for job in every if job.name == "refresh_lists"]
        assert len(jobs) == 1
        assert run_due(jobs, ledger, clock)
        assert not overdue(jobs, ledger.states(), clock.now())

    def run(self, *arguments: str) -> tuple[int, str, str]:
        self.capsys.readouterr()  # what the worker logged
        return main(["sources", *arguments]), *self.capsys.readouterr()


@pytest.fixture
def operator(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Operator]:
    made = Operator(tmp_path, capsys)
    monkeypatch.setenv("BLAUWE_KNOP_SETTINGS", str(made.instance.file))
    handlers, level = logging.root.handlers[:], logging.root.level
    yield made
    logging.root.handlers[:] = handlers  # `check` sends them to the standard error of this test
    logging.root.setLevel(level)
    structlog.reset_defaults()


def test_the_worker_takes_the_list_and_the_command_shows_it(operator: Operator) -> None:
    operator.publish(7, 1, 2)
    operator.work()
    code, out, _ = operator.run("scheme", "lijst")
    assert code == 0
    assert "in orde" in out
    assert "versie 7" in out
    assert "OIN 00000001900000088000" in out
    assert operator.manager.key.thumbprint() in out
    assert "lijst-00000001900000041000" in out
    assert "Waterschap 2  https://waterschap-2.invalid/ontdekken" in out


def test_a_refused_list_and_who_left_are_told(operator: Operator) -> None:
    operator.publish(7, 1, 2)
    operator.work()
    operator.publish(8, 1)
    code, out, _ = operator.run("scheme", "lijst", "--refresh")
    assert code == 0
    assert "versie 8" in out
    assert "weg sinds" in out
    operator.publish(2, 1, 2)
    code, out, _ = operator.run("scheme", "lijst", "--refresh")
    assert code == 0
    assert "niet overgenomen: the version of the list is lower" in out
    assert "versie 8" in out
    operator.work()
    taken = [("list_taken", "lijst", f"version-{version}", "ok") for version in (7, 8)]
    assert deeds_in(operator.settings.database.full_url()) == taken, "a refused or known list changes nothing"


def test_without_a_list_in_force_the_command_says_so_and_fails(operator: Operator) -> None:
    code, out, _ = operator.run("scheme", "lijst")
    assert code == 1
    assert "nooit naar een lijst gekeken" in out
    operator.publish(1, 1)
    operator.work()
    SchemeManager().write_key(operator.folder / "lijst.jwk")
    code, out, _ = operator.run("scheme", "lijst")
    assert code == 1
    assert "no key that we trust" in out
    assert "Waterschap 1" in out


def test_a_list_that_was_never_valid_is_not_taken(operator: Operator) -> None:
    operator.publish(1, 1, exp=int(time.time()) - 10, iat=int(time.time()) - 100)
    code, out, _ = operator.run("scheme", "lijst", "--refresh")
    assert code == 1
    assert "the list is not valid now" in out


def test_sources_list_names_the_organisations_in_it(operator: Operator) -> None:
    operator.publish(7, 1)
    operator.work()
    code, out, _ = operator.run("list")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == ["lijst", "lijst-00000001900000041000"]


def test_a_name_that_is_no_list_is_one_line(operator: Operator) -> None:
    code, _, err = operator.run("scheme", "anders")
    assert code == 1
    assert err.endswith("anders is not a list of organisations\n")


def test_the_monitor_counts_each_organisation_of_a_list(operator: Operator) -> None:
    operator.publish(7, 1, 2)
    operator.work()
    code, out, _ = operator.run("status", "--json")
    assert code == 0
    assert "lijst-00000001900000041000" in out
    assert "Waterschap 2" in out
