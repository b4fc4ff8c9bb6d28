"""What somebody can do now about one claim: call, pay, ask to pay in parts, object. Only with what the source states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.documents import formatting
from app.documents.payments import is_waiting, to_pay
from app.language import gettext as _
from app.language.stated import Stated
from app.web.facts import Fact, known
from claims.financial_claim import ClaimStatus, FinancialClaim
from claims.money import Money
from claims.organisation import ContactOption
from claims.overview import is_settled
from claims.partial_date import PartialDate

_MAY_ASK_FOR_PARTS = frozenset(
    {
        ClaimStatus.OPEN,
        ClaimStatus.OVERDUE,
        ClaimStatus.ARRANGEMENT_BROKEN,
        ClaimStatus.TRANSFERRED,
        ClaimStatus.UNKNOWN,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactBlock:
    """Whom to call about this claim, and about what."""

    name: str
    options: tuple[ContactOption, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to do. `call`: by this telephone; `payment`: what to copy into one's bank."""

    what: str
    more: str = ""
    call: ContactBlock | None = None
    payment: tuple[Fact, ...] = ()


def next_steps(claim: FinancialClaim, call: ContactBlock | None, today: date) -> tuple[Step, ...]:
    """In the order in which it helps; nothing to pay where nothing is to be paid: that would invite a needless payment."""
    return tuple(_settled(claim, call) if is_settled(claim) else _steps(claim, call, today))


def _settled(claim: FinancialClaim, call: ContactBlock | None) -> Iterator[Step]:
    if claim.is_overpaid:
        yield Step(what=_("Vraag wanneer u het geld krijgt."), call=call)


def _steps(claim: FinancialClaim, call: ContactBlock | None, today: date) -> Iterator[Step]:
    is_urgent = bool(claim.urgencies or claim.collector)
    if is_urgent and call is not None:
        yield Step(what=_("Bel vandaag."), more=_("Ook als u niet kunt betalen."), call=call)
    if claim.payment is not None:
        yield _pay(claim, today)
    if claim.status in _MAY_ASK_FOR_PARTS:
        more = _("Vraag of u in delen mag betalen.")
        yield Step(what=_("Lukt betalen niet?"), more=more, call=None if is_urgent else call)
    if claim.objection_until_on is not None:
        yield _object(claim, claim.objection_until_on, today)
    if claim.status not in _MAY_ASK_FOR_PARTS and not is_urgent and call is not None:
        yield Step(what=_("Vragen?"), call=call)


def _pay(claim: FinancialClaim, today: date) -> Step:
    amount, on = to_pay(claim)
    if is_waiting(claim):
        return Step(what=_("Wilt u toch betalen?"), payment=tuple(_payment(claim, amount)))
    more = _("Vraag eerst hoeveel u moet betalen.") if amount is None else ""
    on = None if on is None or on.latest < today else on
    return Step(what=_pay_sentence(amount, on), more=more, payment=tuple(_payment(claim, amount)))


def _pay_sentence(amount: Money | None, on: PartialDate | None) -> str:
    asked, day = formatting.money(amount), formatting.day(on)
    if amount is None:
        return _("Betaal.") if on is None else _("Betaal voor %(day)s.", day=day)
    return (
        _("Betaal %(amount)s.", amount=asked)
        if on is None
        else _("Betaal %(amount)s voor %(day)s.", amount=asked, day=day)
    )


def _payment(claim: FinancialClaim, amount: Money | None) -> Iterator[Fact]:
    if claim.payment is None:
        return
    yield Fact(_("Bedrag"), formatting.money(amount), is_code=amount is not None)
    yield Fact(_("Rekeningnummer"), grouped_iban(claim.payment.iban), is_code=True)
    yield from known(_("Op naam van"), claim.payment.account_name, str, is_code=True)
    yield Fact(_("Betaalkenmerk"), claim.payment.reference or _(formatting.UNKNOWN), is_code=True)


def grouped_iban(iban: str | None) -> str:
    """In groups of four, as on a bank card; unchanged otherwise."""
    if iban is None:
        return _(formatting.UNKNOWN)
    bare = iban.replace(" ", "")
    return " ".join(bare[at : at + 4] for at in range(0, len(bare), 4))


def _object(claim: FinancialClaim, until: PartialDate, today: date) -> Step:
    if until.latest < today:
        return Step(
            what=_("Bezwaar maken kon tot %(day)s.", day=formatting.day(until)),
            more=_("Klopt er iets niet? Bel dan."),
        )
    creditor = Stated(formatting.organisation(claim.creditor))
    return Step(
        what=_("Bent u het er niet mee eens?"),
        more=_(
            "U kunt bezwaar maken bij %(organisation)s, tot %(day)s.",
            organisation=creditor,
            day=formatting.day(until),
        ),
    )
