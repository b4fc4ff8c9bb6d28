"""Claims of social services (SuwiML) are read leniently, and everything odd is a finding."""

import json
from datetime import date

import pytest

from claims.financial_claim import ClaimStatus, FinancialClaim
from claims.identity import Bsn
from claims.money import Money
from claims.organisation import ContactKind, ContactOption, Organisation
from claims.partial_date import PartialDate
from sources.errors import WrongPerson
from sources.suwi.codes import CodeLists
from sources.suwi.mapping import ReadClient, ReadingRules, last_month_end, read_client
from sources.suwi.values import AmountRule
from sources.transport.xml_schema import SchemaReport
from tests.support.dkd import body_element, body_node, body_schema, claim_body, message

TODAY = date(2026, 3, 2)
RULES = ReadingRules("wi", Organisation("Gemeente Voorbeeld"))
BSN = "999993549"
LAW = "<SzWet><CdSzWet>PW</CdSzWet></SzWet>"


def read(raw: bytes, bsn: str = BSN, rules: ReadingRules = RULES) -> ReadClient:
    return read_client(body_node(raw), Bsn(bsn), rules, TODAY)


def one(inner: str, rules: ReadingRules = RULES) -> FinancialClaim:
    [claim] = read(claim_body(BSN, inner), rules=rules).claims
    return claim


def codes(claim: FinancialClaim) -> set[str]:
    return {finding.code for finding in claim.findings}


def test_two_claims_are_read_with_amounts_date_and_law() -> None:
    first, second = read(message("e2"), "111111110").claims
    assert first.reference == "000000020240017"
    assert first.amounts.opening == Money(125000)
    assert first.amounts.balance == Money(75000)
    assert first.originated_on == PartialDate(2024, 1, 10)
    assert first.legal_ground == "Participatiewet"
    assert first.joint is True
    assert second.originated_on == PartialDate(2022, 6)
    assert second.joint is None


def test_an_empty_balance_is_not_known_and_never_zero() -> None:
    second = read(message("e2"), "111111110").claims[1]
    assert second.amounts.balance is None
    assert second.status is ClaimStatus.UNKNOWN
    assert "amount_missing" in codes(second)


def test_neither_the_partners_number_nor_sanctions_leave_the_adapter() -> None:
    claim = one(
        f"{LAW}<PartnerVordering><Burgerservicenr>999991954</Burgerservicenr></PartnerVordering>"
        "<Fraude><IndRecidive>1</IndRecidive><ParketnrJustitie>PARKET-77</ParketnrJustitie></Fraude>"
    )
    assert claim.joint is True
    for secret in ("999991954", "PARKET-77", "Recidive", "Fraude"):
        assert secret not in repr(claim)


def test_the_smallest_legal_claim_is_a_claim_with_a_reference_of_ours() -> None:
    [claim] = read(message("e3")).claims
    assert claim.reference == "wi-zonder-kenmerk-1"
    assert claim.amounts.balance is None
    assert "reference_missing" in codes(claim)


def test_a_reference_of_which_nothing_can_be_seen_where_it_is_cut_is_none_and_its_claim_is_there() -> None:
    """Found by the fuzzer: the whole answer fell over one such claim."""
    hidden = "\u202e" * 255 + "000000000012"
    claim = one(f"{LAW}<IdentificatienrVordering>{hidden}</IdentificatienrVordering>")
    assert claim.reference == "wi-zonder-kenmerk-1"
    assert "reference_missing" in codes(claim)


def test_equal_claims_without_reference_stay_two_claims() -> None:
    assert len({claim.reference for claim in read(claim_body(BSN, LAW, LAW)).claims}) == 2


def test_somebody_without_claims_has_none() -> None:
    assert read(message("e5"), "999998493").claims == ()


def test_a_bad_record_is_still_one_claim_and_its_amounts_are_not_guessed() -> None:
    [claim] = read(message("e11"), "999990238").claims
    assert claim.reference == "2024-17"
    assert claim.originated_on == PartialDate(2024, 1, 10)
    assert json.loads(claim.extra or "{}") == {"reden_code": "11", "status_code": "51"}
    assert claim.amounts.balance is None
    assert claim.amounts.opening is None
    assert {"amount_unreadable", "date_not_official", "reference_not_official", "law_missing"} <= codes(claim)


