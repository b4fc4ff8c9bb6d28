"""A case reference that a link brought: always with who stated it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from app.documents import pdf, schema
from app.documents.json import NotOurPayload, read_payload, write_payload
from app.ports.case_reference import CaseReference
from app.services.verdict_text import describe
from app.services.verify import Reason, Verdict
from tests.support import pdf_reading as reading
from tests.support import snapshots
from tests.support.sealing import ConstantSeal

OWN = snapshots.snapshot(snapshots.partial_outcomes())
WITH_CASE = replace(OWN, case_reference=CaseReference("Z-2026-17"))
STATED = "Z-2026-17, opgegeven door de site waar {} vandaan kwam. Niet gecontroleerd."


def test_the_record_says_who_stated_it() -> None:
    record = json.loads(write_payload(WITH_CASE))
    assert record["zaak"] == {"nummer": "Z-2026-17", "opgegeven_door": "verwijzende_site"}
    assert record["toelichting"][-1] == f"Zaaknummer: {STATED.format('u')}"
    Draft202012Validator(schema.document_schema()).validate(record)
    assert read_payload(write_payload(WITH_CASE)).snapshot(WITH_CASE.issuer) == WITH_CASE


def test_a_record_without_is_as_it_always_was() -> None:
    assert "zaak" not in json.loads(write_payload(OWN))
    assert read_payload(write_payload(OWN)).case_reference is None


@pytest.mark.threat("T-48")
@pytest.mark.parametrize(
    "stated",
    [
        None,
        "Z-1",
        {"nummer": "Z-1"},
        {"nummer": "Z-1", "opgegeven_door": "burger"},
        {"nummer": "geen schulden", "opgegeven_door": "verwijzende_site"},
        {"nummer": 17, "opgegeven_door": "verwijzende_site"},
    ],
)
def test_what_is_not_understood_is_no_record_of_ours(stated: object) -> None:
    record = {**json.loads(write_payload(WITH_CASE)), "zaak": stated}
    with pytest.raises(NotOurPayload):
        read_payload(json.dumps(record).encode())


def test_the_pdf_prints_it_with_who_stated_it(tmp_path: Path) -> None:
    file = tmp_path / "o.pdf"
    file.write_bytes(pdf.write(WITH_CASE, write_payload(WITH_CASE), ConstantSeal()))
    text = re.sub(r"\s+", " ", reading.plain_text(file))
    assert "Zaaknummer" in text
    assert STATED.format("u") in text


def test_the_verdict_tells_it_of_a_genuine_document_only() -> None:
    document = read_payload(write_payload(WITH_CASE))
    fact = ("Zaaknummer", STATED.format("de betrokkene"))
    assert fact in describe(Verdict(Reason.GENUINE, document=document)).facts
    assert fact not in describe(Verdict(Reason.ALTERED, document=document)).facts
