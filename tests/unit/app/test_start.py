"""What is wrong stops the start: one line on standard error, exit code 1, and nothing listens."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from app.bootstrap import site_or_exit
from simulators.organisations.stanzas import UNCONNECTED
from tests.support.waiting import PATIENCE_S
from tests.unit.settings.conftest import Instance
from tests.unit.settings.test_certificates import NOW, certificate

ROOT = Path(__file__).parents[3]
START = "blauwe-knop cannot start: "


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Instance:
    made = Instance(tmp_path)
    monkeypatch.setenv("BLAUWE_KNOP_SETTINGS", str(made.file))
    return made


def own_certificate(instance: Instance, days_left: int) -> bytes:
    """Of the key that signs our assertions."""
    key = load_pem_private_key((instance.folder / "secrets" / "login-signing.pem").read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    now = datetime.now(UTC) - NOW
    return certificate(key, now - timedelta(days=30), now + timedelta(days=days_left))


def use_certificates(instance: Instance, *pem: bytes) -> None:
    (instance.folder / "ours.pem").write_bytes(b"".join(pem))
    instance.change('broker = "nlgov"', 'broker = "nlgov"\nsigning_certificate_file = "ours.pem"')


def use_an_expired_one(instance: Instance) -> None:
    use_certificates(instance, own_certificate(instance, days_left=-1))


def use_a_weak_chain(instance: Instance) -> None:
    now = datetime.now(UTC) - NOW
    weak = certificate(
        rsa.generate_private_key(65537, 1024), now - timedelta(days=1), now + timedelta(days=1)
    )
    use_certificates(instance, own_certificate(instance, days_left=1), weak)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda i: i.change("idle_seconds", "idel_seconds"), "sessions.idel_seconds: this key is unknown"),
        (lambda i: i.change('client_id = "blauwe-knop"', ""), "login.client_id: this key is missing"),
        (
            lambda i: os.chmod(i.folder / "secrets" / "storage-keys", 0o644),
            "everybody on this machine can use",
        ),
        (use_an_expired_one, "ended on"),
        (use_a_weak_chain, "too weak"),
    ],
    ids=["unknown key", "missing key", "world-readable key file", "expired certificate", "weak certificate"],
)
def test_wrong_settings_keys_and_certificates_stop_the_start(
    instance: Instance,
    capsys: pytest.CaptureFixture[str],
    spoil: Callable[[Instance], None],
    words: str,
) -> None:
    spoil(instance)
    with pytest.raises(SystemExit) as ended:
        site_or_exit()
    said = capsys.readouterr().err
    assert ended.value.code == 1
    assert said.startswith(START)
    assert words in said
    assert said.count("\n") == 1


class Late(BaseHTTPRequestHandler):
    """A log-in provider that lives an hour ago."""

    def do_GET(self) -> None:
        self.send_response_only(200)
        self.send_header("Date", format_datetime(datetime.now(UTC) - timedelta(hours=1), usegmt=True))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def issuer() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Late)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_a_clock_that_differs_an_hour_from_that_of_the_log_in_provider_stops_the_start(
    instance: Instance, issuer: str
) -> None:
    """In a process of its own, because a start sets up logging."""
    instance.change("https://broker.voorbeeld.nl", issuer)
    (instance.folder / "sources.toml").write_text(UNCONNECTED)
    ended = subprocess.run(
        [sys.executable, "-c", "import simulators.demo.wsgi"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert ended.returncode == 1
    told = re.match(
        rf"{START}the clock of this machine differs (\d+) seconds from that of {issuer}:", ended.stderr
    )
    assert told is not None, ended.stderr
    assert 3600 <= int(told[1]) < 3600 + PATIENCE_S, "an hour, and how long the answer was under way"
    assert ended.stderr.count("\n") == 1
