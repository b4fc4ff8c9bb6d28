"""The image as it is built, with its own environment from the lock file, serves and verifies; nothing else is needed.

Docker and the base image are left out (see `scripts/build_image.py`): the same steps, into a folder.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.documents.json import write_payload
from scripts.build_image import ROOT, build, instructions
from signing.keys.software import load_software_key
from signing.sealing.jws import JsonSeal
from simulators.demo.instance import prepare
from simulators.organisations.stanzas import UNCONNECTED
from tests.support.demo import free_port_range
from tests.support.snapshots import full_outcomes, snapshot_now
from tests.support.visitor import Visitor
from tests.support.waiting import PATIENCE_S, wait_until

HOST = "schulden.voorbeeld.nl"
UNCHECKED_HASH = (1).to_bytes(4, "little")  # flags of a .pyc (PEP 552)
OPERATOR_HOST = "beheer.voorbeeld.nl"


@dataclass(frozen=True)
class Image:
    """`root` is what the container would see as /; `instance` is what is mounted."""

    root: Path
    instance: Path

    @property
    def home(self) -> Path:
        return self.root / "srv/blauwe-knop"

    def run(self, *arguments: str, port: int = 0) -> subprocess.Popen[str]:
        """`python ARGUMENTS` with the environment of the Dockerfile and nothing of ours."""
        return subprocess.Popen(
            [str(self.root / "opt/venv/bin/python"), *arguments],
            cwd=self.home,
            env={
                "PATH": f"{self.root}/opt/venv/bin:/usr/bin:/bin",
                "PYTHONDONTWRITEBYTECODE": "1",
                "PYTHONUNBUFFERED": "1",
                "BLAUWE_KNOP_SETTINGS": str(self.instance / "settings.toml"),
                "BLAUWE_KNOP_BIND": f"127.0.0.1:{port}",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def finish(self, *arguments: str) -> tuple[int, str]:
        process = self.run(*arguments)
        output, _ = process.communicate(timeout=PATIENCE_S)
        return process.returncode, output

    def content(self) -> dict[str, tuple[int, int]]:
        """Every file with its size and time of change."""
        found = ((path, path.lstat()) for path in self.root.rglob("*"))
        return {str(path): (state.st_size, state.st_mtime_ns) for path, state in found}


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Image]:
    folder = tmp_path_factory.mktemp("built")
    build(folder, with_run=True)
    shutil.rmtree(folder / "build")  # the first stage is no part of the image
    root = folder / "image"
    for path in [root, *root.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & ~0o222)
    yield Image(root, _installation(folder / "instance"))
    for path in [root, *root.rglob("*")]:
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)


def _installation(folder: Path) -> Path:
    """Settings as an operator writes them: https everywhere, behind one proxy."""
    instance = prepare(folder, free_port_range())
    text = instance.settings_file.read_text("utf-8")
    for plain, real in (
        (instance.url, f"https://{HOST}"),
        (instance.digid_url, "https://digid.invalid"),
        (instance.operator_url, f"https://{OPERATOR_HOST}"),
        (instance.staff_url, "https://personeel.invalid"),
        (instance.counselling_url, "https://hulpverleners.invalid"),
        (f"{instance.trust_services_url}/tsa", "https://tijdstempel.invalid/tsa"),
    ):
        text = text.replace(f'"{plain}"', f'"{real}"')
    text = text.replace(instance.trust_services_url, "https://vertrouwensdienst.invalid")
    text = text.replace(f'"{instance.url}/', f'"https://{HOST}/')
    proxy = '[proxy]\ntrusted_hops = 1\naddresses = ["127.0.0.0/8"]\n'
    instance.settings_file.write_text(f"{text}\n{proxy}", "utf-8")
    instance.sources_file.write_text(UNCONNECTED, "utf-8")
    instance.database_file.unlink()
    return folder


@pytest.fixture(scope="module")
def sealed_file(image: Image) -> Path:
    """A document with the seal of this installation."""
    folder = image.instance / "zegel"
    key = load_software_key(folder / "zegel.key.pem", folder / "zegel.pem", folder / "zegel.chain.pem")
    now = datetime.now(UTC).replace(microsecond=0)
    payload = write_payload(snapshot_now(full_outcomes()))
    file = image.instance / "overzicht.json"
    file.write_bytes(JsonSeal(key).seal(payload, now))
    return file


@pytest.fixture(scope="module")
def served(image: Image) -> Iterator[str]:
    """The address of the service, started with the very command of the Dockerfile."""
    done = image.finish("-m", "app.cli", "db", "upgrade")
    assert done[0] == 0, done
    with serving(image, command()) as url:
        yield url


def test_what_is_compiled_names_no_moment(image: Image) -> None:
    """Else the next build differs, and a layer whose moments the builder sets is compiled again at each start."""
    compiled = list((image.root / "opt/venv").rglob("*.pyc"))
    assert len(compiled) > 1000
    assert [file for file in compiled if file.read_bytes()[4:8] != UNCHECKED_HASH] == []


def command() -> list[str]:
    [words] = [words for words in instructions((ROOT / "Dockerfile").read_text()) if words[0] == "CMD"]
    arguments: list[str] = json.loads(" ".join(words[1:]))
    return arguments


@contextlib.contextmanager
def serving(image: Image, arguments: list[str], host: str = HOST) -> Iterator[str]:
    port = free_port_range()
    process = image.run("-m", *arguments, port=port)
    try:
        wait_until_it_lives(process, port, host)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.communicate(timeout=PATIENCE_S)


def wait_until_it_lives(process: subprocess.Popen[str], port: int, host: str) -> None:
    def lives() -> bool:
        assert process.poll() is None, process.communicate()[0]
        with contextlib.suppress(OSError):
            return ask(f"http://127.0.0.1:{port}", "/_health/live", host).status == 200
        return False

    wait_until(lives, "the service never answered")


def ask(url: str, path: str, host: str = HOST) -> http.client.HTTPResponse:
    """As the proxy in front of it would."""
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=PATIENCE_S)
    connection.request("GET", path, headers={"Host": host, "X-Forwarded-Proto": "https"})
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


def test_it_serves_with_the_command_of_the_dockerfile(served: str) -> None:
    assert ask(served, "/_health/live").status == 200
    assert ask(served, "/_health/ready").status == 200
    assert ask(served, "/").status == 200
    assert ask(served, "/static/site.css").status == 200
    assert ask(served, "/", host="andere.nl").status == 400


def test_the_same_image_serves_the_operator_site_with_another_last_word(image: Image, served: str) -> None:
    *words, program = command()
    assert program == "app.wsgi:application"
    with serving(image, [*words, "app.operator_wsgi:application"], OPERATOR_HOST) as url:
        assert ask(url, "/_health/ready", host=OPERATOR_HOST).status == 200
        assert ask(url, "/", host=OPERATOR_HOST).status == 401
        assert ask(url, "/static/site.css", host=OPERATOR_HOST).status == 200
        assert ask(url, "/", host=HOST).status == 400


def test_it_examines_uploads_in_its_own_child_process(served: str, sealed_file: Path) -> None:
    answer = Visitor(host=HOST).upload(f"{served}/controleren", "bestand", sealed_file.read_bytes())
    assert "niet in ons register" in answer.text, "intact and trusted, but never issued"


def test_the_command_verifies_offline(image: Image, sealed_file: Path, tmp_path: Path) -> None:
    trust = str(image.instance / "trust")
    code, output = image.finish("-m", "app.cli", "verify", "--trust", trust, str(sealed_file))
    assert code == 0, output
    changed = tmp_path / "changed.json"
    changed.write_text(sealed_file.read_text().replace('"payload":"', '"payload":"e'))
    assert image.finish("-m", "app.cli", "verify", "--trust", trust, str(changed))[0] in (1, 2)


def test_the_background_worker_runs_there(image: Image, served: str) -> None:
    code, output = image.finish("-m", "app.cli", "work", "--once")
    assert code == 0, output


@pytest.mark.parametrize("module", ["simulators", "tests", "scripts", "pytest", "playwright", "pip"])
def test_it_cannot_import_what_does_not_belong_there(image: Image, module: str) -> None:
    code, output = image.finish("-c", f"import {module}")
    assert code == 1
    assert "ModuleNotFoundError" in output


def test_plain_http_is_refused_there(image: Image, tmp_path: Path) -> None:
    settings = image.instance / "settings.toml"
    text = settings.read_text("utf-8")
    try:
        settings.write_text(text.replace(f"https://{HOST}", "http://127.0.0.1:8000"), "utf-8")
        code, output = image.finish("-c", "import app.wsgi")
    finally:
        settings.write_text(text, "utf-8")
    assert code == 1
    assert "https://" in output
    assert "Traceback" not in output


def test_nothing_was_written_into_the_image(image: Image, served: str, sealed_file: Path) -> None:
    before = image.content()
    ask(served, "/")
    Visitor(host=HOST).upload(f"{served}/controleren", "bestand", sealed_file.read_bytes())
    image.finish("-m", "app.cli", "verify", str(sealed_file))
    assert image.content() == before
