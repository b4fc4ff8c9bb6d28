"""More open progress pages than there are places for: a log-in beside them still works, in two real workers."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from simulators.demo.instance import GUNICORN, Instance
from simulators.demo.processes import Processes
from simulators.demo.programs import whole_sources
from simulators.organisations.behaviour import Behaviour, Switches
from tests.integration.app.two_services import follow, stop_service
from tests.support.demo import prepare_patient
from tests.support.visitor import Visitor
from tests.support.waiting import PATIENCE_S, wait_until

WORKERS, STREAMS_PER_WORKER = 2, 1
SETTINGS = "[times]\nshow_after_seconds = 28\n"


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """Two workers with two threads each; every organisation answers one byte at a time."""
    made = prepare_patient(tmp_path_factory.mktemp("streams") / "instance")
    text = made.settings_file.read_text("utf-8")
    limits = f"[limits]\nprogress_streams = {STREAMS_PER_WORKER}\n"
    made.settings_file.write_text(text + SETTINGS + limits, "utf-8")
    processes = Processes(made.folder / "logs")
    with contextlib.ExitStack() as cleanup:
        cleanup.callback(processes.stop)
        processes.start("organisaties", ["-m", "simulators.organisations", *made.organisations_arguments])
        processes.start("digid", ["-m", "simulators.digid", *made.digid_arguments])
        processes.wait_until_ready("digid", f"{made.digid_url}/jwks")
        _make_all_slow(made)
        log = cleanup.enter_context((made.folder / "logs" / "dienst.log").open("wb"))
        service = _start(made, log.fileno())
        cleanup.callback(stop_service, service)
        processes.wait_until_ready("dienst", f"{made.url}/_health/ready")
        yield made


def _make_all_slow(made: Instance) -> None:
    text = wait_until(lambda: whole_sources(made))
    for name in re.findall(r"^\[([a-z-]+)\]$", text, flags=re.MULTILINE):
        _switches(made).set(name, Behaviour.DRIP)


def _switches(made: Instance) -> Switches:
    return Switches(made.sources_file.parent / "gedrag.json")


def _start(made: Instance, log: int) -> subprocess.Popen[bytes]:
    program = ["-m", "gunicorn", "--bind", f"127.0.0.1:{made.port}", "--workers", str(WORKERS)]
    threads = ["--worker-class", "gthread", "--threads", "2", *GUNICORN]
    return subprocess.Popen(
        [sys.executable, *program, *threads, "simulators.demo.wsgi:application"],
        env={**os.environ, "BLAUWE_KNOP_SETTINGS": str(made.settings_file)},
        stdout=log,
        stderr=log,
        start_new_session=True,
    )


class Stream:
    """One open stream, read in a thread of its own. `status` is known once `answered` is set."""

    _connection: http.client.HTTPConnection

    def __init__(self, progress_url: str, visitor: Visitor) -> None:
        self._url, self._cookies = urlsplit(progress_url), dict(visitor.cookies)
        self.answered, self.ended = threading.Event(), threading.Event()
        self.status = 0
        self.text = ""
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        self._connection = connection = http.client.HTTPConnection(self._url.netloc, timeout=PATIENCE_S)
        cookie = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        connection.request("GET", f"{self._url.path}/stroom", headers={"Cookie": cookie})
        response = connection.getresponse()
        self.status = response.status
        self.answered.set()
        with contextlib.suppress(OSError, ValueError, AttributeError):  # the last two: closed by `leave`
            while line := response.readline():
                self.text += line.decode()
        connection.close()
        self.ended.set()

    def leave(self) -> None:
        """As a browser whose page is closed."""
        sock = self._connection.sock
        if sock is not None:
            sock.shutdown(socket.SHUT_RDWR)


def test_with_one_more_open_stream_than_the_limit_somebody_can_still_log_in(instance: Instance) -> None:
    visitor, given_a_place = _log_in_beside_streams(instance)
    token = visitor.get(f"{instance.url}/uitloggen").hidden("csrf_token")
    assert visitor.post(f"{instance.url}/uitloggen", {"csrf_token": token}).status == 200
    assert all(stream.ended.wait(PATIENCE_S) for stream in given_a_place)
    for stream in given_a_place:
        assert stream.text.count("event: bron") >= 6
        assert stream.text.rstrip().endswith('event: klaar\ndata: ""')
        assert not re.search(r"\b\d{9}\b", stream.text)


def _log_in_beside_streams(instance: Instance) -> tuple[Visitor, list[Stream]]:
    """Who opened the streams, and those that got a place. On a machine that is busy, asking may end before the other
    visitor is in: then once more."""
    for _ in range(5):
        visitor = Visitor()
        progress = visitor.log_in(instance.url, 0)
        streams = [Stream(progress, visitor) for _ in range(WORKERS * STREAMS_PER_WORKER + 1)]
        assert all(stream.answered.wait(PATIENCE_S) for stream in streams)
        given_a_place = [stream for stream in streams if stream.status == 200]
        assert "/ophalen/" in Visitor().log_in(instance.url, 1)
        if not any(stream.ended.is_set() for stream in given_a_place):
            assert 1 <= len(given_a_place) <= WORKERS * STREAMS_PER_WORKER
            assert {stream.status for stream in streams} == {200, 204}
            return visitor, given_a_place
    raise AssertionError("asking always ended before somebody else was logged in")


def test_a_closed_page_ends_the_asking_and_who_comes_back_gets_every_answer(instance: Instance) -> None:
    visitor = Visitor()
    progress = _leave_until_given_up(instance, visitor)
    _switches(instance).file.write_text("{}", "utf-8")
    overview = follow(visitor.get, progress)
    assert "Geen antwoord" not in overview.text


def _leave_until_given_up(instance: Instance, visitor: Visitor) -> str:
    """A machine that is busy may need so long to open the page that asking ends by itself: then once more."""
    for _ in range(5):
        progress = visitor.log_in(instance.url, 0)
        stream = Stream(progress, visitor)
        assert stream.answered.wait(PATIENCE_S)
        stream.leave()
        wait_until(lambda: _given_up(instance) or _all_ended(instance))
        if _given_up(instance):
            return progress
    raise AssertionError("nobody noticed that the page was closed")


def _given_up(instance: Instance) -> bool:
    return _count(instance, "collections where given_up_at is not null") > 0


def _all_ended(instance: Instance) -> bool:
    return _count(instance, "collection_sources where outcome is null") == 0


def _count(instance: Instance, rows: str) -> int:
    with contextlib.closing(sqlite3.connect(instance.database_file)) as database:
        count: int = database.execute(f"select count(*) from {rows}").fetchone()[0]
        return count