@pytest.mark.parametrize(
    ("text", "date_read", "code"),
    [
        ("20240110", PartialDate(2024, 1, 10), None),
        ("20240000", PartialDate(2024), None),
        ("20240200", PartialDate(2024, 2), None),
        ("00000000", None, None),
        ("99991231", None, None),
        ("20240230", PartialDate(2024, 2), "date_impossible"),
        ("20241300", PartialDate(2024), "date_impossible"),
        ("00000115", None, "date_unreadable"),
        ("2024-01-10", PartialDate(2024, 1, 10), "date_not_official"),
        ("gisteren", None, "date_unreadable"),
    ],
)
def test_dates_are_read_as_far_as_they_exist(
    text: str, date_read: PartialDate | None, code: str | None
) -> None:
    claim = one(f"<DatBesluitVordering>{text}</DatBesluitVordering>{LAW}")
    assert claim.originated_on == date_read
    found = {code for code in codes(claim) if code.startswith("date_")}
    assert (code in found) if code else not found


@pytest.mark.parametrize(
    ("amount", "money", "code"),
    [
        ("<WaardeBedr>75000</WaardeBedr>", Money(75000), None),
        ("<CdPositiefNegatief>-</CdPositiefNegatief><WaardeBedr>5</WaardeBedr>", Money(-5), None),
        ("<WaardeBedr>5</WaardeBedr><CdPositiefNegatief>-</CdPositiefNegatief>", Money(-5), None),
        ("<WaardeBedr>0</WaardeBedr>", Money(0), None),
        ("", None, "amount_missing"),
        ("<CdMunteenheid>EUR</CdMunteenheid>", None, "amount_missing"),
        ("1250.00", None, "amount_unreadable"),
        ("<WaardeBedr>-750</WaardeBedr>", None, "amount_unreadable"),
        ("<WaardeBedr>7,50</WaardeBedr>", None, "amount_unreadable"),
        ("<CdMunteenheid>USD</CdMunteenheid><WaardeBedr>7</WaardeBedr>", None, "amount_unreadable"),
        ("<CdPositiefNegatief>?</CdPositiefNegatief><WaardeBedr>7</WaardeBedr>", None, "amount_unreadable"),
        ("<WaardeBedr>999999999999999999</WaardeBedr>", None, "amount_unreadable"),
    ],
)
def test_an_amount_is_exact_or_not_known(amount: str, money: Money | None, code: str | None) -> None:
    claim = one(f"<BedrSaldoVordering>{amount}</BedrSaldoVordering>{LAW}<BedrAanvangVordering/>")
    assert claim.amounts.balance == money
    assert code is None or code in codes(claim)


@pytest.mark.parametrize(("decimals", "cents"), [(0, 750000), (2, 7500), (3, 750)])
def test_the_unit_of_amounts_is_a_setting(decimals: int, cents: int) -> None:
    rules = ReadingRules("wi", RULES.creditor, amounts=AmountRule(decimals))
    claim = one("<BedrSaldoVordering><WaardeBedr>7500</WaardeBedr></BedrSaldoVordering>", rules)
    assert claim.amounts.balance == Money(cents)


def test_unknown_codes_are_onbekend_and_kept() -> None:
    claim = one(f"<CdRedenVordering>98</CdRedenVordering><CdStatusVordering>97</CdStatusVordering>{LAW}")
    assert claim.title == "Vordering (reden onbekend, code 98)"
    assert claim.status is ClaimStatus.UNKNOWN
    assert {"reason_code_unknown", "status_code_unknown"} <= codes(claim)


def test_configured_codes_get_their_words() -> None:
    lists = CodeLists({"11": "Terugvordering bijstand"}, {"51": ClaimStatus.ARRANGEMENT})
    rules = ReadingRules("wi", RULES.creditor, codes=lists)
    claim = one(
        f"<CdRedenVordering>11</CdRedenVordering><CdStatusVordering>51</CdStatusVordering>{LAW}", rules
    )
    assert claim.title == "Terugvordering bijstand"
    assert claim.status is ClaimStatus.ARRANGEMENT
    assert not {"reason_code_unknown", "status_code_unknown"} & codes(claim)


def test_only_a_readable_balance_of_zero_is_paid() -> None:
    zero = "<BedrSaldoVordering><WaardeBedr>0</WaardeBedr></BedrSaldoVordering>"
    assert one(zero).status is ClaimStatus.PAID
    assert one("<BedrSaldoVordering/>" + LAW).status is ClaimStatus.UNKNOWN


def test_the_balance_is_of_the_last_day_of_a_month_and_says_that_we_assume_so() -> None:
    claim = one("<BedrSaldoVordering><WaardeBedr>5</WaardeBedr></BedrSaldoVordering>")
    assert claim.amounts.as_of == PartialDate(2026, 2, 28)
    assert "balance_date_assumed" in codes(claim)
    assert "balance_date_assumed" not in codes(one(LAW))


