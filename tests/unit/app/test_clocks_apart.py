"""How far two clocks are apart, also when the answer of the other one waited; and the clock that all machines share."""

from datetime import datetime, timedelta

import pytest

from app.ports.clock import SharedClock, clocks_apart
from app.ports.storage import StorageUnavailable
from tests.support.clock import FrozenClock


@pytest.mark.parametrize(
    ("theirs_s", "waited_s", "apart_s"),
    [
        (0, 0, 0),
        (-90, 0, 90),
        (90, 0, -90),
        (
            0,
            400,
            0,
        ),  # asked, and answered after a standstill of four hundred seconds: nothing is known to be wrong
        (400, 400, 0),
        (-90, 400, 90),
        (500, 400, -100),
    ],
)
def test_only_what_is_certain_counts(theirs_s: float, waited_s: float, apart_s: float) -> None:
    clock = FrozenClock()
    begun = clock.now()

    def moment() -> datetime:
        clock.advance(waited_s)
        return begun + timedelta(seconds=theirs_s)

    assert clocks_apart(moment, clock) == timedelta(seconds=apart_s)


def test_without_another_clock_nothing_is_apart() -> None:
    assert clocks_apart(lambda: None, FrozenClock()) == timedelta(0)


@pytest.mark.parametrize("ahead_s", [-50, 0, 50])
def test_the_shared_clock_is_the_same_on_machines_that_are_ahead_or_behind(ahead_s: float) -> None:
    theirs, ours = FrozenClock(), FrozenClock()
    ours.advance(ahead_s)
    shared = SharedClock(theirs.now, ours)
    assert shared.now() == theirs.now()
    ours.advance(5)
    theirs.advance(5)
    assert shared.now() == theirs.now()


def test_without_another_clock_the_shared_one_is_our_own() -> None:
    assert SharedClock(lambda: None, FrozenClock()).now() == FrozenClock().now()


def test_the_other_clock_is_not_asked_at_every_look_but_again_after_a_while() -> None:
    asked: list[int] = []

    def moment() -> datetime:
        asked.append(1)
        return FrozenClock().now()

    seldom, always = (SharedClock(moment, FrozenClock(), seconds) for seconds in (600, 0))
    for _ in range(3):
        seldom.now()
    assert len(asked) == 1
    for _ in range(3):
        always.now()
    assert len(asked) == 4


def test_while_the_other_clock_cannot_be_asked_its_last_answer_holds() -> None:
    theirs, ours = FrozenClock(), FrozenClock()
    ours.advance(50)
    gone: list[bool] = []

    def moment() -> datetime:
        if gone:
            raise StorageUnavailable
        return theirs.now()

    shared = SharedClock(moment, ours, 0)
    assert shared.now() == theirs.now()
    gone.append(True)
    assert shared.now() == theirs.now()
    assert SharedClock(moment, ours).now() == ours.now()


@pytest.mark.parametrize("jump_s", [-3600, 3600])
def test_a_clock_that_was_put_right_is_compared_at_once(jump_s: float) -> None:
    theirs, ours = FrozenClock(), FrozenClock()
    ours.advance(jump_s)
    shared = SharedClock(theirs.now, ours, 600)
    assert shared.now() == theirs.now()
    ours.advance(-jump_s)
    assert shared.now() == theirs.now()
