"""Percentiles, sums and rendering: page, command and metrics can only tell the same."""

import json
import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from prometheus_client.parser import text_string_to_metric_families

from app.cli.source_status import as_members, as_table
from app.ports.monitor import (
    BUCKET_BOUNDS,
    Certificate,
    Circuit,
    DayFigures,
    Durations,
    MonitoredSource,
    MonitorFigures,
    PeriodFigures,
    SourceFigures,
    added,
)
from app.services.figure_counts import FigureCounts
from app.services.monitor_metrics import render_metrics
from app.services.monitor_words import RESULT_WORDS, ROLE_WORDS
from sources.events import AskedEvent, AskResult, CertificateRole

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SCHEMA = Path(__file__).parents[3] / "docs" / "schemas" / "bronstatus-v1.json"
SECONDS = st.lists(st.floats(min_value=0, max_value=100), min_size=1, max_size=50)


def durations_of(seconds: list[float]) -> Durations:
    counts = FigureCounts()
    for one in seconds:
        counts.count(AskedEvent("a", NOON, AskResult.CLAIMS, one))
    buckets = {bound: number for (_, _, bound), (number, _) in counts.tally().durations.items()}
    return Durations(buckets, sum(seconds))


def histogram_quantile(share: float, cumulative: list[tuple[float, float]]) -> float:
    """As Prometheus documents it, on the cumulative buckets of the metrics page."""
    rank = share * cumulative[-1][1]
    at = next(index for index, (_, count) in enumerate(cumulative) if count >= rank)
    upper, count = cumulative[at]
    lower, below = cumulative[at - 1] if at else (0.0, 0.0)
    return lower if math.isinf(upper) else lower + (upper - lower) * (rank - below) / (count - below)


def test_a_quantile_of_nothing_is_not_known() -> None:
    assert Durations().p50 is None


def test_quantiles_spread_evenly_inside_a_bucket() -> None:
    durations = Durations({1.0: 10, 2.0: 10})
    assert durations.p50 == 1.0  # the buckets begin at 0.75 and 1.5
    assert durations.quantile(0.25) == 0.875
    assert durations.p95 == pytest.approx(1.95)


def test_beyond_the_last_bound_a_quantile_is_at_least_that_bound() -> None:
    assert Durations({math.inf: 3}).p99 == BUCKET_BOUNDS[-1]


def test_a_bound_belongs_to_its_own_bucket() -> None:
    assert durations_of([0.05, 0.0500001, 30.0, 30.1]).counts == {0.05: 1, 0.1: 1, 30.0: 1, math.inf: 1}


@given(SECONDS, st.sampled_from([0.5, 0.95, 0.99]))
@example([0.0, 0.0, 0.0, 1.0, 1.0, 1.0], 0.5)
def test_an_estimate_lies_in_the_bucket_of_the_true_quantile(seconds: list[float], share: float) -> None:
    true = sorted(seconds)[math.ceil(share * len(seconds)) - 1]
    bucket = next((bound for bound in BUCKET_BOUNDS if true <= bound), math.inf)
    below = max((bound for bound in BUCKET_BOUNDS if bound < bucket), default=0.0)
    estimate = durations_of(seconds).quantile(share)
    assert estimate is not None
    assert below <= estimate <= bucket


@given(SECONDS, st.sampled_from([0.5, 0.95, 0.99]))
def test_prometheus_estimates_the_same_from_the_metrics(seconds: list[float], share: float) -> None:
    figures = a_source(PeriodFigures({AskResult.CLAIMS: len(seconds)}, {}, durations_of(seconds)))
    samples = metrics(MonitorFigures(NOON, (figures,)))
    cumulative = [
        (float(dict(labels)["le"]), value)
        for (name, labels), value in samples.items()
        if name == "blauwe_knop_source_duration_seconds_bucket"
    ]
    theirs = histogram_quantile(share, sorted(cumulative))
    assert figures.total.durations.quantile(share) == pytest.approx(theirs)


def test_periods_add_up() -> None:
    one = PeriodFigures({AskResult.CLAIMS: 1, AskResult.CANCELLED: 1}, {"rule": 1}, Durations({0.1: 1}, 0.1))
    two = PeriodFigures({AskResult.CLAIMS: 2, AskResult.TOO_SLOW: 4}, {}, Durations({0.1: 1, 0.2: 5}, 1.0))
    both = added([one, two])
    assert (both.questions, both.answers, both.failures, both.cancelled) == (8, 3, 4, 1)
    assert both.findings == {"rule": 1}
    assert both.durations == Durations({0.1: 2, 0.2: 5}, 1.1)
    assert added([]) == PeriodFigures()


TODAY = PeriodFigures(
    {AskResult.CLAIMS: 3, AskResult.TOO_SLOW: 2, AskResult.CIRCUIT_OPEN: 1, AskResult.CANCELLED: 1},
    {"iban_check_digits": 2},
    Durations({0.3: 3, math.inf: 2}, 60.75),
)


def a_source(total: PeriodFigures = TODAY) -> SourceFigures:
    return SourceFigures(
        MonitoredSource(
            "zonnedael-parkeren", "Gemeente Zonnedael", "Parkeren", "batch", batch_name="zonnedael-parkeren"
        ),
        (DayFigures(date(2026, 3, 2), TODAY), DayFigures(date(2026, 3, 1))),
        total,
        last={AskResult.CLAIMS: NOON, AskResult.TOO_SLOW: NOON - timedelta(hours=1)},
        certificates=(Certificate(CertificateRole.SERVER, NOON + timedelta(days=30), NOON),),
        circuit=Circuit(1, 2, NOON + timedelta(minutes=1)),
        batch_as_of=NOON - timedelta(days=3),
    )


