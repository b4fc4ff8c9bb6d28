"""Two processes that make sealed documents at the same time, against one of them alone.

Both do the same work as the one, so what they make per second is twice as much when nothing stands in the way. On a
machine whose processors are in use by others, only the processor time per document tells anything.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from bench.measure import Ratio, spread
from bench.sizes import Sizes

_PROCESSES = 2
_SUBJECT = "render and seal in two processes"
Worker = subprocess.Popen[str]


def run(sizes: Sizes) -> list[Ratio]:
    """One process and both take turns."""
    with ExitStack() as stack:
        workers = [stack.enter_context(_worker(sizes.documents_per_turn)) for _ in range(_PROCESSES)]
        plan = sizes.turns
        rounds = [_round(workers) for _ in range(plan.warm_ups + plan.rounds)][plan.warm_ups :]
    waiting = [alone[0] / together[0] for alone, together in rounds]
    working = [together[1] / alone[1] for alone, together in rounds]
    return [
        spread(_SUBJECT, "documents per second", "twice those of one process", waiting),
        spread(_SUBJECT, "processor time per document", "that of one process", working),
    ]


def _round(workers: Sequence[Worker]) -> tuple[tuple[float, float], tuple[float, float]]:
    return _turn(workers[:1]), _turn(workers)


def _turn(workers: Sequence[Worker]) -> tuple[float, float]:
    """Seconds until all are done, and seconds of processor time per worker."""
    started = time.perf_counter()
    for worker in workers:
        assert worker.stdin
        worker.stdin.write("\n")
        worker.stdin.flush()
    used = [_next_line(worker) for worker in workers]
    return time.perf_counter() - started, sum(map(float, used)) / len(workers)


def _next_line(worker: Worker) -> str:
    assert worker.stdout
    line = worker.stdout.readline()
    if not line:
        raise RuntimeError("a process that makes documents has ended")
    return line


@contextmanager
def _worker(documents: int) -> Iterator[Worker]:
    command = [sys.executable, "-m", "bench.scaling_child", str(documents)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdin
        try:
            _next_line(worker)
            yield worker
        finally:
            worker.stdin.close()
            worker.wait(timeout=60)
