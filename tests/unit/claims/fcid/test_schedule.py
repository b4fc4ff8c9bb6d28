"""What is still to be paid on an obligation, looked up, is what the plain definition gives when it searches everything."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from claims.events import Event, PaymentObligationImposed, PaymentObligationWithdrawn, PaymentProcessed
from claims.fcid.ledger import Ledger
from claims.fcid.schedule import Schedule
from claims.money import ZERO, Money

START = datetime(2026, 1, 1, tzinfo=UTC)
REFERENCES = (None, "a", "a", "b", "c", "d", "e")


def plain_rest(schedule: Schedule, obligation: PaymentObligationImposed) -> Money | None:
    others = [other for other in schedule.obligations if other is not obligation]
    doubtful = {None, obligation.reference}
    alone = not others if obligation.reference is None else not doubtful & {o.reference for o in others}
    if obligation.amount is None or not schedule.is_plain or not alone:
        return None
    paid = after(schedule.payments, obligation)
    references = {other.reference for other in schedule.obligations} - {None}
    if any(payment.amount is None or payment.reference not in references for payment in paid):
        return None
    rest = obligation.amount - total(p for p in paid if p.reference == obligation.reference)
    return rest if rest.cents > 0 else None


def plain_is_covered(schedule: Schedule, obligation: PaymentObligationImposed) -> bool:
    same = [other for other in schedule.obligations if other.reference == obligation.reference]
    needed = same[: same.index(obligation) + 1]
    if obligation.reference is None or any(one.amount is None for one in needed):
        return False
    first = min(same, key=lambda one: one.registered_at or datetime.min.replace(tzinfo=UTC))
    paid = [p for p in after(schedule.payments, first) if p.reference == obligation.reference]
    return total(paid) >= total(needed)


def after(payments: object, obligation: PaymentObligationImposed) -> list[PaymentProcessed]:
    assert isinstance(payments, tuple)
    start = obligation.registered_at
    return [p for p in payments if start is None or p.registered_at is None or p.registered_at >= start]


def total(events: object) -> Money:
    return sum((event.amount for event in events if event.amount is not None), ZERO)  # type: ignore[attr-defined]


def some_events(random: Random) -> list[Event]:
    def moment() -> datetime | None:
        return random.choice((None, *(START + timedelta(days=day) for day in range(4))))

    def amount() -> Money | None:
        return random.choice((None, Money(0), Money(10), Money(10), Money(10), Money(20), Money(35)))

    imposed = [
        PaymentObligationImposed(
            key=f"b{random.randrange(6)}", registered_at=moment(), amount=amount(), reference=random.choice(REFERENCES)
        )
        for _ in range(random.randrange(5))
    ]  # fmt: skip
    paid = [
        PaymentProcessed(
            key="p", registered_at=moment(), amount=amount(), reference=random.choice(REFERENCES)
        )
        for _ in range(random.randrange(5))
    ]
    withdrawn = [PaymentObligationWithdrawn(key="w", registered_at=moment(), withdrawn_key="b1")]
    return [*imposed, *paid, *(withdrawn if random.random() < 0.2 else ())]


@pytest.mark.parametrize("seed", range(4))
def test_what_is_looked_up_is_what_searching_everything_gives(seed: int) -> None:
    random, told = Random(seed), 0
    for _ in range(1500):
        schedule = Schedule.of(some_events(random), START + timedelta(days=2))
        ledger = Ledger(schedule.obligations, schedule.payments)
        for obligation in schedule.obligations:
            rest = schedule.rest(obligation)
            assert rest == plain_rest(schedule, obligation)
            assert ledger.is_covered(obligation) is plain_is_covered(schedule, obligation)
            told += (rest is not None) + ledger.is_covered(obligation)
    assert told > 300
