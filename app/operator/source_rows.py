"""One source as a row of the monitor: every figure in words, what is not known said as such."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from app.documents import formatting
from app.ports.monitor import BUCKET_BOUNDS, PeriodFigures, SourceFigures
from app.services.attention import Concern, concerns
from app.services.monitor_words import CONCERN_WORDS, FINDING_WORDS, RESULT_WORDS, ROLE_WORDS
from app.services.source_state import Judgement, SourceState, expiring, judge, of_last, share_answered

DANGER, WARNING, SUCCESS, NEUTRAL = "danger", "warning", "success", "neutral"
STATES: Mapping[SourceState, tuple[str, str]] = MappingProxyType(
    {
        SourceState.LEFT_ALONE: ("Wordt nu niet gevraagd", DANGER),
        SourceState.FAILS: ("Laatste vraag mislukt", DANGER),
        SourceState.PARTIAL: ("Antwoordt onvolledig", WARNING),
        SourceState.UNEVEN: ("Werkt weer, maar faalde vandaag", WARNING),
        SourceState.NEVER_ASKED: ("Nog nooit gevraagd", NEUTRAL),
        SourceState.QUIET: ("Vandaag niet gevraagd", NEUTRAL),
        SourceState.WORKS: ("Werkt", SUCCESS),
        SourceState.NOT_CONNECTED: ("Niet aangesloten", NEUTRAL),
    }
)


@dataclass(frozen=True, slots=True)
class Count:
    """`code`: the name of a rule, behind its words; nobody may translate it. Empty words: the name only."""

    number: int
    words: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something beside the counts that an operator must know. `tone`: how bad it is."""

    words: str
    tone: str = NEUTRAL


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """`share` is "38 van 40 (95%)"; None: no questions. `durations` are p50, p95 and p99 by name; empty: nothing was
    measured."""

    share: str | None
    durations: tuple[tuple[str, str], ...]
    outcomes: tuple[Count, ...]
    findings: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class SourceRow:
    """`tone` decides the colour beside the words of `state`, never instead of them."""

    source_id: str
    name: str
    protocol: str | None
    connected: bool
    state: str
    tone: str
    why: str | None
    last_good_answer: str
    last_failure: str
    today: PeriodRow
    week: PeriodRow
    circuit: tuple[Remark, ...]
    certificates: tuple[Remark, ...]
    deliveries: tuple[Remark, ...]
    needs_attention: bool

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """Of the certificates only those that need attention, or else the first that ends: they stand in that order."""
        urgent = tuple(one for one in self.certificates if one.tone != NEUTRAL)
        return (*self.circuit, *(urgent or self.certificates[:1]), *self.deliveries)


def source_row(figures: SourceFigures, now: datetime) -> SourceRow:
    """`figures` of seven days or more, today first."""
    judgement, source = judge(figures, now), figures.source
    state, tone = STATES[judgement.state]
    return SourceRow(
        source_id=source.source_id,
        name=f"{source.organisation}, {source.department}" if source.department else source.organisation,
        protocol=source.protocol,
        connected=source.connected,
        state=state,
        tone=tone,
        why=_why(figures, judgement, now),
        last_good_answer=moment(figures.last_good_answer_at, now),
        last_failure=moment(figures.last_failure_at, now),
        today=period_row(of_last(figures, 1)),
        week=period_row(of_last(figures, 7)),
        circuit=_circuit(figures, now),
        certificates=_certificates(figures, now),
        deliveries=_deliveries(figures, now),
        needs_attention=bool(concerns(figures, now)),
    )


def period_row(figures: PeriodFigures) -> PeriodRow:
    share = share_answered(figures)
    outcomes = ((figures.results.get(result, 0), words) for result, words in RESULT_WORDS.items())
    return PeriodRow(
        share=None if share.percent is None else f"{share.answered} van {share.wanted} ({share.percent}%)",
        durations=_durations(figures),
        outcomes=tuple(Count(number, words) for number, words in outcomes if number),
        findings=tuple(
            Count(n, FINDING_WORDS.get(rule, ""), rule) for rule, n in sorted(figures.findings.items()) if n
        ),
    )


