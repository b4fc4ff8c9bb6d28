"""Words about reports: reasons, states, and what stands on the card of a claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.documents import formatting
from app.language import N_, _
from app.ports.error_reports import KnownReport, Phone, Reason, ReportState
from app.web.source_states import Tone

REASONS = {
    Reason.NOT_RECOGNISED: N_("Ik herken deze rekening niet"),
    Reason.WRONG_AMOUNT: N_("Het bedrag klopt niet"),
    Reason.ALREADY_PAID: N_("Ik heb al betaald"),
    Reason.HAS_ARRANGEMENT: N_("Er is al een betalingsregeling"),
    Reason.NOT_MINE: N_("Het is niet van mij"),
    Reason.OTHER: N_("Iets anders"),
}
_STATES = {
    ReportState.WAITING: (N_("Wij bezorgen het nog"), Tone.NEUTRAL),
    ReportState.DELIVERED: (N_("Bezorgd"), Tone.SUCCESS),
    ReportState.GIVEN_UP: (N_("Niet gelukt"), Tone.DANGER),
}
_UNKNOWN = N_("Wij kunnen niet meer lezen waarover dit ging")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLine:
    """One report as the citizen sees it. `phones`: of whom to call about it. Not `is_readable`: nobody can read any
    more what it was about."""

    report_id: str
    reference: str
    is_readable: bool
    organisation: str
    title: str
    claim_reference: str
    reason: str
    reported: str
    state: str
    tone: Tone
    state_line: str
    is_given_up: bool
    call: str
    phones: tuple[Phone, ...]
    objection_until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportHint:
    """What the card of a claim says about reporting. `receiver`: who gets a report; empty: nobody does, so `call` them.
    `earlier`: what was reported about this claim."""

    collection_id: str
    claim_id: str
    receiver: str
    call: str
    phones: tuple[Phone, ...]
    earlier: tuple[ReportLine, ...]


def line_of(known: KnownReport) -> ReportLine:
    matter, (state, tone) = known.matter, _STATES[known.state]
    return ReportLine(
        report_id=known.report_id,
        reference=known.reference,
        is_readable=matter is not None,
        organisation=matter.organisation if matter else _(_UNKNOWN),
        title=matter.title if matter else "",
        claim_reference=matter.claim_reference if matter else "",
        reason=_(REASONS[matter.reason]) if matter else _(formatting.UNKNOWN),
        reported=formatting.moment(known.reported_at),
        state=_(state),
        tone=tone,
        state_line=_state_line(known),
        is_given_up=known.state is ReportState.GIVEN_UP,
        call=matter.call if matter else "",
        phones=matter.phones if matter else (),
        objection_until=matter.objection_until if matter else "",
    )


def lines_of(known: Sequence[KnownReport]) -> tuple[ReportLine, ...]:
    return tuple(map(line_of, known))


def _state_line(known: KnownReport) -> str:
    if known.ended_at is None:
        return _("De organisatie heeft het nog niet. Wij proberen het vanzelf opnieuw tot het lukt.")
    at = formatting.moment(known.ended_at)
    if known.state is ReportState.DELIVERED:
        return _("De organisatie heeft uw melding sinds %(moment)s.", moment=at)
    return _("Wij hebben het tot %(moment)s geprobeerd. De organisatie heeft uw melding niet.", moment=at)
