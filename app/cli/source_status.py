"""`blauwe-knop sources status`: the figures of the delivery monitor as a table or as JSON.

The shape of the JSON stands in `docs/schemas/bronstatus-v1.json`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import datetime

from app.documents.formatting import in_amsterdam
from app.ports.monitor import MonitorFigures, PeriodFigures, SourceFigures
from app.services.attention import concerns
from app.services.monitor_words import CONCERN_WORDS, FINDING_WORDS, RESULT_WORDS, ROLE_WORDS
from claims.instant import format_instant
from sources.events import ANSWERS, AskResult

_HEADINGS = ("bron", "vragen", "antwoord", "mislukt", "niet gevraagd", "p50", "p95", "p99")
_ROW = "{:32} {:>8} {:>9} {:>8} {:>14} {:>8} {:>8} {:>8}  {}"


def as_table(figures: MonitorFigures, days: int) -> Iterator[str]:
    """Lines for a person: one row per source, and indented below it whatever deserves a look."""
    yield f"Laatste {days} dagen tot {_moment(figures.made_at)}; duur is een schatting uit klassen."
    yield f"Processen die bronnen vragen: {figures.processes}."
    yield _ROW.format(*_HEADINGS, "laatste goede antwoord")
    for source in figures.sources:
        if not source.source.connected:
            yield f"{source.source.source_id:32} niet aangesloten"
            continue
        yield _row(source)
        yield from (f"    vraagt aandacht: {CONCERN_WORDS[one]}" for one in concerns(source, figures.made_at))
        yield from (f"    {line}" for line in _remarks(source))


def _row(source: SourceFigures) -> str:
    window = source.window
    quantiles = (window.durations.p50, window.durations.p95, window.durations.p99)
    counts = (window.questions, window.answers, window.failures, window.not_asked)
    last = "nog nooit" if source.last_good_answer_at is None else _moment(source.last_good_answer_at)
    return _ROW.format(source.source.source_id, *counts, *map(_seconds, quantiles), last)


def _remarks(source: SourceFigures) -> Iterator[str]:
    window = source.window
    yield from (
        f"{RESULT_WORDS[result]}: {window.results[result]}{_last_of(source, result)}"
        for result in AskResult
        if window.results.get(result) and result not in ANSWERS - {AskResult.PARTIAL}
    )
    for rule, count in sorted(window.findings.items()):
        words = f" ({FINDING_WORDS[rule]})" if rule in FINDING_WORDS else ""
        yield f"afwijking {rule}{words}: in {count} antwoorden"
    yield from (
        f"certificaat {ROLE_WORDS[one.role]}: geldig tot {_moment(one.expires_at)}"
        for one in source.certificates
    )
    circuit = source.circuit
    if circuit.open_in and circuit.open_until:
        where = f"in {circuit.open_in} van {circuit.processes} processen"
        yield f"stroomonderbreker open {where}, tot {_moment(circuit.open_until)}"
    if source.source.batch_name is not None:
        yield f"levering: {_as_of(source.batch_as_of)}"
    if source.source.index_name is not None:
        yield f"verwijsindex: {_as_of(source.index_as_of)}"


def _last_of(source: SourceFigures, result: AskResult) -> str:
    moment = source.last.get(result)
    return "" if moment is None else f" (laatst {_moment(moment)})"


def _as_of(moment: datetime | None) -> str:
    return "geen" if moment is None else f"van {_moment(moment)}"


def _moment(moment: datetime) -> str:
    return f"{in_amsterdam(moment):%Y-%m-%d %H:%M}"


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f} s".replace(".", ",")


def as_members(figures: MonitorFigures) -> dict[str, object]:
    """For programs. What is not known is null, never zero."""
    return {
        "versie": 1,
        "peilmoment": format_instant(figures.made_at),
        "processen": figures.processes,
        "bronnen": [_source(source, figures.made_at) for source in figures.sources],
    }


def _source(source: SourceFigures, now: datetime) -> dict[str, object]:
    stated = source.source
    return {
        "bron": stated.source_id,
        "organisatie": stated.organisation,
        "afdeling": stated.department,
        "protocol": stated.protocol,
        "aangesloten": stated.connected,
        "aandacht": [concern.value for concern in concerns(source, now)],
        "laatste_goede_antwoord": _instant(source.last_good_answer_at),
        "laatste_mislukking": _instant(source.last_failure_at),
        "laatst_per_uitkomst": {result.value: _instant(at) for result, at in sorted(source.last.items())},
        "certificaten": [
            {
                "rol": one.role.value,
                "geldig_tot": _instant(one.expires_at),
                "gebruikt_op": _instant(one.seen_at),
            }
            for one in source.certificates
        ],
        "stroomonderbreker": {
            "open_in_processen": source.circuit.open_in,
            "processen": source.circuit.processes,
            "open_tot": _instant(source.circuit.open_until),
        },
        "levering_van": _instant(source.batch_as_of),
        "verwijsindex_van": _instant(source.index_as_of),
        "totaal": _period(source.total),
        "dagen": [{"dag": day.on.isoformat(), **_period(day.figures)} for day in source.days],
    }


def _period(period: PeriodFigures) -> dict[str, object]:
    durations = period.durations
    return {
        "vragen": period.questions,
        "antwoorden": period.answers,
        "mislukt": period.failures,
        "niet_gevraagd": period.not_asked,
        "afgebroken": period.cancelled,
        "uitkomsten": {result.value: count for result, count in sorted(period.results.items())},
        "afwijkingen": dict(sorted(period.findings.items())),
        "duur": {
            "gemeten": durations.questions,
            "seconden": durations.total_seconds,
            "p50": durations.p50,
            "p95": durations.p95,
            "p99": durations.p99,
            "klassen": _buckets(durations.counts),
        },
    }


def _buckets(counts: Mapping[float, int]) -> list[dict[str, object]]:
    return [
        {"tot": None if math.isinf(bound) else bound, "aantal": count}
        for bound, count in sorted(counts.items())
    ]


def _instant(moment: datetime | None) -> str | None:
    return None if moment is None else format_instant(moment)
