"""A key that is lost for good, not only changed: docs/keys.md, "When a key is lost"."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.own_seal import KeySource, OwnSeal, proven_seal
from app.persistence.audit_pseudonyms import FilePseudonyms
from app.persistence.cipher import KeyRing, new_key_line
from app.persistence.collection_store import SqlCollectionStore
from app.persistence.engine import open_database
from app.persistence.share_store import SqlShareStore
from app.persistence.share_vault import ShareVault
from app.ports.audit import Pseudonym
from app.ports.clock import SystemClock
from app.ports.shares import NewShare, SharedFile
from app.ports.storage import StoredDataUnreadable
from app.services.issue import Issue
from app.services.share_code import new_code
from app.services.verify import Reason
from signing.errors import SigningError
from tests.integration.services.conftest import COLLECTION, OWNER, TownHall
from tests.integration.services.test_rotation import ISSUER, levels
from tests.support.audit import ANNA, make_logbook
from tests.support.databases import migrated_sqlite
from tests.support.key_folders import Ceremony
from tests.support.snapshots import full_outcomes

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SUBJECT = Pseudonym("p1", "a" * 64)


def seal_of(hall: TownHall, ceremony: Ceremony) -> OwnSeal:
    """As a process that starts with this folder of keys."""
    keys = ceremony.keys
    return OwnSeal(KeySource(lambda: proven_seal(keys.load(), ISSUER, hall.town.policy, levels), keys.stamp))


def test_without_the_sealing_key_nothing_is_sealed_and_what_was_stays_genuine(
    hall: TownHall, tmp_path: Path
) -> None:
    ceremony = Ceremony.at(tmp_path / "zegel", hall.town.authority)
    ceremony.make("lost")
    ceremony.keys.activate("lost")
    hall.gathered(full_outcomes())

    def issue_with(seal: OwnSeal) -> bytes:
        issue = Issue(hall.store, hall.register, seal.sealing, (SystemClock(), hall.book.audit))
        hall.issue = issue
        return hall.file("pdf")

    before = issue_with(seal_of(hall, ceremony))
    shutil.rmtree(tmp_path / "zegel" / "lost")
    with pytest.raises(SigningError):
        seal_of(hall, ceremony)
    assert hall.verify().verify(before).reason is Reason.GENUINE
    ceremony.make("new")
    ceremony.keys.activate("new")
    after = issue_with(seal_of(hall, ceremony))
    assert [hall.verify().verify(one).reason for one in (before, after)] == [Reason.GENUINE] * 2


def test_what_was_gathered_under_a_lost_storage_key_is_an_error_and_never_no_claims(hall: TownHall) -> None:
    """Only in theory: the session that it belongs to has ended with the same key."""
    hall.gathered(full_outcomes())
    lost = SqlCollectionStore(hall.book.database, KeyRing.parse(new_key_line("other")))
    with pytest.raises(StoredDataUnreadable):
        lost.load(COLLECTION, OWNER)


def share(store: SqlShareStore) -> str:
    code, files = new_code(), {"pdf": SharedFile("a.pdf", "application/pdf", b"%PDF")}
    until = NOW + timedelta(days=7)
    store.create(code, NewShare("s1", SUBJECT, "Mevrouw De Wit", "BK-2026-0000000000", NOW, until, 2, files))
    return code


def test_shares_open_without_the_storage_key_and_not_without_their_own_secret(tmp_path: Path) -> None:
    database = open_database(migrated_sqlite(tmp_path / "shares.sqlite3"))
    keys, secret = KeyRing.parse(new_key_line("one")), os.urandom(32)
    code = share(SqlShareStore(database, keys, ShareVault(secret)))
    other_keys = SqlShareStore(database, KeyRing.parse(new_key_line("two")), ShareVault(secret))
    assert other_keys.find(code, NOW) is not None
    assert [one.with_whom for one in other_keys.of_person([SUBJECT])] == [""], (
        "with whom is not known any more"
    )
    other_secret = SqlShareStore(database, keys, ShareVault(os.urandom(32)))
    assert other_secret.find(code, NOW) is None
    assert other_secret.end("s1", [SUBJECT], NOW) is not None, "the citizen still sees and ends it"
    database.close()


def test_without_the_pseudonym_keys_the_log_still_holds_and_goes_on(tmp_path: Path) -> None:
    database = open_database(migrated_sqlite(tmp_path / "log.sqlite3"))
    book = make_logbook(database, tmp_path)
    book.log_in(ANNA)
    book.keeper.seal_head(book.clock.now())
    book.ring_file.write_text(new_key_line("new"))
    book.log_in(ANNA)
    assert book.check().is_intact
    names = FilePseudonyms(book.ring_file).each_of_citizen(ANNA)
    assert [one.key_id for one in names] == ["new"], "nobody can tell any more whose the first row is"
    database.close()
