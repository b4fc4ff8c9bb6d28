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
    """`documents` are numbers of claims, with the plan for each; `latencies` are seconds, one per source;
    `processes` are starts of a process; `memory_processes` are fresh processes per step and size."""

    documents: tuple[tuple[int, Plan], ...]
    latencies: tuple[float, ...]
    gatherings: Plan
    processes: Plan
    memory_claims: tuple[int, ...]
    memory_steps: tuple[str, ...]
    memory_processes: int


FULL = Sizes(
    documents=((0, Plan(21)), (4, Plan(21)), (90, Plan(7, 1))),
    latencies=tuple(round(0.05 * number, 2) for number in range(1, 21)),
    gatherings=Plan(9, 1),
    processes=Plan(11, 1),
    memory_claims=(20, 2000),
    memory_steps=MEMORY_STEPS,
    memory_processes=2,  # peaks hardly vary
)
TINY = Sizes(
    documents=((1, Plan(1, 1)),),
    latencies=(0.0, 0.01),
    gatherings=Plan(1, 0),
    processes=Plan(1, 0),
    memory_claims=(2,),
    memory_steps=MEMORY_STEPS[-1:],
    memory_processes=1,
)
