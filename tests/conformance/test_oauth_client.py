"""The authorization server judged by independent clients: npm openid-client and oauth4webapi against the whole demo."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from app.persistence.client_store import SqlClientStore
from app.persistence.engine import open_database
from app.ports.clients import ClientKind
from simulators.demo.example_app import CLIENT_ID, KEY
from simulators.digid.citizens import read_citizens
from tests.support.consent import ANNA, decide
from tests.support.demo import RunningDemo, run_demo
from tests.support.visitor import Visitor

pytestmark = [pytest.mark.conformance, pytest.mark.timeout(900)]

FOLDER = Path(__file__).parent / "oauth_client"
GATEWAY = "voorbeeld-poort"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    with run_demo(tmp_path_factory.mktemp("oauth") / "instance") as running:
        register_gateway(running)
        yield running


def register_gateway(demo: RunningDemo) -> None:
    """With the key of the example app: it is the same machine here."""
    database = open_database(f"sqlite:///{demo.instance.database_file}")
    store = SqlClientStore(database)
    app = store.find(CLIENT_ID)
    assert app is not None
    changes: dict[str, Any] = {"client_id": GATEWAY, "kind": ClientKind.GATEWAY, "redirect_uris": ()}
    store.add(replace(app, **changes, scopes=frozenset()), None, replace=True)
    database.close()


def told_by_the_app(demo: RunningDemo) -> list[dict[str, Any]]:
    """Everything that the app says; we are the browser of the citizen."""
    instance, answers = demo.instance, iter(["ja", "ja", "nee"])
    settings = {
        "issuer": instance.url,
        "api": f"{instance.url}/api/v1/schuldenoverzichten",
        "audience": f"{instance.url}/api/v1",
        "client_id": CLIENT_ID,
        "gateway_id": GATEWAY,
        "redirect_uri": instance.app_redirect_uri,
        "key": (instance.app_folder / KEY).read_text("ascii"),
    }
    process = subprocess.Popen(
        ["node", "app.mjs"], cwd=FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(settings) + "\n")
    process.stdin.flush()
    told = []
    for line in process.stdout:
        told.append(json.loads(line))
        if "authorize" in told[-1]:
            process.stdin.write(decide(Visitor(), told[-1]["authorize"], next(answers)) + "\n")
            process.stdin.flush()
    assert process.wait() == 0
    return told


def test_two_libraries_go_through_the_whole_flow_and_find_nothing_wrong(demo: RunningDemo) -> None:
    found: dict[str, Any] = {}
    for told in told_by_the_app(demo):
        found |= told
    assert set(parse_qs(urlsplit(found["authorize"]).query)) == {"client_id", "request_uri"}
    assert found["tokens"]["token_type"] == "dpop"
    assert (found["tokens"]["expires_in"], "refresh_token" in found["tokens"]) == (900, False)
    assert found["claims"]["client_id"] == CLIENT_ID
    assert found["claims"]["scope"] == "schuldenoverzicht"
    assert found["made"] == 201
    assert found["at"].startswith(f"{demo.instance.url}/api/v1/schuldenoverzichten/")
    assert found["late"] == "OAUTH_WWW_AUTHENTICATE_CHALLENGE"
    number = read_citizens()[ANNA].identifier
    assert number not in json.dumps(found)
    assert (found["before"]["active"], found["after"]) == (True, {"active": False})
    assert (found["again"], found["verifier"], found["no"]) == (
        "invalid_grant",
        "invalid_grant",
        "access_denied",
    )
