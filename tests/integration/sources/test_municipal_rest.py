"""The municipal interface, over real TLS."""

from datetime import timedelta

import pytest

from claims.outcome import BasisKind, FailureCause, OutcomeKind, PartialReason
from simulators.organisations import Behaviour
from tests.integration.sources.contract import SourceContract
from tests.integration.sources.support import PATIENT, Town, answer_of, ask, cause_of


class TestWithAClientCertificate(SourceContract):
    source_id = "zonnedael-belastingen"
    other_debtor = "999990482"
    references = frozenset({"BEL-2026-0041873", "BEL-2026-0052210"})
    partial_reason = PartialReason.SOURCE_SAYS_SO


class TestWithAnApiKey(SourceContract):
    source_id = "zonnedael-parkeren"
    other_debtor = "999994712"
    references = frozenset({"PRK-26-118204"})
    partial_reason = PartialReason.SOURCE_SAYS_SO


def test_a_wrong_api_key_is_refused_and_is_no_answer(town: Town) -> None:
    key_file = town.folder / "wrong-key"
    key_file.write_text("wrong\n", encoding="ascii")
    config = town.config("zonnedael-parkeren").model_copy(update={"api_key_file": key_file})
    assert cause_of(ask(config, "111111110")) is FailureCause.REFUSED


@pytest.mark.parametrize("content", ["", "two\nlines", "sleutel-ë"])
def test_an_unusable_api_key_file_is_our_mistake(town: Town, content: str) -> None:
    key_file = town.folder / "key"
    key_file.write_text(content, encoding="utf-8")
    config = town.config("zonnedael-parkeren").model_copy(update={"api_key_file": key_file})
    assert cause_of(ask(config, "111111110")) is FailureCause.MISCONFIGURED


def test_a_batch_answer_tells_from_which_moment_it_is(town: Town) -> None:
    answer = answer_of(town.ask("zonnedael-werk-en-inkomen", "111111110"))
    assert answer.basis.kind is BasisKind.BATCH
    assert timedelta(hours=23) < answer.answered_at - answer.basis.at < timedelta(hours=25)


def test_data_older_than_the_settings_allow_make_it_partial(town: Town) -> None:
    settings = f"{PATIENT}\nstale_after_hours = 1"
    answer = answer_of(town.ask("zonnedael-werk-en-inkomen", "111111110", settings))
    assert answer.partial == (PartialReason.STALE,)
    assert town.ask("zonnedael-werk-en-inkomen", "999993549", settings).kind is OutcomeKind.NO_ANSWER


def test_each_source_keeps_its_own_name_for_the_citizen(town: Town) -> None:
    names = [
        answer_of(town.ask(source_id, "999995789")).stated_name
        for source_id in ("zonnedael-belastingen", "zonnedael-parkeren")
    ]
    assert names == ["Z. Çelik-Đorđević", "Z. Celik"]


def test_joint_claims_are_marked_at_both_partners(town: Town) -> None:
    claims = [
        answer_of(town.ask("zonnedael-werk-en-inkomen", bsn)).claims for bsn in ("999992995", "999993367")
    ]
    [[hers], [his]] = claims
    assert hers.joint
    assert his.joint
    assert hers.reference == his.reference


def test_an_organisation_that_stopped_is_unreachable(town: Town) -> None:
    config = town.config("zonnedael-belastingen")
    nobody_listens = config.model_copy(update={"url": "https://127.0.0.1:1"})
    assert cause_of(ask(nobody_listens, "111111110")) is FailureCause.UNREACHABLE


def test_a_later_page_that_fails_leaves_the_first_pages_as_a_partial_answer(town: Town) -> None:
    town.simulation.switch("zonnedael-belastingen", Behaviour.SECOND_PAGE_DOWN)
    answer = answer_of(town.ask("zonnedael-belastingen", "111111110"))
    assert len(answer.claims) == 500
    assert answer.partial == (PartialReason.MORE_PAGES,)


def test_a_later_page_about_somebody_else_costs_the_whole_answer(town: Town) -> None:
    town.simulation.switch("zonnedael-belastingen", Behaviour.SECOND_PAGE_WRONG_CITIZEN)
    outcome = town.ask("zonnedael-belastingen", "111111110")
    assert cause_of(outcome) is FailureCause.WRONG_PERSON


def test_pages_without_end_are_cut_and_said_to_be_partial(town: Town) -> None:
    town.simulation.switch("zonnedael-belastingen", Behaviour.ENDLESS_PAGES)
    answer = answer_of(town.ask("zonnedael-belastingen", "111111110"))
    assert answer.partial == (PartialReason.MORE_PAGES,)
