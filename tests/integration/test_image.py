"""What would be in the image: the service and nothing that stands in for the outside world."""

from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator.readers import read_from_filename

from scripts.build_image import ROOT, build, instructions


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("image")
    build(folder, with_run=False)
    return folder / "image"


def test_image_holds_the_four_rooms_and_templates_only(image: Path) -> None:
    inside = {path.name for path in (image / "srv/blauwe-knop").iterdir()}
    assert inside == {"app", "claims", "signing", "sources", "templates", "deploy", "LICENSE"}


def test_image_holds_no_simulator_test_key_or_setting(image: Path) -> None:
    names = [path.relative_to(image).as_posix() for path in image.rglob("*")]
    assert not [n for n in names if "simulators" in n or "/tests" in n or "instance" in n]
    assert not [n for n in names if n.endswith((".pem", ".key", ".sqlite", ".pyc"))]


def test_no_file_of_the_image_names_simulators_as_a_module(image: Path) -> None:
    guilty = [
        p
        for p in image.rglob("*.py")
        if "import simulators" in p.read_text() or "from simulators" in p.read_text()
    ]
    assert guilty == []


def test_image_runs_as_a_number_that_is_not_root() -> None:
    words = instructions((ROOT / "Dockerfile").read_text())
    user = [w[1] for w in words if w[0] == "USER"]
    assert len(user) == 1
    assert not user[0].startswith("0")
    assert sum(w[0] == "FROM" for w in words) == 2


def test_every_program_of_the_compose_file_is_in_the_image(image: Path) -> None:
    services: dict[str, Any] = dict(read_from_filename(str(ROOT / "deploy/compose.yaml"))[0])["services"]
    programs = [service for service in services.values() if service["image"] == "blauwe-knop"]
    assert len(programs) == 5
    for service in programs:
        command = [*service.get("entrypoint", []), *service.get("command", ["gunicorn"])]
        assert command[0] in ("gunicorn", "blauwe-knop")
        if command[-1].endswith(":application"):
            module = command[-1].partition(":")[0].replace(".", "/")
            assert (image / "srv/blauwe-knop" / f"{module}.py").is_file()
