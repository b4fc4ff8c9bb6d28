"""A file of SuwiML says of each person what the web service would have said."""

import gzip
from datetime import UTC, date, datetime
from typing import Any

import pytest
from lxml import etree

from claims.identity import Bsn
from claims.money import Money
from claims.outcome import OutcomeKind, PartialReason
from sources.batch.record import NOT_A_BSN
from sources.ports import DeliveryRefused
from sources.suwi.answer import read_response
from sources.suwi.mapping import ReadingRules
from tests.support.dkd import body_element, body_node, message
from tests.unit.sources.batch.support import ME, OTHER, STRANGER, Town
from tests.unit.sources.batch.suwiml_files import GOOD, SUWIML, claim, person, wrapped

PEILDATUM = datetime(2026, 9, 29, 22, tzinfo=UTC)  # the Dutch day of 30 September begins


def deliver(town: Town, content: bytes, **settings: Any) -> Any:
    return town.deliver(content, **SUWIML | settings)


def test_people_get_their_claims_and_the_day_of_the_file(town: Town) -> None:
    report = deliver(town, GOOD)
    assert (report.records, report.bad, report.as_of) == (2, 0, PEILDATUM)
    answer = town.ask(**SUWIML)
    [found] = answer.claims
    assert (found.reference, found.amounts.balance) == ("000000020240017", Money(1250))
    assert str(found.amounts.as_of) == "2026-09-30"
    assert answer.basis.at == PEILDATUM
    assert answer.is_full
    assert town.ask(OTHER, **SUWIML).kind is OutcomeKind.NO_CLAIMS
    assert town.ask(STRANGER, **SUWIML).kind is OutcomeKind.NO_CLAIMS


def test_a_record_is_read_as_the_answer_of_the_web_service(town: Town) -> None:
    """Same claims and same findings, from the very same bytes."""
    element = body_element(message("e2"))
    deliver(town, wrapped(etree.tostring(element).decode(), day="20251031"), delete_after_days=400)
    rules = ReadingRules("zonnedael", town.config(**SUWIML).source.organisation)
    over_the_wire = read_response(body_node(message("e2")), Bsn(ME), rules, date(2025, 10, 31))
    answer = town.ask(**SUWIML)
    assert answer.claims == over_the_wire.client.claims
    assert answer.stated_name == over_the_wire.client.stated_name == "H. Voorbeeld"


def test_the_day_on_which_a_record_was_taken_in_makes_the_answer_older(town: Town) -> None:
    taken_in = (
        "<DossierGsd><DatOpnameGegevensInIbSysteem>20260815</DatOpnameGegevensInIbSysteem></DossierGsd>"
    )
    record = person(ME, claim()).replace("</Burgerservicenr>", "</Burgerservicenr>" + taken_in, 1)
    deliver(town, wrapped(record))
    answer = town.ask(**SUWIML)
    assert answer.basis.at == datetime(2026, 8, 14, 22, tzinfo=UTC)
    assert answer.partial == (PartialReason.STALE,)


def test_a_bare_person_and_one_person_twice_are_read_too(town: Town) -> None:
    bare = f"<ClientSuwi><Burgerservicenr>{ME}</Burgerservicenr><Vordering>{claim('A' * 15)}</Vordering></ClientSuwi>"
    deliver(town, wrapped(bare, person(ME, claim("B" * 15))))
    assert [found.reference for found in town.ask(**SUWIML).claims] == ["A" * 15, "B" * 15]


def test_the_message_itself_may_be_the_root_of_many_people(town: Town) -> None:
    people = [f"<ClientSuwi><Burgerservicenr>{bsn}</Burgerservicenr></ClientSuwi>" for bsn in (ME, OTHER)]
    root = "BijstandsregelingenInfoResponse"
    content = f'<{root} aantal="2" peildatum="2026-09-30">{"".join(people)}</{root}>'
    assert deliver(town, content.encode()).records == 2


def test_partners_and_sanctions_stay_at_the_door(town: Town) -> None:
    more = (
        f"<PartnerVordering><Burgerservicenr>{OTHER}</Burgerservicenr></PartnerVordering>"
        "<Fraude><ParketnrJustitie>PARKET-77</ParketnrJustitie></Fraude>"
    )
    deliver(town, wrapped(person(ME, claim(more=more))))
    held = town.store.find("zonnedael", Bsn(ME))
    assert held is not None
    assert town.ask(**SUWIML).claims[0].joint is True
    for secret in (OTHER, "PARKET-77", "Fraude", "Recidive", ME):
        assert secret not in repr(held.records) + repr(town.ask(**SUWIML))
    assert town.ask(OTHER, **SUWIML).kind is OutcomeKind.NO_CLAIMS


