"""Whose answer of social services is it? However a message says it, nobody is shown somebody else's.

Every message goes through the whole adapter, and past the second look that the fuzzer takes (`tests/fuzz/xml_readers.py`):
so neither the reader nor the fuzzer can be blind to one of these.
"""

import pytest

from claims.identity import Bsn
from claims.outcome import OutcomeKind, SourceAnswer
from sources.deadline import Deadline
from sources.errors import SourceError, SourceMalformed, WrongPerson
from tests.fuzz.canned import CannedDkd
from tests.fuzz.watch import ME, OTHER
from tests.fuzz.xml_readers import check_dkd

SOURCE = CannedDkd()
CLAIM = "<Vordering><IdentificatienrVordering>000000020240017</IdentificatienrVordering></Vordering>"


def envelope(inner: str) -> bytes:
    return (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        '<b:BijstandsregelingenInfoResponse xmlns:b="http://bkwi.nl/SuwiML/Diensten/Bijstandsregelingen/v0500" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{inner}</b:BijstandsregelingenInfoResponse>'
        "</s:Body></s:Envelope>"
    ).encode()


def client(numbers: str, more: str = CLAIM) -> str:
    return f"<ClientSuwi>{numbers}{more}</ClientSuwi>"


def number(text: str, name: str = "Burgerservicenr") -> str:
    return f"<{name}>{text}</{name}>"


def ask(inner: str) -> SourceAnswer:
    check_dkd(envelope(inner))
    SOURCE.wire.will_send(envelope(inner))
    return SOURCE.ask(Bsn(ME), Deadline.after(60))


MINE, OTHERS = number(ME), number(OTHER)
NESTED = f"<Iets>{client(OTHERS, '')}</Iets>"
PARTNER = f"<PartnerVordering>{OTHERS}</PartnerVordering>"


@pytest.mark.parametrize(
    "inner",
    [
        f"<NietsGevonden/>{NESTED}",
        f"<NietsGevonden>{client(OTHERS, '')}</NietsGevonden>",
        f"<NietsGevonden/>{OTHERS}",
        f"<NietsGevonden>{OTHERS}</NietsGevonden>",
        f"<NietsGevonden/><clientsuwi>{number(OTHER, 'BSN')}</clientsuwi>",
    ],
)
def test_nothing_found_about_somebody_else_is_not_no_claims(inner: str) -> None:
    with pytest.raises(WrongPerson):
        ask(inner)


@pytest.mark.parametrize(
    "more", [client(MINE, ""), client("", ""), f"<PartnerX>{client(OTHERS, '')}</PartnerX>"]
)
def test_nothing_found_beside_hidden_data_is_not_no_claims(more: str) -> None:
    with pytest.raises(SourceMalformed):
        ask(f"<NietsGevonden/><Iets>{more}</Iets>")


@pytest.mark.parametrize(
    "text",
    [
        ME,
        f"  {ME}\n",
        "<![CDATA[111111110]]>",
        "11111<!-- 0 -->1110",
        "11111<![CDATA[1110]]>",
        "&#49;1111&#x31;110",
        f"{ME}<Iets>{OTHER}</Iets>",
    ],
)
def test_the_same_number_written_in_another_way_is_the_same_person(text: str) -> None:
    assert ask(client(number(text))).claims


@pytest.mark.parametrize(
    "text",
    [
        OTHER,
        "",
        ME[:8],
        ME[1:],
        f"0{ME}",
        f"0{ME[:8]}",
        f"{ME} {OTHER}",
        "1111 11110",
        "111.111.110",
        "１１１１１１１１０",
        "\u0661" * 8 + "\u0660",
        f"{ME}\u200b",
        f"\ufeff{ME}",
        f"<!--{ME}-->",
        f"<!--{ME}-->{OTHER}",
        f"<![CDATA[{OTHER}]]>",
        "&#57;99993549",
        f"<a>{ME}</a>",
        "11111<a/>1110<a/>1",
        "11111<a>1110</a>",
        f"{ME}<Burgerservicenr>{OTHER}</Burgerservicenr>",
        f"<Burgerservicenr>{ME}</Burgerservicenr>",
        f"<a/>{OTHER}",
    ],
)
@pytest.mark.threat("T-02")
def test_any_other_number_is_another_person(text: str) -> None:
    with pytest.raises(WrongPerson):
        ask(client(number(text)))


