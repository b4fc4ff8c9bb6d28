"""Sources that behave in one simple way."""

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Event

from claims.financial_claim import Amounts, FinancialClaim
from claims.identity import Bsn
from claims.money import Money
from claims.organisation import Organisation
from claims.outcome import Basis, BasisKind, Source, SourceAnswer
from sources.deadline import Deadline
from tests.support.waiting import PATIENCE_S

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
CITIZEN = Bsn("999993549")
OTHER_CITIZEN = Bsn("111111110")


class FrozenClock:
    def now(self) -> datetime:
        return NOON


def a_source(name: str) -> Source:
    return Source(name, Organisation(f"Gemeente {name}"))


def a_claim(reference: str, cents: int | None = 100) -> FinancialClaim:
    balance = None if cents is None else Money(cents)
    return FinancialClaim(
        reference=reference, creditor=Organisation("Gemeente"), amounts=Amounts(balance=balance)
    )


def an_answer(source: Source, *claims: FinancialClaim) -> SourceAnswer:
    return SourceAnswer(
        source=source, answered_at=NOON, basis=Basis(BasisKind.LIVE, NOON), claims=tuple(claims)
    )


class FunctionSource:
    """Answers with whatever `respond` returns or raises."""

    connected = True

    def __init__(self, name: str, respond: Callable[[Source, Bsn, Deadline], SourceAnswer]) -> None:
        self.source = a_source(name)
        self._respond = respond

    def ask(self, bsn: Bsn, deadline: Deadline) -> SourceAnswer:
        return self._respond(self.source, bsn, deadline)


def answering(name: str, *claims: FinancialClaim) -> FunctionSource:
    return FunctionSource(name, lambda source, _bsn, _deadline: an_answer(source, *claims))


def failing(name: str, error: BaseException) -> FunctionSource:
    def fail(_source: Source, _bsn: Bsn, _deadline: Deadline) -> SourceAnswer:
        raise error

    return FunctionSource(name, fail)


def waiting_for(name: str, event: Event) -> FunctionSource:
    """Ignores its deadline, as a broken adapter would."""

    def wait(source: Source, _bsn: Bsn, _deadline: Deadline) -> SourceAnswer:
        event.wait(PATIENCE_S)
        return an_answer(source, a_claim(f"late-{name}"))

    return FunctionSource(name, wait)
