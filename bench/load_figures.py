"""What a run of locust and the log of the service say. No measuring here: text in, figures out."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

STARTS_GATHERING = "/inloggen/terug"


@dataclass(frozen=True, slots=True)
class Step:
    """One kind of request, or the whole journey. Milliseconds, rounded as locust does (two digits above a hundred)."""

    name: str
    count: int
    failures: int
    per_second: float
    p50: float
    p95: float
    p99: float


def steps(text: str) -> list[Step]:
    """From what `locust --json` prints. It counts from the first answer of a kind; we count from the first of any, because a
    journey that is under way has begun too."""
    found = json.loads(text)
    begun = min((one["start_time"] for one in found), default=0.0)
    return [_step(one, begun) for one in found]


def _step(one: Mapping[str, Any], begun: float) -> Step:
    times = sorted((float(value), int(count)) for value, count in one["response_times"].items())
    seconds = max(one["last_request_timestamp"] - begun, 1e-9)
    count = int(one["num_requests"])
    middle = [percentile(times, share) for share in (0.5, 0.95, 0.99)]
    return Step(one["name"], count, int(one["num_failures"]), count / seconds, *middle)


def percentile(times: Sequence[tuple[float, int]], share: float) -> float:
    """Of sorted values with how often each was seen: the smallest that at least this share does not exceed."""
    wanted, seen = share * sum(count for _, count in times), 0
    for value, count in times:
        seen += count
        if seen >= wanted:
            return value
    return 0.0


def own_overheads(log: str, slowest_source: float) -> list[float]:
    """Seconds per gathering, from the request that began it until its last source had an outcome, less the time that the slowest
    source takes by itself. Lines of one gathering have one trace id; a gathering that is not whole counts as nothing."""
    begun: dict[str, datetime] = {}
    ended: dict[str, list[datetime]] = defaultdict(list)
    for line in _lines(log):
        at = datetime.fromisoformat(str(line["timestamp"]))
        if line["event"] == "answered" and line.get("rule") == STARTS_GATHERING:
            begun[str(line["trace_id"])] = at - timedelta(milliseconds=int(line["milliseconds"]))
        elif line["event"] == "source_asked":
            ended[str(line.get("trace_id"))].append(at)
    whole = max((len(found) for found in ended.values()), default=0)
    return [
        (max(ended[trace]) - at).total_seconds() - slowest_source
        for trace, at in begun.items()
        if len(ended[trace]) == whole
    ]


def share_answered(log: str) -> float:
    """Of all questions to sources."""
    outcomes = [line["outcome"] for line in _lines(log) if line["event"] == "source_asked"]
    return outcomes.count("answered") / len(outcomes) if outcomes else 0.0


def _lines(log: str) -> Iterable[dict[str, Any]]:
    for line in log.splitlines():
        if line.startswith("{"):
            yield json.loads(line)


def spread_of(values: Iterable[float]) -> dict[str, float]:
    """Count, and percentiles."""
    ordered = [(value, 1) for value in sorted(values)]
    return {
        "count": len(ordered),
        **{f"p{round(100 * s)}": percentile(ordered, s) for s in (0.5, 0.95, 0.99)},
    }


def as_json(found: Iterable[Step]) -> dict[str, dict[str, float]]:
    return {one.name: {k: v for k, v in asdict(one).items() if k != "name"} for one in found}
