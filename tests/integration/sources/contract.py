"""What every source protocol must do. A protocol proves it by subclassing `SourceContract` in its own test file.

The worst that a source can do to a citizen is to look like "no debts" when it failed; every test here guards that.
"""

import time
from typing import ClassVar

import pytest
from structlog.testing import capture_logs

from claims.identity import Bsn
from claims.outcome import FailureCause, OutcomeKind, PartialReason
from simulators.organisations import Behaviour
from simulators.organisations.municipal_rest import HUGE_COUNT
from simulators.organisations.replies import TOLD
from sources.gather import GatherTimes, gather
from sources.ports import SystemClock
from sources.workers import SourcePools
from tests.integration.sources.support import (
    PATIENT,
    SHORT,
    Town,
    answer_of,
    ask,
    cause_of,
    with_an_expired_certificate,
)


class SourceContract:
    """`source_id`: a simulated organisation that speaks the protocol; `debtor` and `other_debtor` have claims there,
    `stranger` has none. `references` are the case numbers of `debtor`, and
    `findings_of_debtor` what the protocol always has to say about such claims."""

    source_id: ClassVar[str]
    debtor: ClassVar[str] = "111111110"
    other_debtor: ClassVar[str]
    stranger: ClassVar[str] = "999993549"
    references: ClassVar[frozenset[str]]
    partial_reason: ClassVar[PartialReason]
    findings_of_debtor: ClassVar[frozenset[str]] = frozenset()

    def test_a_debtor_gets_the_claims_and_a_full_answer(self, town: Town) -> None:
        answer = answer_of(town.ask(self.source_id, self.debtor))
        assert {claim.reference for claim in answer.claims} == self.references
        assert answer.is_full
        assert all(claim.amounts.as_of is not None for claim in answer.claims)
        assert answer.findings == ()
        codes = {finding.code for claim in answer.claims for finding in claim.findings}
        assert codes == self.findings_of_debtor

    def test_somebody_without_claims_gets_no_claims_from_a_full_answer(self, town: Town) -> None:
        answer = answer_of(town.ask(self.source_id, self.stranger))
        assert answer.kind is OutcomeKind.NO_CLAIMS
        assert answer.is_full

    @pytest.mark.parametrize(
        ("behaviour", "cause"),
        [
            (Behaviour.DOWN, FailureCause.UNREACHABLE),
            (Behaviour.SERVER_ERROR, FailureCause.UNREACHABLE),
            (Behaviour.TELLING_ERROR, FailureCause.UNREACHABLE),
            (Behaviour.CUT_OFF, FailureCause.UNREACHABLE),
            (Behaviour.MALFORMED, FailureCause.MALFORMED),
            (Behaviour.HTML_ERROR, FailureCause.MALFORMED),
            (Behaviour.REDIRECT, FailureCause.MALFORMED),
            (Behaviour.COMPRESSED, FailureCause.MALFORMED),
            (Behaviour.WRONG_CITIZEN, FailureCause.WRONG_PERSON),
            (Behaviour.NO_CITIZEN, FailureCause.WRONG_PERSON),
            (Behaviour.NOT_FOUND, FailureCause.MISCONFIGURED),
            (Behaviour.REFUSED, FailureCause.REFUSED),
        ],
    )
    @pytest.mark.parametrize("citizen", ["debtor", "stranger"])
    def test_a_failing_source_is_no_answer(
        self, town: Town, behaviour: Behaviour, cause: FailureCause, citizen: str
    ) -> None:
        town.simulation.switch(self.source_id, behaviour)
        outcome = town.ask(self.source_id, getattr(self, citizen))
        assert outcome.kind is OutcomeKind.NO_ANSWER
        assert cause_of(outcome) is cause

    @pytest.mark.parametrize("behaviour", [Behaviour.SLOW, Behaviour.DRIP, Behaviour.DRIP_HEAD])
    def test_a_source_that_takes_too_long_ends_at_its_deadline(
        self, town: Town, behaviour: Behaviour
    ) -> None:
        town.simulation.switch(self.source_id, behaviour)
        begun = time.monotonic()
        outcome = town.ask(self.source_id, self.debtor, SHORT)
        assert cause_of(outcome) is FailureCause.TOO_SLOW
        assert time.monotonic() - begun < 45  # 3 s and much room; `gather` itself would end it after 60 s

    def test_a_partial_answer_keeps_what_is_readable_and_says_that_it_is_partial(self, town: Town) -> None:
        town.simulation.switch(self.source_id, Behaviour.PARTIAL)
        answer = answer_of(town.ask(self.source_id, self.debtor))
        assert {claim.reference for claim in answer.claims} == self.references
        assert answer.partial == (self.partial_reason,)

    def test_a_partial_answer_without_claims_is_no_answer(self, town: Town) -> None:
        town.simulation.switch(self.source_id, Behaviour.PARTIAL)
        assert town.ask(self.source_id, self.stranger).kind is OutcomeKind.NO_ANSWER

    def test_one_unreadable_claim_does_not_cost_the_others(self, town: Town) -> None:
        town.simulation.switch(self.source_id, Behaviour.UNREADABLE)
        answer = answer_of(town.ask(self.source_id, self.debtor))
        assert {claim.reference for claim in answer.claims} == self.references
        assert answer.partial == (PartialReason.CLAIM_UNREADABLE,)

    def test_two_thousand_claims_all_arrive(self, town: Town) -> None:
        town.simulation.switch(self.source_id, Behaviour.HUGE)
        answer = answer_of(town.ask(self.source_id, self.debtor))
        assert len({claim.reference for claim in answer.claims}) == HUGE_COUNT
        balances = [claim.amounts.balance for claim in answer.claims]
        assert sum(b.cents for b in balances if b) == sum(100 + n for n in range(HUGE_COUNT))
        assert answer.is_full

    def test_an_answer_over_the_limit_is_too_large(self, town: Town) -> None:
        town.simulation.switch(self.source_id, Behaviour.HUGE)
        outcome = town.ask(self.source_id, self.debtor, f"{PATIENT}\nmax_bytes = 20000")
        assert cause_of(outcome) is FailureCause.TOO_LARGE

    def test_two_citizens_at_once_get_only_their_own(self, town: Town) -> None:
        source = town.build(town.config(self.source_id))
        pool = SourcePools()
        people = [self.debtor, self.other_debtor, self.stranger] * 6
        times = GatherTimes(source_seconds=60, total_seconds=60)
        collections = [gather([source], Bsn(bsn), times, SystemClock(), pool) for bsn in people]
        alone = {bsn: answer_of(town.ask(self.source_id, bsn)) for bsn in set(people)}
        for bsn, collection in zip(people, collections, strict=True):
            [outcome] = collection
            mine = {claim.reference for claim in answer_of(outcome).claims}
            assert mine == {claim.reference for claim in alone[bsn].claims}
        assert not self.references & {c.reference for c in alone[self.other_debtor].claims}

    def test_a_source_behind_another_certificate_is_not_asked(self, town: Town) -> None:
        """Its real certificate is not an anchor: only what the settings name is trusted."""
        own_certificate = town.simulation.credentials.client_certificate_file
        outcome = town.ask(self.source_id, self.debtor, ca_file=own_certificate)
        assert cause_of(outcome) is FailureCause.MISCONFIGURED

    def test_a_source_with_an_expired_certificate_is_told_nothing(self, town: Town) -> None:
        with with_an_expired_certificate(town) as (port, asked):
            config = town.config(self.source_id).model_copy(update={"url": f"https://127.0.0.1:{port}"})
            assert cause_of(ask(config, self.debtor)) is FailureCause.MISCONFIGURED
        assert asked == []

    def test_what_an_error_of_the_source_tells_goes_nowhere(
        self, town: Town, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Neither its own secrets, nor ours that it repeats, nor who was asked about."""
        town.simulation.switch(self.source_id, Behaviour.TELLING_ERROR)
        with caplog.at_level("DEBUG"), capture_logs() as logs:
            outcome = town.ask(self.source_id, self.debtor)
        told = repr(outcome) + repr(logs) + caplog.text
        for secret in (TOLD, self.debtor, town.simulation.credentials.api_key, *self.references):
            assert secret not in told

    def test_a_missing_file_is_our_mistake(self, town: Town) -> None:
        outcome = town.ask(self.source_id, self.debtor, ca_file=town.folder / "absent.pem")
        assert cause_of(outcome) is FailureCause.MISCONFIGURED

    def test_nothing_that_was_logged_names_the_citizen(
        self, town: Town, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level("DEBUG"), capture_logs() as logs:
            for behaviour in (None, Behaviour.WRONG_CITIZEN, Behaviour.MALFORMED, Behaviour.UNREADABLE):
                town.simulation.switch(self.source_id, behaviour)
                town.ask(self.source_id, self.debtor)
        assert logs
        for bsn in (self.debtor, self.other_debtor):
            assert bsn not in repr(logs) + caplog.text
