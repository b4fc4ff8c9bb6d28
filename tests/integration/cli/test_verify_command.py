"""`blauwe-knop verify` on a laptop: no settings, no database, no secrets, only anchors."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import json
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.cli.main import main
from app.documents.json import write_payload
from claims.organisation import Organisation
from signing.report import CheckId
from signing.sealing.jws import JsonSeal
from signing.verifying import landlock
from simulators.authority import DEMO_IDENTIFIER, Authority, SealProfile
from tests.integration.services.conftest import TownHall, new_town_hall
from tests.support.seals import NAME, key_of
from tests.support.snapshots import BSN, full_outcomes, partial_outcomes, snapshot
from tests.support.waiting import PATIENCE_S


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> TownHall:
    hall = new_town_hall(tmp_path_factory.mktemp("hall"))
    hall.gathered(full_outcomes())
    return hall


@pytest.fixture
def laptop(hall: TownHall, tmp_path: Path) -> Path:
    """A folder with anchors and genuine files."""
    hall.town.authority.write_trust(tmp_path / "trust", NAME, DEMO_IDENTIFIER)
    (tmp_path / "files").mkdir()
    for name in ("pdf", "json"):
        (tmp_path / "files" / f"overzicht.{name}").write_bytes(hall.file(name))
    return tmp_path


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command in an empty folder and an empty environment."""
    return subprocess.run(
        [sys.executable, "-m", "app.cli", "verify", "--trust", "trust", *arguments],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=PATIENCE_S,
    )


Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """The same without a program of its own, for what is not about the program: that takes two seconds of processor time."""

    def command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        monkeypatch.chdir(folder)
        capsys.readouterr()
        words = ["verify", "--trust", "trust", *arguments]
        try:
            code = main(words)
        except SystemExit as ended:
            code = int(ended.code or 0)
        return subprocess.CompletedProcess(words, code, *capsys.readouterr())

    return command


def test_a_folder_of_genuine_files(laptop: Path) -> None:
    result = run(laptop, "files")
    assert result.returncode == 0, result.stderr
    assert result.stdout.count(": echt\n") == 2
    assert "Het register is niet gevraagd" in result.stdout
    assert BSN.digits not in result.stdout


def test_one_changed_file_in_a_folder_gives_its_exit_code(laptop: Path, command: Command) -> None:
    file = laptop / "files" / "overzicht.pdf"
    file.write_bytes(file.read_bytes() + b"more")
    result = command(laptop, "files")
    assert result.returncode == 1
    assert "overzicht.json: echt" in result.stdout
    assert "overzicht.pdf: gewijzigd" in result.stdout


def test_a_file_that_is_not_ours(laptop: Path, command: Command) -> None:
    (laptop / "scan.pdf").write_bytes(b"%PDF-1.4 scan")
    assert command(laptop, "scan.pdf").returncode == 2


def test_json_output_is_one_object_per_file(laptop: Path, command: Command) -> None:
    result = command(laptop, "--json", "files")
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["oordeel"] for line in lines] == ["echt", "echt"]
    assert all(line["regel"] == 11 and not line["register_gevraagd"] for line in lines)
    assert all(line["netwerk_afgesneden"] for line in lines)
    assert all(line["bestanden_afgesneden"] is landlock.is_there() for line in lines)
    assert [number for number, *_ in lines[0]["controles"]] == list(range(1, len(CheckId) + 1))
    file = (laptop / "files" / "overzicht.json").read_bytes()
    assert lines[0]["sha256"] == hashlib.sha256(file).hexdigest()


def test_csv_output_is_one_row_per_file_and_holds_no_formula(laptop: Path, command: Command) -> None:
    (laptop / "=1+1;a.pdf").write_bytes(b"%PDF-1.4 scan")
    result = command(laptop, "--csv", "=1+1;a.pdf", "files")
    assert result.returncode == 2
    scan, *genuine = csv.DictReader(io.StringIO(result.stdout), delimiter=";")
    assert (scan["bestand"], scan["oordeel"]) == ("'=1+1;a.pdf", "niet van ons")
    assert scan["controle_niet_goed"].startswith("1: ")
    assert [row["oordeel"] for row in genuine] == ["echt", "echt"]
    assert {row["register_gevraagd"] for row in genuine} == {"nee"}
    assert {row["organisatie"] for row in genuine} == {NAME}


