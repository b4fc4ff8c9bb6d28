"""Any input on every route of both sites, by somebody who is logged in and has the token of the forms."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.pages import Visit, pages_document
from tests.support.demo import RunningDemo, run_demo
from tests.support.visitor import Visitor
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.conformance, pytest.mark.timeout(900)]

ROOT = Path(__file__).parents[2]
SCHEMATHESIS = ROOT / ".venv-tools" / "bin" / "schemathesis"
_LOG_IN = frozenset(("GET", f"/inloggen{rest}") for rest in ("", "/opnieuw", "/terug"))
# These would end the session halfway; without a session they are tried in test_behind_tls.py.
LEFT_OUT = _LOG_IN | {("POST", "/uitloggen")}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    with run_demo(tmp_path_factory.mktemp("logged-in") / "site") as running:
        yield running


def try_everything(url: str, visitor: Visitor, document: dict[str, object], folder: Path) -> None:
    file = folder / "pages.json"
    file.write_text(json.dumps(document), "utf-8")
    cookie = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    command = [str(SCHEMATHESIS), "run", str(file), "--url", url, "--workers", "2", "-H", f"Cookie: {cookie}"]
    options = ["--checks", "not_a_server_error", "--max-examples", "8", "--seed", "1", "--warnings", "off"]
    result = subprocess.run(
        [*command, *options], capture_output=True, text=True, check=False, timeout=800, cwd=folder
    )
    assert result.returncode == 0, result.stdout[-4000:]


def answers(demo: RunningDemo) -> Counter[tuple[str, str, int]]:
    lines = [json.loads(line) for line in demo.logs().splitlines() if line.startswith("{")]
    answered = (line for line in lines if line.get("event") == "answered")
    return Counter((line["method"], line["rule"], line["status"]) for line in answered)


def test_a_citizen_breaks_no_page(demo: RunningDemo, tmp_path: Path) -> None:
    visitor = Visitor()
    collection = visitor.log_in(demo.url, 0).rsplit("/", 1)[1]
    wait_until(lambda: visitor.get(f"{demo.url}/overzicht").status == 200, "the overview is there")
    visit = Visit(
        "simulators.demo.wsgi",
        visitor.get(f"{demo.url}/uitloggen").hidden("csrf_token"),
        {"collection_id": collection, "source_id": "zonnedael-parkeren"},
        LEFT_OUT,
    )
    document = pages_document(demo.instance.settings_file, visit)
    try_everything(demo.url, visitor, document, tmp_path)
    seen = answers(demo)
    for name in ("pdf", "json", "csv"):
        assert seen["GET", f"/overzicht/{name}", 200], "what is behind the log-in was reached"
        assert seen["POST", f"/overzicht/{name}", 303], "on to the page after pressing download"
    assert seen["POST", "/ophalen", 303]
    assert seen["POST", "/ophalen/<collection_id>/<source_id>", 303]
    assert visitor.get(f"{demo.url}/overzicht").status == 200, "still logged in"


def test_an_employee_breaks_no_page(demo: RunningDemo, tmp_path: Path) -> None:
    url, visitor = demo.instance.operator_url, Visitor()
    start = visitor.get(f"{url}/inloggen")
    form = {"page": visitor.get(start.location).hidden("page"), "niveau": "wachtwoord en app", "burger": "0"}
    visitor.get(visitor.post(start.location.partition("?")[0], form).location)
    token = visitor.get(f"{url}/uitloggen").hidden("csrf_token")
    visit = Visit("simulators.demo.operator_wsgi", token, {"source_id": "zonnedael-parkeren"}, LEFT_OUT)
    document = pages_document(demo.instance.settings_file, visit)
    try_everything(url, visitor, document, tmp_path)
    assert answers(demo)["GET", "/bronnen/<source_id>", 200]
    assert visitor.get(f"{url}/").status == 200, "still logged in"
