"""Another storage key: nobody is logged out, no open form is lost, and the old key can go."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask_wtf.csrf import generate_csrf
from sqlalchemy import text

from app.cli.main import main
from app.persistence import key_uses, tables
from app.persistence.cipher import KeyRing, Place, new_key_line
from app.persistence.engine import Database, open_database
from app.persistence.key_ring_file import DerivedKeys, FileKeyRing
from app.persistence.key_uses import uses_of
from app.persistence.session_store import SqlSessionStore
from app.ports.sessions import StoredSession
from tests.support.audit import deeds_in
from tests.support.databases import migrated_sqlite
from tests.support.site import Site, make_site
from tests.unit.settings.conftest import Instance

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PLACE = Place("sessions", "row", "owner")


class Installation:
    """A settings file for the commands, with its ring of keys and its database."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        instance = Instance(folder)
        instance.change(
            "postgresql://blauwe_knop@127.0.0.1/blauwe_knop", f"sqlite:///{folder / 'bk.sqlite3'}"
        )
        instance.change('password_file = "secrets/database-password"\n', "")
        monkeypatch.setenv("BLAUWE_KNOP_SETTINGS", str(instance.file))
        self.ring = folder / "secrets" / "storage-keys"
        self.ring.write_text(f"# bewaren\n{new_key_line('one')}")
        self.url = migrated_sqlite(folder / "bk.sqlite3")

    @property
    def ids(self) -> list[str]:
        return [line.split()[0] for line in self.ring.read_text().splitlines() if not line.startswith("#")]


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    return Installation(tmp_path, monkeypatch)


def prepare(capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["keys", "prepare-storage"]) == 0
    found = re.search(r"rotate-storage (\S+)", capsys.readouterr().out)
    assert found
    return found[1]


def test_a_prepared_key_opens_and_does_not_close_until_it_is_rotated_in(
    made: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    name = prepare(capsys)
    assert made.ids == [name, "one"]
    assert made.ring.read_text().startswith("# bewaren\n")
    assert made.ring.stat().st_mode & 0o777 == 0o600
    assert main(["keys", "rotate-storage", name]) == 0
    assert made.ids == ["one", name]
    assert prepare(capsys) == f"{name}-2"
    deeds = ((name, "prepare-storage"), (name, "rotate-storage"), (f"{name}-2", "prepare-storage"))
    assert deeds_in(made.url) == [("key_changed", *deed, "ok") for deed in deeds]


def test_without_a_row_in_the_audit_log_the_file_stays_as_it_is(made: Installation) -> None:
    before = made.ring.read_text()
    with database_of(made).write() as connection:
        connection.execute(text("ALTER TABLE audit_log RENAME TO audit_log_away"))
    assert main(["keys", "prepare-storage"]) == 1
    assert made.ring.read_text() == before


def test_sessions_of_every_process_go_on_through_all_three_steps(
    made: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two programs that are never restarted, on one database and one file."""
    stores = [SqlSessionStore(open_database(made.url), FileKeyRing(made.ring)) for _ in range(2)]
    stores[0].create("before", StoredSession(b"{}", "a", NOW, NOW))
    name = prepare(capsys)
    main(["keys", "rotate-storage", name])
    stores[0].create("after", StoredSession(b"{}", "b", NOW, NOW))
    for store in stores:
        assert store.load("before") is not None
        assert store.load("after") is not None
    assert main(["keys", "forget-storage", "one"]) == 1
    assert "still needed (sessions 1)" in capsys.readouterr().err
    assert stores[1].update("before", lambda payload: payload, NOW)
    assert main(["keys", "forget-storage", "one"]) == 1, "its row holds names that were made with that key"
    stores[1].delete("before")
    assert main(["keys", "forget-storage", "one"]) == 0
    assert made.ids == [name]
    assert all(store.load("after") is not None for store in stores)


def test_a_program_that_sees_the_file_late_can_read_what_others_wrote(
    made: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    """As on a cluster: between the steps every program had the time to see the file."""
    name = prepare(capsys)
    late = KeyRing.parse(made.ring.read_text())
    main(["keys", "rotate-storage", name])
    assert late.decrypt(FileKeyRing(made.ring).encrypt(b"x", PLACE), PLACE) == b"x"


@pytest.mark.parametrize("action", ["rotate-storage", "forget-storage"])
def test_a_key_that_is_not_there_is_told(
    made: Installation, capsys: pytest.CaptureFixture[str], action: str
) -> None:
    assert main(["keys", action, "two"]) == 1
    assert "there is no storage key two; there are: one" in capsys.readouterr().err
    assert made.ids == ["one"]


def test_the_key_that_encrypts_cannot_be_forgotten(
    made: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["keys", "forget-storage", "one"]) == 1
    assert "encrypts now" in capsys.readouterr().err


def test_a_file_that_breaks_changes_nothing_for_a_program_that_runs(made: Installation) -> None:
    ring = FileKeyRing(made.ring)
    sealed = ring.encrypt(b"x", PLACE)
    made.ring.write_text("geen sleutel\n")
    assert ring.decrypt(sealed, PLACE) == b"x"
    os.remove(made.ring)
    assert ring.decrypt(sealed, PLACE) == b"x"
    assert ring.newest_id == "one"
    assert "one" in repr(ring)


def test_every_encrypted_column_is_looked_at(made: Installation) -> None:
    """A column of ciphertext that is forgotten there would lose its rows with the key."""
    plain = {
        "audit_heads.token",
        "clients.logo",
        "seal_material.content",
        "scheme_lists.token",
        "batch_records.payload",
        "shares.content",
        "desk_results.content",
        "paper_facts.content",
        "shares.known_as",
    }  # public, or under the key of a delivery, a code, a cookie or an organisation
    binary = {
        str(column)
        for table in tables.metadata.tables.values()
        for column in table.columns
        if column.type.__class__.__name__ == "LargeBinary"
    }
    assert binary - plain == {str(column) for column in key_uses._ENCRYPTED}


def database_of(made: Installation) -> Database:
    return open_database(made.url)


def test_uses_are_counted_per_table_and_per_key(made: Installation) -> None:
    store = SqlSessionStore(database_of(made), FileKeyRing(made.ring))
    store.create("id", StoredSession(b"{}", "a", NOW, NOW))
    assert uses_of(database_of(made), "one") == {"sessions": 1}
    assert uses_of(database_of(made), "on") == uses_of(database_of(made), "one2") == {}
    with database_of(made).write() as connection:
        connection.execute(text("DELETE FROM sessions"))
    assert uses_of(database_of(made), "one") == {}


def test_a_form_that_was_open_during_the_change_still_works(made: Installation, tmp_path: Path) -> None:
    ring = FileKeyRing(made.ring)
    site: Site = make_site(tmp_path / "..", csrf_secret=DerivedKeys(ring, "csrf"))
    site.app.add_url_rule("/form", "form", lambda: str(generate_csrf()), methods=["GET", "POST"])
    client = site.app.test_client()
    token = client.get("/form", base_url=site.base_url).text
    made.ring.write_text(made.ring.read_text() + new_key_line("two"))
    headers = {"Referer": f"{site.base_url}/form"}
    for found in (token, client.get("/form", base_url=site.base_url).text):
        answer = client.post("/form", data={"csrf_token": found}, base_url=site.base_url, headers=headers)
        assert answer.status_code == 200
    made.ring.write_text(made.ring.read_text().splitlines()[-1] + "\n")
    answer = client.post("/form", data={"csrf_token": token}, base_url=site.base_url, headers=headers)
    assert answer.status_code == 400
    site.database.close()
