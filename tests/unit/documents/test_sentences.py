from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.documents import claim_facts, labels, sentences
from claims.events import Event, ObligationImposed, PaymentObligationImposed, UnrecognisedEvent
from claims.financial_claim import ClaimStatus, Finding, Preference, UrgencyKind
from claims.organisation import ContactKind
from claims.outcome import BasisKind, FailureCause, OutcomeKind, PartialReason, SourceFailure
from claims.overview import Overview
from claims.partial_date import PartialDate
from tests.support import snapshots


def overview(*outcomes: object) -> Overview:
    return Overview(snapshots.NOW, outcomes)  # type: ignore[arg-type]


def test_all_answered_is_said_with_the_count() -> None:
    said = sentences.completeness(Overview(snapshots.NOW, snapshots.full_outcomes()))
    assert said.is_full
    assert said.sentences == ("Alle 5 aangesloten bronnen hebben geantwoord.",)
    one = sentences.completeness(overview(snapshots.answer(snapshots.WATER, "w")))
    assert one.headline == "De ene aangesloten bron heeft geantwoord."


def test_each_source_without_a_full_answer_is_named() -> None:
    said = sentences.completeness(Overview(snapshots.NOW, snapshots.partial_outcomes()))
    assert not said.is_full
    assert said.headline == "Let op: 2 van de 4 aangesloten bronnen gaven een volledig antwoord."
    assert said.gaps == (
        "Gemeente Voorbeeldstad, Parkeren gaf een deel van het antwoord. Er kunnen meer schulden zijn.",
        "Kredietbank Voorbeeldstreek gaf geen antwoord. Er kunnen meer schulden zijn.",
        "Het totaal kan hoger zijn.",
    )
    assert said.notes == ("Sociale Dienst Voorbeeld is nog niet aangesloten.",)


BY_LIST = "Volgens de lijst van 22 november 2026 om 02.05 uur is er niets bekend."


def test_a_source_that_was_not_asked_is_named_with_the_moment_of_its_list() -> None:
    bank, water = snapshots.by_list(snapshots.BANK, "b"), snapshots.answer(snapshots.WATER, "w")
    failed = SourceFailure(source=water.source, failed_at=snapshots.NOW, cause=FailureCause.TOO_SLOW)
    said = sentences.completeness(overview(bank, water))
    assert said.is_full
    assert said.sentences == (
        "De ene gevraagde bron heeft geantwoord.",
        f"Kredietbank Voorbeeldstreek hebben wij niet gevraagd. {BY_LIST}",
    )
    assert sentences.completeness(overview(bank)).headline == "Wij hoefden geen bron te vragen."
    gap = sentences.completeness(overview(bank, failed))
    assert gap.headline == "Let op: de ene gevraagde bron gaf geen volledig antwoord."
    assert gap.by_list == said.by_list
    assert sentences.source_result(bank) == BY_LIST.removesuffix(".")


def test_one_source_without_a_full_answer_is_said_in_a_whole_sentence() -> None:
    silent = SourceFailure(
        source=snapshots.source(snapshots.WATER, "w"), failed_at=snapshots.NOW, cause=FailureCause.TOO_SLOW
    )
    assert sentences.completeness(overview(silent)).headline == (
        "Let op: de ene aangesloten bron gaf geen volledig antwoord."
    )


def test_an_error_message_of_the_source_is_not_told_as_a_closed_door() -> None:
    failed = SourceFailure(
        source=snapshots.source(snapshots.WATER, "w"),
        failed_at=snapshots.NOW,
        cause=FailureCause.SOURCE_ERROR,
    )
    assert sentences.source_result(failed) == "Geen antwoord. Deze bron gaf een foutmelding."


def test_what_is_odd_about_an_answer_stands_with_it() -> None:
    answer = replace(
        snapshots.answer(snapshots.WATER, "w", snapshots.tax_claim()),
        findings=(Finding("reference_used_twice"), Finding("only_for_programs")),
    )
    assert sentences.source_result(answer) == (
        "Antwoord met 1 rekening. Een kenmerk komt twee keer voor. Misschien staat een rekening er dubbel in."
    )
    empty = replace(answer, claims=(), findings=(), partial=(PartialReason.STALE,))
    assert sentences.source_result(empty) == "Geen antwoord. De gegevens van de bron zijn te oud."


