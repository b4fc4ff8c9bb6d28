"""What happens in one run, all of it from its seed: which faults, when, and what citizens do meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from simulators.organisations.behaviour import Behaviour
from simulators.time_stamps import Mood
from tests.faults.world import PEOPLE, SOURCES

CLOCKS = (-7200, -600, -30, 30, 600, 7200, 3 * 86400, 400 * 86400)
_RARE = frozenset({Behaviour.HUGE, Behaviour.SECOND_PAGE_DOWN, Behaviour.SECOND_PAGE_WRONG_CITIZEN})
_BEHAVIOURS = tuple(
    behaviour
    for behaviour in Behaviour
    if behaviour is not Behaviour.NORMAL
    for _ in range(1 if behaviour in _RARE else 4)
)
_PROGRAM_FAULTS = ("kill", *("kill_child", "kill_examiners", "pause", "slow") * 2)
_DATABASE_FAULTS = (
    *("restart", "crash", "backend_killed", "connections_dropped", "pause", "slow"),
    *("disk_full", "disk_full_for_log"),
)


@dataclass(frozen=True)
class Fault:
    """`thing` breaks in this way `begins_ms` after the citizens begin, for `lasts_ms`. One thing breaks once in a run."""

    thing: str
    way: str
    begins_ms: int
    lasts_ms: int

    def __str__(self) -> str:
        return f"{self.thing} {self.way} ({self.begins_ms}-{self.begins_ms + self.lasts_ms} ms)"


@dataclass(frozen=True)
class Visit:
    """One citizen. `seed`: of which process gets which request. The others: what he does besides looking and a JSON file."""

    place: int
    seed: int
    begins_ms: int
    wants_pdf: bool
    wants_csv: bool
    looks_at_own_data: bool
    has_it_verified: bool
    asks_again: bool
    logs_out: bool
    gets_lost: bool


@dataclass(frozen=True)
class Schedule:
    seed: int
    faults: tuple[Fault, ...]
    visits: tuple[Visit, ...]

    @property
    def ends_ms(self) -> int:
        return max(fault.begins_ms + fault.lasts_ms for fault in self.faults)

    def __str__(self) -> str:
        who = ", ".join(PEOPLE[visit.place].name for visit in self.visits)
        return f"seed {self.seed}: {'; '.join(map(str, self.faults))}; citizens {who}"


def schedule(seed: int) -> Schedule:
    """The same for the same seed, in this version of the bench."""
    random = Random(seed)
    drawn = [_fault(random) for _ in range(random.choice((1, 1, 1, 2, 2, 3)))]
    faults = {fault.thing: fault for fault in drawn}  # one thing breaks once
    places = random.sample(range(len(PEOPLE)), 2)
    return Schedule(seed, tuple(faults.values()), tuple(_visit(random, place) for place in places))


def _fault(random: Random) -> Fault:
    thing, way = random.choice(_DRAWS)(random)
    # Sources mostly fail from before the first question until after the last answer: then it is certain what may be shown.
    early = thing.startswith("source ") and random.random() < 0.7
    begins = 0 if early else random.randrange(0, 400, 20)
    lasts = random.choice((400, 600, 900)) if early else random.choice((50, 150, 300, 600))
    return Fault(thing, way, begins, lasts)


def _visit(random: Random, place: int) -> Visit:
    return Visit(
        place=place,
        seed=random.getrandbits(32),
        begins_ms=random.randrange(0, 200, 20),
        wants_pdf=random.random() < 0.25,
        wants_csv=random.random() < 0.1,
        looks_at_own_data=random.random() < 0.15,
        has_it_verified=random.random() < 0.15,
        asks_again=random.random() < 0.5,
        logs_out=random.random() < 0.3,
        gets_lost=random.random() < 0.1,
    )


Draw = Callable[[Random], tuple[str, str]]


def _site(random: Random) -> tuple[str, str]:
    return random.choice(("site a", "site b")), random.choice(_PROGRAM_FAULTS)


def _worker(random: Random) -> tuple[str, str]:
    return "worker", random.choice(("kill", "pause", "slow"))


def _database(random: Random) -> tuple[str, str]:
    return "database", random.choice(_DATABASE_FAULTS)


def _source(random: Random) -> tuple[str, str]:
    return f"source {random.choice(SOURCES).source_id}", str(random.choice(_BEHAVIOURS))


def _time_stamps(random: Random) -> tuple[str, str]:
    moods = [mood.value for mood in Mood if mood is not Mood.SOUND]
    return "time-stamps", random.choice([*moods, "no_lists"])


def _token(_random: Random) -> tuple[str, str]:
    return "token", "away"


def _clock(random: Random) -> tuple[str, str]:
    return f"clock of {random.choice(('site a', 'site b', 'worker'))}", f"{random.choice(CLOCKS):+}"


def _log_in(random: Random) -> tuple[str, str]:
    return "digid", random.choice(("pause", "slow"))


# How often each kind of thing breaks, out of twenty.
_DRAWS: tuple[Draw, ...] = (
    *(_source,) * 7,
    *(_database,) * 4,
    *(_site,) * 4,
    _worker,
    _time_stamps,
    _token,
    _clock,
    _log_in,
)
