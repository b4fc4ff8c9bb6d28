"""Believable claims for the tests of pages: each kind of card that a citizen can meet."""

from __future__ import annotations

from datetime import UTC, datetime

from claims.events import (
    CaseTransferred,
    Notice,
    ObligationCorrected,
    ObligationImposed,
    PaymentObligationImposed,
    PaymentProcessed,
    UnrecognisedEvent,
)
from claims.financial_claim import (
    Amounts,
    Arrears,
    ClaimStatus,
    Collector,
    FinancialClaim,
    PaymentPlan,
    Urgency,
    UrgencyKind,
)
from claims.money import ZERO, Money
from claims.organisation import ContactKind, ContactOption, Organisation, PaymentDetails
from claims.outcome import Basis, BasisKind, Source, SourceAnswer
from claims.partial_date import PartialDate

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TAXES = Organisation("Gemeente Voorbeeldstad", department="Belastingen")
PARKING = Organisation("Gemeente Voorbeeldstad", department="Parkeren")
INCOME = Organisation("Gemeente Voorbeeldstad", department="Werk en Inkomen")
BANK = Organisation("Kredietbank Voorbeeldland")
WATER = Organisation("Waterschap Voorbeeld")
PHONE = ContactOption(ContactKind.PHONE, "14 0123", "werkdagen van 9.00 tot 17.00 uur")
MAIL = ContactOption(ContactKind.EMAIL, "hulp@voorbeeldstad.example")


def day(text: str) -> PartialDate:
    return PartialDate.parse(text)


def euro(cents: int) -> Money:
    return Money(cents)


def source(source_id: str, organisation: Organisation) -> Source:
    return Source(source_id, organisation, (PHONE,))


def answer(
    source_id: str, organisation: Organisation, *claims: FinancialClaim, **more: object
) -> SourceAnswer:
    """A full, live answer; `more` replaces fields."""
    fields: dict[str, object] = {
        "source": source(source_id, organisation),
        "answered_at": NOW,
        "basis": Basis(BasisKind.LIVE, NOW),
        "claims": claims,
    }
    return SourceAnswer(**(fields | more))  # type: ignore[arg-type]


def property_tax() -> FinancialClaim:
    return FinancialClaim(
        reference="BEL-2026-0012345",
        creditor=TAXES,
        title="Onroerendezaakbelasting en afvalstoffenheffing 2026",
        amounts=Amounts(
            opening=euro(64_250),
            costs=euro(1_700),
            interest=ZERO,
            paid=euro(20_000),
            balance=euro(45_950),
            as_of=NOW,
        ),
        status=ClaimStatus.OVERDUE,
        arrears=Arrears(amount=euro(45_950)),
        due_on=day("2026-10-31"),
        legal_ground="artikel 220 van de Gemeentewet",
        decision_numbers=("2026.00.118.22",),
        payment=PaymentDetails("NL91ABNA0417164300", "Gemeente Voorbeeldstad", "5000 0012 3456 7890"),
        contact=(PHONE, MAIL),
        events=(
            ObligationImposed(
                key="1", amount=euro(64_250), imposed_at=day("2026-02-28"), decision_number="2026.00.118.22"
            ),
            PaymentObligationImposed(
                key="2",
                amount=euro(64_250),
                due=day("2026-05-31"),
                notice=Notice.FIRST_NOTICE,
                imposed_at=day("2026-02-28"),
            ),
            PaymentProcessed(key="3", amount=euro(20_000), received_at=day("2026-06-03")),
            PaymentObligationImposed(
                key="4",
                amount=euro(45_950),
                due=day("2026-10-31"),
                notice=Notice.FORMAL_DEMAND,
                imposed_at=day("2026-10-10"),
            ),
            UnrecognisedEvent(
                key="5", type_name="UitstelGevraagd", content='{"datum":"2026-10-20"}', registered_at=NOW
            ),
        ),
    )


