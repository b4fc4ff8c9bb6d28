"""Carries what happens with sources to the store of figures, beside the questions and never in their way.

Counts are kept in memory for half a second, so that a whole collection is one small transaction, and longer while the
database is away. A process that is killed loses what it counted since its last write; one that ends in an orderly way
does not.
"""

from __future__ import annotations

import atexit
import secrets
import threading
from contextlib import suppress
from datetime import datetime, timedelta

import structlog

from app.ports.clock import Clock
from app.ports.figures import FigureStore, ProcessState
from app.ports.storage import StorageUnavailable
from app.services.figure_counts import FigureCounts
from sources.events import AskedEvent, CertificateRole

log = structlog.get_logger(__name__)
GATHER_S = 0.5
SIGN_OF_LIFE_S = 30.0
TRY_AGAIN_AFTER_S = 5.0
_END_WITHIN_S = 5.0


class FigureRecorder:
    """Implements sources.ports.SourceEvents; one object per process, safe to share between threads.

    The thread that writes starts with the first event, so a process may fork before that.
    """

    def __init__(self, store: FigureStore, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._lock = threading.Lock()
        self._counts = FigureCounts()
        self._circuits: dict[str, datetime] = {}
        self._process: ProcessState | None = None
        self._writer: threading.Thread | None = None
        self._something = threading.Event()
        self._ended = threading.Event()

    def asked(self, event: AskedEvent) -> None:
        with self._lock:
            self._counts.count(event)
            self._wake()

    def circuit(self, source_id: str, open_seconds: float | None) -> None:
        with self._lock:
            if open_seconds is None:
                self._circuits.pop(source_id, None)
            else:
                self._circuits[source_id] = self._clock.now() + timedelta(seconds=open_seconds)
            self._wake()

    def certificate(self, source_id: str, role: CertificateRole, expires_at: datetime) -> None:
        with self._lock:
            self._counts.note_certificate((source_id, role), expires_at, self._clock.now())
            self._wake()

    def write(self) -> bool:
        """Write what was counted, and a sign of life. False: the database is away, and the counts are kept."""
        with self._lock:
            tally, self._counts = self._counts.tally(), FigureCounts()
            process = self._sign_of_life()
        try:
            self._store.add(tally, process)
        except StorageUnavailable as error:
            log.warning("figures_not_written", kind=str(error))
            with self._lock:
                self._counts.add(tally)
            return False
        except Exception as error:  # noqa: BLE001  a bug of ours; the next figures may fare better
            log.error("figures_lost", error=type(error).__name__)
        return True

    def close(self) -> None:
        """Write the last counts; this process is not one that asks any more. Runs by itself at an orderly end."""
        atexit.unregister(self.close)
        self._ended.set()
        self._something.set()
        if self._writer is None:
            return
        self._writer.join(_END_WITHIN_S)
        if self.write() and self._process is not None:
            self._leave(self._process.process_id)

    def _leave(self, process_id: str) -> None:
        with suppress(StorageUnavailable):  # without signs of life it is forgotten too
            self._store.leave(process_id)

    def _sign_of_life(self) -> ProcessState:
        now = self._clock.now()
        process_id, started_at = secrets.token_hex(16), now
        if self._process is not None:
            process_id, started_at = self._process.process_id, self._process.started_at
        self._process = ProcessState(process_id, started_at, now, dict(self._circuits))
        return self._process

    def _wake(self) -> None:
        self._something.set()
        if self._writer is None and not self._ended.is_set():
            self._writer = threading.Thread(target=self._keep_writing, name="figures", daemon=True)
            self._writer.start()
            atexit.register(self.close)

    def _keep_writing(self) -> None:
        while not self._ended.is_set():
            self._something.wait(SIGN_OF_LIFE_S)
            self._ended.wait(GATHER_S)
            self._something.clear()
            if not self._ended.is_set() and not self.write():
                self._ended.wait(TRY_AGAIN_AFTER_S)
