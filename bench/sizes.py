"""How much is measured. `FULL` is for people who want figures, `TINY` only shows that everything runs."""

from __future__ import annotations

from dataclasses import dataclass

MEMORY_STEPS = ("read", "store", "page", "PDF and seal")


@dataclass(frozen=True, slots=True)
class Plan:
    """`rounds` count; `warm_ups` before them do not. Both are rounds in which every operation has one turn."""

    rounds: int
    warm_ups: int = 3


@dataclass(frozen=True, slots=True)
class Sizes:
    """`documents` are numbers of claims, with the plan for each; `towns` are seconds, one per source of each town;
    `processes` are starts of a process; `memory_processes` are fresh processes per step and size;
    `imported_records` are formats with numbers of records."""

    documents: tuple[tuple[int, Plan], ...]
    towns: tuple[tuple[float, ...], ...]
    gatherings: Plan
    parsed_claims: int
    parsings: Plan
    processes: Plan
    memory_claims: tuple[int, ...]
    memory_steps: tuple[str, ...]
    memory_processes: int
    imported_records: tuple[tuple[str, int], ...]


def _evenly(count: int, first: float, last: float) -> tuple[float, ...]:
    step = (last - first) / (count - 1)
    return tuple(round(first + step * number, 3) for number in range(count))


FULL = Sizes(
    documents=((0, Plan(21)), (4, Plan(21)), (90, Plan(7, 1))),
    towns=(_evenly(20, 0.05, 1), _evenly(100, 0.05, 2), _evenly(200, 0.05, 2)),
    gatherings=Plan(9, 1),
    parsed_claims=2000,
    parsings=Plan(15, 2),
    processes=Plan(11, 1),
    memory_claims=(20, 2000),
    memory_steps=MEMORY_STEPS,
    memory_processes=2,  # peaks hardly vary
    imported_records=(("csv", 500_000), ("suwiml", 100_000)),
)
TINY = Sizes(
    documents=((1, Plan(1, 1)),),
    towns=((0.0, 0.01),),
    gatherings=Plan(1, 0),
    parsed_claims=3,
    parsings=Plan(1, 0),
    processes=Plan(1, 0),
    memory_claims=(2,),
    memory_steps=MEMORY_STEPS[-1:],
    memory_processes=1,
    imported_records=(("suwiml", 20),),
)
