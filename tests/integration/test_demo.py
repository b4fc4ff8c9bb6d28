"""`make demo` as somebody at a terminal meets it: it starts, it stops, and it says what is wrong."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from simulators.demo.errors import DemoError
from simulators.demo.instance import prepare
from simulators.organisations import more_ways
from tests.integration.app.two_services import follow
from tests.support.demo import free_port_range
from tests.support.process_tree import program, running_with
from tests.support.visitor import Visitor
from tests.support.waiting import PATIENCE_S, wait_until


class Terminal:
    """The demo as a program; everything that it starts inherits a mark by which we find it back."""

    def __init__(self, folder: Path, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._mark = f"BLAUWE_KNOP_TEST_MARK={secrets.token_hex(8)}"
        name, _, value = self._mark.partition("=")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "simulators.demo", "--port", str(port), "--folder", str(folder)],
            env={**os.environ, name: value},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def wait_until_ready(self) -> list[str]:
        """The printed lines up to and including the ready line."""
        assert self.process.stdout is not None
        lines = []
        for line in self.process.stdout:
            lines.append(line.rstrip("\n"))
            if line.startswith("Klaar:"):
                return lines
        raise AssertionError(f"never ready: {lines} {self.end()}")

    def end(self, *signals: signal.Signals) -> tuple[int, str]:
        """Send signals and wait; the exit code and what it wrote on standard error."""
        for number in signals:
            self.process.send_signal(number)
        _, errors = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode, errors

    def left_behind(self) -> list[str]:
        return [program(pid) for pid in self.programs()]

    def programs(self) -> frozenset[int]:
        return running_with(self._mark)

    def find(self, words: str) -> list[int]:
        return sorted(pid for pid in self.programs() if words in program(pid))


@pytest.fixture(scope="module")
def port() -> int:
    return free_port_range()


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory, port: int) -> Path:
    """A folder as an earlier run left it."""
    folder = tmp_path_factory.mktemp("prepared") / "instance"
    prepare(folder, port)
    return folder


@pytest.fixture
def folder(prepared: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(prepared, tmp_path / "instance"))


@pytest.fixture
def start(port: int) -> Iterator[Callable[[Path], Terminal]]:
    """Start the demo in a folder; whatever happens, it does not outlive the test."""
    started: list[Terminal] = []

    def run(folder: Path) -> Terminal:
        started.append(Terminal(folder, port))
        return started[-1]

    yield run
    for terminal in started:
        for pid in terminal.programs():
            os.kill(pid, signal.SIGKILL)
        terminal.process.wait()


Start = Callable[[Path], Terminal]


def download(url: str) -> bytes:
    visitor = Visitor()
    follow(visitor.get, visitor.log_in(url, 0))
    return visitor.get(f"{url}/overzicht/pdf").body


def assert_commands_work(folder: Path) -> None:
    """What the README tells a newcomer to try while the demo runs."""
    environment = {**os.environ, "BLAUWE_KNOP_SETTINGS": str(folder / "settings.toml")}
    command = [sys.executable, "-m", "simulators.demo.command"]
    doctor = subprocess.run([*command, "doctor"], env=environment, capture_output=True)
    assert doctor.returncode == 0, doctor.stdout.decode()
    command.append("sources")
    status = subprocess.run([*command, "status", "--json"], env=environment, capture_output=True, check=True)
    shown = {one["bron"] for one in json.loads(status.stdout)["bronnen"]}
    listed = f"{more_ways.LIST}-00000001900000063000"  # by its OIN: the list was taken before the ready line
    assert shown >= {"zonnedael-parkeren", more_ways.OUTWAY, more_ways.TOKENS, listed}
    check = subprocess.run([*command, "check", "zonnedael-parkeren"], env=environment, capture_output=True)
    assert check.returncode == 0, check.stdout.decode()
    assert "geen test_bsn_file" not in check.stdout.decode()


def test_a_second_run_knows_what_the_first_one_issued(tmp_path: Path, start: Start) -> None:
    first = start(tmp_path / "new" / "instance")
    lines = first.wait_until_ready()
    assert lines[-1] == f"Klaar: {first.url}"
    assert len([line for line in lines if re.match(r"  \S.* {2,}\S", line)]) >= 8
    pdf = download(first.url)
    assert_commands_work(tmp_path / "new" / "instance")
    assert len(first.programs()) > 5, "or the next line shows nothing"
    assert first.end(signal.SIGINT) == (0, "")
    assert first.left_behind() == []

    second = start(tmp_path / "new" / "instance")
    second.wait_until_ready()
    verdict = Visitor().upload(f"{second.url}/controleren", "bestand", pdf)
    assert "Dit overzicht is echt" in verdict.text
    assert second.end(signal.SIGTERM) == (0, "")
    assert second.left_behind() == []


def test_stopping_while_it_starts_leaves_nothing_behind(folder: Path, start: Start) -> None:
    terminal = start(folder)
    wait_until(lambda: terminal.find("simulators.digid"))
    assert terminal.end(signal.SIGINT, signal.SIGINT, signal.SIGTERM) == (0, "")
    assert terminal.left_behind() == []


def test_it_goes_on_when_one_of_the_service_workers_dies_and_says_so_when_a_program_does(
    folder: Path, start: Start
) -> None:
    terminal = start(folder)
    terminal.wait_until_ready()
    workers = terminal.find("simulators.demo.wsgi")
    os.kill(workers[-1], signal.SIGKILL)
    wait_until(lambda: set(terminal.find("simulators.demo.wsgi")) - set(workers))
    assert Visitor().get(f"{terminal.url}/_health/ready").status == 200

    os.kill(terminal.find("simulators.demo.worker")[0], signal.SIGKILL)
    code, errors = terminal.end()
    assert code == 1
    assert_one_sentence(errors, "achtergrond", "onverwacht")
    assert terminal.left_behind() == []


def test_a_port_in_use_gives_one_sentence_and_changes_nothing(
    tmp_path: Path, start: Start, port: int
) -> None:
    with socket.create_server(("127.0.0.1", port + 2)):
        code, errors = start(tmp_path / "instance").end()
    assert code == 1
    assert_one_sentence(errors, f"Poort {port + 2}", "in gebruik", "PORT=")
    assert not (tmp_path / "instance").exists()


def not_a_database(folder: Path) -> None:
    for leftover in folder.glob("*.sqlite3-*"):
        leftover.unlink()
    (folder / "blauwe-knop.sqlite3").write_bytes(b"dit is geen database " * 500)


def database_of_a_newer_version(folder: Path) -> None:
    with sqlite3.connect(folder / "blauwe-knop.sqlite3") as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'ffff'")
        connection.execute("UPDATE program_levels SET oldest_level = 'ffff'")  # and not made for ours too


def key_file_that_is_a_folder(folder: Path) -> None:
    (folder / "inloggen" / "ondertekenen.pem").unlink()
    (folder / "inloggen" / "ondertekenen.pem").mkdir()


def garbage(name: str) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        (folder / name).write_bytes(b"\xff\xfe rommel \x00" * 20)

    return spoil


def settings_of_another(folder: Path) -> None:
    (folder / "DEMO").unlink()
    (folder / "settings.toml").write_text("van iemand anders")


def file_instead_of_folder(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("een bestand")


@pytest.mark.parametrize(
    ("spoil", "words"), [(not_a_database, "geen database"), (garbage("digid/digid-signing.pem"), "digid.log")]
)
def test_a_broken_folder_ends_the_demo_with_one_sentence(
    folder: Path, start: Start, spoil: Callable[[Path], None], words: str
) -> None:
    spoil(folder)
    terminal = start(folder)
    code, errors = terminal.end()
    assert code == 1
    assert_one_sentence(errors, words, str(folder))
    assert terminal.left_behind() == []


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (not_a_database, "geen database"),
        (database_of_a_newer_version, "geen database"),
        (key_file_that_is_a_folder, "ondertekenen.pem"),
        (garbage("inloggen/ontsleutelen.pem"), "niet bruikbaar"),
        (garbage("opslagsleutels"), "key_ring_file"),
        (garbage("zegel/zegel.key.pem"), "zegel.key.pem"),
        (garbage("autoriteit/tls-root.key.pem"), "niet bruikbaar"),
        (settings_of_another, "niet van de demo"),
        (file_instead_of_folder, "niet bruikbaar"),
    ],
)
def test_every_broken_part_of_the_folder_is_named_in_one_line(
    folder: Path, port: int, spoil: Callable[[Path], None], words: str
) -> None:
    spoil(folder)
    with pytest.raises(DemoError) as caught:
        prepare(folder, port)
    assert_one_sentence(f"{caught.value}\n", words, str(folder))
    if spoil is settings_of_another:
        assert (folder / "settings.toml").read_text() == "van iemand anders"


def assert_one_sentence(errors: str, *words: str) -> None:
    assert errors.count("\n") == 1, errors
    assert "Traceback" not in errors
    assert [word for word in words if word not in errors] == [], errors
