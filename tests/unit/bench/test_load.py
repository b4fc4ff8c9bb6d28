"""What is read out of a run of locust and of the log, and what is reckoned from it: by figures that can be checked by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bench import capacity
from bench.capacity import GB, MEASURED, Assumptions, Demand, Measured, plan, tables
from bench.load import ratios
from bench.load_figures import own_overheads, percentile, share_answered, spread_of, steps

DOCUMENT = Path(__file__).parents[3] / "docs" / "capacity.md"
OF_LOCUST = json.dumps(
    [
        {
            "name": "start page",
            "num_requests": 10,
            "num_failures": 1,
            "start_time": 100.0,
            "last_request_timestamp": 110.0,
            "response_times": {"20": 5, "10": 4, "300": 1},
        },
        {
            "name": "journey",
            "num_requests": 4,
            "num_failures": 0,
            "start_time": 105.0,
            "last_request_timestamp": 120.0,
            "response_times": {"5000": 4},
        },
    ]
)
SAMPLE = Measured(
    service_seconds=0.6,
    database_seconds=0.1,
    kept_bytes=20_000,
    passing_bytes=60_000,
    process_bytes=200e6,
    sources=20,
    audit_transactions=8,
    audit_a_second=200,
)


def line(event: str, trace: str, second: float, **more: object) -> str:
    at = f"2026-11-22T12:00:{second:06.3f}Z"
    return json.dumps({"event": event, "trace_id": trace, "timestamp": at, **more})


def test_a_run_of_locust_is_counted_from_its_first_answer() -> None:
    page, journey = steps(OF_LOCUST)
    assert (page.per_second, page.failures, page.p50, page.p95) == (1.0, 1, 20.0, 300.0)
    assert (journey.per_second, journey.p99) == (0.2, 5000.0)


def test_a_percentile_is_the_smallest_that_so_many_do_not_exceed() -> None:
    assert percentile([(1, 1), (2, 1), (3, 1), (4, 1)], 0.5) == 2
    assert percentile([(1, 1), (9, 99)], 0.01) == 1
    assert spread_of([4, 1, 2, 3]) == {"count": 4, "p50": 2, "p95": 4, "p99": 4}


def test_own_overhead_is_what_a_gathering_takes_longer_than_its_slowest_source() -> None:
    log = "\n".join(
        [
            "a line of gunicorn",
            line("source_asked", "a", 11.0, outcome="answered"),
            line("answered", "a", 10.2, rule="/inloggen/terug", milliseconds=200),
            line("source_asked", "a", 11.25, outcome="answered"),
            line("answered", "b", 20.0, rule="/inloggen/terug", milliseconds=0),
            line("source_asked", "b", 20.5, outcome="no_answer"),
            line("answered", "a", 12.0, rule="/overzicht", milliseconds=5),
        ]
    )
    assert own_overheads(log, 1.0) == [pytest.approx(0.25)], "b was cut off, and counts as nothing"
    assert share_answered(log) == pytest.approx(2 / 3)


def test_processors_follow_the_busiest_second() -> None:
    made = plan(SAMPLE, Demand("campaign", 1, 500_000, 500_000, 36_000), Assumptions(at_most_used=0.5))
    assert made.service_processors == pytest.approx(12)  # 10 a second, 0.6 s each, half used
    assert made.database_processors == pytest.approx(2)
    assert made.questions_a_second == pytest.approx(200)
    assert made.audit_used == pytest.approx(0.4)
    assert made.processes == 12 + capacity.OTHER_PROCESSES
    assert made.machines == 3 + 1


def test_where_hardly_anybody_comes_memory_decides() -> None:
    quiet = plan(SAMPLE, Demand("many", 100, 1000, 10, 1), Assumptions())
    assert quiet.processes == 700
    assert quiet.machines == 10 + 1  # 140 GB on machines with 14 GB left
    assert (quiet.connections, quiet.database_servers) == (700 * 15, 6)


def test_the_database_holds_a_year_of_what_is_kept_and_two_hours_of_what_passes() -> None:
    made = plan(SAMPLE, Demand("x", 1, 1_000_000, 0, 1000), Assumptions())
    assert made.database == pytest.approx(20 * GB + 2 * 1000 * 60_000)
    half = plan(SAMPLE, Demand("x", 1, 1_000_000, 0, 0), replace(Assumptions(), keep_days=73))
    assert half.database == pytest.approx(4 * GB)


def test_money_is_machines_and_both_copies_of_the_database() -> None:
    assumed = replace(Assumptions(), per_machine=100, per_processor_of_database=10, per_gb_of_database=1)
    made = plan(SAMPLE, Demand("x", 1, 1_000_000, 0, 0), assumed)
    assert made.a_month == pytest.approx(2 * 100 + 2 * (2 * 10 + 20))


def test_the_document_says_what_the_script_says() -> None:
    """`python -m bench.capacity --write` brings it up to date."""
    figures = json.loads(MEASURED.read_text("utf-8"))
    assert tables(figures) in DOCUMENT.read_text("utf-8")
    assert all(ratio.median >= 0 for ratio in ratios(figures))