def parking_fine() -> FinancialClaim:
    return FinancialClaim(
        reference="PRK-88120",
        creditor=PARKING,
        title="Naheffing parkeren, Marktplein",
        amounts=Amounts(
            opening=euro(7_640),
            costs=euro(6_980),
            interest=euro(112),
            paid=ZERO,
            balance=euro(14_732),
            as_of=NOW,
        ),
        status=ClaimStatus.TRANSFERRED,
        arrears=Arrears(amount=euro(14_732)),
        due_on=day("2026-08-15"),
        collector=Collector(
            name="Deurwaarderskantoor Jansen en De Boer",
            reference="2026/55120",
            handed_over_on=day("2026-09-01"),
            contact=(ContactOption(ContactKind.PHONE, "010 123 45 67", "werkdagen van 8.30 tot 17.00 uur"),),
        ),
        urgencies=(
            Urgency(kind=UrgencyKind.SEIZURE, on=day("2026-12-03"), description="Beslag op uw loon."),
        ),
        payment=PaymentDetails("NL20INGB0001234567", "Jansen en De Boer", "55120"),
        contact=(PHONE,),
        events=(
            CaseTransferred(key="1", transferred_to="Jansen en De Boer", transferred_at=day("2026-09-01")),
        ),
    )


def benefit_recovery() -> FinancialClaim:
    return FinancialClaim(
        reference="WI-2025-774",
        creditor=INCOME,
        title="Terugbetalen van bijstand",
        amounts=Amounts(
            opening=euro(312_000),
            costs=ZERO,
            interest=ZERO,
            paid=euro(60_000),
            balance=euro(252_000),
            as_of=NOW,
        ),
        status=ClaimStatus.ARRANGEMENT,
        arrears=Arrears(amount=ZERO),
        due_on=day("2026-12-01"),
        due_amount=euro(5_000),
        payment_plan=PaymentPlan(
            instalment=euro(5_000), period="maand", next_due_on=day("2026-12-01"), ends_on=day("2031-02")
        ),
        joint=True,
        period_from=day("2024-03-01"),
        period_until=day("2025-01-31"),
        payment=PaymentDetails("NL91ABNA0417164300", None, "774-2025"),
        contact=(PHONE,),
        events=(
            ObligationImposed(key="1", amount=euro(330_000), imposed_at=day("2025-03")),
            ObligationCorrected(key="2", difference=euro(-18_000)),
        ),
    )


def unknown_amount() -> FinancialClaim:
    return FinancialClaim(reference="X-1", creditor=BANK, amounts=Amounts(), contact=())


def disputed() -> FinancialClaim:
    return FinancialClaim(
        reference="BEL-2026-77",
        creditor=TAXES,
        title="Hondenbelasting 2026",
        amounts=Amounts(balance=euro(7_800), as_of=NOW),
        status=ClaimStatus.DISPUTED,
        contact=(PHONE,),
    )


def overpaid() -> FinancialClaim:
    return FinancialClaim(
        reference="BEL-2025-3",
        creditor=TAXES,
        title="Rioolheffing 2025",
        amounts=Amounts(
            opening=euro(18_000),
            costs=ZERO,
            interest=ZERO,
            paid=euro(20_000),
            balance=euro(-2_000),
            as_of=NOW,
        ),
        status=ClaimStatus.PAID,
        contact=(PHONE,),
    )


def paid() -> FinancialClaim:
    return FinancialClaim(
        reference="PRK-70001",
        creditor=PARKING,
        title="Parkeervergunning 2026",
        amounts=Amounts(
            opening=euro(4_800), costs=ZERO, interest=ZERO, paid=euro(4_800), balance=ZERO, as_of=NOW
        ),
        status=ClaimStatus.PAID,
        payment=PaymentDetails("NL91ABNA0417164300", None, "70001"),
        contact=(PHONE,),
    )


def in_status(status: ClaimStatus) -> FinancialClaim:
    return FinancialClaim(
        reference=f"S-{status}",
        creditor=TAXES,
        title=f"Rekening {status}",
        amounts=Amounts(balance=euro(100)),
        status=status,
    )