def test_a_claim_without_a_date_may_have_to_be_paid_before_the_first_date_that_is_known() -> None:
    dated, undated = snapshots.tax_claim(), replace(snapshots.tax_claim(), reference="2", due_on=None)
    assert sentences.first_date(overview(snapshots.answer(snapshots.WATER, "w", dated))) == "31 mei 2026"
    both = overview(snapshots.answer(snapshots.WATER, "w", dated, undated))
    assert sentences.first_date(both) == "31 mei 2026, of eerder"
    paused = replace(undated, status=ClaimStatus.PAUSED)
    assert (
        sentences.first_date(overview(snapshots.answer(snapshots.WATER, "w", dated, paused))) == "31 mei 2026"
    )

    waiting = replace(dated, status=ClaimStatus.DISPUTED)
    assert sentences.first_date(overview(snapshots.answer(snapshots.WATER, "w", waiting))) == "geen"
    later = replace(dated, due_on=PartialDate(2026, 12, 1), reference="3")
    assert (
        sentences.first_date(overview(snapshots.answer(snapshots.WATER, "w", waiting, later)))
        == "1 december 2026"
    )


@pytest.mark.parametrize(
    ("content", "on", "amount"),
    [
        ('{"bedrag":1250,"datum":"2026-10-20"}', "20 oktober 2026", "€ 12,50"),
        ('{"bedrag":12.5,"datum":"20-10-2026"}', "niet bekend", None),
        ('{"bedrag":true,"datum":2026}', "niet bekend", None),
        ('{"bedrag":"1250"}', "niet bekend", None),
        ("[1250]", "niet bekend", None),
        ("geen json", "niet bekend", None),
    ],
)
def test_of_an_event_that_we_do_not_know_only_what_can_be_read_is_told(
    content: str, on: str, amount: str | None
) -> None:
    shown = claim_facts.describe(UnrecognisedEvent(key="1", type_name="Anders", content=content))
    assert (shown.on, shown.amount) == (on, amount)
    assert shown.title == "Er is iets gebeurd dat wij niet kennen"
    assert shown.details == "De organisatie noemt dit: Anders. Vraag de organisatie wat dit betekent."


def test_of_one_moment_the_history_tells_first_what_is_owed() -> None:
    first, later = snapshots.NOW - timedelta(days=2), snapshots.NOW
    asked = PaymentObligationImposed(key="1", amount=None, registered_at=first)
    owed = ObligationImposed(key="2", amount=None, registered_at=first)
    more = ObligationImposed(key="3", amount=None, registered_at=later)
    claim = replace(snapshots.tax_claim(), events=(asked, owed, more))
    assert claim_facts.history(claim) == (owed, asked, more)


def test_an_event_that_we_do_not_know_shows_nothing_of_what_else_it_holds() -> None:
    content = '{"burgerservicenummer":"999993549","omschrijving":"Uitstel","diep":{"BSN":999993549}}'
    shown = claim_facts.describe(UnrecognisedEvent(key="1", type_name="", content=content))
    assert shown.details == "Uitstel. Vraag de organisatie wat dit betekent."


def test_an_unknown_amount_is_a_gap_too_when_all_answered() -> None:
    said = sentences.completeness(overview(snapshots.answer(snapshots.WATER, "w", snapshots.unknown_claim())))
    assert said.gaps == ("Van 1 rekening is het bedrag niet bekend. Het totaal kan hoger zijn.",)


def test_a_partial_answer_without_claims_never_sounds_like_nothing_found() -> None:
    answer = replace(snapshots.answer(snapshots.WATER, "w"), partial=(PartialReason.STALE,))
    said = sentences.completeness(overview(answer))
    assert (
        said.gaps[0] == "Waterschap De Oude Sluis gaf geen volledig antwoord. Er kunnen meer schulden zijn."
    )
    assert "vonden geen" not in sentences.no_claims(overview(answer))
    assert "vonden geen" in sentences.no_claims(overview(snapshots.answer(snapshots.WATER, "w")))


