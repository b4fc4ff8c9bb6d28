"""The bulkhead keeps its promise about threads."""

import threading
from queue import Queue

import pytest

from sources.workers import WorkerPool
from tests.support.waiting import PATIENCE_S


def test_there_are_never_more_threads_than_allowed() -> None:
    pool = WorkerPool(threads=3, waiting=10)
    release = threading.Event()
    names: Queue[str] = Queue()

    def job() -> None:
        names.put(threading.current_thread().name)
        release.wait(PATIENCE_S)

    assert all(pool.submit(job) for _ in range(10))
    first = {names.get(timeout=PATIENCE_S) for _ in range(3)}
    release.set()
    rest = {names.get(timeout=PATIENCE_S) for _ in range(7)}
    assert len(first | rest) == 3


def test_threads_do_not_hold_up_the_end_of_the_process() -> None:
    seen: Queue[bool] = Queue()
    WorkerPool(threads=1, waiting=1).submit(lambda: seen.put(threading.current_thread().daemon))
    assert seen.get(timeout=PATIENCE_S) is True


def test_a_full_waiting_room_refuses() -> None:
    pool = WorkerPool(threads=1, waiting=1)
    release, begun = threading.Event(), threading.Event()

    def job() -> None:
        begun.set()
        release.wait(PATIENCE_S)

    assert pool.submit(job)
    assert begun.wait(PATIENCE_S)
    assert pool.submit(job)
    assert not pool.submit(job)
    release.set()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # it is meant to break
def test_a_job_that_breaks_its_promise_costs_one_thread_only() -> None:
    pool = WorkerPool(threads=1, waiting=1000)
    done = threading.Event()

    def fail() -> None:
        raise SystemExit

    for _ in range(5):
        pool.submit(fail)
    while not done.is_set():
        pool.submit(done.set)
        done.wait(0.2)
