import threading
from datetime import UTC, datetime, timedelta

import pytest

from app.persistence.document_register import SqlDocumentRegister
from app.persistence.engine import Database, open_database
from app.ports.register import RegisterEntry, RegisterState, RegisterUnavailable

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def entry(number: str, collection_id: str = "c1", minutes: int = 0) -> RegisterEntry:
    return RegisterEntry(number, "ab" * 32, "cd" * 32, NOW + timedelta(minutes=minutes), collection_id)


@pytest.fixture
def register(database: Database) -> SqlDocumentRegister:
    return SqlDocumentRegister(database)


def superseded_by(register: SqlDocumentRegister, number: str) -> str | None:
    state = register.find(number)
    assert state is not None
    return state.superseded_by


def test_a_document_is_found_as_it_was_added(register: SqlDocumentRegister) -> None:
    register.add(entry("BK-1"))
    assert register.find("BK-1") == RegisterState(entry("BK-1"))
    assert register.find("BK-2") is None


def test_adding_the_same_document_again_changes_nothing(register: SqlDocumentRegister) -> None:
    first = entry("BK-2026-0000000001")
    register.add(first)
    register.revoke(first.number, first.made_at, "issued in error")
    register.add(first)
    state = register.find(first.number)
    assert state is not None
    assert state.revoked_reason == "issued in error"
    assert state.superseded_by is None


def test_a_newer_document_supersedes_the_older_ones_of_its_collection_only(
    register: SqlDocumentRegister,
) -> None:
    for minutes, number in enumerate(["BK-1", "BK-2", "BK-3"]):
        register.add(entry(number, minutes=minutes))
    register.add(entry("BK-4", "c2"))
    assert [superseded_by(register, f"BK-{n}") for n in (1, 2, 3, 4)] == ["BK-3", "BK-3", None, None]


def test_of_two_documents_of_one_second_the_last_added_is_the_newest(register: SqlDocumentRegister) -> None:
    for number in ("BK-9", "BK-1", "BK-5"):
        register.add(entry(number))
    assert [superseded_by(register, f"BK-{n}") for n in (9, 1, 5)] == ["BK-5", "BK-5", None]


def test_an_older_document_that_arrives_late_does_not_supersede(register: SqlDocumentRegister) -> None:
    register.add(entry("BK-new", minutes=5))
    register.add(entry("BK-old"))
    assert superseded_by(register, "BK-new") is None
    assert superseded_by(register, "BK-old") == "BK-new"


def test_documents_added_at_once_leave_one_newest(register: SqlDocumentRegister) -> None:
    numbers = [f"BK-{n}" for n in range(6)]
    threads = [threading.Thread(target=register.add, args=(entry(n),)) for n in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [superseded_by(register, number) for number in numbers].count(None) == 1


def test_the_first_revocation_stays(register: SqlDocumentRegister) -> None:
    register.add(entry("BK-1"))
    assert register.revoke("BK-1", NOW, "fout bedrag")
    assert register.revoke("BK-1", NOW + timedelta(days=1), "iets anders")
    assert register.find("BK-1") == RegisterState(entry("BK-1"), None, NOW, "fout bedrag")
    assert not register.revoke("BK-unknown", NOW, "x")


@pytest.mark.parametrize("url", ["sqlite:////does/not/exist.db", "postgresql://x@127.0.0.1:1/x"])
def test_a_register_out_of_reach_says_so(url: str) -> None:
    database = open_database(url)
    register = SqlDocumentRegister(database)
    with pytest.raises(RegisterUnavailable):
        register.find("BK-1")
    with pytest.raises(RegisterUnavailable):
        register.add(entry("BK-1"))
    with pytest.raises(RegisterUnavailable):
        register.revoke("BK-1", NOW, "x")
    database.close()


def test_a_register_without_tables_says_so(empty_url: str) -> None:
    database = open_database(empty_url)
    with pytest.raises(RegisterUnavailable):
        SqlDocumentRegister(database).find("BK-1")
    database.close()


def test_the_register_has_a_clock_of_its_own_where_it_is_on_another_machine(database: Database) -> None:
    moment = SqlDocumentRegister(database).moment()
    if database.engine.dialect.name == "sqlite":
        assert moment is None
    else:
        assert moment is not None
        assert abs(moment - datetime.now(UTC)) < timedelta(minutes=10)
