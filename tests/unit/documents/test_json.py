from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from app.documents.fcid import NOT_ASKED
from app.documents.json import NotOurPayload, read_payload, write_payload
from app.ports.snapshot import Snapshot
from claims.fcid.reader import read_document
from tests.support import snapshots
from tests.support.fcid import case, imposed
from tests.support.fcid import document as document_41

SCHEMA = json.loads(Path("docs/schemas/schuldenoverzicht-v1.json").read_text("utf-8"))
CASES = {
    "full": snapshots.snapshot(snapshots.full_outcomes()),
    "partial": snapshots.snapshot(snapshots.partial_outcomes()),
    "by list": snapshots.snapshot((snapshots.by_list(snapshots.BANK, "bank"),)),
    "none asked": snapshots.snapshot(()),
    "hundred": snapshots.snapshot(snapshots.many_outcomes(100)),
}


@pytest.mark.parametrize("snapshot", CASES.values(), ids=CASES.keys())
def test_the_record_keeps_to_the_published_schema(snapshot: Snapshot) -> None:
    Draft202012Validator(SCHEMA, format_checker=FormatChecker()).validate(json.loads(write_payload(snapshot)))


@pytest.mark.parametrize("snapshot", CASES.values(), ids=CASES.keys())
def test_the_record_gives_the_same_snapshot_back(snapshot: Snapshot) -> None:
    payload = write_payload(snapshot)
    again = read_payload(payload).snapshot(snapshot.issuer)
    assert again == snapshot
    assert write_payload(again) == payload


def test_a_source_that_was_not_asked_says_so_in_the_record() -> None:
    record = json.loads(write_payload(CASES["by list"]))
    [outcome] = record["overzicht"]["bronnen"]
    assert outcome["gebaseerd_op"] == {"soort": "verwijsindex", "moment": "2026-11-22T01:05:00Z"}
    assert any("Volgens de lijst van 22 november 2026 om 02.05 uur" in note for note in record["toelichting"])
    assert [(entry["document"], entry["reden"]) for entry in record["fcid"]] == [(None, NOT_ASKED)]


def test_the_record_holds_the_whole_number_of_the_citizen_and_names_per_source_only() -> None:
    record = json.loads(write_payload(CASES["full"]))
    assert record["betrokkene"]["bsn"] == "999993549"
    assert [n["bron"] for n in record["betrokkene"]["namen"]] == ["belastingen", "sociaal"]
    assert record["overzicht"]["namen_verschillen"] is True


def test_gaps_are_told_in_words_and_no_partial_answer_becomes_an_fcid_document() -> None:
    record = json.loads(write_payload(CASES["partial"]))
    assert (
        "Kredietbank Voorbeeldstreek gaf geen antwoord. Er kunnen meer schulden zijn."
        in record["toelichting"]
    )
    by_name = {entry["organisatie"]["naam"]: entry for entry in record["fcid"]}
    missing = by_name["Kredietbank Voorbeeldstreek"]
    assert missing["document"] is None
    assert missing["reden"] == "Deze bron gaf geen volledig antwoord."
    assert all((entry["document"] is None) == bool(entry["reden"]) for entry in record["fcid"])


@pytest.mark.parametrize("payload", [b"", b"[]", b"{}", b'{"soort":"iets anders"}', b"\xff", b'{"soort":1}'])
def test_foreign_bytes_are_refused_without_their_content(payload: bytes) -> None:
    with pytest.raises(NotOurPayload):
        read_payload(payload)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("versie", 2),
        ("versie", True),
        ("versie", "1"),
        ("versie", None),
        ("documentnummer", "BK-2026-90QC27AGNC\n"),
        ("documentnummer", "<b>BK-2026</b>"),
        ("documentnummer", "BK-\u0662\u0660\u0662\u0666-90QC27AGNC"),
        ("documentnummer", ""),
    ],
)
def test_another_version_or_a_strange_number_is_not_ours(member: str, value: object) -> None:
    record = json.loads(write_payload(CASES["full"]))
    read_payload(json.dumps(record).encode())
    with pytest.raises(NotOurPayload):
        read_payload(json.dumps({**record, member: value}).encode())


def test_what_fcid_can_express_stands_in_the_record_as_fcid_document() -> None:
    wire = document_41(case(imposed(15000), obliged=15000, version="4.1"), version="4.1")
    [claim] = read_document(wire, snapshots.WATER).claims
    record = json.loads(write_payload(snapshots.snapshot((snapshots.answer(snapshots.WATER, "w", claim),))))
    [entry] = record["fcid"]
    assert entry["reden"] is None
    assert [one["saldo"] for one in entry["document"]["body"]["financiele_zaken"]] == [15000]
    assert entry["document"]["body"]["bsn"] == "999993549"
