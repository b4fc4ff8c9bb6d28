"""A document counts only when all of it is about the person whom we asked about."""

from typing import Any

import pytest

from claims.identity import Oin
from claims.organisation import Organisation
from claims.outcome import PartialReason
from sources.errors import SourceMalformed, WrongPerson
from sources.fcid.mapping import read_answer, supplier_findings
from tests.unit.sources.fakes import CITIZEN, OTHER_CITIZEN

SUPPLIER = Oin("00000001900000034000")
BANK = Organisation("Kredietbank", SUPPLIER)


def case(**changes: Any) -> dict[str, Any]:
    return {
        "zaakkenmerk": "Z-1",
        "totaal_opgelegd": 1000,
        "totaal_reeds_betaald": 0,
        "saldo": 1000,
        "saldo_datumtijd": "2026-03-02T09:00:00Z",
        "gebeurtenissen": [],
        "achterstanden": [],
        **changes,
    }


def document(*cases: Any, **body: Any) -> dict[str, Any]:
    content = {
        "aangeleverd_door": str(SUPPLIER),
        "document_datumtijd": "2026-03-02T09:00:00Z",
        "bsn": CITIZEN.digits,
        "financiele_zaken": list(cases),
        **body,
    }
    return {"type": "FINANCIAL_CLAIMS_INFORMATION_DOCUMENT", "version": "3", "body": content}


def test_a_document_about_this_person_gives_claims() -> None:
    answer = read_answer(document(case()), CITIZEN, BANK)
    assert [claim.reference for claim in answer.claims] == ["Z-1"]
    assert answer.partial == ()
    assert supplier_findings(answer, BANK) == ()


@pytest.mark.parametrize("bsn", [OTHER_CITIZEN.digits, None, 999993549, ""])
def test_a_document_about_nobody_or_somebody_else_is_dropped(bsn: Any) -> None:
    with pytest.raises(WrongPerson):
        read_answer(document(case(), bsn=bsn), CITIZEN, BANK)


def test_one_case_or_event_about_somebody_else_drops_everything() -> None:
    event = {"gebeurtenis_type": "BetalingVerwerkt", "gebeurtenis_kenmerk": "1", "bsn": OTHER_CITIZEN.digits}
    for odd in (case(bsn=OTHER_CITIZEN.digits), case(gebeurtenissen=[event])):
        with pytest.raises(WrongPerson) as refused:
            read_answer(document(case(), odd), CITIZEN, BANK)
        assert "111111110" not in str(refused.value)


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"body": []},
        document() | {"type": "ANOTHER"},
        document() | {"version": "9"},
        document(financiele_zaken=None),
        document(document_datumtijd="gisteren"),
    ],
)
def test_what_is_not_such_a_document_is_malformed(answer: dict[str, Any]) -> None:
    with pytest.raises(SourceMalformed):
        read_answer(answer, CITIZEN, BANK)


def test_an_unreadable_case_makes_it_partial() -> None:
    answer = read_answer(document(case(), {"saldo": "veel"}), CITIZEN, BANK)
    assert len(answer.claims) == 1
    assert answer.partial == (PartialReason.CLAIM_UNREADABLE,)


def test_another_supplier_than_we_asked_is_a_finding() -> None:
    answer = read_answer(document(aangeleverd_door="00000001900000099000"), CITIZEN, BANK)
    assert [finding.code for finding in supplier_findings(answer, BANK)] == ["supplied_by_other"]


def test_a_case_that_cannot_be_read_does_not_hide_whose_it_is() -> None:
    event = {"gebeurtenis_type": "BetalingVerwerkt", "gebeurtenis_kenmerk": "1", "bsn": OTHER_CITIZEN.digits}
    with pytest.raises(WrongPerson):
        read_answer(document(case(), case(zaakkenmerk=None, gebeurtenissen=[event])), CITIZEN, BANK)


@pytest.mark.parametrize("name", ["BSN", "Burgerservicenummer"])
def test_another_spelling_names_a_person_too(name: str) -> None:
    other = {name: OTHER_CITIZEN.digits}
    answers = (document(case(**other)), document(case(gebeurtenissen=[other])), document(case(), **other))
    for answer in (*answers, document(case()) | other):
        with pytest.raises(WrongPerson):
            read_answer(answer, CITIZEN, BANK)
