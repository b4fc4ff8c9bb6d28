"""The simulator as the demo runs it: a process of its own."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from tests.integration.oidc.support import (
    AFTER_LOGOUT,
    CLIENT_ID,
    REDIRECT_URI,
    config,
    log_in,
    registered,
    relying_party,
)
from tests.support.waiting import PATIENCE_S

ROOT = Path(__file__).parents[3]

CITIZENS = """
[[burger]]
bsn = "111111110"
naam = "Anna Bakker"
toont = "Vijf schulden."

[[burger]]
bsn = "999993549"
naam = "Bram de Vries"
toont = "Geen schulden."
"""


@contextmanager
def digid_process(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start it on a free port; gives the process and the issuer that it printed when it was ready."""
    (folder / "client.json").write_text(json.dumps(registered(config()).jwks), "utf-8")
    (folder / "burgers.toml").write_text(CITIZENS, "utf-8")
    arguments = ["--port", "0", "--keys", str(folder / "keys"), "--client-id", CLIENT_ID]
    arguments += ["--client-jwks", str(folder / "client.json"), "--citizens", str(folder / "burgers.toml")]
    arguments += ["--redirect-uri", REDIRECT_URI, "--post-logout-redirect-uri", AFTER_LOGOUT]
    process = subprocess.Popen(
        [sys.executable, "-m", "simulators.digid", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        ready = re.fullmatch(
            r"DigiD \(nagebootst\) luistert op (http://127\.0\.0\.1:\d+)\n", process.stdout.readline()
        )
        assert ready is not None
        yield process, ready[1]
    finally:
        process.kill()
        process.communicate()


def test_citizens_log_in_in_parallel_and_each_is_who_they_chose(tmp_path: Path) -> None:
    with digid_process(tmp_path) as (_process, issuer):
        login = relying_party(issuer)
        with ThreadPoolExecutor(4) as pool:
            chosen = [0, 1] * 4
            principals = list(pool.map(lambda burger: log_in(login, burger), chosen))
    assert [principal.bsn.digits for principal in principals] == ["111111110", "999993549"] * 4


def test_its_output_holds_no_number_and_no_code_and_it_stops_when_told(tmp_path: Path) -> None:
    with digid_process(tmp_path) as (process, issuer):
        log_in(relying_party(issuer))
        process.send_signal(signal.SIGTERM)
        output, errors = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0
    assert "111111110" not in output + errors
    assert "code=" not in output + errors


def test_a_port_in_use_is_one_clear_sentence(tmp_path: Path) -> None:
    with digid_process(tmp_path) as (_process, issuer):
        arguments = ["--port", issuer.rpartition(":")[2], "--keys", str(tmp_path / "keys")]
        arguments += ["--client-jwks", str(tmp_path / "client.json"), "--redirect-uri", REDIRECT_URI]
        second = subprocess.run(
            [sys.executable, "-m", "simulators.digid", *arguments],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
    assert second.returncode == 1
    assert "in use" in second.stderr
    assert "Traceback" not in second.stderr
