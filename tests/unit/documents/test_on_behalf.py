"""An overview that a representative asked for says so everywhere, and whose debts it holds."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from app.documents import pdf, pdf_fonts, schema
from app.documents.csv import write as write_csv
from app.documents.json import NotOurPayload, read_payload, write_payload
from app.documents.pdf_layout import FOOT_STRONG, TEXT_WIDTH
from app.services.verdict_text import describe
from app.services.verify import Reason, Verdict
from tests.support import pdf_reading as reading
from tests.support import snapshots
from tests.support.sealing import ConstantSeal

OWN = snapshots.snapshot(snapshots.partial_outcomes())
ASKED_FOR = replace(OWN, requested_by="356")
WHO = "gemachtigde (BSN eindigt op 356) namens vertegenwoordigde (BSN eindigt op 549)"


def test_the_record_names_the_person_and_the_end_of_the_number_of_who_asked() -> None:
    record = json.loads(write_payload(ASKED_FOR))
    assert record["betrokkene"]["bsn"] == "999993549"
    assert record["opgevraagd_door"] == {"rol": "gemachtigde", "bsn_eindigt_op": "356"}
    assert f"Opgevraagd door {WHO}, met DigiD Machtigen." in record["toelichting"][-1]
    Draft202012Validator(schema.document_schema()).validate(record)
    assert read_payload(write_payload(ASKED_FOR)).snapshot(ASKED_FOR.issuer) == ASKED_FOR


def test_a_record_without_representative_is_as_it_always_was() -> None:
    record = json.loads(write_payload(OWN))
    assert "opgevraagd_door" not in record
    assert "gemachtigde" not in json.dumps(record)
    assert read_payload(write_payload(OWN)).requested_by is None


@pytest.mark.parametrize(
    "stated",
    [
        None,
        {},
        "356",
        {"rol": "gemachtigde"},
        {"rol": "gemachtigde", "bsn_eindigt_op": 356},
        {"rol": "gemachtigde", "bsn_eindigt_op": "999996356"},
        {"rol": "gemachtigde", "bsn_eindigt_op": "35<"},
        {"rol": "curator", "bsn_eindigt_op": "356"},
    ],
)
def test_a_representative_who_is_not_understood_never_passes_for_nobody(stated: object) -> None:
    record = {**json.loads(write_payload(ASKED_FOR)), "opgevraagd_door": stated}
    assert not Draft202012Validator(schema.document_schema()).is_valid(record)
    with pytest.raises(NotOurPayload):
        read_payload(json.dumps(record).encode())


@pytest.mark.threat("T-36")
def test_every_page_of_the_pdf_says_who_asked_and_for_whom(tmp_path: Path) -> None:
    file = tmp_path / "o.pdf"
    file.write_bytes(pdf.write(ASKED_FOR, write_payload(ASKED_FOR), ConstantSeal()))
    pages = reading.run("pdftotext", "-layout", str(file), "-").split("\f")[:-1]
    assert len(pages) == reading.page_count(file) > 1
    for page in pages:
        assert f"Opgevraagd door {WHO}" in re.sub(r"\s+", " ", page)
    first = re.sub(r"\s+", " ", pages[0])
    assert "Overzicht van wat de vertegenwoordigde moet betalen" in first
    assert "Dit gaat over de vertegenwoordigde." in first
    assert "Overzicht van wat u moet betalen" not in " ".join(pages)
    assert "met DigiD Machtigen" in reading.tag_tree(file)
    assert pdf_fonts.width(f"Opgevraagd door {WHO}", FOOT_STRONG.face, FOOT_STRONG.size) < TEXT_WIDTH


def test_every_row_of_the_csv_says_who_asked() -> None:
    def column(content: bytes) -> set[str]:
        text = StringIO(content.decode("utf-8-sig"), newline="")
        return {row["opgevraagd_door"] for row in csv.DictReader(text, delimiter=";")}

    assert column(write_csv(ASKED_FOR)) == {WHO}
    assert column(write_csv(replace(ASKED_FOR, overview=replace(OWN.overview, outcomes=())))) == {WHO}
    assert column(write_csv(OWN)) == {""}


def test_the_verdict_says_who_asked_and_only_where_it_vouches_for_the_content() -> None:
    document = read_payload(write_payload(ASKED_FOR))
    genuine = describe(Verdict(Reason.GENUINE, organisation="Gemeente", document=document))
    assert ("Opgevraagd door", f"{WHO}, met DigiD Machtigen") in genuine.facts
    revoked = describe(Verdict(Reason.REVOKED, organisation="Gemeente", document=document))
    assert "Opgevraagd door" not in dict(revoked.facts)
    own = describe(
        Verdict(Reason.GENUINE, organisation="Gemeente", document=read_payload(write_payload(OWN)))
    )
    assert "Opgevraagd door" not in dict(own.facts)
