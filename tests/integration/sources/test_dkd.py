"""Social services over SuwiML: signed and behind a gateway, every row of the table of results, every scenario."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from claims.financial_claim import ClaimStatus, Finding
from claims.outcome import BasisKind, FailureCause, OutcomeKind, PartialReason
from claims.partial_date import PartialDate
from simulators.authority import create_authority
from simulators.organisations import Behaviour, Simulation, start
from sources.config import SourceConfig
from tests.integration.sources.contract import SourceContract
from tests.integration.sources.support import Town, answer_of, ask, cause_of

DATA = Path(__file__).parents[3] / "simulators" / "organisations" / "dkd_data"
SIGNED, GATEWAY, ADDRESSED = "zonnedael-sociaal", "zonnedael-gateway", "zonnedael-adressen"


@pytest.fixture(scope="module")
def simulation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulation]:
    """Other organisations than the rest of this folder asks."""
    folder = tmp_path_factory.mktemp("dkd")
    with start(create_authority(folder / "authority"), folder, data=DATA) as running:
        yield running


class _Dkd(SourceContract):
    other_debtor = "999993549"
    stranger = "999998493"
    references = frozenset({"000000020240017", "000000020220342"})
    partial_reason = PartialReason.SOURCE_WARNED
    findings_of_debtor = frozenset({"amount_missing", "balance_date_assumed"})


class TestSigned(_Dkd):
    source_id = SIGNED


class TestBehindAGateway(_Dkd):
    """Version v0400, an API key, no headers, no signature, and no quotes in SOAPAction."""

    source_id = GATEWAY


def test_addresses_without_signature_and_basic_access(town: Town) -> None:
    """This one wants the action itself in SOAPAction."""
    answer = answer_of(town.ask(ADDRESSED, "111111110"))
    assert {claim.reference for claim in answer.claims} == _Dkd.references
    for behaviour in (Behaviour.OTHER_QUESTION, Behaviour.OTHER_RECEIVER):
        town.simulation.switch(ADDRESSED, behaviour)
        assert cause_of(town.ask(ADDRESSED, "111111110")) is FailureCause.MALFORMED


def test_without_our_client_certificate_nobody_answers(town: Town) -> None:
    without = {"client_certificate_file": None, "client_key_file": None}
    outcome = ask(town.config(SIGNED).model_copy(update=without), "111111110")
    assert cause_of(outcome) in {FailureCause.REFUSED, FailureCause.UNREACHABLE}


def test_a_wrong_password_is_refused_and_is_no_answer(town: Town) -> None:
    file = town.folder / "basic"
    file.write_text("blauwe-knop:fout", encoding="ascii")
    config = town.config(ADDRESSED).model_copy(update={"basic_file": file})
    assert cause_of(ask(config, "111111110")) is FailureCause.REFUSED


def test_a_question_that_is_not_as_agreed_is_refused(town: Town) -> None:
    for settings in ({"soap_action": "quoted"}, {"version": "v0400"}, {"from_oin": "00000001900000077000"}):
        assert cause_of(ask(changed(town, ADDRESSED, **settings), "111111110")) is FailureCause.REFUSED


def changed(town: Town, source_id: str, **settings: object) -> SourceConfig:
    config = town.config(source_id)
    assert config.dkd is not None
    return config.model_copy(update={"dkd": config.dkd.model_copy(update=settings)})


@pytest.mark.parametrize(
    ("bsn", "count"),
    [
        ("111111110", 2),
        ("999993549", 1),
        ("999990238", 1),
        ("999991085", 2000),
        ("999991097", 3),
        ("999991103", 1),
        ("999991115", 1),
    ],
)
def test_scenarios_with_claims_are_full_answers(town: Town, bsn: str, count: int) -> None:
    answer = answer_of(town.ask(SIGNED, bsn))
    assert len(answer.claims) == count
    assert answer.is_full
    assert answer.basis.kind is BasisKind.BATCH


@pytest.mark.parametrize("bsn", ["999998493", "999990019"])
def test_only_not_found_and_no_claims_are_no_claims(town: Town, bsn: str) -> None:
    assert town.ask(SIGNED, bsn).kind is OutcomeKind.NO_CLAIMS


@pytest.mark.parametrize(
    ("bsn", "cause"),
    [
        ("999999990", FailureCause.SOURCE_ERROR),
        ("999991000", FailureCause.SOURCE_ERROR),
        ("999991012", FailureCause.UNREACHABLE),
        ("999991024", FailureCause.WRONG_PERSON),
        ("999991036", FailureCause.TOO_SLOW),
        ("999991048", FailureCause.UNREACHABLE),
        ("999991061", FailureCause.MALFORMED),
        ("999991073", FailureCause.MALFORMED),
    ],
)
def test_scenarios_that_fail_are_no_answer(town: Town, bsn: str, cause: FailureCause) -> None:
    outcome = town.ask(SIGNED, bsn, "total_seconds = 8\nconnect_seconds = 8")
    assert outcome.kind is OutcomeKind.NO_ANSWER
    assert cause_of(outcome) is cause


def test_a_warning_without_claims_is_no_answer(town: Town) -> None:
    outcome = town.ask(SIGNED, "999991322")
    assert outcome.kind is OutcomeKind.NO_ANSWER
    assert answer_of(outcome).partial == (PartialReason.SOURCE_WARNED,)


@pytest.mark.parametrize("source_id", [SIGNED, GATEWAY])
@pytest.mark.parametrize(
    ("behaviour", "cause"),
    [
        (Behaviour.FUNCTIONAL_ERROR, FailureCause.SOURCE_ERROR),
        (Behaviour.FAULT, FailureCause.SOURCE_ERROR),
        (Behaviour.GATEWAY_FAULT, FailureCause.UNREACHABLE),
        (Behaviour.EMPTY, FailureCause.MALFORMED),
        (Behaviour.DOCTYPE, FailureCause.MALFORMED),
    ],
)
@pytest.mark.parametrize("bsn", ["111111110", "999998493"])
def test_every_form_of_error_is_no_answer(
    town: Town, source_id: str, behaviour: Behaviour, cause: FailureCause, bsn: str
) -> None:
    town.simulation.switch(source_id, behaviour)
    assert cause_of(town.ask(source_id, bsn)) is cause


@pytest.mark.parametrize(
    ("behaviour", "cause"),
    [
        (Behaviour.UNSIGNED, FailureCause.MALFORMED),
        (Behaviour.BROKEN_SIGNATURE, FailureCause.MALFORMED),
        (Behaviour.OTHER_SIGNER, FailureCause.MALFORMED),
        (Behaviour.OTHER_QUESTION, FailureCause.MALFORMED),
        (Behaviour.OTHER_RECEIVER, FailureCause.MALFORMED),
        (Behaviour.UNSIGNED_FAULT, FailureCause.UNREACHABLE),
    ],
)
def test_an_answer_that_is_not_proven_is_not_used(
    town: Town, behaviour: Behaviour, cause: FailureCause
) -> None:
    town.simulation.switch(SIGNED, behaviour)
    assert cause_of(town.ask(SIGNED, "111111110")) is cause


def test_information_beside_the_data_is_a_note_and_leaves_the_answer_full(town: Town) -> None:
    town.simulation.switch(SIGNED, Behaviour.NOTED)
    answer = answer_of(town.ask(SIGNED, "111111110"))
    assert answer.is_full
    assert "source_note" in {finding.code for finding in answer.findings}


@pytest.mark.parametrize(
    ("behaviour", "name"), [(Behaviour.OTHER_QUESTION, "RelatesTo"), (Behaviour.OTHER_RECEIVER, "To")]
)
def test_behind_a_gateway_another_address_is_a_finding(town: Town, behaviour: Behaviour, name: str) -> None:
    town.simulation.switch(SIGNED, behaviour)
    answer = answer_of(ask(changed(town, SIGNED, gateway=True), "111111110"))
    assert answer.findings == (Finding("address_differs", name),)


def test_an_answer_signed_by_another_organisation_than_expected_is_not_used(town: Town) -> None:
    config = changed(town, SIGNED, answer_oin="00000001900000077000")
    assert cause_of(ask(config, "111111110")) is FailureCause.MALFORMED


@pytest.mark.parametrize("key", ["signing_key_file", "signing_certificate_file", "answer_ca_file"])
def test_a_missing_file_for_signatures_is_our_mistake(town: Town, key: str) -> None:
    config = changed(town, SIGNED, **{key: town.folder / "absent.pem"})
    assert cause_of(ask(config, "111111110")) is FailureCause.MISCONFIGURED


def test_a_service_that_does_not_sign_its_questions_is_refused(town: Town) -> None:
    config = changed(town, SIGNED, header_profile="wsa")
    assert cause_of(ask(config, "111111110")) is FailureCause.REFUSED


@pytest.mark.parametrize("content", ["", "zonder-dubbele-punt"])
def test_an_unusable_file_for_basic_access_is_our_mistake(town: Town, content: str) -> None:
    file = town.folder / "basic"
    file.write_text(content, encoding="ascii")
    config = town.config(GATEWAY).model_copy(update={"api_key_file": None, "basic_file": file})
    assert cause_of(ask(config, "111111110")) is FailureCause.MISCONFIGURED


def test_joint_claims_are_marked_and_the_partner_stays_unnamed(town: Town) -> None:
    [hers] = answer_of(town.ask(SIGNED, "999991103")).claims
    [his] = answer_of(town.ask(SIGNED, "999991115")).claims
    assert hers.joint
    assert his.joint
    assert hers.reference == his.reference
    assert "999991115" not in repr(hers)


def test_odd_codes_and_dates_cost_nothing_but_a_finding(town: Town) -> None:
    claims = answer_of(town.ask(SIGNED, "999991097")).claims
    assert [claim.originated_on for claim in claims] == [None, PartialDate(2024, 2), None]
    assert {claim.status for claim in claims} == {ClaimStatus.UNKNOWN}
    assert all(claim.amounts.balance is not None for claim in claims)


def test_a_schema_that_is_absent_costs_the_report_only(town: Town) -> None:
    answer = answer_of(ask(changed(town, SIGNED, schema_folder=town.folder), "111111110"))
    assert [finding.code for finding in answer.findings] == ["schema_report_unavailable"]
    assert len(answer.claims) == 2
