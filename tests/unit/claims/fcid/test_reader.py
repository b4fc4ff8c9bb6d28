"""Reading what municipalities send: nothing dropped, nobody else's, nothing guessed."""

import json
from typing import Any

import pytest

from claims.events import PaymentProcessed, UnrecognisedEvent
from claims.fcid.names import FcidVersion
from claims.fcid.reader import FcidDocument, FcidError, WrongPersonError, read_document
from claims.financial_claim import Arrears, ClaimStatus, FinancialClaim
from claims.identity import Oin
from claims.money import ZERO, Money
from claims.organisation import ContactKind, ContactOption, Organisation, PaymentDetails
from claims.outcome import PartialReason
from claims.partial_date import PartialDate
from claims.record.reader import read_claim
from claims.record.writer import write_claim
from tests.support.fcid import (
    OIN,
    case,
    document,
    event,
    imposed,
    paid,
    remitted,
    to_pay,
    transferred,
    withdrawn,
)

SOMEBODY_ELSE = "999993549"
LATE, SOON, LATER = "2026-03-01", "2026-05-01", "2026-06-01"


def codes(document_or_claim: FcidDocument | FinancialClaim) -> set[str]:
    return {finding.code for finding in document_or_claim.findings}


def only_claim(*events: Any, **fields: Any) -> FinancialClaim:
    version = fields.get("version", "3")
    [claim] = read_document(document(case(*events, **fields), version=version)).claims
    return claim


def test_a_document_without_cases_is_full_and_empty() -> None:
    read = read_document(document())
    assert (read.claims, read.partial, read.findings) == ((), (), ())
    assert (read.version, read.supplied_by, read.bsn.digits) == (FcidVersion.V3, Oin(OIN), "999990019")


@pytest.mark.threat("T-03")
@pytest.mark.parametrize("name", ["Financiele_Zaken", "financiele_zaken_overgedragen", "vorderingen"])
def test_cases_under_another_name_may_be_debts_that_we_do_not_see(name: str) -> None:
    def partial(value: object) -> tuple[PartialReason, ...]:
        body: dict[str, Any] = {name: value}
        return read_document(document(**body)).partial

    assert partial([case()]) == (PartialReason.CLAIM_UNREADABLE,)
    assert partial([]) == partial(3) == partial(None) == ()


@pytest.mark.parametrize(
    ("stated", "version"), [("3", "V3"), ("3.0.0", "V3"), ("4", "V4_1"), ("4.1.0", "V4_1")]
)
def test_both_versions_are_read(stated: str, version: str) -> None:
    assert read_document(document(version=stated)).version is FcidVersion[version]


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"type": "FINANCIAL_CLAIMS_INFORMATION_REQUEST"},
        document(version="2"),
        document() | {"version": 3},
        document() | {"body": []},
        document(bsn="999990018"),
        document(bsn=None),
        document(bsn=999990019),
        document(document_datumtijd="2026-04-01T00:00:00"),
        document(document_datumtijd=None),
        document(financiele_zaken=None),
        document(financiele_zaken={}),
        document(extra=float("nan")),
    ],
)
def test_an_unreadable_envelope_is_refused(broken: dict[str, Any]) -> None:
    with pytest.raises(FcidError) as refused:
        read_document(broken)
    assert not isinstance(refused.value, WrongPersonError)
    assert "99999001" not in str(refused.value)


@pytest.mark.parametrize(
    "cases",
    [
        [case(bsn=SOMEBODY_ELSE)],
        [case(imposed(1), obliged=1), case(bsn=SOMEBODY_ELSE)],
        [case(imposed(1, bsn=SOMEBODY_ELSE), obliged=1)],
        [case(event("IetsNieuws", "x", bsn=SOMEBODY_ELSE))],
        [case(bsn=999990019)],
        [{"bsn": SOMEBODY_ELSE}],
    ],
)
def test_a_document_that_is_partly_about_somebody_else_is_refused_whole(cases: list[Any]) -> None:
    with pytest.raises(WrongPersonError) as refused:
        read_document(document(*cases))
    assert SOMEBODY_ELSE not in str(refused.value)


