"""One line per source: what the citizen reads about how asking it goes or went."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.documents import formatting, labels, sentences
from app.language import gettext as _
from app.language import ngettext
from app.ports.collections import AskedSource
from app.services.collection import CollectionView
from claims.organisation import ContactOption
from claims.outcome import BasisKind, NotConnected, OutcomeKind, SourceAnswer, SourceFailure, SourceOutcome


class Tone(StrEnum):
    """How something looks. The words beside it always say the same."""

    NEUTRAL = "neutral"
    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    DANGER = "danger"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class SourceState:
    """`state` in a few words; `detail` is a whole sentence or empty; `at` is when it ended, on a Dutch clock."""

    source_id: str
    name: str
    state: str
    tone: Tone
    detail: str
    at: str
    can_retry: bool
    contact: tuple[ContactOption, ...]


def source_states(view: CollectionView) -> tuple[SourceState, ...]:
    """Every source of the collection, in the order of asking."""
    pending = {source.source_id for source in view.pending}
    outcomes = {outcome.source.source_id: outcome for outcome in view.overview.outcomes}
    return tuple(
        _busy(asked) if asked.source.source_id in pending else _ended(outcomes[asked.source.source_id])
        for asked in view.sources
    )


def gaps(view: CollectionView) -> tuple[SourceState, ...]:
    """The sources of which there is no full answer (yet): what must be named above every total."""
    connected = {o.source.source_id for o in view.overview.outcomes if not isinstance(o, NotConnected)}
    return tuple(
        state
        for state in source_states(view)
        if state.source_id in connected and state.tone is not Tone.SUCCESS
    )


def _busy(asked: AskedSource) -> SourceState:
    """Being asked. The claims of an earlier question are still shown: the reader must know from when they are."""
    state, detail = _("Wij halen de gegevens op"), _("Deze bron heeft nog niet geantwoord.")
    if asked.earlier is not None:
        state, time = _("Wordt opnieuw gevraagd"), formatting.clock_time(asked.earlier.answered_at)
        detail = _("U ziet nog wat deze bron om %(time)s gaf.", time=time)
    return SourceState(
        source_id=asked.source.source_id,
        name=formatting.organisation(asked.source.organisation),
        state=state,
        tone=Tone.BUSY,
        detail=detail,
        at="",
        can_retry=False,
        contact=asked.source.contact,
    )


def _ended(outcome: SourceOutcome) -> SourceState:
    state, tone = _state(outcome)
    return SourceState(
        source_id=outcome.source.source_id,
        name=formatting.organisation(outcome.source.organisation),
        state=state,
        tone=tone,
        detail=_detail(outcome),
        at=_at(outcome),
        can_retry=not outcome.is_full and not isinstance(outcome, NotConnected),
        contact=outcome.source.contact,
    )


def _state(outcome: SourceOutcome) -> tuple[str, Tone]:
    if isinstance(outcome, NotConnected):
        return _("Niet aangesloten"), Tone.NEUTRAL
    if outcome.kind is OutcomeKind.NO_ANSWER:
        return _("Geen antwoord"), Tone.WARNING
    if outcome.kind is OutcomeKind.NO_CLAIMS:
        return _("Geen rekeningen"), Tone.SUCCESS
    count = len(outcome.claims) if isinstance(outcome, SourceAnswer) else 0
    if outcome.is_full:
        full = ngettext("Opgehaald (%(number)s rekening)", "Opgehaald (%(number)s rekeningen)", count)
        return full, Tone.SUCCESS
    part = ngettext("Niet volledig (%(number)s rekening)", "Niet volledig (%(number)s rekeningen)", count)
    return part, Tone.WARNING


def _detail(outcome: SourceOutcome) -> str:
    """The class of cause, and from when data is that was not asked directly. Never the source's own text."""
    if isinstance(outcome, NotConnected):
        return _("Rekeningen van deze organisatie ziet u hier niet.")
    if isinstance(outcome, SourceFailure):
        return _(labels.FAILURE_CAUSE[outcome.cause])
    reasons = [_(labels.PARTIAL_REASON[reason]) for reason in outcome.partial]
    if (said := sentences.by_index(outcome)) is not None:
        reasons += [said, _("Daarom hebben wij het daar niet gevraagd.")]
    elif outcome.basis.kind is not BasisKind.LIVE:
        reasons.append(_("De gegevens zijn van %(moment)s.", moment=formatting.moment(outcome.basis.at)))
    codes = (finding.code for finding in outcome.findings)
    reasons.extend(_(labels.FINDING[code]) for code in codes if code in labels.FINDING)
    return " ".join(dict.fromkeys(reasons))


def _at(outcome: SourceOutcome) -> str:
    if isinstance(outcome, SourceAnswer):
        return formatting.clock_time(outcome.answered_at)
    return formatting.clock_time(outcome.failed_at) if isinstance(outcome, SourceFailure) else ""
