"""What was decoded a moment ago is found by its own encrypted row and place only, and does not stay."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from app.persistence.cipher import Place
from app.persistence.outcome_cache import OutcomeCache
from claims.outcome import SourceAnswer
from tests.support import snapshots

MINE = Place("collection_sources.outcome", "c1/belastingen/1", "me")
ROW = b"encrypted"
SAID = snapshots.answer(snapshots.TAXES, "belastingen", snapshots.tax_claim())


class Watch:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_the_same_row_at_the_same_place_is_decoded_once() -> None:
    cache = OutcomeCache()
    cache.keep(ROW, MINE, SAID)
    assert cache.find(ROW, MINE) is SAID


def test_another_owner_run_source_or_row_finds_nothing() -> None:
    cache = OutcomeCache()
    cache.keep(ROW, MINE, SAID)
    others = [
        replace(MINE, owner="you"),
        replace(MINE, row="c1/belastingen/2"),
        replace(MINE, row="c1/boetes/1"),
        replace(MINE, row="c2/belastingen/1"),
        replace(MINE, table="collection_sources.earlier"),
    ]
    assert [cache.find(ROW, place) for place in others] == [None] * len(others)
    assert cache.find(b"newer", MINE) is None


def test_whoever_leaves_is_forgotten_and_nobody_else() -> None:
    cache = OutcomeCache()
    yours = replace(MINE, owner="you")
    cache.keep(ROW, MINE, SAID)
    cache.keep(ROW, yours, SAID)
    cache.forget("me")
    assert cache.find(ROW, MINE) is None
    assert cache.find(ROW, yours) is SAID
    assert len(cache) == 1


def test_what_nobody_looks_at_goes_also_when_nobody_comes_any_more() -> None:
    watch = Watch()
    cache = OutcomeCache(keep_seconds=60, now=watch)
    other = replace(MINE, owner="you")
    cache.keep(ROW, MINE, SAID)
    cache.keep(ROW, other, SAID)
    watch.seconds = 59
    assert cache.find(ROW, MINE) is SAID
    watch.seconds = 61
    cache.sweep()  # what the timer does
    assert len(cache) == 1
    assert cache.find(ROW, other) is None
    watch.seconds = 180
    cache.sweep()
    assert len(cache) == 0


def test_it_never_holds_more_than_it_may_and_the_longest_unseen_goes_first() -> None:
    cache = OutcomeCache(largest_bytes=3 * 2048)
    rows = {n: (bytes([n]) * 1000, replace(MINE, row=str(n))) for n in range(4)}
    for n in range(3):
        cache.keep(*rows[n], SAID)
    assert cache.find(*rows[0]) is SAID
    cache.keep(*rows[3], SAID)
    assert [cache.find(*rows[n]) is not None for n in range(4)] == [True, False, True, True]
    cache.keep(b"x" * 10_000, MINE, SAID)
    assert cache.find(b"x" * 10_000, MINE) is None


def test_kept_twice_counts_once() -> None:
    cache = OutcomeCache(largest_bytes=2 * 2048)
    for _ in range(50):
        cache.keep(ROW, MINE, SAID)
    cache.keep(b"other", MINE, SAID)
    assert len(cache) == 2


def test_many_threads_at_once_only_ever_get_their_own() -> None:
    cache = OutcomeCache(largest_bytes=20 * 2048)

    def look(number: int) -> bool:
        place = replace(MINE, owner=f"owner {number % 40}")
        mine = replace(SAID, stated_name=place.owner)
        found = cache.find(ROW, place)
        cache.keep(ROW, place, mine)
        if number % 7 == 0:
            cache.forget(place.owner)
        return found is None or (isinstance(found, SourceAnswer) and found.stated_name == place.owner)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(look, range(4000)))