@pytest.mark.parametrize(
    "bad",
    [
        None,
        [],
        case(zaakkenmerk=None),
        case(zaakkenmerk=7),
        case(saldo=1.5),
        case(saldo=True),
        case(saldo="100"),
        case(saldo_datumtijd="2026-04-01T00:00:00"),
        case(saldo=10**13 + 1),
    ],
)
def test_one_unreadable_case_makes_the_answer_partial_and_hides_no_other(bad: Any) -> None:
    read = read_document(document(case(imposed(100), obliged=100), bad))
    assert [claim.amounts.balance for claim in read.claims] == [Money(100)]
    assert read.partial == (PartialReason.CLAIM_UNREADABLE,)
    assert codes(read) == {"claim_unreadable"}


def test_sums_that_are_absurd_are_not_known_and_can_be_written_down() -> None:
    most = 10**13
    events = [
        imposed(most, "v1"),
        imposed(most, "v2", primaire_verplichting=False, type="rente"),
        imposed(most, "v3", primaire_verplichting=False, type="rente"),
        to_pay(most, LATE, "b1", betalingskenmerk="r1"),
        to_pay(most, LATE, "b2", betalingskenmerk="r2"),
        paid(-most, betalingskenmerk="r1"),
    ]
    late = [{"gebeurtenis_kenmerk": "b1"}, {"gebeurtenis_kenmerk": "b2"}]
    odd = case(*events, saldo=100, achterstanden=late, totaal_opgelegd=None, totaal_reeds_betaald=None)
    [claim] = read_document(document(odd)).claims
    assert claim.amounts.balance == Money(100)
    assert (claim.amounts.interest, claim.due_amount) == (None, None)
    assert read_claim(write_claim(claim)) == claim


def test_never_is_a_date_like_any_other() -> None:
    never = "9999-12-31T23:59:59Z"
    claim = only_claim(imposed(100, datumtijd_opgelegd=never), to_pay(100, never), obliged=100)
    assert claim.due_on == PartialDate(9999, 12, 31)


def test_a_balance_that_is_not_stated_is_unknown_not_zero() -> None:
    claim = only_claim(imposed(100), obliged=100, saldo=None)
    assert claim.amounts.balance is None
    assert claim.status is ClaimStatus.UNKNOWN
    assert "missing_member" in codes(claim)


def test_an_unknown_event_is_kept_whole() -> None:
    strange = event("VerrekeningVerwerkt", "x1", bedrag=100, diep={"a": [1.5]})
    claim = only_claim(imposed(100), strange, obliged=100)
    kept = claim.events[-1]
    assert isinstance(kept, UnrecognisedEvent)
    assert (kept.key, kept.type_name) == ("x1", "VerrekeningVerwerkt")
    assert kept.registered_at is not None
    assert json.loads(kept.content) == strange
    assert "unknown_event" in codes(claim)


@pytest.mark.parametrize(
    "bad",
    [
        paid(1.5),
        paid("1"),
        paid(100, datumtijd_verwerkt="2026-01-01T10:00:00"),
        paid(1, datumtijd_gebeurtenis="x"),
    ],
)
def test_an_unreadable_event_is_kept_and_costs_no_claim(bad: dict[str, Any]) -> None:
    claim = only_claim(imposed(100), bad, obliged=100)
    [kept] = [event for event in claim.events if isinstance(event, UnrecognisedEvent)]
    assert json.loads(kept.content) == bad
    assert claim.amounts.balance == Money(100)
    assert "unreadable_event" in codes(claim)


def test_an_event_that_is_not_an_object_is_kept_too() -> None:
    claim = only_claim("wat", obliged=0)
    assert isinstance(claim.events[0], UnrecognisedEvent)


