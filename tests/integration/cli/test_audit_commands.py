"""`audit`, `keys rotate-pseudonym` and `purge` with real settings, a real database and a real seal."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app.cli.account import account_of_command
from app.cli.main import main
from app.persistence.engine import open_database
from simulators.authority import DEMO_IDENTIFIER
from simulators.organisations.stanzas import UNCONNECTED
from tests.support.audit import ANNA, BRAM, Logbook, make_logbook, new_logbook, rows_of, town, words_of
from tests.support.clock import FrozenClock
from tests.support.seals import NAME
from tests.support.waiting import PATIENCE_S
from tests.unit.settings.conftest import Instance

ROOT = Path(__file__).parents[3]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Instance:
    folder = tmp_path / "instance"
    folder.mkdir()
    made = Instance(folder)
    before, _, rest = made.file.read_text().partition("[database]\n")
    after = rest.partition("\n[")[2]
    made.file.write_text(f'{before}[database]\nurl = "sqlite:///{tmp_path / "audit.sqlite3"}"\n\n[{after}')
    identity = town().identity
    pem = identity.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    made.secret("seal.key", pem.decode())
    (folder / "seal.pem").write_bytes(identity.certificate.public_bytes(Encoding.PEM))
    chain = b"".join(one.public_bytes(Encoding.PEM) for one in identity.chain)
    (folder / "seal-chain.pem").write_bytes(chain)
    town().authority.write_trust(folder / "trust", NAME, DEMO_IDENTIFIER)
    monkeypatch.setenv("BLAUWE_KNOP_SETTINGS", str(made.file))
    return made


@pytest.fixture
def book(tmp_path: Path, instance: Instance) -> Logbook:
    """Four rows of forty days ago, sealed now, under the pseudonym keys of the settings."""
    new_logbook(tmp_path).database.close()
    database = open_database(f"sqlite:///{tmp_path / 'audit.sqlite3'}")
    ring = instance.folder / "secrets/pseudonym-keys"
    made = make_logbook(database, tmp_path, FrozenClock(datetime.now(UTC) - timedelta(days=40)), ring)
    made.log_in(ANNA, BRAM, ANNA, BRAM)
    made.keeper.seal_head(datetime.now(UTC))
    return made


@pytest.fixture
def run(book: Logbook, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> tuple[int, str, str]:
        assert book
        capsys.readouterr()
        return main(arguments), *capsys.readouterr()

    return run


def test_an_intact_log_verifies(run: Run) -> None:
    code, said, _ = run("audit", "verify")
    assert code == 0
    assert "4 regels, van 1 tot en met 4." in said
    assert "Verzegeld tot en met regel 4" in said
    assert said.endswith("Het logboek klopt.\n")


def test_a_broken_log_does_not(run: Run, book: Logbook) -> None:
    book.tamper(
        "DELETE FROM audit_log WHERE position = 2", "UPDATE audit_log SET object = 'x' WHERE position = 4"
    )
    code, said, _ = run("audit", "verify")
    assert code == 2
    assert "Regel 2 ontbreekt." in said
    assert "Regel 4 is veranderd." in said
    assert said.endswith("HET LOGBOEK KLOPT NIET.\n")
    code, said, _ = run("audit", "verify", "--json")
    members = json.loads(said)
    assert code == 2
    assert members["intact"] is False
    assert [(one["kind"], one["position"]) for one in members["problems"]] == [("missing", 2), ("changed", 4)]


def test_an_exported_head_finds_what_the_database_alone_does_not(
    run: Run, book: Logbook, tmp_path: Path
) -> None:
    file = tmp_path / "kop.json"
    assert run("audit", "export-head", "--out", str(file))[0] == 0
    assert run("audit", "verify", "--head", str(file))[0] == 0
    book.tamper("DELETE FROM audit_log WHERE position > 2", "DELETE FROM audit_heads")
    assert "aan het einde" not in run("audit", "verify")[1]
    code, said, _ = run("audit", "verify", "--head", str(file))
    assert code == 2
    assert "Regel 3 tot en met 4 ontbreekt aan het einde." in said


def test_a_file_that_is_no_head_of_ours_is_refused(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "kop.json"
    file.write_bytes(town().json())
    code, _, error = run("audit", "verify", "--head", str(file))
    assert code == 1
    assert "not a head" in error
    assert run("audit", "verify", "--head", str(tmp_path / "weg"))[0] == 1


def test_the_rows_as_json_lines_hold_all_that_the_chain_is_made_of(run: Run, book: Logbook) -> None:
    code, said, _ = run("audit", "export")
    lines = [json.loads(line) for line in said.splitlines()]
    assert code == 0
    assert [line["position"] for line in lines] == [1, 2, 3, 4]
    with book.log.view() as view:
        assert [line["row_hash"] for line in lines] == [row.row_hash for row in view.rows()]
    assert ANNA.digits not in said


def test_the_rows_of_a_day(run: Run) -> None:
    assert run("audit", "export", "--from", "2000-01-01", "--until", "2000-12-31")[1] == ""
    assert len(run("audit", "export", "--until", "2999-12-31", "--from", "2000-01-01")[1].splitlines()) == 4


def test_what_one_account_did(run: Run) -> None:
    assert run("audit", "export", "--account", "local:nobody")[1] == ""
    run("keys", "rotate-pseudonym")
    said = run("audit", "export", "--account", account_of_command())[1]
    assert [json.loads(line)["event"] for line in said.splitlines()] == ["pseudonym_key_added"]


def test_the_shape_of_logboek_dataverwerkingen(run: Run, instance: Instance, book: Logbook) -> None:
    code, _, error = run("audit", "export", "--format", "logboek")
    assert code == 1
    assert "processing_activity" in error
    instance.change("# processing_activity", "processing_activity")
    run("keys", "rotate-pseudonym")  # a row about nobody
    lines = [json.loads(line) for line in run("audit", "export", "--format", "logboek")[1].splitlines()]
    assert len(lines) == 4
    first, entry = lines[0], rows_of(book)[0]
    assert set(first) == {
        "trace_id",
        "span_id",
        "status",
        "name",
        "start_time",
        "end_time",
        "resource",
        "attributes",
    }
    assert (len(bytes.fromhex(first["trace_id"])), len(bytes.fromhex(first["span_id"]))) == (16, 8)
    assert (first["status"], first["name"]) == ("Ok", "Inloggen")
    assert first["start_time"] == int(entry.started_at.timestamp() * 1000)
    assert first["attributes"] == {
        "dpl.core.processing_activity_id": "https://voorbeeld.nl/avg-register/schuldenoverzicht",
        "dpl.core.data_subject_id": f"{entry.key_id}:{entry.subject}",
        "dpl.core.data_subject_id_type": "BSN",
    }


def test_after_a_rotation_the_rows_from_before_are_still_those_of_the_citizen(
    run: Run, book: Logbook
) -> None:
    code, said, _ = run("keys", "rotate-pseudonym")
    assert code == 0
    book.log_in(ANNA)
    old, new = book.pseudonyms.each_of_citizen(ANNA)
    assert (old.key_id, rows_of(book)[0].subject) == ("one", old.value)
    assert rows_of(book)[-1].subject == new.value != old.value
    assert new.key_id in said
    assert words_of(book)[4] == ("pseudonym_key_added", new.key_id, "")
    assert len(book.log.about(book.pseudonyms.each_of_citizen(ANNA), 10)) == 3


def test_a_key_that_no_row_needs_is_forgotten_and_another_is_not(
    run: Run, instance: Instance, book: Logbook
) -> None:
    ring = instance.folder / "secrets/pseudonym-keys"
    ring.write_text("# our keys\nunused " + "A" * 43 + "=\n" + ring.read_text())
    mode = ring.stat().st_mode
    code, said, _ = run("keys", "rotate-pseudonym")
    assert code == 0
    assert "Sleutel unused is gewist" in said
    lines = [line.split()[0] for line in ring.read_text().splitlines()]
    assert lines[:2] == ["#", "one"]
    assert len(lines) == 3
    assert ring.stat().st_mode == mode
    assert run("keys", "rotate-pseudonym")[0] == 0
    assert len(ring.read_text().splitlines()) == 4  # the key of a row just written stays too


def test_purging_now_deletes_what_was_kept_long_enough(instance: Instance, book: Logbook) -> None:
    """In a process of its own, because it sets up logging."""
    (instance.folder / "sources.toml").write_text(UNCONNECTED)
    for keep_days, left in ((365, 6), (31, 5)):
        instance.change("keep_days = ", f"keep_days = {keep_days} # ")
        done = subprocess.run(
            [sys.executable, "-m", "app.cli", "purge"], cwd=ROOT, timeout=PATIENCE_S, check=False
        )
        assert done.returncode == 0
        assert book.check().rows == left
    assert book.check().is_intact
    once = [("purge_asked", "", ""), ("log_checked", "audit_log", "")]
    assert words_of(book) == [*once, *once, ("log_purged", "1-4", "")]
