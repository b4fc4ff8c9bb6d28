"""Who only verifies installs the package without the service: no Flask, no database, no settings. docs/verify-alone.md."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.services.publication import publish
from app.web.seal_page import trust_file
from tests.integration.services.conftest import TownHall, new_town_hall
from tests.support.snapshots import full_outcomes
from tests.support.waiting import PATIENCE_S

pytestmark = pytest.mark.conformance

ROOT = Path(__file__).parents[2]
_OF_THE_SERVICE = ["flask", "sqlalchemy", "alembic", "psycopg", "reportlab", "authlib", "gunicorn", "pkcs11"]
_PACKAGE = ["app", "claims", "signing", "sources", "pyproject.toml", "README.md", "LICENSE"]


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Programs of an environment with nothing but `requirements/verify.lock` and our package, built and installed."""
    folder = tmp_path_factory.mktemp("bare")
    source = folder / "source"
    source.mkdir()
    for name in _PACKAGE:
        origin = ROOT / name
        (shutil.copytree if origin.is_dir() else shutil.copy)(origin, source / name)
    lock = str(ROOT / "requirements" / "verify.lock")
    create = [sys.executable, "scripts/create_venv.py", str(folder / "venv"), lock, "--without-project"]
    subprocess.run(create, cwd=ROOT, check=True, timeout=PATIENCE_S)
    programs = folder / "venv" / "bin"
    install = [str(programs / "python"), "-m", "pip", "install", "--quiet", "--no-deps", str(source)]
    subprocess.run(install, check=True, timeout=PATIENCE_S)
    return programs


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a counsellor has: two files, and the file with anchors that the municipality publishes."""
    folder = tmp_path_factory.mktemp("desk")
    hall: TownHall = new_town_hall(tmp_path_factory.mktemp("hall"))
    hall.gathered(full_outcomes())
    for kind in ("pdf", "json"):
        (folder / f"overzicht.{kind}").write_bytes(hall.file(kind))
    (trusted,) = hall.town.policy.organisations
    seal = publish(trusted, hall.town.identity.certificate, hall.town.identity.chain)
    (folder / "vertrouwen.toml").write_text(trust_file(seal), encoding="utf-8")
    return folder


def run(programs: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [programs / "blauwe-knop", *words],
        cwd=folder,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )


def test_nothing_of_the_service_is_installed(bare: Path, tmp_path: Path) -> None:
    code = f"import importlib.util as u; print([n for n in {_OF_THE_SERVICE} if u.find_spec(n)])"
    found = subprocess.run(
        [bare / "python", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize("name", ["overzicht.pdf", "overzicht.json"])
def test_one_command_and_one_file_with_anchors_tell_genuine_from_changed(
    bare: Path, desk: Path, name: str
) -> None:
    genuine = run(bare, desk, "verify", "--trust", "vertrouwen.toml", name)
    assert (genuine.returncode, genuine.stderr) == (0, "")
    assert genuine.stdout.startswith(f"{name}: echt")
    changed = desk / f"anders-{name}"
    changed.write_bytes((desk / name).read_bytes() + b"\n%x")
    said = run(bare, desk, "verify", "--trust", "vertrouwen.toml", changed.name)
    assert said.returncode == 1
    assert "gewijzigd" in said.stdout


def test_a_command_of_the_service_says_what_to_install(bare: Path, desk: Path) -> None:
    said = run(bare, desk, "sources", "list")
    assert said.returncode == 64
    assert "the extra 'service' of this package" in said.stderr
    assert "Traceback" not in said.stderr