def test_unknown_members_are_kept() -> None:
    claim = only_claim(imposed(100, kleur="rood"), obliged=100, vorm="rond")
    assert claim.events[0].extra == '{"kleur":"rood"}'
    assert claim.extra == '{"vorm":"rond"}'
    assert "unknown_member" in codes(claim)


def test_moments_may_have_fractions_and_any_zone() -> None:
    claim = only_claim(paid(1, datumtijd_gebeurtenis="2026-01-01T10:00:00.123456789+02:00"), settled=1)
    registered_at = claim.events[0].registered_at
    assert registered_at is not None
    assert registered_at.isoformat() == "2026-01-01T08:00:00.123456+00:00"


def test_a_missing_event_key_is_the_same_on_every_pull_and_differs_per_source() -> None:
    keyless = paid(100)
    del keyless["gebeurtenis_kenmerk"]
    obj = case(keyless, settled=100)
    keys = [read_document(document(obj)).claims[0].events[0].key for _ in range(2)]
    other = read_document(document(obj, aangeleverd_door="0" * 20)).claims[0].events[0].key
    assert keys[0] == keys[1] != other
    assert len(keys[0]) == 64


def test_events_stand_in_order_of_registration() -> None:
    first, second = imposed(100, "z"), paid(100, "a", datumtijd_gebeurtenis="2026-02-01T00:00:00Z")
    claim = only_claim(second, first, obliged=100, settled=100)
    assert [event.key for event in claim.events] == ["z", "a"]


class TestArrears:
    def test_no_list_means_not_known(self) -> None:
        claim = only_claim(imposed(100), obliged=100, achterstanden=None)
        assert claim.arrears is None

    def test_an_empty_list_means_nothing(self) -> None:
        assert only_claim(imposed(100), obliged=100).arrears == Arrears(amount=ZERO)

    def test_items_may_be_objects(self) -> None:
        events = [imposed(100), to_pay(100, LATE)]
        claim = only_claim(*events, obliged=100, achterstanden=[{"gebeurtenis_kenmerk": "b1"}])
        assert claim.arrears == Arrears(amount=Money(100), obligation_keys=("b1",))
        assert claim.status is ClaimStatus.OVERDUE

    def test_an_item_that_refers_to_nothing_is_late_for_an_unknown_amount(self) -> None:
        for item in ("weg", 7, {"ander": "b1"}):
            claim = only_claim(imposed(100), obliged=100, achterstanden=[item])
            assert claim.arrears is not None
            assert claim.arrears.amount is None
            assert claim.status is ClaimStatus.OVERDUE

    def test_a_payment_without_a_reference_leaves_doubt(self) -> None:
        events = [imposed(100), to_pay(100, LATE), paid(40, betalingskenmerk=None)]
        claim = only_claim(*events, obliged=100, settled=40, achterstanden=["b1"])
        assert claim.arrears == Arrears(amount=None, obligation_keys=("b1",))

    def test_a_reminder_for_the_same_money_is_not_added(self) -> None:
        events = [imposed(100), to_pay(100, LATE), to_pay(100, "2026-03-20", "b2")]
        claim = only_claim(*events, obliged=100, achterstanden=["b1", "b2"])
        assert claim.arrears == Arrears(amount=None, obligation_keys=("b1", "b2"))

    def test_what_is_certain_is_at_least_late(self) -> None:
        events = [imposed(300), to_pay(100, LATE), to_pay(None, LATE, "b2", betalingskenmerk="ref-2")]
        claim = only_claim(*events, obliged=300, achterstanden=["b1", "b2"])
        assert claim.arrears == Arrears(amount=Money(100), is_at_least=True, obligation_keys=("b1", "b2"))

    def test_an_amount_above_the_balance_is_not_believed(self) -> None:
        claim = only_claim(imposed(60), to_pay(100, LATE), obliged=60, achterstanden=["b1"])
        assert claim.arrears is not None
        assert claim.arrears.amount is None

    def test_we_never_make_arrears_ourselves(self) -> None:
        claim = only_claim(imposed(100), to_pay(100, LATE), obliged=100)
        assert claim.arrears == Arrears(amount=ZERO)
        assert claim.status is ClaimStatus.OPEN
        assert claim.due_on is None

    def test_a_payment_from_before_the_obligation_was_not_for_it(self) -> None:
        term = to_pay(100, LATE, datumtijd_gebeurtenis="2026-02-01T00:00:00Z")
        claim = only_claim(imposed(900), paid(500), term, obliged=900, settled=500, achterstanden=["b1"])
        assert claim.arrears == Arrears(amount=Money(100), obligation_keys=("b1",))
        assert (claim.due_on, claim.due_amount) == (PartialDate(2026, 3, 1), Money(100))

    def test_what_the_source_lists_as_late_is_due_also_when_it_seems_covered(self) -> None:
        events = [imposed(900), to_pay(100, LATE), paid(100)]
        claim = only_claim(*events, obliged=900, settled=100, achterstanden=["b1"])
        assert claim.arrears == Arrears(amount=None, obligation_keys=("b1",))
        assert claim.due_on == PartialDate(2026, 3, 1)


