"""Two hundred sources at once, over real TLS: one outcome each, in time, and nothing is left behind."""

import os
import threading
import time
from collections import Counter
from collections.abc import Callable

import pytest

from claims.identity import Bsn
from claims.outcome import FailureCause, SourceAnswer, SourceFailure, SourceOutcome
from simulators.organisations import Behaviour
from sources.adapter import SourceAdapter
from sources.gather import GatherTimes, gather
from sources.ports import SystemClock
from sources.registry import build_sources
from sources.workers import SourcePools
from tests.integration.sources.support import PATIENT, PORTS, SHORT, Town
from tests.support.waiting import wait_until

ANSWERING, HANGING, CLOSED = 150, 30, 20
GOOD, STUCK, DEBTOR = "zonnedael-parkeren", "zonnedael-belastingen", "111111110"


@pytest.fixture
def crowd(town: Town) -> tuple[SourceAdapter, ...]:
    """`a` sources answer, `h` sources send a byte now and then for minutes, at `c` sources nobody listens."""
    town.simulation.switch(STUCK, Behaviour.DRIP)
    good, stuck = town.config(GOOD, PATIENT), town.config(STUCK, SHORT)
    nobody = good.model_copy(update={"url": "https://127.0.0.1:1"})
    kinds = {"a": (good, ANSWERING), "h": (stuck, HANGING), "c": (nobody, CLOSED)}
    return build_sources(
        (
            config.model_copy(update={"source_id": f"{letter}{number}", "circuit_failures": 1000})
            for letter, (config, count) in kinds.items()
            for number in range(count)
        ),
        PORTS,
    )


def how(outcome: SourceOutcome) -> tuple[str, str]:
    ended = outcome.cause.value if isinstance(outcome, SourceFailure) else outcome.kind.value
    return outcome.source.source_id[0], ended


def test_every_one_of_two_hundred_sources_ends_and_nothing_is_left_behind(
    crowd: tuple[SourceAdapter, ...],
) -> None:
    pools, times = SourcePools(), GatherTimes(source_seconds=60, total_seconds=90)
    before = asking_threads()
    left: list[tuple[int, int]] = []
    for _ in range(3):
        outcomes = list(gather(crowd, Bsn(DEBTOR), times, SystemClock(), pools))
        assert Counter(map(how, outcomes)) == {
            ("a", "claims"): ANSWERING,
            ("h", FailureCause.TOO_SLOW.value): HANGING,
            ("c", FailureCause.UNREACHABLE.value): CLOSED,
        }
        assert len({outcome.source.source_id for outcome in outcomes}) == 200
        assert all(len(outcome.claims) == 1 for outcome in outcomes if isinstance(outcome, SourceAnswer))
        left.append((asking_threads(), settled(open_files)))
    threads = {count - before for count, _ in left}
    assert threads == {200}  # one waits per source, for the next citizen
    assert left[2][1] <= left[0][1]


def test_the_hard_end_holds_for_two_hundred_sources_of_which_some_hang(
    crowd: tuple[SourceAdapter, ...],
) -> None:
    begun = time.monotonic()
    outcomes = list(gather(crowd, Bsn(DEBTOR), GatherTimes(60, 2), SystemClock(), SourcePools()))
    assert time.monotonic() - begun < 60  # 2 s and much room; the hanging ones would take minutes
    assert len({outcome.source.source_id for outcome in outcomes}) == len(outcomes) == 200
    assert {how(outcome)[1] for outcome in outcomes if how(outcome)[0] == "h"} == {"too_slow"}


def asking_threads() -> int:
    return sum(1 for thread in threading.enumerate() if thread.name.startswith("source-"))


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


def settled(count: Callable[[], int]) -> int:
    """Once it no longer changes: the simulated organisations live in this process and hang up a little later."""
    seen = [-1]

    def is_settled() -> bool:
        seen.append(count())
        return seen[-1] == seen[-10:][0] and len(seen) > 10

    wait_until(is_settled, "it never settles")
    return seen[-1]
