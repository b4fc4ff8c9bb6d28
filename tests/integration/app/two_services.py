"""Two separate service processes, as behind a load balancer, on one database; and everything around them."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

import pytest
from sqlalchemy import func, select, update

from app.cli.main import main
from app.cli.settings import of_this_run
from app.persistence.engine import open_database
from app.persistence.migrations import upgrade
from app.persistence.tables import collection_sources
from simulators.authority import create_authority
from simulators.demo.instance import GUNICORN, Instance
from simulators.demo.processes import Processes
from simulators.demo.programs import whole_sources
from simulators.demo.settings_text import ORGANISATION
from tests.support.demo import prepare_patient
from tests.support.key_folders import APPLICANT, Ceremony
from tests.support.visitor import Answer
from tests.support.waiting import wait_until


@dataclass(frozen=True)
class TwoServices:
    """`a` and `b` are the addresses of the two processes."""

    instance: Instance
    database_url: str
    first: subprocess.Popen[bytes]

    @property
    def a(self) -> str:
        return self.instance.url

    @property
    def b(self) -> str:
        return f"http://127.0.0.1:{self.instance.port + 1}"

    def switch(self, **behaviours: str) -> None:
        """How organisations behave from now on; names with underscores for hyphens."""
        words = {name.replace("_", "-"): word for name, word in behaviours.items()}
        file = self.instance.sources_file.parent / "gedrag.json"
        draft = file.with_suffix(".new")
        draft.write_text(json.dumps(words))
        os.replace(draft, file)

    def still_asking(self) -> int:
        """Of how many sources no outcome is stored, in all collections."""
        database = open_database(self.database_url)
        with contextlib.closing(database), database.read() as connection:
            silent = select(func.count()).where(collection_sources.c.outcome.is_(None))
            return int(connection.execute(silent).scalar_one())

    def end_of_asking(self) -> None:
        """As if the hard end of every collection had come: nobody needs to wait for that."""
        database, past = open_database(self.database_url), datetime.now(UTC) - timedelta(seconds=1)
        with contextlib.closing(database), database.write() as connection:
            connection.execute(update(collection_sources).values(deadline_at=past))

    def rotate(self, name: str) -> None:
        """`blauwe-knop keys rotate`, while both processes run."""
        with pytest.MonkeyPatch.context() as environment, of_this_run(allow_loopback_http=True):
            environment.setenv("BLAUWE_KNOP_SETTINGS", str(self.instance.settings_file))
            assert main(["keys", "rotate", name]) == 0

    def kill_first(self) -> None:
        """As when a machine loses power: no handler runs, in no process of the group."""
        os.killpg(self.first.pid, signal.SIGKILL)
        self.first.wait()


@contextlib.contextmanager
def run_two(folder: Path, database_url: str, show_after_seconds: int = 28) -> Iterator[TwoServices]:
    """Start everything on a migrated database of its own, and stop it afterwards."""
    instance = prepare_patient(folder)
    text = instance.settings_file.read_text("utf-8")
    own = f'url = "sqlite:///{instance.database_file.name}"'
    assert own in text
    times = f"[times]\nshow_after_seconds = {show_after_seconds}\n"
    text = _with_key_folder(instance, text)
    instance.settings_file.write_text(text.replace(own, f'url = "{database_url}"') + times, "utf-8")
    upgrade(database_url)
    processes = Processes(instance.folder / "logs")
    with contextlib.ExitStack() as cleanup:
        cleanup.callback(processes.stop)
        processes.start("organisaties", ["-m", "simulators.organisations", *instance.organisations_arguments])
        processes.start("digid", ["-m", "simulators.digid", *instance.digid_arguments])
        processes.wait_until_ready("digid", f"{instance.digid_url}/jwks")
        wait_until(lambda: whole_sources(instance), "the organisations never began")
        log = cleanup.enter_context((instance.folder / "logs" / "a.log").open("wb"))
        services = TwoServices(instance, database_url, _service(instance, instance.port, log))
        cleanup.callback(stop_service, services.first)
        second = _service(instance, instance.port + 1, log)
        cleanup.callback(stop_service, second)
        for url in (services.a, services.b):
            processes.wait_until_ready(url, f"{url}/_health/ready")
        yield services


def _with_key_folder(instance: Instance, text: str) -> str:
    """The settings with two sealing keys in place of the one: `eerste` seals, `tweede` is ready for a rotation."""
    (instance.folder / "sleutels").mkdir()
    ceremony = Ceremony.at(instance.folder / "sleutels", create_authority(instance.folder / "autoriteit"))
    for name in ("eerste", "tweede"):
        ceremony.make(name, applicant=replace(APPLICANT, organisation=ORGANISATION))
    ceremony.keys.activate("eerste")
    changed, count = re.subn(r"key_file = .*\n.*\nchain_file = .*\n", 'key_folder = "sleutels"\n', text)
    assert count == 1
    return changed


def _service(instance: Instance, port: int, log: IO[bytes]) -> subprocess.Popen[bytes]:
    program = ["-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "1", *GUNICORN]
    threads = ["--worker-class", "gthread", "--threads", "4", "simulators.demo.wsgi:application"]
    return subprocess.Popen(
        [sys.executable, *program, *threads],
        env={**os.environ, "BLAUWE_KNOP_SETTINGS": str(instance.settings_file)},
        stdout=log,
        stderr=log,
        start_new_session=True,
    )


def stop_service(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def follow(get: Callable[[str], Answer], progress_url: str) -> Answer:
    """Look at the progress page until it moves on, and give the overview."""

    def look() -> Answer | None:
        answer = get(progress_url)
        assert answer.status in (200, 303), answer.text
        return answer if answer.status == 303 else None

    moved_on = wait_until(look, "no overview")
    assert moved_on is not None
    return get(moved_on.location)
