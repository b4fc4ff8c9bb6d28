"""`blauwe-knop verify` on a laptop: no settings, no database, no secrets, only anchors."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from simulators.authority import DEMO_IDENTIFIER
from tests.integration.services.conftest import TownHall, new_town_hall
from tests.support.seals import NAME
from tests.support.snapshots import BSN, full_outcomes, partial_outcomes


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


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command in an empty folder and an empty environment."""
    return subprocess.run(
        [sys.executable, "-m", "app.cli", "verify", "--trust", "trust", *arguments],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


def test_a_folder_of_genuine_files(laptop: Path) -> None:
    result = run(laptop, "files")
    assert result.returncode == 0, result.stderr
    assert result.stdout.count(": echt\n") == 2
    assert "Het register is niet gevraagd" in result.stdout
    assert BSN.digits not in result.stdout


def test_one_changed_file_in_a_folder_gives_its_exit_code(laptop: Path) -> None:
    file = laptop / "files" / "overzicht.pdf"
    file.write_bytes(file.read_bytes() + b"more")
    result = run(laptop, "files")
    assert result.returncode == 1
    assert "overzicht.json: echt" in result.stdout
    assert "overzicht.pdf: gewijzigd" in result.stdout


def test_a_file_that_is_not_ours(laptop: Path) -> None:
    (laptop / "scan.pdf").write_bytes(b"%PDF-1.4 scan")
    assert run(laptop, "scan.pdf").returncode == 2


def test_json_output_is_one_object_per_file(laptop: Path) -> None:
    result = run(laptop, "--json", "files")
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["oordeel"] for line in lines] == ["echt", "echt"]
    assert all(line["regel"] == 11 and not line["register_gevraagd"] for line in lines)


@pytest.mark.parametrize("arguments", [(), ("missing.pdf",), ("--unknown", "files"), ("trust",)])
def test_wrong_use_is_64_with_one_clear_line(laptop: Path, arguments: tuple[str, ...]) -> None:
    result = run(laptop, *arguments)
    assert result.returncode == 64
    assert result.stderr.startswith(("blauwe-knop", "usage:"))
    assert "Traceback" not in result.stderr


def test_without_anchors_nothing_is_judged(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-")
    result = run(tmp_path, "a.pdf")
    assert result.returncode == 64
    assert "no such folder" in result.stderr


def test_a_partial_overview_says_so(hall: TownHall, tmp_path: Path) -> None:
    (tmp_path / "hall").mkdir()
    partial = new_town_hall(tmp_path / "hall")
    partial.gathered(partial_outcomes())
    partial.town.authority.write_trust(tmp_path / "trust", NAME, DEMO_IDENTIFIER)
    (tmp_path / "deel.pdf").write_bytes(partial.file("pdf"))
    result = run(tmp_path, "deel.pdf")
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
