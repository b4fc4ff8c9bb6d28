"""`sessions end` with real settings and a real database, while pages are open (ASVS 5.0, 7.4.5)."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.bootstrap import Storage, open_storage
from app.cli.account import account_of_command
from app.cli.main import main
from app.persistence.audit_log import SqlAuditLog
from app.ports.audit import AuditEntry
from app.ports.sessions import StoredSession
from app.services.audit_check import check
from app.settings import load_settings
from claims.identity import Bsn
from tests.support.audit import reader
from tests.support.databases import migrated_sqlite
from tests.unit.settings.conftest import Instance

ANNA, BRAM = "999993549", "111111110"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def storage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Storage:
    """Two sessions of Anna, one of Bram, one of an employee, one of a counsellor and one of nobody."""
    instance = Instance(tmp_path)
    instance.on_sqlite()
    monkeypatch.setenv("BLAUWE_KNOP_SETTINGS", str(instance.file))
    migrated_sqlite(tmp_path / "bk.sqlite3")
    made, now = open_storage(load_settings()), datetime.now(UTC)
    for name, bsn in (("anna-1", ANNA), ("anna-2", ANNA), ("bram", BRAM)):
        content = f'{{"citizen": {{"bsn": "{bsn}"}}}}'.encode()
        made.sessions.create(name, StoredSession(content, name, now, now, person=bsn))
    made.sessions.create("nobody", StoredSession(b"{}", "nobody", now, now))
    employee = b'{"operator": {"subject": "mw-1", "name": "Samira"}}'
    made.operator_sessions.create("mw-1", StoredSession(employee, "mw-1", now, now, person="mw-1"))
    counsellor = b'{"counsellor": {"organisation": "stadsbank", "subject": "mw-1", "name": "Noor"}}'
    made.counsellor_sessions.create(
        "noor", StoredSession(counsellor, "noor", now, now, person="stadsbank\nmw-1")
    )
    return made


@pytest.fixture
def run(storage: Storage, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    def run(*arguments: str, typed: str = "") -> tuple[int, str, str]:
        assert storage
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        capsys.readouterr()
        return main(["sessions", "end", *arguments]), *capsys.readouterr()

    return run


def left(storage: Storage) -> list[str]:
    citizens = [
        name for name in ("anna-1", "anna-2", "bram", "nobody") if storage.sessions.load(name) is not None
    ]
    others = {"mw-1": storage.operator_sessions, "noor": storage.counsellor_sessions}
    return citizens + [name for name, store in others.items() if store.load(name) is not None]


def entries(storage: Storage) -> list[AuditEntry]:
    with SqlAuditLog(storage.database).view() as view:
        return [row.entry for row in view.rows() if row.entry is not None]


def words(storage: Storage) -> list[tuple[str, str]]:
    return [(str(entry.event), entry.detail) for entry in entries(storage)]


def test_the_sessions_of_one_citizen_end_and_no_others(storage: Storage, run: Run) -> None:
    code, out, err = run("--person", typed=f"{ANNA}\n")
    assert (code, out, err) == (0, "2 sessies zijn beëindigd.\n", "")
    assert left(storage) == ["bram", "nobody", "mw-1", "noor"]
    assert words(storage) == [
        ("sessions_ended", "citizen"),
        ("session_ended", "operator"),
        ("session_ended", "operator"),
    ]
    pseudonyms = load_settings().audit.pseudonyms()
    assert {entry.subject for entry in entries(storage)} == {pseudonyms.of_citizen(Bsn(ANNA)).value}
    assert entries(storage)[0].actor == pseudonyms.of_account(account_of_command()).value


def test_everybody_is_logged_out_on_both_sites(storage: Storage, run: Run) -> None:
    assert run("--all")[:2] == (0, "6 sessies zijn beëindigd.\n")
    assert left(storage) == []
    assert words(storage)[0] == ("sessions_ended", "all")
    assert sorted(words(storage)[1:]) == [
        ("counsellor_session_ended", "operator"),
        *[("session_ended", "operator")] * 3,
        ("staff_session_ended", "operator"),
    ]


def test_the_sessions_of_one_employee_end(storage: Storage, run: Run) -> None:
    assert run("--account", "mw-1")[:2] == (0, "1 sessie is beëindigd.\n")
    assert left(storage) == ["anna-1", "anna-2", "bram", "nobody", "noor"]


@pytest.mark.threat("T-24")
def test_what_is_no_bsn_ends_nothing_and_is_not_repeated(storage: Storage, run: Run) -> None:
    for typed in ("123456789\n", "999993549 of zo\n", ""):
        assert run("--person", typed=typed) == (1, "", "blauwe-knop: that is not a BSN\n")
    assert len(left(storage)) == 6


def test_a_bsn_cannot_be_an_argument_and_somebody_must_be_named(run: Run) -> None:
    for arguments in ((), ("--person", ANNA), ("--all", "--person")):
        with pytest.raises(SystemExit):
            run(*arguments)


def test_without_a_row_in_the_audit_log_nobody_is_logged_out(storage: Storage, run: Run) -> None:
    with storage.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE audit_log RENAME TO audit_log_away")
    code, out, err = run("--all")
    assert (code, "beëindigd" in out) == (1, False)
    assert "the database cannot be used now" in err
    assert len(left(storage)) == 6


def test_the_log_still_verifies(storage: Storage, run: Run) -> None:
    run("--all")
    with SqlAuditLog(storage.database).view() as view:
        found = check(view, reader(), datetime.now(UTC) + timedelta(seconds=1))
    assert (found.is_intact, found.rows) == (True, 6)
