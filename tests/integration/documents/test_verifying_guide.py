"""The commands of docs/verifying.md, as they stand there, on a genuine file and on tampered ones."""

from __future__ import annotations

import functools
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from app.services.publication import publish
from app.web.seal_page import organisation_file
from tests.integration.services.conftest import TownHall, new_town_hall
from tests.support import tampering
from tests.support.seals import Town
from tests.support.snapshots import full_outcomes
from tests.support.waiting import PATIENCE_S

GUIDE = Path(__file__).parents[3] / "docs" / "verifying.md"
PDF_STEPS, JSON_STEPS = ("2", "3", "4", "5"), ("6",)


def blocks() -> dict[str, dict[str, str]]:
    """Per numbered section the code blocks, by language."""
    parts = re.split(r"^## (\d)\. .*$", GUIDE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    fenced = re.compile(r"^```(sh|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    return {number: dict(fenced.findall(text)) for number, text in zip(parts[1::2], parts[2::2], strict=True)}


BLOCKS = blocks()


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing on the screen."""


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> TownHall:
    hall = new_town_hall(tmp_path_factory.mktemp("hall"))
    hall.gathered(full_outcomes())
    return hall


@pytest.fixture(scope="module")
def address(hall: TownHall, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """What the service publishes, over real HTTP on this machine."""
    root = tmp_path_factory.mktemp("site")
    write_published(hall.town, root / "zegel")
    handler = functools.partial(QuietHandler, directory=str(root))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def write_published(town: Town, folder: Path) -> None:
    folder.mkdir()
    (trusted,) = town.policy.organisations
    seal = publish(trusted, town.identity.certificate, town.identity.chain)
    for one in seal.certificates:
        (folder / f"{one.name}.cer").write_bytes(one.der)
        (folder / f"{one.role}.pem").write_bytes(seal.pem(one.role))
    (folder / "organisatie.toml").write_text(organisation_file(seal), encoding="utf-8")
    (folder / "vingerafdrukken.txt").write_text(seal.fingerprints, encoding="ascii")


@pytest.fixture
def desk(hall: TownHall, tmp_path: Path, address: str) -> Path:
    """A folder with both files, the published ones, and the small programs of the guide."""
    (tmp_path / "overzicht.pdf").write_bytes(hall.file("pdf"))
    (tmp_path / "overzicht.json").write_bytes(hall.file("json"))
    (tmp_path / "knip.py").write_text(BLOCKS["3"]["python"])
    (tmp_path / "lees_json.py").write_text(BLOCKS["6"]["python"])
    fetched = step("1", tmp_path, ADRES=address)
    assert fetched.returncode == 0, fetched.stderr
    assert "wortel-1.cer: OK" in fetched.stdout
    return tmp_path


def step(number: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The commands of one section; the first that fails ends it."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-eu", "-o", "pipefail", "-c", BLOCKS[number]["sh"]],
        cwd=folder,
        env={"PATH": path, "LC_ALL": "C.UTF-8", "HOME": str(folder), **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=PATIENCE_S,
    )


def accepted(folder: Path, *numbers: str) -> list[bool]:
    return [step(number, folder).returncode == 0 for number in numbers]


def test_every_section_with_commands_is_tried() -> None:
    assert set(BLOCKS) == {"1", *PDF_STEPS, *JSON_STEPS, "7"}
    assert all("sh" in languages for languages in BLOCKS.values())


def test_a_genuine_overview_passes_every_step(desk: Path) -> None:
    for number in (*PDF_STEPS, *JSON_STEPS, "7"):
        done = step(number, desk)
        assert done.returncode == 0, (number, done.stdout, done.stderr)


def test_one_changed_letter_fails_every_step_about_the_seal(desk: Path) -> None:
    file = desk / "overzicht.pdf"
    file.write_bytes(tampering.one_other_letter(file.read_bytes()))
    assert accepted(desk, "2", "3", "4", "7") == [False] * 4


@pytest.mark.parametrize("change", [tampering.white_box, lambda pdf: pdf + b"\n%%EOF\n"])
def test_what_is_appended_fails_every_step_about_the_seal(
    desk: Path, change: Callable[[bytes], bytes]
) -> None:
    file = desk / "overzicht.pdf"
    file.write_bytes(change(file.read_bytes()))
    assert accepted(desk, "2", "3", "4", "7") == [False] * 4


def test_a_changed_json_fails(desk: Path) -> None:
    file = desk / "overzicht.json"
    text = file.read_text()
    place = text.index('"payload":"') + 200
    file.write_text(text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :])
    assert accepted(desk, "6", "7") == [False] * 2


def test_the_seal_of_another_authority_fails_where_the_guide_says_so(desk: Path, tmp_path: Path) -> None:
    (tmp_path / "forger").mkdir()
    forger = new_town_hall(tmp_path / "forger")
    forger.gathered(full_outcomes())
    (desk / "overzicht.pdf").write_bytes(forger.file("pdf"))
    (desk / "overzicht.json").write_bytes(forger.file("json"))
    assert accepted(desk, "2") == [True]
    assert accepted(desk, "3", "4", "6", "7") == [False] * 4


def test_a_certificate_of_another_organisation_below_the_same_root_fails(desk: Path, hall: TownHall) -> None:
    other = hall.town.authority.issue_seal("Gemeente Elders", "NTRNL-11111111")
    stranger = Town(hall.town.authority, other)
    (desk / "overzicht.json").write_bytes(stranger.json((desk / "overzicht.json").read_bytes()))
    assert accepted(desk, "6", "7") == [False] * 2
