"""How far two clocks are apart, also when the answer of the other one waited."""

from datetime import datetime, timedelta

import pytest

from app.ports.clock import clocks_apart
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