def never_asked(*, connected: bool = True) -> SourceFigures:
    stated = MonitoredSource("nieuw" if connected else "later", "Gemeente Nieuw", None, "dkd", connected)
    return SourceFigures(stated, (DayFigures(date(2026, 3, 2)),))


FIGURES = MonitorFigures(NOON, (a_source(), never_asked(), never_asked(connected=False)), 2)


def metrics(figures: MonitorFigures) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    text = render_metrics(figures).decode()
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def of(
    samples: dict[tuple[str, frozenset[tuple[str, str]]], float], name: str, **labels: str
) -> float | None:
    return samples.get((f"blauwe_knop_{name}", frozenset(labels.items())))


def test_the_metrics_tell_what_the_records_tell() -> None:
    samples = metrics(FIGURES)
    source = {"source": "zonnedael-parkeren"}
    assert of(samples, "source_questions_total", **source, result="claims") == 3
    assert of(samples, "source_questions_total", **source, result="circuit_open") == 1
    assert of(samples, "source_questions_total", **source, result="refused") == 0
    assert of(samples, "source_findings_total", **source, rule="iban_check_digits") == 2
    assert of(samples, "source_duration_seconds_count", **source) == 5
    assert of(samples, "source_duration_seconds_sum", **source) == 60.75
    assert of(samples, "source_duration_seconds_bucket", **source, le="0.3") == 3
    assert of(samples, "source_duration_seconds_bucket", **source, le="+Inf") == 5
    assert of(samples, "source_last_good_answer_timestamp_seconds", **source) == NOON.timestamp()
    assert of(samples, "source_last_result_timestamp_seconds", **source, result="claims") == NOON.timestamp()
    end = (NOON + timedelta(days=30)).timestamp()
    assert of(samples, "source_certificate_expiry_timestamp_seconds", **source, role="server") == end
    as_of = (NOON - timedelta(days=3)).timestamp()
    assert of(samples, "source_batch_timestamp_seconds", **source) == as_of
    assert of(samples, "source_circuit_open_processes", **source) == 1
    assert of(samples, "asking_processes") == 2


def test_what_is_not_known_has_no_sample() -> None:
    names = {name for name, labels in metrics(FIGURES) if ("source", "nieuw") in labels}
    assert not [name for name in names if "timestamp" in name]
    assert not [labels for _, labels in metrics(FIGURES) if ("source", "later") in labels]


def test_the_json_has_the_documented_shape_and_the_same_numbers() -> None:
    members: Any = json.loads(json.dumps(as_members(FIGURES)))
    schema = json.loads(SCHEMA.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(members)
    assert set(schema["$defs"]["uitkomst"]["enum"]) == {result.value for result in AskResult}
    [known, new, _] = members["bronnen"]
    assert known["totaal"]["uitkomsten"] == {"cancelled": 1, "circuit_open": 1, "claims": 3, "too_slow": 2}
    assert (known["totaal"]["vragen"], known["totaal"]["antwoorden"], known["totaal"]["mislukt"]) == (7, 3, 2)
    assert known["totaal"]["duur"]["klassen"] == [{"tot": 0.3, "aantal": 3}, {"tot": None, "aantal": 2}]
    assert known["dagen"][0] == {"dag": "2026-03-02", **known["totaal"]}
    assert new["totaal"]["duur"]["p50"] is None
    assert new["laatste_goede_antwoord"] is None
    assert new["levering_van"] is None


def test_an_undocumented_member_does_not_fit_the_shape() -> None:
    members: Any = json.loads(json.dumps(as_members(FIGURES)))
    members["bronnen"][0]["totaal"]["nieuw"] = 1
    schema = json.loads(SCHEMA.read_text("utf-8"))
    assert not Draft202012Validator(schema).is_valid(members)


def test_the_table_says_what_is_wrong_in_words() -> None:
    text = "\n".join(as_table(FIGURES, 2))
    assert "te langzaam: 2 (laatst 2026-03-02 12:00)" in text
    assert "niet gevraagd: de bron faalde net herhaaldelijk: 1" in text
    assert "afwijking iban_check_digits (rekeningnummer klopt niet): in 2 antwoorden" in text
    assert "certificaat van de bron: geldig tot 2026-04-01" in text
    assert "stroomonderbreker open in 1 van 2 processen, tot 2026-03-02 13:01" in text
    assert "levering: van 2026-02-27 13:00" in text
    [row] = [line for line in text.splitlines() if line.startswith("zonnedael-parkeren")]
    assert row.split()[1:5] == ["7", "3", "2", "1"]
    [new] = [line for line in text.splitlines() if line.startswith("nieuw")]
    assert new.split()[1:] == ["0", "0", "0", "0", "-", "-", "-", "nog", "nooit"]
    assert "later" in text
    assert "niet aangesloten" in text


def test_a_batch_source_without_delivery_says_so() -> None:
    without = replace(a_source(), batch_as_of=None)
    assert "levering: geen" in "\n".join(as_table(MonitorFigures(NOON, (without,)), 1))


def test_every_class_and_role_has_a_word() -> None:
    assert set(RESULT_WORDS) == set(AskResult)
    assert set(ROLE_WORDS) == set(CertificateRole)
