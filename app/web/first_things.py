"""What needs attention first: at most two claims, each with the direct way to do something about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.documents import formatting, labels
from app.documents.payments import is_to_pay
from app.language import gettext as _
from app.web.claim_card import ClaimCard
from app.web.next_steps import ContactBlock
from claims.financial_claim import ClaimStatus, FinancialClaim
from claims.overview import is_late, is_settled

_MOST = 2


@dataclass(frozen=True, slots=True)
class FirstThing:
    """`is_urgent`: something threatens, or the case is with a collector. `call`: when waiting would make it worse."""

    title: str
    anchor: str
    line: str
    call: ContactBlock | None
    is_urgent: bool


def first_things(claims: Sequence[tuple[FinancialClaim, ClaimCard]], today: date) -> tuple[FirstThing, ...]:
    """`claims` in the order of urgency. Urgent ones; without them the one that is late or comes first. What waits does not come
    first by its date."""
    unsettled = [(claim, card) for claim, card in claims if not is_settled(claim)]
    urgent = [(claim, card) for claim, card in unsettled if _is_urgent(claim)]
    to_pay = [(claim, card) for claim, card in unsettled if is_to_pay(claim)]
    timed = [(claim, card) for claim, card in to_pay if claim.due_on is not None or is_late(claim, today)]
    return tuple(_thing(claim, card, today) for claim, card in (urgent[:_MOST] or timed[:1]))


def _is_urgent(claim: FinancialClaim) -> bool:
    return bool(claim.urgencies or claim.collector) or claim.status is ClaimStatus.TRANSFERRED


def _thing(claim: FinancialClaim, card: ClaimCard, today: date) -> FirstThing:
    line = card.status_line
    if claim.urgencies:
        first = claim.urgencies[0]
        line = f"{_(labels.URGENCY[first.kind])}{f': {formatting.day(first.on)}' if first.on else ''}."
    is_urgent = _is_urgent(claim)
    call = card.call if is_urgent or is_late(claim, today) else None
    return FirstThing(card.title, card.anchor, line, call, is_urgent)


def heading(things: Sequence[FirstThing]) -> str:
    if not things or things[0].is_urgent:
        return _("Doe dit vandaag")
    return _("Doe dit eerst") if things[0].call else _("Dit komt eerst")
