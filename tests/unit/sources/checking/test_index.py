"""The index that goes with a web service: in doubt it hides nobody; wrong about the test person it must not decide."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.persistence.batch_store import SqlBatchStore
from app.persistence.cipher import KeyRing, new_key_line
from app.persistence.engine import open_database
from claims.identity import Bsn
from claims.outcome import SourceAnswer
from sources.checking.index import index_looks
from sources.checking.steps import Mark, Step, walk
from sources.config import SourceConfig
from sources.index_settings import IndexSettings
from sources.ports import Delivery, SourcePorts
from tests.support.checks import secrets_in, write_test_bsn
from tests.support.databases import migrated_sqlite
from tests.unit.sources.fakes import NOON, FrozenClock, a_claim, a_source, an_answer

ME, OTHER = "111111110", "999993549"


class Scene:
    def __init__(self, folder: Path, store: SqlBatchStore) -> None:
        self.folder = folder
        self.ports = SourcePorts(FrozenClock(), store)

    def deliver(self, *numbers: str, hours_old: int = 1, unplaced: int = 0) -> None:
        as_of = NOON - timedelta(hours=hours_old)
        delivery = Delivery("0" * 64, as_of, NOON + timedelta(days=9), unplaced)
        records = [(Bsn(number), b"x") for number in numbers]
        self.ports.batches.replace("podium#index", NOON, records, lambda: delivery)

    def look(self, answer: SourceAnswer | None = None, *, ask_everyone: bool = False) -> Step:
        config = SourceConfig(
            source_id="podium",
            organisation="Gemeente Podium",
            protocol="municipal_rest",
            url="https://podium.invalid",
            ca_file=self.folder / "root.pem",
            api_key_file=self.folder / "api-key",
            test_bsn_file=write_test_bsn(self.folder, ME),
            index=IndexSettings(ask_everyone=ask_everyone),
        )
        [step] = walk(index_looks(config, self.ports, lambda: answer))
        assert not secrets_in(repr(step), [ME, OTHER])
        return step


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    database = open_database(migrated_sqlite(tmp_path / "podium.sqlite3"))
    yield Scene(tmp_path, SqlBatchStore(database, KeyRing.parse(new_key_line("one"))))
    database.close()


WITH_CLAIMS = an_answer(a_source("podium"), a_claim("Z-1"))
WITHOUT = an_answer(a_source("podium"))


def test_a_fresh_index_that_lists_the_test_person_holds(scene: Scene) -> None:
    scene.deliver(ME, OTHER)
    found = scene.look(WITH_CLAIMS).found
    assert (found.mark, found.text) == (Mark.HOLDS, "2 personen, 1 uur oud")


def test_an_index_that_would_hide_claims_of_the_test_person_fails(scene: Scene) -> None:
    scene.deliver(OTHER)
    found = scene.look(WITH_CLAIMS).found
    assert found.mark is Mark.FAILS
    assert found.text == "de bron heeft vorderingen over de testpersoon, die niet in de index staat"


@pytest.mark.parametrize("answer", [WITHOUT, None])
def test_somebody_without_claims_need_not_be_listed(scene: Scene, answer: SourceAnswer | None) -> None:
    scene.deliver(OTHER)
    assert scene.look(answer).found.mark is Mark.HOLDS


def test_without_an_index_yet_everybody_is_asked(scene: Scene) -> None:
    found = scene.look(WITH_CLAIMS).found
    assert (found.mark, found.text) == (Mark.SKIPPED, "er is nog geen index: iedereen wordt gevraagd")


def test_doubts_are_told_and_fail_nothing(scene: Scene) -> None:
    scene.deliver(ME, hours_old=30, unplaced=2)
    found = scene.look(WITH_CLAIMS, ask_everyone=True).found
    assert found.mark is Mark.HOLDS
    assert found.text == (
        "1 persoon, 30 uur oud; let op: verouderd (max_age_hours = 24), dus iedereen wordt gevraagd; "
        "let op: van 2 regels is het bsn onbekend, dus iedereen wordt gevraagd; "
        "let op: ask_everyone staat aan, dus iedereen wordt gevraagd"
    )


def test_an_index_from_the_future_and_one_that_nobody_can_open_are_told_as_they_are(
    scene: Scene, tmp_path: Path
) -> None:
    scene.deliver(ME, hours_old=-2)
    assert scene.look(WITH_CLAIMS).found.text == (
        "1 persoon, 0 uur oud; let op: van een moment dat nog komt (een klok loopt verkeerd), dus iedereen wordt gevraagd"
    )
    database = open_database(f"sqlite:///{tmp_path / 'podium.sqlite3'}")
    scene.ports = SourcePorts(FrozenClock(), SqlBatchStore(database, KeyRing.parse(new_key_line("two"))))
    found = scene.look(WITH_CLAIMS).found
    database.close()
    assert (found.mark, found.text) == (
        Mark.SKIPPED,
        "de index is niet te openen, want zijn sleutel staat niet in de sleutelbos: iedereen wordt gevraagd",
    )
