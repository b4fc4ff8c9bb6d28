"""`blauwe-knop archive` in the instance folder of the demo, with its time-stamps and revocation lists over http."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.bootstrap import open_storage
from app.bootstrap_seals import build_seal, refresh_job, refresher
from app.cli.main import main
from app.cli.settings import of_this_run
from app.documents import pdf
from app.documents.json import write_payload
from app.ports.clock import SystemClock
from app.settings import load_settings
from signing.policy import load_trust
from signing.report import Finding
from signing.verifying.sandbox import examine
from simulators.authority import create_authority
from simulators.demo.instance import prepare
from simulators.time_stamps import Mood, load_time_stamps
from simulators.trust_services import TrustServices
from tests.support import snapshots, tampering
from tests.support.demo import free_port_range
from tests.support.full_disk import full_disk


@dataclass(frozen=True)
class Office:
    folder: Path
    services: TrustServices
    level: str

    @property
    def file(self) -> Path:
        return self.folder / "overzicht.pdf"

    def examine(self, file: Path) -> Finding:
        return examine(file.read_bytes(), load_trust(self.folder / "trust")).finding


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("kantoor")
    instance = prepare(folder, free_port_range())
    authority, tsa = create_authority(folder / "autoriteit"), load_time_stamps(folder / "tijdstempel")
    with TrustServices(authority, tsa, instance.port + 4) as services:
        settings = load_settings(instance.settings_file, allow_loopback_http=True)
        policy, storage = load_trust(settings.trust_folder), open_storage(settings)
        job = refresh_job(lambda: refresher(settings, policy), storage.material)
        assert job.run(SystemClock().now()) == 4
        seal = next(build_seal(settings, policy, storage.material).sealing().pdf.attempts())
        snapshot = snapshots.snapshot_now(snapshots.partial_outcomes())
        (folder / "overzicht.pdf").write_bytes(pdf.write(snapshot, write_payload(snapshot), seal))
        yield Office(folder, services, seal.level)


@pytest.fixture(autouse=True)
def _settings(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("BLAUWE_KNOP_SETTINGS", str(office.folder / "settings.toml"))
    with of_this_run(allow_loopback_http=True):
        yield
    office.services.mood = Mood.SOUND
    office.services.lists_are_down = False


def archive(*arguments: str | Path) -> int:
    return main(["archive", *map(str, arguments)])


def test_the_worker_fetched_what_the_highest_level_needs(office: Office) -> None:
    assert office.level == "B-LT"
    assert office.examine(office.file) is Finding.GENUINE


def test_a_copy_is_archived_renewed_and_verified(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    original = office.file.read_bytes()
    first, second = tmp_path / "een.pdf", tmp_path / "twee.pdf"
    assert archive(office.file, "--out", first) == 0
    assert archive(first, "--out", second) == 0
    assert [office.examine(file) for file in (first, second)] == [Finding.ARCHIVED, Finding.ARCHIVED]
    assert office.file.read_bytes() == original
    capsys.readouterr()
    assert main(["verify", "--trust", str(office.folder / "trust"), str(second)]) == 0
    said = capsys.readouterr().out
    assert "Het is een gearchiveerde kopie." in said
    assert "Tijdstempel: het zegel bestond op" in said


def test_the_copy_stands_beside_the_file_and_replaces_nothing(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "o.pdf"
    file.write_bytes(office.file.read_bytes())
    assert archive(file) == 0
    kept = (tmp_path / "o-gearchiveerd.pdf").read_bytes()
    assert archive(file) == 1
    assert (tmp_path / "o-gearchiveerd.pdf").read_bytes() == kept


def test_only_what_is_genuine_is_archived(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "o.pdf"
    file.write_bytes(tampering.white_box(office.file.read_bytes()))
    assert archive(file) == 1
    assert "not genuine" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [file]


def test_without_time_stamp_or_lists_there_is_no_copy(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office.services.lists_are_down = True
    assert archive(office.file, "--out", tmp_path / "o.pdf") == 1
    assert "revocation lists" in capsys.readouterr().err
    office.services.lists_are_down = False
    office.services.mood = Mood.REFUSING
    assert archive(office.file, "--out", tmp_path / "o.pdf") == 1
    assert archive(tmp_path / "niets.pdf") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_no_half_copy(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "o.pdf"
    with full_disk(5000):
        assert archive(office.file, "--out", target) == 1
    assert str(target) in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
    assert archive(office.file, "--out", target) == 0
