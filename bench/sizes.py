"""How much is measured. `FULL` is for people who want figures, `TINY` only shows that everything runs."""

from __future__ import annotations

from dataclasses import dataclass, replace

from simulators.certificates import KeyKind

MEMORY_STEPS = ("read", "store", "page", "PDF and seal")


@dataclass(frozen=True, slots=True)
class Plan:
    """`rounds` count; `warm_ups` before them do not. Both are rounds in which every operation has one turn."""

    rounds: int
    warm_ups: int = 3


@dataclass(frozen=True, slots=True)
class Paper:
    """A document with so many claims, and how often it is measured. `is_one_page`: see `overviews.draw_one_page`."""

    claims: int
    plan: Plan
    is_one_page: bool = False


@dataclass(frozen=True, slots=True)
class Crowd:
    """`journeys` one after another, for what each step costs. `seconds` of as fast as they can. `citizens` at once during
    `crowd_seconds`, who read a page for at most `pause` seconds: in the crowd they come in the course of `arrival` seconds, about
    one journey; in the rush, which lasts `rush_seconds`, within `rush_arrival`. `hour_citizens` come and go for `hour_seconds`,
    for the memory."""

    journeys: int
    seconds: int
    citizens: int
    crowd_seconds: int
    pause: float
    arrival: float
    rush_seconds: int
    rush_arrival: float
    hour_citizens: int
    hour_seconds: int


@dataclass(frozen=True, slots=True)
class Sizes:
    """`levels` are documents too: at every level, beside slow others. `towns` are seconds, one per source of each town.
    `processes` are starts of a process. `memory_processes` are fresh processes per step and size. `imported_records` are
    formats with numbers of records. `turns` are those of one process and of two, of `documents_per_turn` each.
    `endurance` is how many documents one process makes, and after how many each we look at it. `rendered` are documents
    that `renderers` of others set too. `bursts` are turns of each kind of request, of `requests_per_burst` on each connection.
    """

    key_kinds: tuple[KeyKind, ...]
    documents: tuple[Paper, ...]
    levels: tuple[Paper, ...]
    towns: tuple[tuple[float, ...], ...]
    gatherings: Plan
    parsed_claims: int
    parsings: Plan
    processes: Plan
    memory_claims: tuple[int, ...]
    memory_steps: tuple[str, ...]
    memory_processes: int
    imported_records: tuple[tuple[str, int], ...]
    turns: Plan
    documents_per_turn: int
    endurance: tuple[int, int]
    renderers: tuple[str, ...]
    rendered: tuple[Paper, ...]
    bursts: Plan
    requests_per_burst: int
    crowd: Crowd


def _evenly(count: int, first: float, last: float) -> tuple[float, ...]:
    step = (last - first) / (count - 1)
    return tuple(round(first + step * number, 3) for number in range(count))


_ONE_PAGE, _FIVE_PAGES, _FIFTY_PAGES = (
    Paper(6, Plan(21), is_one_page=True),
    Paper(3, Plan(21)),
    Paper(560, Plan(5, 1)),
)
FULL = Sizes(
    key_kinds=("p256", "rsa3072"),
    documents=(_ONE_PAGE, _FIVE_PAGES, _FIFTY_PAGES),
    levels=(
        replace(_ONE_PAGE, plan=Plan(11)),
        replace(_FIVE_PAGES, plan=Plan(7)),
        replace(_FIFTY_PAGES, plan=Plan(3, 1)),
    ),
    towns=(_evenly(20, 0.05, 1), _evenly(100, 0.05, 2), _evenly(200, 0.05, 2)),
    gatherings=Plan(5, 1),
    parsed_claims=2000,
    parsings=Plan(15, 2),
    processes=Plan(11, 1),
    memory_claims=(20, 2000),
    memory_steps=MEMORY_STEPS,
    memory_processes=2,  # peaks hardly vary
    imported_records=(("csv", 500_000), ("suwiml", 100_000)),
    turns=Plan(9, 1),
    documents_per_turn=60,
    endurance=(10_000, 100),
    renderers=("WeasyPrint", "typst", "platypus"),
    rendered=(
        replace(_ONE_PAGE, plan=Plan(9)),
        replace(_FIVE_PAGES, plan=Plan(5, 1)),
        replace(_FIFTY_PAGES, plan=Plan(2, 1)),
    ),
    bursts=Plan(5, 1),
    requests_per_burst=10,
    crowd=Crowd(
        journeys=30,
        seconds=30,
        citizens=100,
        crowd_seconds=300,
        pause=40,
        arrival=150,
        rush_seconds=60,
        rush_arrival=10,
        hour_citizens=20,
        hour_seconds=3600,
    ),
)
TINY = Sizes(
    key_kinds=("p256",),
    documents=(Paper(1, Plan(1, 1), is_one_page=True),),
    levels=(Paper(1, Plan(1, 0), is_one_page=True),),
    towns=((0.0, 0.01),),
    gatherings=Plan(1, 0),
    parsed_claims=3,
    parsings=Plan(1, 0),
    processes=Plan(1, 0),
    memory_claims=(2,),
    memory_steps=MEMORY_STEPS[-1:],
    memory_processes=1,
    imported_records=(("suwiml", 20),),
    turns=Plan(1, 0),
    documents_per_turn=2,
    endurance=(12, 1),
    renderers=("platypus",),  # the others are installed by `make bench` only
    rendered=(Paper(1, Plan(1, 0), is_one_page=True),),
    bursts=Plan(1, 0),
    requests_per_burst=1,
    crowd=Crowd(
        journeys=1,
        seconds=3,
        citizens=2,
        crowd_seconds=5,
        pause=0.1,
        arrival=1,
        rush_seconds=5,
        rush_arrival=0.5,
        hour_citizens=2,
        hour_seconds=5,
    ),
)
