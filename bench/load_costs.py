"""Processor time of each step of a journey, of the service and of PostgreSQL, one citizen after another; and what stays in the
database. Processor time does not depend on how busy the machine is, so a nation may be reckoned from it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import TextClause, create_engine, make_url, text

from app.bootstrap_audit import build_audit
from app.persistence.engine import open_database
from app.ports.audit import ActorKind, Event, Origin
from app.ports.clock import SystemClock
from app.services.audit import Fact
from app.settings import load_settings
from bench import processor
from bench.load_town import LoadTown
from tests.support.visitor import Answer, Visitor

_WARM_UPS = 3
_AUDIT_SECONDS, _AUDIT_WRITERS = 10.0, 8
# Counted for `keep_days`; rows of `documents` stay for ever (docs/capacity.md).
KEPT = frozenset({"audit_log", "documents"})
_PASSING = text(
    " UNION ALL ".join(
        f"SELECT '{name}', coalesce(sum(pg_column_size({name})), 0) FROM {name}"
        for name in ("sessions", "collections", "collection_sources")
    )
)
_TRANSACTIONS = text("SELECT 'all', count(DISTINCT xmin::text) FROM audit_log")
_SIZES = text(
    "SELECT relname, pg_total_relation_size(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
    "WHERE relkind = 'r' AND nspname = 'public'"
)


def measured(town: LoadTown, pid: int, journeys: int) -> dict[str, Any]:
    """Seconds per step, and bytes per journey that stay and that pass."""
    for _ in range(_WARM_UPS):
        _Journey(town, pid).go()
    before, earlier, spent = _sizes(town), _audit_transactions(town), dict[str, list[float]]()
    for _ in range(journeys):
        for name, (service, database) in _Journey(town, pid).go().items():
            kept = spent.setdefault(name, [0.0, 0.0])
            kept[0] += service / journeys
            kept[1] += database / journeys
    passing = _passing(town, pid)
    after, written = _sizes(town), _audit_transactions(town) - earlier
    steps = {name: {"service": one[0], "database": one[1]} for name, one in spent.items()}
    grown = {name: (size - before[name]) / journeys for name, size in after.items() if size > before[name]}
    return {
        "journeys": journeys,
        "steps": steps,
        "kept_bytes": sum(size for name, size in grown.items() if name in KEPT),
        "passing_bytes": passing,
        "service_bytes": processor.own_bytes(pid),
        "database_memory": processor.own_bytes(town.database_pid),
        "audit": {"transactions": written / journeys, "a_second": _audit_rate(town)},
    }


def _sizes(town: LoadTown) -> dict[str, int]:
    return _ask(town, _SIZES)


def _ask(town: LoadTown, query: TextClause) -> dict[str, int]:
    engine = create_engine(make_url(town.database_url).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        found = {str(name): int(size) for name, size in connection.execute(query)}
    engine.dispose()
    return found


def _passing(town: LoadTown, pid: int) -> float:
    """Bytes of the rows of one who is logged in, and are gone with the session."""
    before = sum(_ask(town, _PASSING).values())
    _Journey(town, pid).go(logs_out=False)
    return sum(_ask(town, _PASSING).values()) - before


def _audit_transactions(town: LoadTown) -> int:
    return sum(_ask(town, _TRANSACTIONS).values())


def _audit_rate(town: LoadTown) -> float:
    """Rows that several writers, who all wait for the one end of the chain, got written in the best of some seconds: what the
    database can do, whatever else this machine does."""
    settings = load_settings(town.instance.settings_file, allow_loopback_http=True)
    database, done = open_database(settings.database.url), Counter[int]()
    audit = build_audit(settings, database, SystemClock(), Origin.SITE)
    begun = time.monotonic()
    end = begun + _AUDIT_SECONDS

    def write() -> None:
        while time.monotonic() < end:
            audit.write(Fact(event=Event.LOGIN_REFUSED, actor=ActorKind.VISITOR, detail="bench"))
            done[int(time.monotonic() - begun)] += 1

    with ThreadPoolExecutor(_AUDIT_WRITERS) as pool:
        for one in [pool.submit(write) for _ in range(_AUDIT_WRITERS)]:
            one.result()
    database.close()
    return float(max(done.values()))


class _Journey:
    """One citizen; `spent` by step."""

    def __init__(self, town: LoadTown, pid: int) -> None:
        self._town, self._pid = town, pid
        self._browser, self._spent = Visitor(), dict[str, tuple[float, float]]()

    def go(self, *, logs_out: bool = True) -> dict[str, tuple[float, float]]:
        url, browser = self._town.url, self._browser
        self._step("start page", lambda: browser.get(f"{url}/"))
        self._step("log-in and gathering", self._gather)
        self._step("overview", lambda: browser.get(f"{url}/overzicht"))
        pdf = self._step("PDF", lambda: browser.get(f"{url}/overzicht/pdf"))
        self._step("JSON", lambda: browser.get(f"{url}/overzicht/json"))
        self._step("verify", lambda: Visitor().upload(f"{url}/controleren", "bestand", pdf.body))
        if logs_out:
            self._step("log-out", self._log_out)
        return self._spent

    def _gather(self) -> Answer:
        url, browser = self._town.url, self._browser
        progress = browser.log_in(url, 0)
        while (page := browser.get(progress)).status == 200:
            browser.get(f"{progress}/stroom")
        return page

    def _log_out(self) -> Answer:
        token = self._browser.get(f"{self._town.url}/uitloggen").hidden("csrf_token")
        return self._browser.post(f"{self._town.url}/uitloggen", {"csrf_token": token})

    def _step(self, name: str, do: Callable[[], Answer]) -> Answer:
        before = self._seconds()
        answer = do()
        if answer.status not in (200, 302, 303):
            raise RuntimeError(f"{name}: {answer.status}")
        after = self._seconds()
        self._spent[name] = (after[0] - before[0], after[1] - before[1])
        return answer

    def _seconds(self) -> tuple[float, float]:
        return processor.seconds(self._pid), processor.seconds(self._town.database_pid)
