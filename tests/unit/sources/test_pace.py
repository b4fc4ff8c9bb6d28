"""The slowest source is asked first: sources/pace.py."""

from __future__ import annotations

from collections.abc import Iterable

from sources.adapter import UnconnectedSource
from sources.errors import SourceUnavailable
from sources.gather import GatherTimes, gather
from sources.pace import Pace
from sources.workers import SourcePools
from tests.unit.sources.fakes import CITIZEN, FrozenClock, a_source, answering, failing

GENEROUS = GatherTimes(source_seconds=60, total_seconds=60)


def in_order(pace: Pace, names: Iterable[str]) -> list[str]:
    return pace.slowest_first(names, lambda name: name)


def paced(**seconds: float) -> Pace:
    pace = Pace()
    for name, number in seconds.items():
        pace.note(name, number)
    return pace


def test_the_slowest_comes_first_and_equals_keep_their_order() -> None:
    assert in_order(paced(a=0.1, b=2, c=0.1, d=1), "abcd") == ["b", "d", "a", "c"]


def test_who_was_never_asked_comes_before_all() -> None:
    assert in_order(paced(a=9), "abc") == ["b", "c", "a"]


def test_one_odd_moment_does_not_make_a_fast_source_slow_and_the_past_is_forgotten() -> None:
    pace = paced(fast=0.1, slow=1)
    pace.note("fast", 2)
    assert in_order(pace, ["fast", "slow"]) == ["slow", "fast"]
    for _ in range(10):
        pace.note("fast", 2)
    assert in_order(pace, ["slow", "fast"]) == ["fast", "slow"]


def test_gathering_begins_in_that_order_and_leaves_nobody_out() -> None:
    """Sources that are not connected have their outcome at once, so the outcomes come in the order of beginning."""
    names = [f"bron-{number:02}" for number in range(12)]
    pools = SourcePools()
    for number, name in enumerate(names):
        pools.pace.note(name, 0.1 * number)
    sources = [UnconnectedSource(a_source(name)) for name in names]
    outcomes = gather(sources, CITIZEN, GENEROUS, FrozenClock(), pools)
    assert [outcome.source.source_id for outcome in outcomes] == names[::-1]


def test_gathering_notes_how_long_everybody_took() -> None:
    pools = SourcePools()
    sources = [answering("answers"), failing("fails", SourceUnavailable("no connection"))]
    assert len(list(gather(sources, CITIZEN, GENEROUS, FrozenClock(), pools))) == 2
    assert in_order(pools.pace, ["answers", "fails", "never-asked"])[0] == "never-asked"
