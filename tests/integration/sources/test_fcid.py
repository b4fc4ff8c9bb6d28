"""Financial Claims Information Documents over mutual TLS, in both versions."""

import pytest

from claims.events import ObligationRemitted, PaymentObligationImposed, UnrecognisedEvent
from claims.financial_claim import ClaimStatus
from claims.money import Money
from claims.outcome import BasisKind, FailureCause, OutcomeKind, PartialReason
from simulators.organisations import Behaviour
from tests.integration.sources.contract import SourceContract
from tests.integration.sources.support import Town, answer_of, ask, cause_of

BOTH = ("kredietbank-rivierenstreek", "waterschap-zonnedelta")


class TestVersion3(SourceContract):
    source_id = "kredietbank-rivierenstreek"
    other_debtor = "999994712"
    references = frozenset({"KB-2025-00611"})
    partial_reason = PartialReason.CLAIM_UNREADABLE


class TestVersion41(SourceContract):
    source_id = "waterschap-zonnedelta"
    other_debtor = "999991553"
    references = frozenset({"WS-2026-771204"})
    partial_reason = PartialReason.SOURCE_SAYS_SO


def test_version_3_tells_balance_and_what_is_late(town: Town) -> None:
    answer = answer_of(town.ask("kredietbank-rivierenstreek", "111111110"))
    [claim] = answer.claims
    assert claim.amounts.balance == Money(55000)
    assert claim.amounts.paid == Money(35000)
    assert claim.status is ClaimStatus.OVERDUE
    assert claim.arrears is not None
    assert claim.arrears.obligation_keys == ("KB-611-BV-8",)
    assert answer.basis.kind is BasisKind.LIVE


def test_version_41_tells_remission_and_kind_of_notice(town: Town) -> None:
    [claim] = answer_of(town.ask("waterschap-zonnedelta", "111111110")).claims
    assert claim.amounts.balance == Money(31855)
    assert claim.due_on is not None
    assert any(isinstance(event, ObligationRemitted) for event in claim.events)
    [notice] = [event.notice for event in claim.events if isinstance(event, PaymentObligationImposed)]
    assert notice is not None


def test_an_event_of_a_kind_that_we_do_not_know_is_kept(town: Town) -> None:
    [claim] = answer_of(town.ask("waterschap-zonnedelta", "999995789")).claims
    [odd] = [event for event in claim.events if isinstance(event, UnrecognisedEvent)]
    assert odd.type_name == "DossierOvergezet"


@pytest.mark.parametrize("source_id", BOTH)
def test_one_case_about_somebody_else_costs_the_whole_answer(town: Town, source_id: str) -> None:
    town.simulation.switch(source_id, Behaviour.MIXED_CITIZENS)
    outcome = town.ask(source_id, "111111110")
    assert outcome.kind is OutcomeKind.NO_ANSWER
    assert cause_of(outcome) is FailureCause.WRONG_PERSON


@pytest.mark.parametrize("source_id", BOTH)
def test_a_document_from_another_supplier_is_a_finding(town: Town, source_id: str) -> None:
    config = town.config(source_id).model_copy(update={"oin": "00000001900000099000"})
    answer = answer_of(ask(config, "111111110"))
    assert [finding.code for finding in answer.findings] == ["supplied_by_other"]


@pytest.mark.parametrize("source_id", BOTH)
def test_without_a_client_certificate_nothing_is_given(town: Town, source_id: str) -> None:
    without = {"client_certificate_file": None, "client_key_file": None}
    outcome = ask(town.config(source_id).model_copy(update=without), "111111110")
    assert outcome.kind is OutcomeKind.NO_ANSWER
    assert cause_of(outcome) in {FailureCause.REFUSED, FailureCause.UNREACHABLE}
