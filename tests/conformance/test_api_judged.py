"""The API judged by others: npm jose reads its tokens and seals and makes proofs; schemathesis tries any input on every
operation, with all its checks, and goes on from each answer to the next one."""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from app.api.contract import FILE
from bench.api import FLOOR, run_on
from bench.sizes import TINY
from simulators.demo.example_app import CLIENT_ID
from tests.conformance.test_logged_in_pages import SCHEMATHESIS
from tests.support.demo import RunningDemo, run_demo
from tests.support.demo_app import DemoApp
from tests.support.visitor import Visitor

pytestmark = [pytest.mark.conformance, pytest.mark.timeout(900)]

HOOKS = Path(__file__).parent / "schemathesis"
CONSENTS = {"schuldenoverzicht": 8, "toestemmingen": 4}
SEALED = ("application/jose+json", "application/pdf", "text/csv")
ONE = "/schuldenoverzichten/{id}"
# Of an overview that this run made itself, by following what an answer says.
REACHED = (
    *(("GET", ONE, 200, form) for form in ("application/json", *SEALED)),
    ("GET", f"{ONE}/voortgang", 200, "application/json"),
    ("GET", f"{ONE}/voortgang", 200, "text/event-stream"),
    ("GET", f"{ONE}/fcid", 200, "application/json"),
    ("GET", f"{ONE}/fcid/{{oin}}", 200, "application/json"),
    ("POST", f"{ONE}/bronnen/{{bronId}}/_opnieuw", 202, "application/json"),
)


def quick(settings: str) -> str:
    """Half of the overviews are waited for."""
    return settings + "\n[times]\nshow_after_seconds = 1\ncollection_seconds = 3\n"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    with run_demo(tmp_path_factory.mktemp("any-input") / "site", quick) as running:
        yield running


def test_jose_reads_our_tokens_and_seals_and_we_read_its_proofs(demo: RunningDemo) -> None:
    back = DemoApp(demo)
    token = back.token("schuldenoverzicht")
    proof = back.app.proof(f"{demo.url}/api/v1/schuldenoverzichten", "POST", token)
    asked = {
        "url": demo.url,
        "token": token,
        "dpopKey": back.app.dpop_key.as_dict(private=True),
        "proof": proof,
    }
    command = ["node", str(Path(__file__).parent / "node" / "api.mjs")]
    result = subprocess.run(
        command, input=json.dumps(asked), capture_output=True, text=True, check=False, timeout=600
    )
    assert result.returncode == 0, result.stderr
    told = json.loads(result.stdout)
    assert told["claims"]["cnf"] == {"jkt": told["tiedTo"]}
    assert (told["claims"]["scope"], told["claims"]["azp"]) == ("schuldenoverzicht", CLIENT_ID)
    assert (told["algorithm"], told["proof"]["htm"]) == ("ES256", "POST")
    assert told["form"] == "application/jose+json"
    assert told["number"].startswith("BK-")
    assert told["refused"] == "ERR_JWS_SIGNATURE_VERIFICATION_FAILED"


def test_the_bench_asks_everything_that_it_measures(demo: RunningDemo, tmp_path: Path) -> None:
    found = run_on(DemoApp(demo), tmp_path, TINY)
    assert {one.against for one in found if one.what == f"requests of {FLOOR}" and one.median > 0} == {
        "one second",
        *(f"one of {name}" for name in ("verification", "sources")),
        *(f"one of overview as {form}" for form in ("JSON", "jose+json", "PDF")),
    }


def seen_by_the_judge(demo: RunningDemo, folder: Path) -> list[dict[str, object]]:
    back, seen, settings = DemoApp(demo), folder / "seen.jsonl", folder / "api.json"
    tokens = {scope: [back.token(scope) for _ in range(count)] for scope, count in CONSENTS.items()}
    key = back.app.dpop_key.as_pem(private=True).decode()
    settings.write_text(json.dumps({"url": demo.url, "key": key, "tokens": tokens, "seen": str(seen)}))
    # Out of a file: the address at which it found the document it would leave out.
    file = folder / "openapi.json"
    file.write_text(Visitor().get(f"{demo.url}/api/v1/openapi.json").text, "utf-8")
    command = [str(SCHEMATHESIS), "run", str(file), "--url", f"{demo.url}/api/v1", "--checks", "all"]
    options = ["--seed", "1", "--max-examples", "20", "--warnings", "off", "--generation-database", "none"]
    result = subprocess.run(
        [*command, *options],
        env={
            **os.environ,
            "SCHEMATHESIS_HOOKS": "api_hooks",
            "PYTHONPATH": str(HOOKS),
            "BK_API": str(settings),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=800,
        cwd=folder,
    )
    assert result.returncode == 0, result.stdout[-8000:]
    assert "Stateful" in result.stdout
    return [json.loads(line) for line in seen.read_text("utf-8").splitlines()]


def test_no_input_breaks_the_api_and_what_it_made_itself_is_reached(
    demo: RunningDemo, tmp_path: Path
) -> None:
    seen = seen_by_the_judge(demo, tmp_path)
    own = Counter((one["label"], one["status"], one["form"]) for one in seen if one["own"])
    for method, path, status, form in REACHED:
        assert own[f"{method} {path}", status, form] > 0, (method, path, form)
    done = {one["label"] for one in seen if str(one["status"]).startswith("2")}
    document = yaml.safe_load(FILE.read_text("utf-8"))
    assert {
        f"{name.upper()} {path}"
        for path, found in document["paths"].items()
        for name in found
        if name in ("get", "post", "delete")
    } <= done