def moment(at: datetime | None, now: datetime) -> str:
    """ "vandaag 14.05", "gisteren 14.05" or "18 november 2026, 14.05" on a Dutch clock; None gives "nog nooit"."""
    if at is None:
        return "nog nooit"
    local, today = formatting.in_amsterdam(at), formatting.in_amsterdam(now).date()
    days = {today: "vandaag", today - timedelta(days=1): "gisteren"}
    return f"{days.get(local.date(), formatting.day(local.date()) + ',')} {local:%H.%M}"


def _why(figures: SourceFigures, judgement: Judgement, now: datetime) -> str | None:
    if judgement.state is SourceState.UNEVEN:
        return f"laatste mislukking: {moment(figures.last_failure_at, now)}"
    if judgement.cause is None or judgement.state in (SourceState.WORKS, SourceState.NOT_CONNECTED):
        return None
    return f"laatste uitkomst: {RESULT_WORDS[judgement.cause]}, {moment(judgement.at, now)}"


def _durations(figures: PeriodFigures) -> tuple[tuple[str, str], ...]:
    durations = figures.durations
    quantiles = (("p50", durations.p50), ("p95", durations.p95), ("p99", durations.p99))
    return tuple((name, _seconds(value)) for name, value in quantiles if value is not None)


def _seconds(value: float) -> str:
    if value >= BUCKET_BOUNDS[-1]:
        return f"{BUCKET_BOUNDS[-1]:.0f} s of meer"
    return f"{value:.2f} s".replace(".", ",")


def _circuit(figures: SourceFigures, now: datetime) -> tuple[Remark, ...]:
    circuit = figures.circuit
    if not circuit.open_in:
        return ()
    where = f"Stroomonderbreker open in {circuit.open_in} van {circuit.processes} processen"
    until = circuit.open_until
    if until is None or until <= now:
        return (Remark(f"{where}; de volgende vraag is een proef", WARNING),)
    return (Remark(f"{where}, tot {formatting.in_amsterdam(until):%H.%M.%S}", DANGER),)


def _certificates(figures: SourceFigures, now: datetime) -> tuple[Remark, ...]:
    """The first that ends stands first."""
    soon = expiring(figures.certificates, now)
    return tuple(
        Remark(
            f"Certificaat {ROLE_WORDS[one.role]}: "
            f"{'verlopen op' if one.expires_at <= now else 'geldig tot'} {formatting.when(one.expires_at)}",
            DANGER if one.expires_at <= now else WARNING if one in soon else NEUTRAL,
        )
        for one in sorted(figures.certificates, key=lambda one: one.expires_at)
    )


def _deliveries(figures: SourceFigures, now: datetime) -> tuple[Remark, ...]:
    """The files that this source delivers: which there is, how old it is, and whether that is a trouble."""
    found = concerns(figures, now)
    remarks = [
        Remark(_sentence(concern), tone) for concern, tone in _FILE_CONCERNS.items() if concern in found
    ]
    if figures.batch_as_of is not None:
        remarks.append(Remark(f"Levering: stand van {_age(figures.batch_as_of, now)}"))
    if figures.index_as_of is not None:
        remarks.append(Remark(f"Verwijsindex: stand van {_age(figures.index_as_of, now)}"))
    return tuple(remarks)


_FILE_CONCERNS: Mapping[Concern, str] = MappingProxyType(
    {
        Concern.DELIVERY_MISSING: DANGER,
        Concern.DELIVERY_STALE: WARNING,
        Concern.INDEX_MISSING: WARNING,
        Concern.INDEX_STALE: WARNING,
    }
)


def _sentence(concern: Concern) -> str:
    words = CONCERN_WORDS[concern]
    return f"{words[:1].upper()}{words[1:]}"


def _age(at: datetime, now: datetime) -> str:
    days = (now - at).days
    age = {0: "minder dan een dag oud", 1: "1 dag oud"}.get(days, f"{days} dagen oud")
    return f"{moment(at, now)} ({age})"
