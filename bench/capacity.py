"""From what a journey costs to machines, a database and money: `python -m bench.capacity [FILE] [--write]`, Markdown tables.

FILE is what `make bench BENCH_ARGUMENTS="--only load"` writes (test-output/load.json); without it the figures of docs/capacity.md
(bench/measured_load.json). What is measured stands in that file, what is assumed stands in `Assumptions`, and nowhere else.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.persistence.engine import MOST_CONNECTIONS

MEASURED = Path(__file__).with_name("measured_load.json")
DOCUMENT = Path(__file__).parents[1] / "docs" / "capacity.md"
BEGIN, END = "<!-- python -m bench.capacity --write -->", "<!-- end -->"
GB = 1e9


@dataclass(frozen=True, slots=True)
class Assumptions:
    """None of this was measured. Money: euros a month without VAT, a guess at the order of magnitude; put in your own.
    `least_processors_of_database`: of each server.
    `at_most_used`: of a processor, so that waiting stays short. `copies`: of the database, with the stand-by. `session_hours`:
    how long what was gathered stays. `spare`: machines more than needed, so that one may fail."""

    at_most_used: float = 0.6
    keep_days: int = 365
    session_hours: float = 2.0
    copies: int = 2
    spare: int = 1
    processors_per_machine: int = 4
    memory_per_machine: float = 16 * GB
    memory_for_the_machine: float = 2 * GB
    per_machine: float = 130.0
    per_processor_of_database: float = 60.0
    per_gb_of_database: float = 0.30
    least_processors_of_database: int = 2
    connections_per_database_server: int = 2000


@dataclass(frozen=True, slots=True)
class Demand:
    """`a_year`, `a_day` (the busiest) and `an_hour` (the busiest): overviews. `installations`: organisations, each with
    its own programs and database."""

    name: str
    installations: int
    a_year: float
    a_day: float
    an_hour: float

    @property
    def a_second(self) -> float:
        return self.an_hour / 3600


@dataclass(frozen=True, slots=True)
class Measured:
    """Of one journey: seconds of processor time, bytes that stay, bytes until the session ends. `process_bytes`: of a service
    process with the one that examines files, in the rush, the most that was seen.
    `audit_transactions` of one journey, which wait for one another in the whole
    installation; `audit_a_second` of them could be written."""

    service_seconds: float
    database_seconds: float
    kept_bytes: float
    passing_bytes: float
    process_bytes: float
    sources: int
    audit_transactions: float
    audit_a_second: float

    @classmethod
    def read(cls, figures: Mapping[str, Any]) -> Measured:
        costs = figures["costs"]
        return cls(
            sum(one["service"] for one in costs["steps"].values()),
            sum(one["database"] for one in costs["steps"].values()),
            costs["kept_bytes"],
            costs["passing_bytes"],
            max(seen for name in ("crowd", "rush") for _, seen in figures[name]["memory"]) / CROWD_PROCESSES,
            figures["sources"],
            costs["audit"]["transactions"],
            costs["audit"]["a_second"],
        )


CROWD_PROCESSES = 2  # bench/load.py
INHABITANTS = 18_000_000
MUNICIPALITIES = 342
# Assumed too: of a hundred inhabitants two ask for an overview in a year; the busiest day has ten times the average, and its
# busiest hour a fifth of the day. On the day of a campaign that hour has 15%.
_A_YEAR = INHABITANTS * 0.02
_A_DAY = 10 * _A_YEAR / 365
DEMANDS = (
    Demand(
        "one municipality", 1, _A_YEAR / MUNICIPALITIES, _A_DAY / MUNICIPALITIES, _A_DAY / MUNICIPALITIES / 5
    ),
    Demand(
        "342 municipalities, each its own, on shared machines", MUNICIPALITIES, _A_YEAR, _A_DAY, _A_DAY / 5
    ),
    Demand("500,000 overviews on one day, one installation", 1, _A_YEAR + 500_000, 500_000, 500_000 * 0.15),
)
SITE_PROCESSES, OTHER_PROCESSES = 4, 3
"""Of every installation, also when nobody comes: two pods with two each; two workers, the operator site (docs/kubernetes.md)."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`connections`: to PostgreSQL, when every process has as many as it may."""

    demand: Demand
    service_processors: float
    database_processors: float
    processes: int
    machines: int
    memory: float
    database: float
    connections: int
    database_servers: int
    questions_a_second: float
    audit_used: float
    a_month: float


