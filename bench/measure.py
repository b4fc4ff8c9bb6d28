"""Measure operations beside each other: in turn, in the same process, so that a busy machine hurts all alike."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bench.sizes import Plan

Clock = Callable[[], float]
Seconds = dict[str, list[float]]
"""Name of an operation -> seconds per round."""


@dataclass(frozen=True, slots=True)
class Operation:
    """`run` gets the number of the round (from 0, warm-ups included), so that it can work on other data each time:
    a cache must not remember the whole answer. A short operation is done `repeats` times per measurement."""

    run: Callable[[int], object]
    repeats: int = 1


@dataclass(frozen=True, slots=True)
class Ratio:
    """How often `against` fits in `what`: the median over all rounds, and the range of the middle eight tenths."""

    subject: str
    what: str
    against: str
    median: float
    p10: float
    p90: float


def measure(operations: Mapping[str, Operation], plan: Plan, clock: Clock = time.process_time) -> Seconds:
    """Seconds of every operation in every round. Who goes first changes, so that nobody always profits from caches
    that another has filled."""
    names = list(operations)
    seconds: Seconds = {name: [] for name in names}
    for number in range(plan.warm_ups + plan.rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            taken = _time(operations[name], number, clock)
            if number >= plan.warm_ups:
                seconds[name].append(taken)
    return seconds


def _time(operation: Operation, number: int, clock: Clock) -> float:
    gc.collect()
    started = clock()
    for _ in range(operation.repeats):
        operation.run(number)
    return (clock() - started) / operation.repeats


def compare(subject: str, seconds: Seconds, what: str, against: str) -> Ratio:
    """The ratio of two operations, worked out per round: what slows down a round slows down both."""
    ratios = [mine / theirs for mine, theirs in zip(seconds[what], seconds[against], strict=True)]
    return spread(subject, what, against, ratios)


def spread(subject: str, what: str, against: str, ratios: Sequence[float]) -> Ratio:
    """Median, tenth and ninetieth percentile; one single ratio is all three."""
    if len(ratios) == 1:
        return Ratio(subject, what, against, ratios[0], ratios[0], ratios[0])
    tenths = statistics.quantiles(ratios, n=10, method="inclusive")
    return Ratio(subject, what, against, statistics.median(ratios), tenths[0], tenths[-1])