@pytest.mark.parametrize("text", ["\x00", "&#0;", "&x;", "<?pi 1?>", "\x08", "&#x10FFFF;&#xD800;"])
def test_what_is_no_plain_text_in_a_number_costs_the_answer(text: str) -> None:
    with pytest.raises(SourceMalformed):
        ask(client(number(f"{ME}{text}")))


@pytest.mark.parametrize(
    "inner",
    [
        client(MINE) + client(OTHERS),
        client(OTHERS) + client(MINE),
        client(MINE) + client(""),
        client(MINE) + client(number("")),
        client(MINE + OTHERS),
        client(OTHERS + MINE),
        client(MINE + '<Burgerservicenr xsi:nil="true"/>'),
        client('<Burgerservicenr xsi:nil="true"/>'),
        client(f'<Burgerservicenr nr="{ME}"/>'),
        client(number(ME, "burgerservicenr")),
        client(number(ME, "Burgerservicenummer")),
        client(MINE + number(OTHER, "burgerservicenr")),
        client(MINE + number(OTHER, "BSN")),
        client(MINE + number(OTHER, "BurgerServiceNummer")),
        client(MINE + f'<x:Burgerservicenr xmlns:x="urn:x">{OTHER}</x:Burgerservicenr>'),
        client(MINE + f'<Burgerservicenr xmlns="urn:x">{OTHER}</Burgerservicenr>'),
        client(MINE, f"<Vordering>{OTHERS}</Vordering>"),
        client(MINE, f"<Vordering><Fraude>{OTHERS}</Fraude></Vordering>"),
        client(MINE) + OTHERS,
        client(MINE) + NESTED,
        client(MINE) + f"<clientsuwi>{OTHERS}</clientsuwi>",
        client(MINE) + f"<partner>{OTHERS}</partner>",
        client(MINE + "<a>" * 30 + OTHERS + "</a>" * 30),
        client("", f"{PARTNER}{CLAIM}"),
        client(f"<PartnerX>{MINE}</PartnerX>"),
    ],
)
def test_an_answer_that_is_partly_about_somebody_else_costs_the_whole_answer(inner: str) -> None:
    with pytest.raises(WrongPerson):
        ask(inner)


def test_a_number_below_the_deepest_level_costs_the_answer() -> None:
    with pytest.raises(SourceMalformed):
        ask(client(MINE + "<a>" * 60 + OTHERS + "</a>" * 60))


@pytest.mark.parametrize("name", ["PartnerVordering", "GezinslidVordering"])
def test_a_partner_may_be_named_and_is_not_told(name: str) -> None:
    answer = ask(
        client(
            MINE,
            f"<Vordering><IdentificatienrVordering>1</IdentificatienrVordering><{name}>{OTHERS}</{name}></Vordering>",
        )
    )
    assert [claim.reference for claim in answer.claims] == ["1"]
    assert OTHER not in repr(answer)


def test_claims_that_hide_behind_a_partner_are_not_told_and_the_answer_is_partial() -> None:
    answer = ask(client(MINE) + f"<PartnerX>{client(OTHERS, CLAIM.replace('17<', '18<'))}</PartnerX>")
    assert [claim.reference for claim in answer.claims] == ["000000020240017"]
    assert not answer.is_full


def test_a_prefix_or_namespace_makes_no_difference() -> None:
    inner = (
        client(MINE)
        .replace("<ClientSuwi>", '<c:ClientSuwi xmlns:c="urn:x">')
        .replace("</Client", "</c:Client")
    )
    assert ask(inner).kind is OutcomeKind.CLAIMS


def test_an_unfinished_answer_is_no_answer() -> None:
    whole = envelope(client(MINE))
    for length in range(0, len(whole), 7):
        SOURCE.wire.will_send(whole[:length])
        with pytest.raises(SourceError):
            SOURCE.ask(Bsn(ME), Deadline.after(60))
