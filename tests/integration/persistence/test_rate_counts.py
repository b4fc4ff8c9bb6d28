import threading
from datetime import UTC, datetime, timedelta

from app.persistence.engine import Database, open_database
from app.persistence.rate_counts import SqlRateCounter

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


def test_attempts_at_the_same_moment_are_all_counted(database: Database, url: str) -> None:
    """Each thread with connections of its own, as processes have."""
    found: list[int] = []

    def attempt() -> None:
        own = open_database(url)
        found.extend(SqlRateCounter(own).hit("k" * 64, LATER) for _ in range(5))
        own.close()

    threads = [threading.Thread(target=attempt) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == list(range(1, 21))


def test_a_window_that_ended_is_forgotten_and_the_others_stay(database: Database) -> None:
    counter = SqlRateCounter(database)
    counter.hit("old", NOW)
    counter.hit("new", LATER)
    assert counter.purge(NOW) == 1
    assert (counter.hit("old", LATER), counter.hit("new", LATER)) == (1, 2)