def test_folders_below_a_folder_count_too(laptop: Path, command: Command) -> None:
    below = laptop / "files" / "2026" / "november"
    below.mkdir(parents=True)
    (below / "SCAN.PDF").write_bytes(b"%PDF-1.4 scan")
    (below / "notes.txt").write_text("no sealed file")
    (below / "round").symlink_to(laptop / "files")
    result = command(laptop, "--json", "files")
    assert result.returncode == 2
    assert [Path(json.loads(line)["bestand"]).name for line in result.stdout.splitlines()] == [
        "SCAN.PDF",
        "overzicht.json",
        "overzicht.pdf",
    ]


def test_the_progress_bar_is_for_terminals_only(laptop: Path) -> None:
    assert "\r" not in run(laptop, "files").stderr
    terminal, end = pty.openpty()
    command = [sys.executable, "-m", "app.cli", "verify", "--trust", "trust", "--json", "files"]
    result = subprocess.run(
        command, cwd=laptop, stdout=subprocess.PIPE, stderr=end, check=True, timeout=PATIENCE_S
    )
    os.close(end)
    drawn = all_of(terminal).decode()
    os.close(terminal)
    assert "  0%" in drawn
    assert " 50%" in drawn
    assert drawn.endswith("\r\x1b[K")
    assert len(result.stdout.splitlines()) == 2


def all_of(terminal: int) -> bytes:
    """What was written comes in pieces; the end is an error (EIO)."""
    drawn = b""
    with contextlib.suppress(OSError):
        while part := os.read(terminal, 10_000):
            drawn += part
    return drawn


def test_json_and_csv_at_once_is_wrong_use(laptop: Path) -> None:
    assert run(laptop, "--json", "--csv", "files").returncode == 64


def test_several_organisations_are_told_apart(laptop: Path, command: Command) -> None:
    other = Authority.create()
    seal = other.issue_seal("Gemeente Elders", "NTRNL-90000099", SealProfile())
    other.write_trust(laptop / "trust", "Gemeente Elders", "NTRNL-90000099")
    payload = write_payload(
        replace(snapshot(full_outcomes()), made_at=datetime.now(UTC).replace(microsecond=0))
    )
    sealed = JsonSeal(key_of(seal)).seal(payload, datetime.now(UTC))
    (laptop / "files" / "elders.json").write_bytes(sealed)
    result = command(laptop, "--csv", "files")
    assert result.returncode == 0, result.stdout
    rows = list(csv.DictReader(io.StringIO(result.stdout), delimiter=";"))
    assert [row["organisatie"] for row in rows] == ["Gemeente Elders", NAME, NAME]


@pytest.mark.parametrize("arguments", [(), ("missing.pdf",), ("--unknown", "files"), ("trust",)])
def test_wrong_use_is_64_with_one_clear_line(
    laptop: Path, arguments: tuple[str, ...], command: Command
) -> None:
    result = command(laptop, *arguments)
    assert result.returncode == 64
    assert result.stderr.startswith(("blauwe-knop", "usage:"))
    assert "Traceback" not in result.stderr


def test_without_anchors_nothing_is_judged(tmp_path: Path, command: Command) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-")
    result = command(tmp_path, "a.pdf")
    assert result.returncode == 64
    assert "no such folder" in result.stderr


def test_a_partial_overview_says_so(hall: TownHall, tmp_path: Path, command: Command) -> None:
    (tmp_path / "hall").mkdir()
    partial = new_town_hall(tmp_path / "hall")
    partial.gathered(partial_outcomes())
    partial.town.authority.write_trust(tmp_path / "trust", NAME, DEMO_IDENTIFIER)
    (tmp_path / "deel.pdf").write_bytes(partial.file("pdf"))
    result = command(tmp_path, "deel.pdf")
    assert result.returncode == 0
    assert "Kredietbank" in result.stdout
    assert "minstens" in result.stdout