class TestStatus:
    def test_nothing_left_is_paid(self) -> None:
        assert only_claim(imposed(100), paid(100), obliged=100, settled=100).status is ClaimStatus.PAID

    def test_all_remitted(self) -> None:
        claim = only_claim(imposed(100), remitted(100), obliged=100, settled=100, version="4")
        assert claim.status is ClaimStatus.REMITTED

    def test_handed_over_is_not_paid_although_nothing_is_left_here(self) -> None:
        claim = only_claim(imposed(100), transferred(100), obliged=100, settled=100, version="4")
        assert claim.status is ClaimStatus.TRANSFERRED

    def test_paid_and_then_handed_over_is_paid(self) -> None:
        events = [imposed(100), paid(100), transferred(0)]
        assert only_claim(*events, obliged=100, settled=100, version="4").status is ClaimStatus.PAID

    def test_late_with_nothing_left_is_a_contradiction(self) -> None:
        events = [imposed(100), to_pay(100, LATE), paid(100)]
        claim = only_claim(*events, obliged=100, settled=100, achterstanden=["b1"])
        assert claim.status is ClaimStatus.UNKNOWN
        assert "arrears_without_balance" in codes(claim)


class TestNextPayment:
    def test_the_first_that_is_not_covered(self) -> None:
        terms = [to_pay(50, SOON), to_pay(50, LATER, "b2", betalingskenmerk="ref-2")]
        claim = only_claim(imposed(100), *terms, paid(50), obliged=100, settled=50)
        assert (claim.due_on, claim.due_amount) == (PartialDate(2026, 6, 1), Money(50))

    def test_terms_with_one_reference_are_covered_in_order(self) -> None:
        terms = [to_pay(50, SOON), to_pay(50, LATER, "b2")]
        claim = only_claim(imposed(100), *terms, paid(50), obliged=100, settled=50)
        assert (claim.due_on, claim.due_amount) == (PartialDate(2026, 6, 1), None)

    def test_a_withdrawn_one_does_not_count(self) -> None:
        assert only_claim(imposed(100), to_pay(100, SOON), withdrawn(), obliged=100).due_on is None

    def test_a_late_one_counts_when_the_source_lists_it(self) -> None:
        claim = only_claim(imposed(100), to_pay(100, LATE), obliged=100, achterstanden=["b1"])
        assert claim.due_on == PartialDate(2026, 3, 1)

    def test_the_day_is_the_day_in_the_netherlands(self) -> None:
        claim = only_claim(imposed(100), to_pay(100, "2026-05-31T22:30:00Z"), obliged=100)
        assert claim.due_on == PartialDate(2026, 6, 1)

    def test_where_to_pay(self) -> None:
        details = {"rekeningnummer": "NL91ABNA0417164300", "rekeningnummer_tenaamstelling": "Brugstad"}
        claim = only_claim(imposed(100), to_pay(100, SOON, **details), obliged=100)
        assert claim.payment == PaymentDetails("NL91ABNA0417164300", "Brugstad", "ref-1")


