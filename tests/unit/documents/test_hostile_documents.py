"""Texts of a source that try to be more than text, in every file that we make."""

from __future__ import annotations

import csv as csv_reader
import json
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from app.documents import claim_facts, csv, pdf
from app.documents import json as record
from app.documents.pdf_fonts import GlyphMissing
from app.documents.versions import Versions
from claims.events import CaseTransferred, ObligationImposed, UnrecognisedEvent
from claims.financial_claim import (
    Amounts,
    ClaimStatus,
    Collector,
    FinancialClaim,
    PaymentPlan,
    Urgency,
    UrgencyKind,
)
from claims.identity import Oin
from claims.money import Money
from claims.organisation import ContactKind, ContactOption, Organisation, PaymentDetails
from claims.overview import Overview
from tests.support import snapshots as made
from tests.support.pdf_reading import plain_text, run
from tests.support.sealing import ConstantSeal

BREAK_OUT = (
    ") /A <</S /URI /URI (javascript:alert\\(1\\))>> >> endobj 9 9 obj << (",
    "\\) Tj ET EMC Q /Artifact BMC BT (x",
    "endstream endobj trailer<</Root 1 0 R /OpenAction <</S /JavaScript /JS (x)>> >> startxref 0 %%EOF",
    "]]></rdf:li><pdfaid:part>1</pdfaid:part><!--",
)


def hostile(text: str) -> FinancialClaim:
    contact = (ContactOption(ContactKind.WEBSITE, text, text, text),)
    return FinancialClaim(
        reference=text,
        creditor=Organisation(text, department=text),
        title=text,
        kind_id=text,
        legal_ground=text,
        decision_numbers=(text,),
        customer_number=text,
        amounts=Amounts(balance=Money(100)),
        status=ClaimStatus.ARRANGEMENT,
        payment_plan=PaymentPlan(instalment=Money(1), period=text),
        collector=Collector(name=text, reference=text, contact=contact),
        urgencies=(Urgency(kind=UrgencyKind.OTHER, description=text),),
        payment=PaymentDetails(text, text, text),
        contact=contact,
        events=(
            ObligationImposed(key="1", amount=None, description=text, decision_number=text),
            CaseTransferred(key="2", transferred_to=text),
            UnrecognisedEvent(key="3", type_name=text, content=text),
        ),
    )


def names_in_pdf(text: str, file: Path) -> set[str]:
    """Every key and every name in every object, as somebody else's reader sees them."""
    answer = replace(made.answer(made.TAXES, "t", hostile(text)), stated_name=text)
    snapshot = made.snapshot((answer,))
    file.write_bytes(pdf.write(snapshot, record.write_payload(snapshot), ConstantSeal()))
    run("qpdf", "--check", str(file))
    return set(_names(json.loads(run("qpdf", "--json=2", str(file)))))


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (key for key in value if key.startswith("/"))
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        if isinstance(part, str) and part.startswith("/"):
            yield part
        yield from _names(part)


@pytest.mark.threat("T-13")
def test_no_text_of_a_source_becomes_part_of_how_a_pdf_is_built(tmp_path: Path) -> None:
    """No action, link, script or object more than with an ordinary word, and the words are on the pages."""
    ordinary = names_in_pdf("Belasting", tmp_path / "ordinary.pdf")
    assert not {"/URI", "/JS", "/JavaScript", "/Launch", "/OpenAction", "/AA"} & ordinary
    for text in BREAK_OUT:
        file = tmp_path / "hostile.pdf"
        assert {name for name in names_in_pdf(text, file) - ordinary if not _is_font(name)} == set(), text
        assert text.split()[0] in plain_text(file)


def _is_font(name: str) -> bool:
    """The names of the subsets of a face follow from the characters used."""
    return name.startswith("/F") and "+" in name


@pytest.mark.parametrize("name", ["Bakkerij 🥐 de Zon", "北京餐厅", "𝕲emeente"])
def test_a_text_that_the_pdf_cannot_show_is_whole_in_the_other_files(name: str) -> None:
    snapshot = made.snapshot((made.answer(made.TAXES, "t", replace(made.tax_claim(), title=name)),))
    payload = record.write_payload(snapshot)
    with pytest.raises(GlyphMissing):
        pdf.write(snapshot, payload, ConstantSeal())
    assert record.read_payload(payload).overview.claims[0].title == name
    (row,) = csv_reader.DictReader(StringIO(csv.write(snapshot).decode("utf-8-sig")), delimiter=";")
    assert (row["waarvoor"], row["nog_te_betalen"]) == (name, "461,12")


@pytest.mark.threat("T-38")
@pytest.mark.parametrize(
    ("creditor", "told"),
    [
        (made.TAXES, False),
        (made.PARKING, True),  # another number of the same town
        (Organisation("Belastingdienst"), True),
        (Organisation("Gemeente Vооrbeeldstad"), True),  # with two letters of another alphabet
    ],
)
def test_who_reports_a_claim_in_the_name_of_another_is_told(creditor: Organisation, told: bool) -> None:
    """A source can name anybody as creditor, with an account of its own to pay on."""
    claim = replace(made.tax_claim(), creditor=creditor)
    overview = Overview(made.NOW, (made.answer(made.TAXES, "t", claim),))
    facts = dict(claim_facts.facts(overview.reported[0]))
    assert facts.get("Gemeld door") == ("Gemeente Voorbeeldstad, Belastingen" if told else None)
    assert not Versions(overview).of(overview.reported[0])


def test_an_organisation_whose_number_only_one_of_them_states_is_not_another() -> None:
    source = replace(made.TAXES, oin=Oin("00000001900000010000"))
    claim = replace(made.tax_claim(), creditor=replace(source, oin=None))
    overview = Overview(made.NOW, (made.answer(source, "t", claim),))
    assert "Gemeld door" not in dict(claim_facts.facts(overview.reported[0]))
