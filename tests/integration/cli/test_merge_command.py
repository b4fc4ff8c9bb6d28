"""`blauwe-knop merge` on a folder: tables with anchors alone, a sealed summary with the settings of the service."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from app.bootstrap_seals import build_seal
from app.bootstrap_storage import open_storage
from app.cli.main import main
from app.cli.settings import of_this_run
from app.documents.json import write_payload
from app.ports.register import RegisterEntry
from app.settings import load_settings
from claims.identity import Bsn
from signing.policy import load_trust
from simulators.authority import DEMO_IDENTIFIER
from simulators.demo.instance import prepare
from tests.support import snapshots
from tests.support.demo import free_port_range
from tests.support.desks import Counter, make_counter, paid_off
from tests.support.seals import NAME
from tests.support.snapshots import full_outcomes
from tests.support.tampering import one_other_letter
from tests.support.waiting import PATIENCE_S


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Counter:
    return make_counter(tmp_path_factory.mktemp("counter"))


@pytest.fixture
def folder(counter: Counter, tmp_path: Path) -> Path:
    """Two genuine files, a changed one and a scan; anchors stand beside the folder."""
    counter.town.authority.write_trust(tmp_path / "trust", NAME, DEMO_IDENTIFIER)
    client = tmp_path / "client"
    client.mkdir()
    old, new = counter.own_file("old", 1, full_outcomes()), counter.own_file("new", 2, paid_off(100))
    (client / "oud.json").write_bytes(old.content)
    (client / "nieuw.json").write_bytes(new.content)
    (client / "veranderd.json").write_bytes(one_other_letter(old.content))
    (client / "scan.pdf").write_bytes(b"%PDF-1.7\nscan")
    return client


def merge(folder: Path, *arguments: str | Path) -> int:
    return main(["merge", str(folder), "--trust", str(folder.parent / "trust"), *map(str, arguments)])


def test_every_file_has_its_verdict_and_the_genuine_ones_become_one_table(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = folder.parent / "uit.csv"
    assert merge(folder, "--csv", table, "--xlsx", folder.parent / "uit.xlsx") == 2
    said = capsys.readouterr().out
    for words in (
        "oud.json: echt",
        "veranderd.json: gewijzigd",
        "scan.pdf: niet van ons",
        "Totaal nog te betalen",
        "Let op: 2 bestanden staan niet in deze samenvatting. Er kunnen dus meer schulden zijn.",
        "niet meegeteld: scan.pdf (niet van ons)",
    ):
        assert words in said
    assert "Verderop" not in said
    assert "Samenvatting van 2 gecontroleerde bestanden" in said
    rows = list(csv.DictReader(io.StringIO(table.read_text("utf-8-sig")), delimiter=";"))
    assert [row["nog_te_betalen"] for row in rows][:1] == ["460,12"]
    assert (folder.parent / "uit.xlsx").read_bytes()[:2] == b"PK"


def test_files_that_are_all_genuine_end_with_nothing(folder: Path) -> None:
    for name in ("veranderd.json", "scan.pdf"):
        (folder / name).unlink()
    assert merge(folder) == 0


def test_files_of_two_persons_are_not_merged(
    counter: Counter, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = counter.own_file("other", 3, full_outcomes(), Bsn("999998493"))
    (folder / "ander.json").write_bytes(other.content)
    assert merge(folder, "--csv", folder.parent / "uit.csv") == 64
    assert "niet over dezelfde persoon" in capsys.readouterr().err
    assert not (folder.parent / "uit.csv").exists()


def test_another_file_is_never_replaced(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = folder.parent / "uit.csv"
    kept.write_text("van mij")
    assert merge(folder, "--csv", kept) == 64
    assert "is er al" in capsys.readouterr().err
    assert kept.read_text() == "van mij"


def test_a_folder_without_files_or_genuine_ones_says_so(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert merge(folder.parent / "trust" / "nergens") == 64
    for name in ("oud.json", "nieuw.json", "veranderd.json"):
        (folder / name).unlink()
    assert merge(folder) == 2
    assert "geen echt overzicht" in capsys.readouterr().err


def test_sealing_needs_settings(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BLAUWE_KNOP_SETTINGS", str(folder / "nergens.toml"))
    assert merge(folder, "--pdf", folder.parent / "uit.pdf") == 64
    assert "blauwe-knop merge:" in capsys.readouterr().err


def test_a_terminal_shows_how_far_it_is(folder: Path) -> None:
    terminal, child_end = pty.openpty()
    command = [sys.executable, "-m", "app.cli", "merge", str(folder), "--trust", str(folder.parent / "trust")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=child_end) as process:
        os.close(child_end)
        shown = b""
        try:
            while chunk := os.read(terminal, 4096):
                shown += chunk
        except OSError:  # how Linux says that the other end has closed
            pass
        assert process.wait(PATIENCE_S) == 2
    os.close(terminal)
    assert b"[##########" in shown
    assert b"100%" in shown


def test_with_the_settings_of_the_service_the_summary_is_sealed_and_in_the_register(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    instance = prepare(tmp_path / "instance", free_port_range())
    settings = load_settings(instance.settings_file, allow_loopback_http=True)
    policy, storage = load_trust(settings.trust_folder), open_storage(settings)
    sealing = build_seal(settings, policy, storage.material).sealing()
    snapshot = snapshots.snapshot_now(full_outcomes())
    payload = write_payload(snapshot)
    digest = hashlib.sha256(payload).hexdigest()
    storage.register.add(RegisterEntry(snapshot.number, digest, "key", snapshot.made_at, "collection"))
    (tmp_path / "client").mkdir()
    (tmp_path / "client" / "een.json").write_bytes(sealing.json.seal(payload, snapshot.made_at))
    monkeypatch.setenv("BLAUWE_KNOP_SETTINGS", str(instance.settings_file))
    pdf = tmp_path / "samen.pdf"
    with of_this_run(allow_loopback_http=True):
        assert main(["merge", str(tmp_path / "client"), "--pdf", str(pdf)]) == 0
    capsys.readouterr()
    assert main(["verify", "--trust", str(settings.trust_folder), str(pdf)]) == 0
    said = capsys.readouterr().out
    assert "Deze samenvatting is echt." in said
    number = next(line.split()[-1] for line in said.splitlines() if line.startswith("  Nummer"))
    assert storage.register.find(number) is not None