def test_a_delivered_file_has_its_own_reference_date() -> None:
    answer = read(message("e2"), "111111110")
    assert answer.delivered_on == date(2025, 10, 2)
    assert answer.claims[0].amounts.as_of == PartialDate(2025, 9, 30)


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2026, 3, 30), date(2026, 2, 28)),
        (date(2026, 3, 31), date(2026, 3, 31)),
        (date(2024, 3, 1), date(2024, 2, 29)),
        (date(2026, 1, 5), date(2025, 12, 31)),
        (date.max, date.max),
        (date(1, 1, 5), date.min),
    ],
)
def test_the_last_month_end_is_never_in_the_future(day: date, end: date) -> None:
    assert last_month_end(day) == end


@pytest.mark.parametrize("bsn", ["", "999990019", " 99993549"])
def test_an_answer_about_somebody_else_is_dropped_whole(bsn: str) -> None:
    with pytest.raises(WrongPerson):
        read(claim_body(bsn, LAW))


OTHER = "<Burgerservicenr>999990019</Burgerservicenr>"


@pytest.mark.parametrize(
    ("place", "added"),
    [
        (b"<Vordering>", f"{OTHER}<Vordering>"),
        (b"<ClientSuwi>", f"<ClientSuwi>{OTHER}"),
        (b"<Vordering>", f"<Vordering>{OTHER}"),
        (b"<ClientSuwi>", f"{OTHER}<ClientSuwi>"),
        (b"<Vordering>", f"<Vordering><Debiteur>{OTHER}</Debiteur>"),
    ],
)
def test_a_second_number_that_is_not_a_partners_costs_the_whole_answer(place: bytes, added: str) -> None:
    raw = claim_body(BSN, LAW)
    with pytest.raises(WrongPerson):
        read(raw.replace(place, added.encode()))


def test_the_same_number_twice_is_the_same_person() -> None:
    own = f"<Burgerservicenr>{BSN}</Burgerservicenr>".encode()
    assert len(read(claim_body(BSN, LAW).replace(own, own * 2)).claims) == 1


def test_one_of_two_persons_being_somebody_else_costs_the_whole_answer() -> None:
    other = b"</ClientSuwi><ClientSuwi><Burgerservicenr>999990019</Burgerservicenr></ClientSuwi>"
    with pytest.raises(WrongPerson):
        read(claim_body(BSN, LAW).replace(b"</ClientSuwi>", other))


@pytest.mark.parametrize("inner", ["veel", "", "<Iets>veel</Iets>", f"{LAW}<Vordering>{LAW}</Vordering>"])
def test_a_claim_that_cannot_be_read_makes_the_answer_not_whole(inner: str) -> None:
    answer = read(claim_body(BSN, LAW, inner))
    assert answer.unreadable
    assert len(answer.claims) >= 1


@pytest.mark.parametrize("name", ["vordering", "Vorderingen", "NieuweVordering"])
def test_a_claim_under_another_name_makes_the_answer_not_whole(name: str) -> None:
    raw = claim_body(BSN, LAW).replace(b"Vordering>", f"{name}>".encode())
    assert read(raw).unreadable


def test_a_claim_outside_its_place_makes_the_answer_not_whole() -> None:
    raw = claim_body(BSN).replace(b"</ClientSuwi>", f"</ClientSuwi><Vordering>{LAW}</Vordering>".encode())
    assert read(raw).unreadable


@pytest.mark.conformance
@pytest.mark.parametrize("number", ["e2", "e3", "e4", "e5", "e6", "e7"])
def test_official_examples_give_no_schema_findings(number: str) -> None:
    assert SchemaReport(body_schema("BodyReaction")).findings(body_element(message(number))) == ()


@pytest.mark.conformance
def test_the_schema_report_names_places_and_rules_but_no_content() -> None:
    report = SchemaReport(body_schema("BodyReaction")).findings(body_element(message("e11")))
    assert {finding.code for finding in report} == {"schema_deviation"}
    assert any("IdentificatienrVordering" in (finding.detail or "") for finding in report)
    assert not any(value in repr(report) for value in ("2024-17", "999990238", "1250"))


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        ("<Voorletters>AB</Voorletters><Voorvoegsel>de</Voorvoegsel>", "A.B. de Wit"),
        ("<Voorletters>.</Voorletters>", "Wit"),
        ("", "Wit"),
    ],
)
def test_a_name_is_written_as_people_write_it(parts: str, name: str) -> None:
    surname = "<SignificantDeelVanDeAchternaam>Wit</SignificantDeelVanDeAchternaam>"
    raw = claim_body(BSN, LAW).replace(b"</Burgerservicenr>", f"</Burgerservicenr>{parts}{surname}".encode())
    assert read(raw).stated_name == name
    assert read(claim_body(BSN, LAW)).stated_name is None


def test_a_claim_says_how_its_organisation_is_reached() -> None:
    phone = ContactOption(ContactKind.PHONE, "14 0900")
    claim = one(LAW, ReadingRules("wi", RULES.creditor, (phone,)))
    assert claim.contact == (phone,)
