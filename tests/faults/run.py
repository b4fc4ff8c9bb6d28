"""One run: faults by the schedule while citizens visit, then the promises."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Event, Thread

from tests.faults.breaking import KILL, Mend, break_thing, program_named
from tests.faults.citizen import Citizen
from tests.faults.conduct import Conduct
from tests.faults.installation import Installation
from tests.faults.judge import Findings
from tests.faults.records import Records
from tests.faults.schedule import Fault, Schedule
from tests.support.waiting import wait_until

RECOVERY_S = 30.0
_LOOK_EVERY_S = 0.1


@dataclass(frozen=True)
class Result:
    """`recovered_s`: from the end of the last fault until the last citizen had everything; None: too late. `documents`: the
    sealed files that were handed out, by name; they are still to be verified."""

    schedule: Schedule
    broken: tuple[str, ...]
    recovered_s: float | None
    seconds: float
    answers: dict[str, int]
    documents: Mapping[str, bytes]


@dataclass
class _Moment:
    at_ms: int
    do: Callable[[], None]


def run(
    installation: Installation,
    records: Records,
    schedule: Schedule,
    *,
    until_seen: bool = False,
    recovery_s: float = RECOVERY_S,
) -> Result:
    """`until_seen`: the faults last until each citizen has had a visit with them, however busy the machine is.
    `recovery_s`: how long recovering may take."""
    began, findings = time.monotonic(), Findings(Conduct())
    faults_over, given_up = Event(), Event()
    citizens = [
        Citizen(visit, installation.urls, findings, faults_over, given_up) for visit in schedule.visits
    ]
    threads = [Thread(target=_visit, args=(one, findings), daemon=True) for one in citizens]
    moments = _moments(installation, schedule, findings, threads)
    if until_seen:
        moments.append(_Moment(schedule.ends_ms - 1, lambda: _wait_for_visits(citizens)))
    _go_through(sorted(moments, key=lambda one: one.at_ms))
    for fault in schedule.faults:
        if fault.way == KILL:
            program_named(installation, fault.thing).wait_until_live()
    over = time.monotonic()
    faults_over.set()
    recovered = _wait_for(installation, threads, over + recovery_s)
    given_up.set()
    if not recovered:
        stuck = "; ".join(
            f"{one.person.name}: {one.hindered[-3:]}" for one in citizens if not one.recovered_at
        )
        findings.is_broken(
            f"not recovered within {recovery_s:.0f} s after the faults: {stuck or 'a site is not ready'}"
        )
    for thread in threads:
        thread.join()
    records.check(findings)
    recovered_s = time.monotonic() - over if recovered is None else recovered
    seconds, answers = time.monotonic() - began, dict(findings.answers)
    return Result(schedule, tuple(findings.broken), recovered_s, seconds, answers, findings.documents)


def _wait_for_visits(citizens: list[Citizen]) -> None:
    wait_until(lambda: all(one.visits for one in citizens), "nobody could visit")


def _visit(citizen: Citizen, findings: Findings) -> None:
    """Whatever the bench itself does wrong must not look like a good run."""
    try:
        citizen.run()
    except Exception as error:
        findings.is_broken(f"the bench failed: {error!r}")


def _moments(
    installation: Installation, schedule: Schedule, findings: Findings, threads: list[Thread]
) -> list[_Moment]:
    """Sources that fail from the beginning do so before the first citizen begins."""
    moments = [
        _Moment(visit.begins_ms, thread.start) for visit, thread in zip(schedule.visits, threads, strict=True)
    ]
    faults = [moment for fault in schedule.faults for moment in _of_fault(installation, fault, findings)]
    return [*faults, *moments]


def _of_fault(installation: Installation, fault: Fault, findings: Findings) -> list[_Moment]:
    mends: list[Mend] = []
    return [
        _Moment(fault.begins_ms, lambda: mends.append(break_thing(installation, fault, findings.conduct))),
        _Moment(fault.begins_ms + fault.lasts_ms, lambda: mends[0]()),
    ]


def _go_through(moments: list[_Moment]) -> None:
    began, never = time.monotonic(), Event()
    for moment in moments:
        never.wait(max(0.0, began + moment.at_ms / 1000 - time.monotonic()))
        moment.do()


def _wait_for(installation: Installation, threads: list[Thread], until: float) -> float | None:
    """Seconds until every citizen had everything and every process says that it is ready; None: too late. What ended by
    itself is started again, as whoever runs the service does."""
    over = time.monotonic()
    while time.monotonic() < until:
        for program in installation.programs:
            program.start()
        if not any(thread.is_alive() for thread in threads) and are_ready(installation):
            return time.monotonic() - over
        Event().wait(_LOOK_EVERY_S)
    return None


def are_ready(installation: Installation) -> bool:
    return all(site.is_ready for site in installation.sites)