def plan(measured: Measured, demand: Demand, assumed: Assumptions) -> Plan:
    processors = demand.a_second * measured.service_seconds / assumed.at_most_used
    of_database = demand.a_second * measured.database_seconds / assumed.at_most_used
    idle = demand.installations * (SITE_PROCESSES + OTHER_PROCESSES)
    processes = max(idle, math.ceil(processors) + demand.installations * OTHER_PROCESSES)
    memory = processes * measured.process_bytes
    room = assumed.memory_per_machine - assumed.memory_for_the_machine
    machines = (
        max(math.ceil(processors / assumed.processors_per_machine), math.ceil(memory / room)) + assumed.spare
    )
    database = _database(measured, demand, assumed)
    connections = processes * MOST_CONNECTIONS
    servers = math.ceil(connections / assumed.connections_per_database_server)
    paid = max(math.ceil(of_database), servers * assumed.least_processors_of_database)
    money = machines * assumed.per_machine + assumed.copies * (
        paid * assumed.per_processor_of_database + database / GB * assumed.per_gb_of_database
    )
    return Plan(
        demand, processors, of_database, processes, machines, memory, database, connections, servers,
        demand.a_second * measured.sources,
        demand.a_second / demand.installations * measured.audit_transactions / measured.audit_a_second, money,
    )  # fmt: skip


def _database(measured: Measured, demand: Demand, assumed: Assumptions) -> float:
    """Bytes of one copy: what is kept, and at the busiest hour what passes."""
    kept = demand.a_year * assumed.keep_days / 365 * measured.kept_bytes
    return kept + demand.an_hour * assumed.session_hours * measured.passing_bytes


def tables(figures: Mapping[str, Any], assumed: Assumptions = Assumptions()) -> str:
    """Both tables of docs/capacity.md, in Markdown."""
    measured = Measured.read(figures)
    plans = [plan(measured, demand, assumed) for demand in DEMANDS]
    return "\n".join([*_costs(figures), "", *_plans(plans)])


def _costs(figures: Mapping[str, Any]) -> Iterable[str]:
    yield "| step | service, ms of processor | PostgreSQL, ms of processor |"
    yield "|---|---|---|"
    total = [0.0, 0.0]
    for name, one in figures["costs"]["steps"].items():
        total = [total[0] + one["service"], total[1] + one["database"]]
        yield f"| {name} | {1000 * one['service']:,.0f} | {1000 * one['database']:,.0f} |"
    yield f"| **the journey** | **{1000 * total[0]:,.0f}** | **{1000 * total[1]:,.0f}** |"


def _plans(plans: list[Plan]) -> Iterable[str]:
    yield "| | " + " | ".join(one.demand.name for one in plans) + " |"
    yield "|---|" + "---|" * len(plans)
    rows: dict[str, Callable[[Plan], str]] = {
        "overviews a year": lambda one: f"{one.demand.a_year:,.0f}",
        "on the busiest day": lambda one: f"{one.demand.a_day:,.0f}",
        "in its busiest second": lambda one: _figure(one.demand.a_second),
        "questions to sources in that second": lambda one: _figure(one.questions_a_second),
        "processors for the service": lambda one: _figure(one.service_processors),
        "processors for PostgreSQL": lambda one: _figure(one.database_processors),
        "of the audit log's one end, used": lambda one: f"{100 * one.audit_used:,.1f}%",
        "processes (service, worker, operator site)": lambda one: f"{one.processes:,}",
        "connections to PostgreSQL, if all are in use": lambda one: f"{one.connections:,}",
        "memory for them": lambda one: f"{one.memory / GB:,.1f} GB",
        "database servers, beside a stand-by each": lambda one: f"{one.database_servers:,}",
        "machines (4 processors, 16 GB), one spare": lambda one: f"{one.machines:,}",
        "database, one copy": lambda one: f"{one.database / GB:,.2f} GB",
        "euros a month": lambda one: f"{_two_digits(one.a_month):,}",
    }
    for name, cell in rows.items():
        yield f"| {name} | " + " | ".join(cell(one) for one in plans) + " |"


def _figure(value: float) -> str:
    return f"{value:,.2f}" if value < 10 else f"{value:,.0f}"


def _two_digits(value: float) -> int:
    """More would say more than is known."""
    return int(round(value, 1 - math.floor(math.log10(value)))) if value else 0


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.capacity")
    parser.add_argument("file", type=Path, nargs="?", default=MEASURED)
    parser.add_argument(
        "--write", action="store_true", help="keep these figures, and put the tables into docs/capacity.md"
    )
    asked = parser.parse_args(arguments)
    text = asked.file.read_text("utf-8")
    found = tables(json.loads(text))
    print(found)
    if asked.write:
        MEASURED.write_text(text, "utf-8")
        head, _, rest = DOCUMENT.read_text("utf-8").partition(BEGIN)
        DOCUMENT.write_text(f"{head}{BEGIN}\n{found}\n{END}{rest.partition(END)[2]}", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