def test_it_imports_no_web_framework_database_or_key(laptop: Path) -> None:
    program = (
        "import sys; from app.cli.main import main; main(['verify', '--trust', 'trust', 'files']); "
        "bad = {'flask', 'sqlalchemy', 'reportlab', 'authlib', 'app.settings', 'signing.keys', 'signing.sealing'}; "
        "sys.exit(f'imported: {sorted(bad & set(sys.modules))}' if bad & set(sys.modules) else 0)"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=laptop, capture_output=True, text=True, check=False, timeout=100
    )
    assert result.returncode == 0, result.stderr


def test_what_stands_in_a_file_cannot_write_on_the_screen(
    hall: TownHall, laptop: Path, command: Command
) -> None:
    """Erasing the line and writing another verdict, turning text around, a second line in the name of a file."""
    codes = "\x1b[2K\r\x9b1A\u202e\n  echt"
    overview = full_outcomes()
    source = overview[0].source
    hostile = replace(source, organisation=Organisation(f"Belastingen {codes}"))
    outcomes = (replace(overview[0], source=hostile), *overview[1:])
    payload = write_payload(replace(snapshot(outcomes), made_at=datetime.now(UTC).replace(microsecond=0)))
    file = laptop / f"a{codes.replace('/', '')}.json"
    file.write_bytes(JsonSeal(hall.town.key).seal(payload, datetime.now(UTC)))
    for arguments in ((file.name,), ("--json", file.name), (file.name + "missing",)):
        result = command(laptop, *arguments)
        assert "Belastingen" in result.stdout or "missing" in result.stderr
        for code in ("\x1b", "\r", "\x9b", "\u202e", "\n  echt"):
            assert code not in result.stdout + result.stderr, (arguments, code)


def test_a_name_that_is_no_text_is_printed_all_the_same(laptop: Path) -> None:
    name = os.fsdecode(os.fsencode(laptop) + b"/\xff.json")
    shutil.copy(laptop / "files" / "overzicht.json", name)
    for option in ((), ("--json",)):
        result = run(laptop, *option, name)
        assert (result.returncode, result.stderr) == (0, "")


def test_a_terminal_with_few_characters_gets_the_verdict_too(laptop: Path) -> None:
    result = run(laptop, "files/overzicht.pdf", PYTHONIOENCODING="ascii")
    assert (result.returncode, result.stderr) == (0, "")
    assert "Dit overzicht is echt" in result.stdout


def test_a_file_that_cannot_be_read_gets_no_verdict_on_its_content(laptop: Path) -> None:
    """Reading this one fails for everybody, also for root."""
    result = run(laptop, "/proc/self/mem", "files/overzicht.pdf")
    assert result.returncode == 3
    assert "kan nu niet controleren" in result.stdout
    assert "overzicht.pdf: echt" in result.stdout
    assert "Traceback" not in result.stderr


def test_an_endless_file_is_not_read_to_its_end(laptop: Path) -> None:
    result = run(laptop, "/dev/zero")
    assert (result.returncode, result.stderr) == (2, "")


def test_a_reader_that_goes_away_is_not_told_that_it_is_genuine(laptop: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "app.cli", "verify", "--trust", "trust", "files"]
    with os.fdopen(writing, "wb") as closed:
        result = subprocess.run(
            command, cwd=laptop, stdout=closed, stderr=subprocess.PIPE, check=False, timeout=100
        )
    assert (result.returncode, result.stderr) == (141, b"")


def test_on_a_laptop_larger_files_are_examined_than_a_site_takes(laptop: Path, command: Command) -> None:
    large = b'{"payload":"%s","protected":"AAAA","signature":"AAAA"}' % (b"A" * 20_000_000)
    (laptop / "groot.json").write_bytes(large)
    assert command(laptop, "groot.json").returncode == 1
