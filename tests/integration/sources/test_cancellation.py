"""Nobody waits any more: the thread that asks a dripping source stops, over real TLS."""

from threading import Event

from claims.identity import Bsn
from claims.outcome import Source, SourceAnswer
from simulators.organisations import Behaviour
from sources.adapter import SourceAdapter
from sources.deadline import Deadline
from sources.gather import GatherTimes, gather_while
from sources.ports import SystemClock
from sources.registry import build_source
from tests.integration.sources.support import PORTS, Town
from tests.support.waiting import PATIENCE_S


class Watched:
    """A source as it is; tells when a question begins and ends."""

    connected = True

    def __init__(self, adapter: SourceAdapter) -> None:
        self._adapter = adapter
        self.source: Source = adapter.source
        self.begun, self.ended = Event(), Event()
        self.was_cancelled = False

    def ask(self, bsn: Bsn, deadline: Deadline) -> SourceAnswer:
        self.begun.set()
        try:
            return self._adapter.ask(bsn, deadline)
        finally:
            self.was_cancelled = deadline.was_cancelled
            self.ended.set()


def test_a_dripping_source_is_left_when_nobody_waits(town: Town) -> None:
    town.simulation.switch("zonnedael-parkeren", Behaviour.DRIP)
    source = Watched(build_source(town.config("zonnedael-parkeren"), PORTS))
    far = GatherTimes(source_seconds=600, total_seconds=600)
    wanted = lambda: not source.begun.is_set()  # noqa: E731
    assert list(gather_while(wanted, [source], Bsn("111111110"), far, SystemClock())) == []
    assert source.ended.wait(PATIENCE_S)
    assert source.was_cancelled
