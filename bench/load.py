"""Whole journeys of citizens against twenty simulated sources each, by locust; docs/benchmarks.md says what is measured how.

Prints ratios like the other subjects, and writes all figures to test-output/load.json, from which bench/capacity.py reckons.
"""

from __future__ import annotations

import contextlib
import json
import os
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench import cgroup, load_costs, load_figures, processor, report
from bench.load_town import LATENCIES, LoadTown, load_town
from bench.measure import Ratio, spread
from bench.sizes import Crowd, Sizes

OUTPUT = Path("test-output/load.json")
LOCUST = Path(".venv-bench/bin/locust")
CITIZENS = "0 1"
_SUBJECT = "load"
_SHARE = 0.3  # of a processor for one service process, where two are compared with one
Figures = dict[str, Any]


def run(sizes: Sizes) -> list[Ratio]:
    with TemporaryDirectory() as folder, load_town(Path(folder) / "load") as town:
        figures = measured(town, sizes.crowd)
    figures["conditions"] = report.conditions()
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    return ratios(figures)


def measured(town: LoadTown, size: Crowd) -> Figures:
    figures: Figures = {"sources": len(LATENCIES), "slowest_source_seconds": max(LATENCIES)}
    with town.service("kosten", 1) as pid:
        figures["costs"] = load_costs.measured(town, pid, size.journeys)
    figures["busy"] = _beside_the_floor(town, size)
    figures["crowd"] = crowd(town, size, "menigte", size.crowd_seconds, size.arrival)
    figures["rush"] = crowd(town, size, "stormloop", size.rush_seconds, size.rush_arrival)
    if cgroup.is_possible():
        figures["processes"] = {str(count): _throughput(town, size, count) for count in (1, 2)}
    return figures


def _beside_the_floor(town: LoadTown, crowd: Crowd) -> Figures:
    """As fast as they can: eight at once, no reading."""
    with town.floor(2) as address:
        floor = _locust(town, 8, crowd.seconds, BENCH_FLOOR=address)
    with town.service("druk", 2):
        mine = _locust(town, 8, crowd.seconds)
    return {"floor": load_figures.as_json(floor), "journeys": load_figures.as_json(mine)}


def crowd(town: LoadTown, size: Crowd, name: str, seconds: int, arrival: float) -> Figures:
    """So many citizens at once who read each page for a while; memory of the service is looked at sixty times."""
    with town.service(name, 2) as pid, _sampled(seconds / 60, lambda: processor.own_bytes(pid)) as samples:
        before, idle = (
            (processor.seconds(pid), processor.seconds(town.database_pid)),
            processor.idle_seconds(),
        )
        found = _locust(town, size.citizens, seconds, Pressure(arrival=arrival), BENCH_PAUSE=str(size.pause))
        used = processor.seconds(pid) - before[0], processor.seconds(town.database_pid) - before[1]
        idle = processor.idle_seconds() - idle
        log = town.log(name)
    overheads = load_figures.own_overheads(log, max(LATENCIES))
    return {
        "citizens": size.citizens,
        "seconds": seconds,
        "arrival_seconds": arrival,
        "pause": size.pause,
        "journeys": load_figures.as_json(found),
        "own_overhead_of_gathering": load_figures.spread_of(overheads),
        "share_answered": load_figures.share_answered(log),
        "processor_seconds": {"service": used[0], "database": used[1], "nobody": idle},
        "memory": samples,
    }


def _throughput(town: LoadTown, crowd: Crowd, workers: int) -> Figures:
    """Journeys per second when each process has the same part of a processor, so that this machine is not the limit."""
    name = f"processen-{workers}"
    with town.service(name, workers) as pid, contextlib.ExitStack() as stack:
        for child in sorted(processor.children(pid)):
            stack.enter_context(cgroup.limited(processor.tree(child), _SHARE, str(child)))
        found = _locust(town, 8 * workers, crowd.seconds, Pressure(stop_patience=60))
    return {"share": _SHARE, "journeys": load_figures.as_json(found)}


@dataclass(frozen=True, slots=True)
class Pressure:
    """Seconds. `arrival`: in which all have come. `stop_patience`: for what is under way at the end."""

    arrival: float = 10
    stop_patience: int = 15


def _locust(
    town: LoadTown, users: int, seconds: int, pressure: Pressure = Pressure(), **more: str
) -> list[load_figures.Step]:
    """Bounded: so many users, so many seconds, loopback."""
    command = [
        str(LOCUST),
        "--locustfile",
        "bench/journeys.py",
        "--headless",
        "--json",
        "--loglevel",
        "ERROR",
    ]
    rate = users / pressure.arrival
    command += ["--users", str(users), "--spawn-rate", f"{rate:.3f}", "--run-time", f"{seconds}s"]
    command += ["--stop-timeout", str(pressure.stop_patience), "--exit-code-on-error", "0"]
    environment = {**os.environ, "BENCH_URL": town.url, "BENCH_CITIZENS": CITIZENS, **more}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return load_figures.steps(done.stdout)


@contextlib.contextmanager
def _sampled(pause: float, look: Callable[[], int]) -> Iterator[list[tuple[float, int]]]:
    """(seconds since the beginning, what was seen) with so many seconds between, until the block ends."""
    samples: list[tuple[float, int]] = []
    ended, begun = threading.Event(), time.monotonic()

    def run() -> None:
        while not ended.wait(pause):
            samples.append((round(time.monotonic() - begun, 1), look()))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield samples
    finally:
        ended.set()
        thread.join()


def ratios(figures: Figures) -> list[Ratio]:
    busy, crowded = figures["busy"], figures["crowd"]
    floor = busy["floor"]["empty Flask route"]
    found = [_one("requests of empty Flask route", "one second", floor["per_second"])]
    journeys = busy["journeys"]
    requests = sum(
        one["per_second"]
        for name, one in journeys.items()
        if name not in ("journey", "until the overview can be read")
    )
    found.append(_one("requests in journeys", "one second", requests))
    found.append(_one("whole journeys", "one second", journeys["journey"]["per_second"]))
    for name in ("start page", "overview", "PDF", "verify"):
        found.append(
            _one(f"median of {name}", "median of empty Flask route", journeys[name]["p50"] / floor["p50"])
        )
    found += [*overhead(_SUBJECT, crowded), *overhead(_SUBJECT, figures["rush"]), *memory(_SUBJECT, crowded)]
    if "processes" in figures:
        one, two = (figures["processes"][count]["journeys"]["journey"]["per_second"] for count in ("1", "2"))
        found.append(_one("journeys of two processes", "those of one", two / one))
    return found


def overhead(subject: str, figures: Figures) -> list[Ratio]:
    seconds, citizens = figures["own_overhead_of_gathering"], figures["citizens"]
    what = f"own overhead of gathering, p95, {citizens} citizens at once"
    return [
        spread(
            subject, f"{what}, arrived in {figures['arrival_seconds']:g} s", "one second", [seconds["p95"]]
        )
    ]


def memory(subject: str, figures: Figures) -> list[Ratio]:
    """None when there were too few samples for thirds."""
    seen = [one for _, one in figures["memory"]]
    third = len(seen) // 3
    if not third:
        return []
    later, earlier = statistics.median(seen[-third:]), statistics.median(seen[third : 2 * third])
    return [spread(subject, "memory in the last third", "memory in the second third", [later / earlier])]


def _one(what: str, against: str, value: float) -> Ratio:
    return spread(_SUBJECT, what, against, [value])
