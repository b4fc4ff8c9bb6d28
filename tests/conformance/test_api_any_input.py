"""Any input on every operation of the API by schemathesis, with all its checks, and from each answer on to the next one."""

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
from tests.conformance.api_tokens import DemoApp
from tests.conformance.test_logged_in_pages import SCHEMATHESIS
from tests.support.demo import RunningDemo, run_demo

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


def seen_by_the_judge(demo: RunningDemo, folder: Path) -> list[dict[str, object]]:
    back, seen, settings = DemoApp(demo), folder / "seen.jsonl", folder / "api.json"
    tokens = {scope: [back.token(scope) for _ in range(count)] for scope, count in CONSENTS.items()}
    key = back.app.dpop_key.as_pem(private=True).decode()
    settings.write_text(json.dumps({"url": demo.url, "key": key, "tokens": tokens, "seen": str(seen)}))
    command = [str(SCHEMATHESIS), "run", f"{demo.url}/api/v1/openapi.json", "--checks", "all", "--seed", "1"]
    options = ["--max-examples", "20", "--warnings", "off", "--generation-database", "none"]
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