def test_a_warning_in_a_record_makes_that_answer_partial(town: Town) -> None:
    deliver(town, wrapped(etree.tostring(body_element(message("e6"))).decode(), person(OTHER)))
    assert town.ask("999991322", **SUWIML).partial == (PartialReason.SOURCE_WARNED,)
    assert town.ask(OTHER, **SUWIML).is_full


CLIENT_OF_OTHER = (
    f"<ClientSuwi><Burgerservicenr>{OTHER}</Burgerservicenr><Vordering>{claim()}</Vordering></ClientSuwi>"
)


@pytest.mark.parametrize(
    ("bad", "problem", "placed"),
    [
        (person("123456789", claim()), NOT_A_BSN, False),
        (person(ME).replace(f"<Burgerservicenr>{ME}</Burgerservicenr>", ""), NOT_A_BSN, False),
        (etree.tostring(body_element(message("e4"))).decode(), NOT_A_BSN, False),
        (etree.tostring(body_element(message("e7"))).decode(), NOT_A_BSN, False),
        (
            person(ME).replace(
                "</b:", f"<ClientSuwi><Burgerservicenr>{OTHER}</Burgerservicenr></ClientSuwi></b:"
            ),
            "about more than one person",
            False,
        ),
        (
            person(ME, claim(more=f"<PartnerVordering>{CLIENT_OF_OTHER}</PartnerVordering>")),
            "about more than one person",
            False,
        ),
        (
            person(ME).replace("</b:", "<NietsGevonden/></b:"),
            "the answer holds no data, or contradicts itself",
            True,
        ),
        (
            person(ME).replace("</b:", f"<NietsGevonden/>{person(OTHER, claim())}</b:"),
            "about more than one person",
            False,
        ),
    ],
)
def test_a_bad_record_is_named_and_makes_nobody_debt_free(
    town: Town, bad: str, problem: str, placed: bool
) -> None:
    report = deliver(town, wrapped(person(OTHER), bad))
    assert town.bad == [(2, problem)]
    assert report.unplaced == (0 if placed else 1)
    assert town.ask(ME, **SUWIML).kind is OutcomeKind.NO_ANSWER


def test_one_claim_that_cannot_be_read_costs_one_person_the_word_full(town: Town) -> None:
    deliver(town, wrapped(person(ME, claim(), "<Iets/>"), person(OTHER)))
    assert town.ask(**SUWIML).partial == (PartialReason.CLAIM_UNREADABLE,)
    assert town.ask(OTHER, **SUWIML).is_full


