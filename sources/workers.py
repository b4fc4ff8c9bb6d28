"""Bulkheads: one slow source cannot hold up the others, and a crowd cannot fill the process with threads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import copy_context
from functools import partial
from queue import Full, Queue

from sources.pace import Pace

Job = Callable[[], None]


class WorkerPool:
    """At most `threads` threads, started when first needed, and at most `waiting` jobs before them.

    The threads are daemons, so they never hold up the end of the process; `concurrent.futures` would. A job must
    handle its own exceptions. Start the process's workers before the first job: threads do not survive a fork.
    """

    def __init__(self, threads: int, waiting: int) -> None:
        self._most = threads
        self._jobs: Queue[Job] = Queue(maxsize=waiting)
        self._lock = threading.Lock()
        self._started = 0
        self._busy = 0  # running or waiting

    def submit(self, job: Job) -> bool:
        """Run `job` soon, in the caller's logging context. False: there is no room, it will not run."""
        with self._lock:
            try:
                self._jobs.put_nowait(partial(copy_context().run, job))
            except Full:
                return False
            self._busy += 1
            if self._busy > self._started and self._started < self._most:
                self._started += 1
                threading.Thread(target=self._work, name=f"source-{self._started}", daemon=True).start()
            return True

    def _work(self) -> None:
        try:
            while True:
                self._do(self._jobs.get())
        finally:  # a job broke its promise: make room for another thread
            with self._lock:
                self._started -= 1

    def _do(self, job: Job) -> None:
        """In a method of its own, so that a waiting thread does not hold on to the last job and its BSN."""
        try:
            job()
        finally:
            with self._lock:
                self._busy -= 1


class SourcePools:
    """One pool per source: threads that wait for a slow source are missed by nobody else.

    At most `threads` questions to one source at the same time, which is also a courtesy to the source. `pace`: how long
    each took.
    """

    def __init__(self, threads: int = 16, waiting: int = 200) -> None:
        self._threads, self._waiting = threads, waiting
        self._lock = threading.Lock()
        self._pools: dict[str, WorkerPool] = {}
        self.pace = Pace()

    def submit(self, source_id: str, job: Job) -> bool:
        """As `WorkerPool.submit`, in the pool of this source."""
        with self._lock:
            pool = self._pools.get(source_id)
            if pool is None:
                pool = self._pools[source_id] = WorkerPool(self._threads, self._waiting)
        return pool.submit(job)
