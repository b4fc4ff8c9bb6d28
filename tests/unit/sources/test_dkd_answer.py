"""The table of results, row by row: which answer means "none", "some", or nothing at all."""

from datetime import date

import pytest

from claims.identity import Bsn
from claims.organisation import Organisation
from claims.outcome import PartialReason
from sources.errors import (
    SourceError,
    SourceMalformed,
    SourceReportedError,
    SourceUnavailable,
    WrongPerson,
)
from sources.suwi.answer import ReadResponse, read_response
from sources.suwi.mapping import ReadingRules
from tests.support.dkd import body_node, claim_body, message

RULES = ReadingRules("wi", Organisation("Gemeente Voorbeeld"))
BSN = "999993549"
CLAIM = "<SzWet><CdSzWet>PW</CdSzWet></SzWet>"


def fwi(*kinds: str) -> str:
    inner = "".join(f"<{kind}><Code>1</Code></{kind}>" for kind in kinds)
    return f'<fwi:FWI xmlns:fwi="http://bkwi.nl/SuwiML/FWI/v0203">{inner}</fwi:FWI>'


def read(raw: bytes, bsn: str = BSN) -> ReadResponse:
    return read_response(body_node(raw), Bsn(bsn), RULES, date(2026, 3, 2))


def beside(extra: str, *claims: str) -> bytes:
    return claim_body(BSN, *claims).replace(b"</ClientSuwi>", b"</ClientSuwi>" + extra.encode())


def without_client(inner: str) -> bytes:
    raw = claim_body(BSN)
    start, end = raw.index(b"<ClientSuwi>"), raw.index(b"</ClientSuwi>") + len(b"</ClientSuwi>")
    return raw[:start] + inner.encode() + raw[end:]


def test_not_found_is_a_full_answer_without_claims() -> None:
    response = read(message("e4"))
    assert response.client.claims == ()
    assert response.partial == ()


def test_claims_without_messages_are_a_full_answer() -> None:
    response = read(message("e2"), "111111110")
    assert len(response.client.claims) == 2
    assert response.partial == ()


def test_a_client_without_claims_is_a_full_answer() -> None:
    assert read(message("e5"), "999998493").partial == ()


def test_information_is_a_note() -> None:
    response = read(beside(fwi("Informatie"), CLAIM))
    assert response.partial == ()
    assert [finding.code for finding in response.findings] == ["source_note"]


@pytest.mark.parametrize("kinds", [("Waarschuwing",), ("Fout",), ("Informatie", "Fout"), ("Nieuwsoort",), ()])
@pytest.mark.parametrize("claims", [(), (CLAIM,)])
def test_any_other_message_beside_data_makes_it_partial(
    kinds: tuple[str, ...], claims: tuple[str, ...]
) -> None:
    assert read(beside(fwi(*kinds), *claims)).partial == (PartialReason.SOURCE_WARNED,)


def test_the_official_example_of_a_warning_is_partial() -> None:
    assert read(message("e6"), "999991322").partial == (PartialReason.SOURCE_WARNED,)


def test_an_unreadable_claim_makes_it_partial() -> None:
    assert read(claim_body(BSN, CLAIM, "veel")).partial == (PartialReason.CLAIM_UNREADABLE,)


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (message("e7"), SourceReportedError),
        (message("e8"), SourceReportedError),
        (message("e9"), SourceUnavailable),
        (without_client(fwi("Informatie")), SourceReportedError),
        (without_client("<NietsGevonden/>" + fwi("Fout")), SourceReportedError),
        (without_client(""), SourceMalformed),
        (without_client(f"<Vordering>{CLAIM}</Vordering>"), SourceMalformed),
        (without_client(f"<NietsGevonden><Vordering>{CLAIM}</Vordering></NietsGevonden>"), SourceMalformed),
        (without_client(f"<NietsGevonden/><Vordering>{CLAIM}</Vordering>"), SourceMalformed),
        (beside("<NietsGevonden/>"), SourceMalformed),
        (message("e1"), SourceMalformed),
        (claim_body("999990019", CLAIM), WrongPerson),
        (claim_body("", CLAIM), WrongPerson),
    ],
)
def test_everything_else_is_no_answer(raw: bytes, error: type[SourceError]) -> None:
    with pytest.raises(SourceError) as raised:
        read(raw)
    assert type(raised.value) is error


def test_another_version_of_the_message_is_read_by_its_local_names() -> None:
    raw = message("e2").replace(b"Bijstandsregelingen/v0500", b"Bijstandsregelingen/v0400")
    assert len(read(raw, "111111110").client.claims) == 2


OTHER = "<Burgerservicenr>111111110</Burgerservicenr>"


@pytest.mark.parametrize(
    "raw",
    [
        claim_body(BSN, CLAIM).replace(b"<Vordering>", OTHER.encode() + b"<Vordering>"),
        claim_body(BSN, CLAIM + OTHER),
        beside(f"<Anders>{OTHER}</Anders>", CLAIM),
        claim_body(BSN, CLAIM).replace(b"</Burgerservicenr>", OTHER.encode() + b"</Burgerservicenr>"),
    ],
)
def test_a_second_number_anywhere_but_at_a_partner_costs_the_whole_answer(raw: bytes) -> None:
    with pytest.raises(WrongPerson):
        read(raw)
    partner = CLAIM + f"<PartnerVordering>{OTHER}</PartnerVordering>"
    assert len(read(claim_body(BSN, partner)).client.claims) == 1


@pytest.mark.parametrize("stray", ["<vordering/>", "<IdentificatienrVordering>1</IdentificatienrVordering>"])
def test_what_looks_like_a_claim_in_a_strange_place_is_never_no_claims(stray: str) -> None:
    assert read(beside(stray)).partial == (PartialReason.CLAIM_UNREADABLE,)
    assert read(beside(f"<Iets>{stray}</Iets>")).partial == (PartialReason.CLAIM_UNREADABLE,)
    with pytest.raises(SourceMalformed):
        read(without_client(f"<NietsGevonden/>{stray}"))
