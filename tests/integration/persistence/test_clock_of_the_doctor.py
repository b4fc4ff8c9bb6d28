"""`blauwe-knop doctor` compares our clock with that of the database, by the limits of jobs and of sealing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.bootstrap_doctor import clock_of
from app.persistence.engine import Database
from sources.checking.steps import Mark
from tests.support.clock import FrozenClock


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, []),
        (3, ["voor op die van de database", "geen taak"]),
        (-3, ["achter op die van de database", "geen taak"]),
        (120, ["voor op die van de database", "geen taak", "geen zegel"]),
        (-120, ["achter op die van de database", "geen taak", "geen zegel"]),
    ],
)
def test_the_doctor_says_how_far_our_clock_is_from_that_of_the_database_and_what_stops(
    database: Database, minutes: int, words: list[str]
) -> None:
    found = clock_of(database, FrozenClock(datetime.now(UTC) + timedelta(minutes=minutes)))
    has_clock_of_its_own = database.engine.dialect.name == "postgresql"
    assert (found.mark is Mark.FAILS) == (has_clock_of_its_own and bool(words))
    if has_clock_of_its_own:
        assert all(word in found.text for word in words), found.text
        assert ("geen zegel" in found.text) == ("geen zegel" in words)
