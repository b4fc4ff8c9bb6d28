"""Break one thing, and mend it afterwards."""

from __future__ import annotations

import signal
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from threading import Event, Thread

from simulators.organisations.behaviour import Behaviour
from simulators.time_stamps import Mood
from tests.faults.conduct import Conduct
from tests.faults.installation import Installation
from tests.faults.programs import Program
from tests.faults.schedule import Fault
from tests.support.waiting import wait_until

Mend = Callable[[], None]
Send = Callable[[signal.Signals], None]
KILL = "kill"
_STOPPED_S, _GOING_S = 0.06, 0.02


def break_thing(installation: Installation, fault: Fault, conduct: Conduct) -> Mend:
    """What mends it again."""
    kind, _, name = fault.thing.partition(" ")
    if kind == "source":
        return _source(installation, name, Behaviour(fault.way), conduct)
    if kind == "database":
        return _database(installation, fault.way)
    if kind == "time-stamps":
        return _time_stamps(installation, fault.way)
    if kind == "token":
        installation.token.take_away()
        return installation.token.bring_back
    if kind == "clock":
        return _clock(program_named(installation, name.removeprefix("of ")), int(fault.way))
    return _program(program_named(installation, fault.thing), fault.way)


def program_named(installation: Installation, name: str) -> Program:
    named = dict(zip(("site a", "site b"), installation.sites, strict=True))
    return {**named, "worker": installation.worker, "digid": installation.digid}[name]


def _program(program: Program, way: str) -> Mend:
    if way == KILL:
        program.kill()
        return program.start
    if way == "pause":
        return _paused(program.signal_all)
    if way == "slow":
        return _slowed(program.signal_all)
    {"kill_child": program.kill_child, "kill_examiners": program.kill_examiners}[way]()
    return _nothing


def _clock(program: Program, seconds: int) -> Mend:
    if program.url is None:  # it only looks now and then: here its machine starts with the wrong time
        program.kill()
        wait_until(
            lambda: program.has_worked_with(timedelta(seconds=seconds)), "the worker did not come to its work"
        )
    program.set_clock(timedelta(seconds=seconds))
    return lambda: program.set_clock(timedelta(0))


def _source(installation: Installation, source_id: str, behaviour: Behaviour, conduct: Conduct) -> Mend:
    installation.organisations.switch(source_id, behaviour)
    conduct.turned(source_id, behaviour)

    def mend() -> None:
        conduct.will_turn_back(source_id)
        installation.organisations.switch(source_id, None)

    return mend


def _time_stamps(installation: Installation, way: str) -> Mend:
    services = installation.trust_services
    services.lists_are_down = way == "no_lists"
    services.mood = Mood.SOUND if way == "no_lists" else Mood(way)

    def mend() -> None:
        services.mood, services.lists_are_down = Mood.SOUND, False

    return mend


def _database(installation: Installation, way: str) -> Mend:
    postgres = installation.postgres
    if way in {"restart", "crash"}:
        postgres.stop(signal.SIGINT if way == "restart" else signal.SIGQUIT)
        return postgres.start
    if way in {"disk_full", "disk_full_for_log"}:
        postgres.fill_disk(also_for_the_log=way == "disk_full_for_log")

        def mend() -> None:
            postgres.empty_disk()
            postgres.start()

        return mend
    if way == "pause":
        return _paused(postgres.signal_all)
    if way == "slow":
        return _slowed(postgres.signal_all)
    killed = way == "backend_killed"
    postgres.signal_clients(signal.SIGKILL if killed else signal.SIGTERM, one=killed)
    return postgres.start


def _paused(send: Send) -> Mend:
    send(signal.SIGSTOP)
    return lambda: send(signal.SIGCONT)


def _slowed(send: Send) -> Mend:
    """It stands still three quarters of the time."""
    over = Event()

    def pulse() -> None:
        while not over.is_set():
            send(signal.SIGSTOP)
            over.wait(_STOPPED_S)
            send(signal.SIGCONT)
            over.wait(_GOING_S)

    thread = Thread(target=pulse, daemon=True)
    thread.start()

    def mend() -> None:
        over.set()
        thread.join()
        send(signal.SIGCONT)

    return mend


def _nothing() -> None:
    """It mends itself, or it does not: that is what the run finds out."""


def mend_all(mends: list[Mend]) -> None:
    """Everything, whatever one of them does."""
    for mend in mends:
        with suppress(OSError):
            mend()
