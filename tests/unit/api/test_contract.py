"""The document says what the routes do, and the routes do what the document says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from openapi_spec_validator import validate

from app.api import contract
from app.api.blueprint import PREFIX
from app.api.contract import load
from app.http.routes import Access, rules_of
from tests.support.api_site import ApiSite

METHODS = {"get", "post", "put", "patch", "delete"}


def operations() -> dict[tuple[str, str], dict[str, object]]:
    """By method and path; names of path parameters do not count."""
    return {
        (method.upper(), re.sub(r"\{\w+\}", "{}", path)): stated
        for path, item in load()["paths"].items()
        for method, stated in item.items()
        if method in METHODS
    }


def test_the_document_is_valid_openapi() -> None:
    validate(load())


def test_every_route_is_in_the_document_and_every_operation_is_a_route(api: ApiSite) -> None:
    app = api.web.site.app
    routes = {
        (method, re.sub(r"<\w+>", "{}", route.rule.removeprefix(PREFIX)))
        for route in app.url_map.iter_rules()
        if route.rule.startswith(PREFIX)
        for method in (route.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == set(operations())


def test_the_document_asks_for_a_token_exactly_where_the_route_does(api: ApiSite) -> None:
    app = api.web.site.app
    for route in app.url_map.iter_rules():
        if route.rule.startswith(PREFIX):
            path = re.sub(r"<\w+>", "{}", route.rule.removeprefix(PREFIX))
            for method in (route.methods or set()) - {"HEAD", "OPTIONS"}:
                wants_token = rules_of(app)[route.endpoint].access is Access.TOKEN
                assert bool(operations()[method, path]["security"]) is wants_token, path


def test_everybody_may_read_the_document_with_the_address_of_this_installation(api: ApiSite) -> None:
    answer = api.program(token=None).get("/openapi.json")
    served = json.loads(answer.text)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert served["servers"] == [{"url": "https://schulden.example/api/v1"}]
    assert served["info"]["contact"]["name"] == "Gemeente Voorbeeldstad"
    flow = served["components"]["securitySchemes"]["toestemming"]["flows"]["authorizationCode"]
    assert flow["authorizationUrl"] == "https://schulden.example/oauth/authorize"
    assert flow["tokenUrl"] == "https://schulden.example/oauth/token"
    assert served["externalDocs"]["url"] == "https://schulden.example/.well-known/oauth-authorization-server"
    assert ".invalid" not in answer.text
    for words in ("PAR", "DPoP", "/.well-known/oauth-authorization-server"):
        assert words in served["info"]["description"]
    assert served["paths"] == load()["paths"]


def test_the_document_is_read_once(api: ApiSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading YAML takes long, and anybody may ask for it as often as for a page."""
    first = api.program(token=None).get("/openapi.json")
    monkeypatch.setattr(contract, "FILE", tmp_path / "weg")
    assert api.program(token=None).get("/openapi.json").data == first.data
    assert api.program(token=None).get("/documentatie").status_code == 200


def test_the_document_is_a_page_too(api: ApiSite) -> None:
    page = api.program(token=None).get("/documentatie")
    assert page.status_code == 200
    for stated in operations().values():
        assert f'id="{stated["operationId"]}"' in page.text


@pytest.mark.parametrize("path", ["/bestaat-niet", "/bronnen/", "/schuldenoverzichten/", "//bronnen"])
def test_whatever_goes_wrong_is_a_numbered_problem(api: ApiSite, path: str) -> None:
    answer = api.program().get(path, "text/html")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert answer.headers["API-Version"] == load()["info"]["version"]
    told = json.loads(answer.text)
    assert {"status", "title", "detail", "referentienummer"} <= told.keys()
    assert told["detail"] == "Controleer het adres. Zie https://schulden.example/api/v1/documentatie."


def test_a_method_that_is_not_there_is_told_which_are(api: ApiSite) -> None:
    answer = api.program().ask("DELETE", "/bronnen")
    assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")
    assert "GET" in answer.headers["Allow"]
    assert json.loads(answer.text)["detail"] == (
        "Hier kan alleen: GET, HEAD. Zie https://schulden.example/api/v1/documentatie."
    )


def test_who_uses_another_host_is_told_which_one_is_right(api: ApiSite) -> None:
    client = api.web.site.app.test_client()
    for path in (f"{PREFIX}/bronnen", f"{PREFIX}/bestaat-niet", "/oauth/par"):
        answer = client.get(path, base_url="https://localhost")
        assert answer.status_code == 400
        assert "Host: schulden.example" in answer.text
        assert "https://schulden.example" in answer.text
        assert "localhost" not in answer.text
    assert "Host:" not in client.get("/hulp", base_url="https://localhost").text