BOMB = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "aaaaaaaaaa"><!ENTITY y "&x;&x;&x;">]>"""
NEW = wrapped(person(ME, claim("N" * 15)))


@pytest.mark.parametrize(
    ("content", "settings", "why"),
    [
        (NEW[:-20], {}, "cut off or wrong at line 3: ask for the file again"),
        (NEW[: len(NEW) // 2], {}, "cut off or wrong"),
        (NEW + b"<nog-een/>", {}, "cut off or wrong"),
        (gzip.compress(NEW)[:-9], {}, "cut off"),
        (wrapped(person(ME), count=2), {}, "has 1 records and must have 2"),
        (wrapped(person(ME), count=0), {}, "has 1 records and must have 0"),
        (NEW.replace(b'aantal="1"', b'aantal="een"'), {}, "no number"),
        (NEW.replace(b'"20260930"', b'"20260931"'), {}, "no date"),
        (NEW.replace(b"peildatum", b"datum"), {}, "has no peildatum"),
        (NEW.replace(b"aantal", b"hoeveel"), {}, "closing line is missing"),
        (NEW, {"records": 3, "as_of": PEILDATUM}, "differ"),
        (
            NEW.replace(b"peildatum", b"x"),
            {"records": 3, "as_of": PEILDATUM},
            "has 1 records and must have 3",
        ),
        (
            NEW.replace(b"peildatum", b"x").replace(b'"1"', b'"2"'),
            {"records": 1, "as_of": PEILDATUM},
            "differ",
        ),
        (wrapped(), {}, "is it SuwiML"),
        (GOOD, {}, "before"),
        (wrapped(person(ME), day="20260929"), {}, "older than the delivery"),
        (wrapped(person(ME), day="20261003"), {}, "future"),
        (wrapped(person(ME), day="20260701"), {}, "older than delete_after_days"),
        (BOMB + NEW[39:].replace(b"NNNN", b"&y;"), {}, "DOCTYPE"),
        (NEW.decode().encode("utf-16"), {}, "cut off or wrong"),
        (NEW.replace(b"UTF-8", b"UTF-7"), {"max_record_bytes": 100}, "larger than 100 bytes"),
        (NEW.replace(b"NNNN", b"\xe9NNN"), {}, "cut off or wrong at line 3"),
        (NEW.replace(b"NNNN", b"&y;"), {}, "cut off or wrong"),
        (NEW.replace(b"<SzWet>", b"<?php 1 ?><SzWet>"), {}, "processinginstruction"),
        (wrapped("<a>" * 60 + person(ME) + "</a>" * 60 + "<b>" * 300 + "</b>" * 300), {}, "cut off or wrong"),
        (wrapped(person(ME, "<SzWet>" * 60 + "</SzWet>" * 60)), {}, "nested too deep"),
        (
            wrapped(person(ME), more=f"<Vordering>{claim()}</Vordering>", count=1),
            {},
            "outside of any ClientSuwi",
        ),
        (wrapped(person(ME), more="<FWI><Waarschuwing/></FWI>", count=1), {}, "message .FWI. about all"),
        (NEW, {"suwiml": {"municipality_code": "0344"}}, "municipality 0344"),
        (b"geen xml", {}, "wrong at line 1"),
        (b"", {}, "cut off or wrong|is it SuwiML"),
    ],
)
def test_a_file_that_is_not_right_changes_nothing_and_says_why(
    town: Town, content: bytes, settings: dict[str, Any], why: str
) -> None:
    deliver(town, GOOD)
    with pytest.raises(DeliveryRefused, match=why) as refused:
        deliver(town, content, **settings)
    assert "\n" not in str(refused.value)
    assert ME not in str(refused.value)
    [kept] = town.ask(**SUWIML).claims
    assert kept.reference == "000000020240017"


@pytest.mark.threat("T-19")
def test_a_doctype_that_is_cut_in_two_by_reading_in_pieces_is_seen(town: Town) -> None:
    for shift in range(60):
        with pytest.raises(DeliveryRefused, match="DOCTYPE"):
            deliver(town, b" " * shift + b"<!DOCTYPE a []>" + NEW[39:], max_record_bytes=64)


def test_the_file_of_the_right_municipality_is_taken(town: Town) -> None:
    assert deliver(town, GOOD, suwiml={"municipality_code": "0599"}).records == 2


def test_codes_and_amounts_are_read_as_the_settings_say(town: Town) -> None:
    codes = {"amount_decimals": 0, "reasons": {"11": "Te veel bijstand"}, "statuses": {"51": "open"}}
    record = person(ME, claim(more="<CdRedenVordering>11</CdRedenVordering>"))
    deliver(town, wrapped(record), suwiml=codes)
    [found] = town.ask(**SUWIML | {"suwiml": codes}).claims
    assert (found.title, found.amounts.balance) == ("Te veel bijstand", Money(125000))


def test_a_file_in_cp1252_is_read_when_the_settings_say_so_whatever_it_declares(town: Town) -> None:
    name = "<SignificantDeelVanDeAchternaam>Chloë €</SignificantDeelVanDeAchternaam>"
    record = person(ME).replace("</ClientSuwi>", f"{name}</ClientSuwi>")
    for number, declared in enumerate(["UTF-8", "windows-1252", "UTF-16"]):
        content = wrapped(record, more=" " * number).decode().replace("UTF-8", declared).encode("cp1252")
        deliver(town, content, encoding="cp1252")
        assert town.ask(**SUWIML).stated_name == "Chloë €"


def test_a_byte_order_mark_is_no_trouble(town: Town) -> None:
    assert deliver(town, b"\xef\xbb\xbf" + GOOD).records == 2


def test_a_letter_may_say_what_the_file_does_not(town: Town) -> None:
    content = GOOD.replace(b'peildatum="20260930"', b"").replace(b'aantal="2"', b"")
    report = deliver(town, content, records=2, as_of=PEILDATUM)
    assert report.as_of == PEILDATUM


@pytest.mark.parametrize(
    "content",
    [
        GOOD.replace(b"xmlns:b=", b"xmlns:c="),
        GOOD.replace(b"aantal=", b"x:aantal=").replace(b"<Vordering>", b"<x:Vordering>"),
    ],
)
def test_a_prefix_that_was_never_declared_is_no_xml(town: Town, content: bytes) -> None:
    with pytest.raises(DeliveryRefused):
        town.deliver(content, **SUWIML)
