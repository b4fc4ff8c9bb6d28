"""Reading is lenient, reporting is strict: each claim says what in it breaks the official schema."""

import pytest

from claims.financial_claim import Finding
from sources.suwi.strict import deviations
from sources.transport.xml import Node
from sources.transport.xml_schema import SchemaReport
from tests.support.dkd import body_element, body_node, body_schema, claim_body, message
from tests.unit.sources.test_dkd_mapping import read

BSN = "999993549"
LAW = "<SzWet><CdSzWet>PW</CdSzWet></SzWet>"
BRON = "<Bron><CdKolomSuwi>3</CdKolomSuwi><CdPartijSuwi>0599</CdPartijSuwi></Bron>"
PARTNER = "<PartnerVordering><Burgerservicenr>999991954</Burgerservicenr></PartnerVordering>"
FRAUD = "<Fraude><IndRecidive>2</IndRecidive></Fraude>"
REASON = "<CdRedenVordering>11</CdRedenVordering>"
CASES: list[tuple[str, tuple[Finding, ...]]] = [
    (LAW + BRON, ()),
    (REASON + LAW + PARTNER * 2 + FRAUD + BRON, ()),
    (BRON + LAW, (Finding("order_not_official", "Vordering"),)),
    (LAW + LAW + BRON, (Finding("element_repeated", "SzWet"),)),
    (LAW + "<Iets/>" + BRON, (Finding("element_unknown", "Vordering"),)),
    (BRON, (Finding("element_missing", "SzWet/CdSzWet"),)),
    (LAW, (Finding("element_missing", "Bron/CdKolomSuwi"), Finding("element_missing", "Bron/CdPartijSuwi"))),
    (LAW.replace("PW", "PW2") + BRON, (Finding("value_not_official", "SzWet/CdSzWet"),)),
    (LAW + BRON.replace("0599", "P401"), (Finding("value_not_official", "Bron/CdPartijSuwi"),)),
    (LAW + BRON.replace(">3<", ">K401<"), (Finding("value_not_official", "Bron/CdKolomSuwi"),)),
    (REASON.replace("11", "1") + LAW + BRON, (Finding("value_not_official", "CdRedenVordering"),)),
]


def claims_in(raw: bytes) -> list[Node]:
    return list(body_node(raw).everywhere("Vordering"))


@pytest.mark.parametrize(("inner", "found"), CASES)
def test_each_rule_of_a_claim_has_a_finding(inner: str, found: tuple[Finding, ...]) -> None:
    [claim] = claims_in(claim_body(BSN, inner))
    assert deviations(claim) == found


def test_the_bad_example_is_told_with_names_and_without_content() -> None:
    [claim] = claims_in(message("e11"))
    found = deviations(claim)
    assert {finding.code for finding in found} == {
        "order_not_official",
        "element_missing",
        "value_not_official",
    }
    assert not any(value in repr(found) for value in ("K401", "P401", "2024-17"))


def test_the_findings_stand_with_the_claim_that_they_are_about() -> None:

    bad, good = read(claim_body(BSN, REASON + BRON, LAW + BRON)).claims
    assert Finding("element_missing", "SzWet/CdSzWet") in bad.findings
    assert not {finding.code for finding in good.findings} & {"element_missing", "order_not_official"}


@pytest.mark.conformance
@pytest.mark.parametrize(("inner", "found"), CASES)
def test_the_original_schema_thinks_the_same(inner: str, found: tuple[Finding, ...]) -> None:
    report = SchemaReport(body_schema("BodyReaction")).findings(body_element(claim_body(BSN, inner)))
    assert bool(report) is bool(found)