def test_without_sources_nothing_is_promised() -> None:
    said = sentences.completeness(overview())
    assert not said.is_full
    assert said.sentences == ("Er is geen bron aangesloten. Wij weten niet wat u moet betalen.",)


def test_key_figures_never_turn_unknown_into_zero() -> None:
    assert sentences.key_figures(overview()) == (
        ("Nog te betalen", "niet bekend"),
        ("Waarvan te laat", "niet bekend"),
        ("Eerste datum om te betalen", "niet bekend"),
    )
    nothing = sentences.key_figures(overview(snapshots.answer(snapshots.WATER, "w")))
    assert [value for _, value in nothing] == ["€ 0,00", "€ 0,00", "geen"]
    partial = dict(sentences.key_figures(Overview(snapshots.NOW, snapshots.partial_outcomes())))
    assert partial["Nog te betalen"] == "minstens € 655,02"
    assert partial["Eerste datum om te betalen"] == "september 2025, of eerder"


@pytest.mark.parametrize("outcomes", [(), snapshots.full_outcomes(), snapshots.partial_outcomes()])
def test_at_most_three_steps_and_help_always_last(outcomes: tuple[object, ...]) -> None:
    steps = sentences.next_steps(overview(*outcomes))
    assert len(steps) <= 3
    assert steps[-1] == labels.HELP_SENTENCE


def test_the_steps_name_the_urgent_claim_then_the_next_date_then_help() -> None:
    steps = sentences.next_steps(Overview(snapshots.NOW, snapshots.full_outcomes()))
    assert steps == (
        "Bel vandaag met Van der Linden Gerechtsdeurwaarders over Naheffing parkeren.",
        "Kijk naar Gemeentelijke belastingen 2026 van Gemeente Voorbeeldstad. "
        "De datum was 31 mei 2026. Bel als betalen niet lukt.",
        labels.HELP_SENTENCE,
    )
    assert (
        "later nog een keer" in sentences.next_steps(Overview(snapshots.NOW, snapshots.partial_outcomes()))[1]
    )


def test_a_sum_over_several_departments_is_not_named_after_one() -> None:
    parking = replace(snapshots.parking_claim(), creditor=replace(snapshots.TAXES, department="Parkeren"))
    both = overview(snapshots.answer(snapshots.TAXES, "a", snapshots.tax_claim(), parking))
    assert len(both.per_organisation) == 1
    assert sentences.creditor_labels(both) == ("Gemeente Voorbeeldstad",)
    one = overview(snapshots.answer(snapshots.TAXES, "a", snapshots.tax_claim()))
    assert sentences.creditor_labels(one) == ("Gemeente Voorbeeldstad, Belastingen",)


def test_every_code_has_words() -> None:
    assert set(labels.STATUS) == set(labels.STATUS_BADGE) == set(ClaimStatus)
    assert set(labels.OUTCOME) == set(OutcomeKind)
    assert set(labels.FAILURE_CAUSE) == set(FailureCause)
    assert set(labels.PARTIAL_REASON) == set(PartialReason)
    assert set(labels.BASIS) == set(BasisKind)
    assert set(labels.URGENCY) == set(UrgencyKind)
    assert set(labels.PREFERENCE) == set(Preference)
    assert set(labels.CONTACT) == set(ContactKind)
    kinds = {kind.__name__ for kind in Event.__subclasses__()}
    assert {kind.__name__ for kind in labels.EVENT} == kinds - {"UnrecognisedEvent"}
    assert {kind.__name__ for kind in claim_facts._READERS} == kinds


@pytest.mark.parametrize("status", ClaimStatus)
def test_every_status_says_what_to_do(status: ClaimStatus) -> None:
    line = sentences.status_line(replace(snapshots.tax_claim(), status=status))
    assert line or status is ClaimStatus.REMITTED


def test_the_word_that_we_may_not_use_is_nowhere() -> None:
    for value in (*labels.NOT_INCLUDED, *labels.HELP, *(w for pair in labels.WORDS for w in pair)):
        assert "compleet" not in value.casefold()