def test_the_stated_balance_wins_and_a_difference_is_told() -> None:
    claim = only_claim(imposed(100), paid(40), obliged=100, settled=40, saldo=75)
    assert claim.amounts.balance == Money(75)
    assert {"balance_differs_from_events", "balance_differs_from_totals"} <= codes(claim)


def test_what_the_core_obligation_says_describes_the_claim() -> None:
    core = imposed(
        100,
        "v2",
        type="GM_Rioolheffing",
        omschrijving="Rioolheffing 2026",
        juridische_grondslag_omschrijving="Gemeentewet 228a",
        beschikkingsnummer="B-7",
        datumtijd_opgelegd="2026-01-31T23:30:00Z",
    )
    claim = only_claim(imposed(9, "v1", primaire_verplichting=False), core, obliged=109)
    assert (claim.kind_id, claim.title) == ("gm_rioolheffing", "Rioolheffing 2026")
    assert (claim.legal_ground, claim.decision_numbers) == ("Gemeentewet 228a", ("B-7",))
    assert claim.originated_on == PartialDate(2026, 2, 1)


def test_the_creditor_is_who_imposed_it() -> None:
    town, other = Organisation("Brugstad", Oin(OIN)), "00000001888888880000"
    obj = case(imposed(100, opgelegd_door=other), obliged=100)
    [claim] = read_document(document(obj), town).claims
    assert claim.creditor == Organisation(f"OIN {other}", Oin(other))
    [own] = read_document(document(case(imposed(100, opgelegd_door=OIN), obliged=100)), town).claims
    assert own.creditor == town


def test_the_supplier_gives_the_creditor_its_oin() -> None:
    [claim] = read_document(document(case()), Organisation("Brugstad")).claims
    assert claim.creditor == Organisation("Brugstad", Oin(OIN))


@pytest.mark.parametrize(
    ("value", "partial"),
    [
        (None, ()),
        (True, ()),
        ({"volledig": True}, ()),
        (False, (PartialReason.SOURCE_SAYS_SO,)),
        ([{"volledig": False}], (PartialReason.SOURCE_SAYS_SO,)),
        ("deels", (PartialReason.SOURCE_WARNED,)),
        ({}, (PartialReason.SOURCE_WARNED,)),
        (0, (PartialReason.SOURCE_WARNED,)),
    ],
)
def test_availability_that_we_cannot_read_is_never_taken_for_whole(value: Any, partial: Any) -> None:
    assert read_document(document(version="4", beschikbaarheid_integraal_overzicht=value)).partial == partial


def test_ways_to_contact_in_v4() -> None:
    options = [
        {"url": "https://brugstad.example", "omschrijving": "Vragen"},
        {"omschrijving": "Bel 14 0123"},
        7,
    ]
    claim = only_claim(contactopties=options, version="4")
    assert claim.contact == (
        ContactOption(ContactKind.WEBSITE, "https://brugstad.example", description="Vragen"),
        ContactOption(ContactKind.OTHER, "Bel 14 0123"),
    )
    assert "unreadable_contact" in codes(claim)


def test_a_v4_event_in_a_v3_document_is_kept_as_unknown() -> None:
    claim = only_claim(imposed(100), remitted(50), obliged=100)
    assert any(isinstance(event, UnrecognisedEvent) for event in claim.events)


def test_a_payment_keeps_all_it_says() -> None:
    told = paid(100, datumtijd_ontvangen="2026-01-01T00:00:00Z", ontvangen_door=OIN, verwerkt_door=OIN)
    event = only_claim(told, settled=100).events[0]
    assert isinstance(event, PaymentProcessed)
    assert (event.amount, event.reference, event.received_by) == (Money(100), "ref-1", OIN)
