"""Believable overviews for tests of documents and pages. Every amount, name and number is made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.ports.data_subject import DataSubject, Representative
from app.ports.snapshot import Issuer, Snapshot
from claims.events import (
    CaseTransferred,
    Event,
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
    Preference,
    Urgency,
    UrgencyKind,
)
from claims.identity import Bsn, Oin
from claims.money import ZERO, Money
from claims.organisation import ContactKind, ContactOption, Organisation, PaymentDetails
from claims.outcome import (
    Basis,
    BasisKind,
    FailureCause,
    NotConnected,
    PartialReason,
    Source,
    SourceAnswer,
    SourceFailure,
    SourceOutcome,
)
from claims.overview import Overview
from claims.partial_date import PartialDate

NOW = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)
BSN = Bsn("999993549")
PERSON = DataSubject(BSN)
REPRESENTATIVE = Representative(Bsn("999996356"))
REPRESENTED = DataSubject(BSN, REPRESENTATIVE)
PHONE = ContactOption(ContactKind.PHONE, "14 0123", "maandag tot en met vrijdag 9.00 tot 17.00 uur")
TAXES = Organisation("Gemeente Voorbeeldstad", Oin("00000001900000010000"), "Belastingen")
PARKING = Organisation("Gemeente Voorbeeldstad", Oin("00000001900000020000"), "Parkeren")
BENEFITS = Organisation("Sociale Dienst Voorbeeld", Oin("00000001900000030000"))
WATER = Organisation("Waterschap De Oude Sluis", Oin("00000001900000040000"))
BANK = Organisation("Kredietbank Voorbeeldstreek", Oin("00000001900000050000"))
ISSUER = Issuer(
    Organisation("Gemeente Voorbeeldstad", Oin("00000001900000010000")),
    "NTRNL-90000001",
    "https://voorbeeldstad.nl/controleren",
    (PHONE, ContactOption(ContactKind.ADDRESS, "Marktplein 1, 1234 AB Voorbeeldstad")),
)


def source(organisation: Organisation, source_id: str) -> Source:
    return Source(source_id, organisation, (PHONE,))


def answer(organisation: Organisation, source_id: str, *claims: FinancialClaim) -> SourceAnswer:
    """A full, live answer."""
    return SourceAnswer(
        source=source(organisation, source_id),
        answered_at=NOW - timedelta(seconds=4),
        basis=Basis(BasisKind.LIVE, NOW - timedelta(seconds=4)),
        claims=claims,
    )


def tax_claim() -> FinancialClaim:
    """Overdue, with costs, a reminder and one payment."""
    return FinancialClaim(
        reference="2026-GB-0048213",
        creditor=TAXES,
        title="Gemeentelijke belastingen 2026",
        kind_id="gemeentelijke_belastingen",
        legal_ground="Gemeentewet artikel 216",
        decision_numbers=("AANSLAG-2026-77182",),
        customer_number="D-5512",
        originated_on=PartialDate(2026, 2, 28),
        amounts=Amounts(
            opening=Money(64312),
            costs=Money(1800),
            paid=Money(20000),
            balance=Money(46112),
            as_of=NOW - timedelta(hours=2),
        ),
        status=ClaimStatus.OVERDUE,
        status_since_on=PartialDate(2026, 6, 1),
        arrears=Arrears(amount=Money(46112)),
        due_on=PartialDate(2026, 5, 31),
        preference=Preference.PREFERENT,
        payment=PaymentDetails("NL91ABNA0417164300", "Gemeente Voorbeeldstad", "1234 5678 9012 3456"),
        contact=(PHONE,),
        events=(
            ObligationImposed(
                key="1",
                amount=Money(64312),
                imposed_at=PartialDate(2026, 2, 28),
                decision_number="AANSLAG-2026-77182",
            ),
            PaymentProcessed(
                key="2", amount=Money(20000), received_at=datetime(2026, 4, 2, 9, 30, tzinfo=UTC)
            ),
            PaymentObligationImposed(
                key="3",
                amount=Money(46112),
                imposed_at=PartialDate(2026, 6, 14),
                due=PartialDate(2026, 6, 28),
                notice=Notice.REMINDER,
                reference="1234 5678 9012 3456",
            ),
            ObligationCorrected(
                key="4", difference=Money(-250), registered_at=NOW, description="Verkeerde WOZ-waarde"
            ),
            UnrecognisedEvent(
                key="5", type_name="BeslagGelegd", content='{"bedrag":1200,"datum":"2026-07-01"}'
            ),
        ),
    )


def parking_claim() -> FinancialClaim:
    """At the bailiff, with a threat of seizure."""
    return FinancialClaim(
        reference="P-778-2025",
        creditor=PARKING,
        title="Naheffing parkeren",
        amounts=Amounts(opening=Money(7250), costs=Money(12140), balance=Money(19390)),
        status=ClaimStatus.TRANSFERRED,
        arrears=Arrears(amount=Money(19390)),
        due_on=PartialDate(2025, 9),
        collector=Collector(
            name="Van der Linden Gerechtsdeurwaarders",
            reference="DW-2026-4471",
            handed_over_on=PartialDate(2026, 3, 4),
            contact=(ContactOption(ContactKind.PHONE, "088 123 45 67"),),
        ),
        urgencies=(
            Urgency(kind=UrgencyKind.SEIZURE, on=PartialDate(2026, 12, 3), description="Beslag op uw auto."),
        ),
        events=(
            CaseTransferred(
                key="1",
                transferred_to="Van der Linden Gerechtsdeurwaarders",
                transferred_at=PartialDate(2026, 3, 4),
            ),
        ),
    )


def benefit_claim() -> FinancialClaim:
    """A recovery of social assistance with a payment plan, joint with the partner."""
    return FinancialClaim(
        reference="TV-2024-00981",
        creditor=BENEFITS,
        title="Terugbetalen bijstandsuitkering",
        legal_ground="Participatiewet artikel 58",
        period_from=PartialDate(2023, 10),
        period_until=PartialDate(2024, 1),
        amounts=Amounts(
            opening=Money(318400), paid=Money(45000), balance=Money(273400), as_of=PartialDate(2026, 11, 1)
        ),
        status=ClaimStatus.ARRANGEMENT,
        arrears=Arrears(amount=ZERO),
        due_on=PartialDate(2026, 12, 1),
        due_amount=Money(5000),
        payment_plan=PaymentPlan(
            instalment=Money(5000),
            period="maand",
            next_due_on=PartialDate(2026, 12, 1),
            ends_on=PartialDate(2031, 6),
        ),
        joint=True,
    )


def unknown_claim() -> FinancialClaim:
    """A claim of which the source says hardly anything."""
    return FinancialClaim(reference="WS-1", creditor=WATER, title="Waterschapsbelasting", amounts=Amounts())


def refund_claim() -> FinancialClaim:
    """The citizen paid too much."""
    return FinancialClaim(
        reference="T-9",
        creditor=TAXES,
        title="Toeristenbelasting",
        amounts=Amounts(balance=Money(-1250)),
        arrears=Arrears(amount=ZERO),
    )


def full_outcomes() -> tuple[SourceOutcome, ...]:
    """Five sources that all answered in full; every amount is known."""
    return (
        replace(answer(TAXES, "belastingen", tax_claim(), refund_claim()), stated_name="J. Žižković-Ŵynn"),
        answer(PARKING, "parkeren", parking_claim()),
        replace(answer(BENEFITS, "sociaal", benefit_claim()), stated_name="Đặng Žižković-Ŵynn Ḋ"),
        answer(WATER, "waterschap"),
        answer(BANK, "kredietbank"),
    )


def arabic_outcomes() -> tuple[SourceOutcome, ...]:
    """A name as a source may write it, in letters that join and run from right to left."""
    return (
        replace(answer(TAXES, "belastingen", tax_claim()), stated_name="\u0645\u062d\u0645\u062f de Vries"),
    )


def partial_outcomes() -> tuple[SourceOutcome, ...]:
    """One source down, one in part, one not connected, one with an unknown amount."""
    return (
        answer(TAXES, "belastingen", tax_claim()),
        replace(answer(PARKING, "parkeren", parking_claim()), partial=(PartialReason.CLAIM_UNREADABLE,)),
        answer(WATER, "waterschap", unknown_claim()),
        SourceFailure(source=source(BANK, "kredietbank"), failed_at=NOW, cause=FailureCause.TOO_SLOW),
        NotConnected(source=source(BENEFITS, "sociaal"), noted_at=NOW),
    )


def many_outcomes(count: int) -> tuple[SourceOutcome, ...]:
    """One source with this many claims, and one without."""
    claims = tuple(
        replace(tax_claim(), reference=f"2026-GB-{n:06}", title=f"Gemeentelijke belastingen {n}")
        for n in range(count)
    )
    return (answer(TAXES, "belastingen", *claims), answer(WATER, "waterschap"))


def snapshot(outcomes: tuple[SourceOutcome, ...]) -> Snapshot:
    """The frozen moment around these outcomes."""
    return Snapshot(
        number="BK-2026-7K3M9QX2TB",
        nonce="00112233445566778899aabbccddeeff",
        made_at=NOW,
        bsn=BSN,
        overview=Overview(NOW, outcomes),
        issuer=ISSUER,
    )


def snapshot_now(outcomes: tuple[SourceOutcome, ...]) -> Snapshot:
    """The same, made at this moment: for a real seal, whose certificate is valid now."""
    return replace(snapshot(outcomes), made_at=datetime.now(UTC).replace(microsecond=0))


def long_event(characters: int) -> Event:
    """An event that we do not know, with a long description."""
    words = "abc " * (characters // 4)
    return UnrecognisedEvent(key="lang", type_name="Onbekend", content=f'{{"omschrijving":"{words}"}}')


def by_list(organisation: Organisation, source_id: str) -> SourceAnswer:
    """Not asked: the list of whom this organisation knows, of that morning, does not have the citizen."""
    moment = NOW - timedelta(hours=12)
    return replace(answer(organisation, source_id), basis=Basis(BasisKind.INDEX, moment))
