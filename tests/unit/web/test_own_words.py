"""Claims that are unlike the others are told in their own words, with what to do or that there is nothing to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.documents.versions import Versions
from app.web.claim_card import ClaimCard, claim_card
from claims.financial_claim import Amounts, ClaimStatus, FinancialClaim
from claims.money import ZERO
from claims.overview import Overview, ReportedClaim
from tests.support import web_claims as given

TODAY = date(2026, 11, 22)
NOTHING_LEFT = Amounts(opening=given.euro(100), remitted=given.euro(100), balance=ZERO)


def remitted() -> FinancialClaim:
    return replace(given.in_status(ClaimStatus.REMITTED), amounts=NOTHING_LEFT)


OWN = {
    "joint": (replace(given.property_tax(), joint=True), "Samen met uw partner", "het hele bedrag"),
    "transferred": (
        given.parking_fine(),
        "Deze rekening is nu bij Deurwaarderskantoor",
        "Bel en betaal daar",
    ),
    "transferred to whom": (
        given.in_status(ClaimStatus.TRANSFERRED),
        "Deze rekening is bij een deurwaarder of incassobureau",
        "Vraag het aan ",
    ),
    "disputed": (given.in_status(ClaimStatus.DISPUTED), "Er loopt een bezwaar", "U krijgt bericht"),
    "paused": (given.in_status(ClaimStatus.PAUSED), "U hoeft nu niet te betalen", "wacht even"),
    "remitted": (remitted(), "Kwijtgescholden", "vraagt dit geld niet meer"),
    "overpaid": (given.overpaid(), "U hebt te veel betaald", "niet van het totaal afgehaald"),
}


def card_of(claim: FinancialClaim) -> ClaimCard:
    source = given.source("x", given.TAXES)
    return claim_card(ReportedClaim(claim, (source,)), 1, TODAY, Versions(Overview(given.NOW, ())))


@pytest.mark.parametrize("kind", OWN)
def test_each_has_its_own_words(kind: str) -> None:
    claim, heading, text = OWN[kind]
    [note] = [note for note in card_of(claim).notes if note.heading.startswith(heading)]
    assert text in note.text


@pytest.mark.parametrize("kind", OWN)
def test_no_other_has_those_words(kind: str) -> None:
    for other, (claim, _, _) in OWN.items():
        told = any(note.heading.startswith(OWN[kind][1]) for note in card_of(claim).notes)
        assert told is (other == kind)


@pytest.mark.parametrize("kind", ["paused", "disputed", "remitted", "overpaid"])
def test_nobody_is_told_to_pay_what_need_not_be_paid_now(kind: str) -> None:
    steps = card_of(OWN[kind][0]).steps
    assert not any(step.what.startswith("Betaal") for step in steps)


def test_the_status_of_each_says_who_must_act() -> None:
    said = {kind: card_of(claim).status for kind, (claim, _, _) in OWN.items()}
    assert said["paused"] == "Even niet betalen"
    assert said["disputed"] == "Bezwaar loopt"
    assert said["transferred"] == said["transferred to whom"] == "Bij de deurwaarder"
    assert said["remitted"] == "U hoeft dit niet meer te betalen"
    assert said["overpaid"] == "U krijgt geld terug"
