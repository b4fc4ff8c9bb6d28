"""Any number of processes on any number of machines: whoever answers, all see the same; whoever dies, nothing is lost."""

from __future__ import annotations

import contextlib
import json
import signal
import sys
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from app.bootstrap_audit import build_reader
from app.persistence.audit_log import SqlAuditLog
from app.persistence.client_store import SqlClientStore
from app.persistence.engine import open_database
from app.persistence.tables import documents, jobs
from app.ports.clock import SystemClock
from app.services.audit_check import check
from app.settings import load_settings
from signing.policy import load_trust
from signing.report import Finding
from signing.verifying.examination import examine_here
from simulators.digid.citizens import read_citizens
from tests.conformance.app_behind_nginx import AppBehindNginx
from tests.conformance.several_hosts import SITES, SeveralHosts, run_several_hosts
from tests.integration.app.two_services import follow
from tests.support.apps import App
from tests.support.visitor import Answer, Visitor
from tests.support.waiting import PATIENCE_S, wait_until

pytestmark = [pytest.mark.conformance, pytest.mark.timeout(900)]

ANNA = [citizen.name for citizen in read_citizens()].index("Anna Bakker")
WHOLE = "Alle 7 aangesloten bronnen hebben geantwoord."


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SeveralHosts]:
    with run_several_hosts(tmp_path_factory.mktemp("several") / "all") as running:
        yield running


def logged_in(several: SeveralHosts) -> tuple[Visitor, Answer]:
    """Somebody who looks at the whole overview."""
    visitor = several.visitor()
    overview = follow(visitor.get, visitor.log_in(several.url, ANNA))
    return visitor, wait_until(lambda: whole(visitor, several), "never the whole overview") or overview


def whole(visitor: Visitor, several: SeveralHosts) -> Answer | None:
    page = visitor.get(f"{several.url}/overzicht")
    return page if WHOLE in page.text else None


def machines_of_last(several: SeveralHosts, visits: int, before: int) -> list[str]:
    """Which machines answered since `before`, once nginx has written so many lines more."""
    answered = wait_until(lambda: found if len(found := several.answered()) >= before + visits else None)
    assert answered is not None
    return [machine for _, machine in answered[before:]]


def test_log_in_stream_page_and_download_are_each_answered_by_another_machine(several: SeveralHosts) -> None:
    visitor, before = several.visitor(), len(several.answered())
    progress = visitor.log_in(several.url, ANNA)
    stream = visitor.get(f"{progress}/stroom")
    page = visitor.get(progress)
    asked, landed, streamed, shown = machines_of_last(several, 4, before)
    assert len({landed, streamed, shown}) == SITES == len({asked, landed, streamed})
    assert stream.headers["Content-Type"].startswith("text/event-stream")
    assert "event: klaar" in stream.text
    assert page.status == 303, "the one that shows the page knows what the others gathered"
    assert WHOLE in visitor.get(page.location).text

    files = [visitor.get(f"{several.url}/overzicht/{kind}") for kind in ("pdf", "json", "pdf", "json")]
    assert len({number(file) for file in files}) == 1
    assert len({content_of(file) for file in files[1::2]}) == 1
    assert len(set(machines_of_last(several, 9, before)[-4:])) == SITES


def test_an_app_may_ask_any_machine_and_a_proof_counts_once_for_all_of_them(several: SeveralHosts) -> None:
    app = App(SystemClock(), "app-van-elders")
    database = open_database(several.database_url)
    with contextlib.closing(database):
        SqlClientStore(database).add(app.client(), None, replace=False)
    asking = AppBehindNginx(several.url, app, several.visitor())
    token, before = asking.token(several.visitor()), len(several.answered())
    path = f"{several.url}/api/v1/schuldenoverzichten"
    made = asking.ask("POST", path, app.headers(token, path, "POST"))
    assert made.status == 201, made.text
    shown = [asking.ask("GET", made.location, app.headers(token, made.location)) for _ in range(SITES)]
    assert [answer.status for answer in shown] == [200] * SITES
    proven = app.headers(token, made.location)
    again = [asking.ask("GET", made.location, proven) for _ in range(SITES)]
    assert [answer.status for answer in again] == [200, 401, 401]
    machines = machines_of_last(several, 2 * SITES, before)
    assert len(set(machines[:SITES])) == len(set(machines[SITES:])) == SITES


def test_a_machine_dies_while_everybody_downloads(several: SeveralHosts) -> None:
    """Those who were waiting for it get the very same document from another one."""
    visitor, _ = logged_in(several)
    before, dying = documents_in(several), several.sites[0]
    with ThreadPoolExecutor(6) as people:
        dying.signal(signal.SIGSTOP)
        files = [people.submit(download, several, visitor, kind) for kind in ("pdf", "json") * 3]
        wait_until(lambda: sum(one.done() for one in files) >= 4, "the other machines do not answer")
        assert_waits_for(files, 2)
        dying.kill()
        wait(files, PATIENCE_S)
    answers = [one.result() for one in files]
    assert [answer.status for answer in answers] == [200] * 6
    assert len({number(answer) for answer in answers}) == 1
    assert documents_in(several) == before + 1
    policy = load_trust(several.instance.folder / "trust")
    for answer in answers:
        assert examine_here(answer.body, policy, SystemClock().now()).finding is Finding.GENUINE
    assert visitor.get(f"{several.url}/overzicht").status == 200, "nobody needs to log in again"
    assert_audit_log_is_whole(several)
    several.start_site(dying)
    several.wait_until_ready(dying)


def download(several: SeveralHosts, visitor: Visitor, kind: str) -> Answer:
    return Visitor(dict(visitor.cookies), root=visitor.root).get(f"{several.url}/overzicht/{kind}")


def assert_waits_for(files: list[Future[Answer]], count: int) -> None:
    """nginx asks the machines in turn, so two of six are waiting for the one that stands still."""
    assert sum(not one.done() for one in files) == count


def test_a_machine_that_vanishes_keeps_no_lock(several: SeveralHosts) -> None:
    """Its cable is pulled while it adds to the audit log, for which all others must wait."""
    visitor, _ = logged_in(several)
    vanishing = several.sites[1]
    program = [sys.executable, "-m", "tests.conformance.holding_process"]
    said = several.instance.folder / "logs" / "holding.log"
    vanishing.start(program, several.instance.settings_file, said)
    wait_until(lambda: "holds it" in said.read_text("utf-8"), "it never got the lock")
    vanishing.unplug()
    wait_until(lambda: download(several, visitor, "pdf").status == 200, "the log is still locked")
    assert logged_in(several)[1].status == 200, "and new citizens can log in, without that machine"
    vanishing.plug_in()
    several.wait_until_ready(vanishing)
    assert_audit_log_is_whole(several)


def test_the_work_of_a_dead_worker_is_done_by_the_other(several: SeveralHosts) -> None:
    dying, other = several.workers
    wait_until(lambda: all_succeeded(several), "not every job ran")
    assert done_by(several, "purge_audit_log") == 1, "once a day, whoever does it"
    wait_until(lambda: stopped_without_lease(several), "it always holds a lease")
    dying.kill()
    database = open_database(several.database_url)
    with contextlib.closing(database), database.write() as connection:
        connection.execute(update(jobs).values(succeeded_at=None))  # as if all were long overdue
    wait_until(lambda: all_succeeded(several), "the other does not go on")
    assert other.programs[0].poll() is None


def all_succeeded(several: SeveralHosts) -> bool:
    rows = job_rows(several)
    return len(rows) > 10 and all(succeeded_at for _, succeeded_at in rows)


def stopped_without_lease(several: SeveralHosts) -> bool:
    """The lease of a process that was killed ends after three minutes: tests/integration/worker/test_worker_process.py."""
    dying = several.workers[0]
    dying.signal(signal.SIGSTOP)
    if all(holder is None for holder, _ in job_rows(several)):
        return True
    dying.signal(signal.SIGCONT)
    return False


def job_rows(several: SeveralHosts) -> list[tuple[str | None, datetime | None]]:
    database = open_database(several.database_url)
    with contextlib.closing(database), database.read() as connection:
        return [(row.holder, row.succeeded_at) for row in connection.execute(select(jobs))]


def done_by(several: SeveralHosts, job: str) -> int:
    lines = "".join(several.log_of(worker).read_text("utf-8") for worker in several.workers).splitlines()
    events = [json.loads(line) for line in lines if line.startswith("{")]
    return sum(one["event"] == "job done" and one["job"] == job for one in events)


def documents_in(several: SeveralHosts) -> int:
    database = open_database(several.database_url)
    with contextlib.closing(database), database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(documents)).scalar_one())


def assert_audit_log_is_whole(several: SeveralHosts) -> None:
    """With the heads that the workers sealed meanwhile."""
    settings = load_settings(several.instance.settings_file, allow_loopback_http=True)
    database = open_database(several.database_url)
    with contextlib.closing(database), SqlAuditLog(database).view() as view:
        assert check(view, build_reader(settings, database), SystemClock().now()).problems == ()


def number(answer: Answer) -> str:
    assert answer.status == 200, answer.text
    return Path(answer.headers.get_filename("")).stem


def content_of(sealed: Answer) -> str:
    encoded = json.loads(sealed.body)["payload"]
    return urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
