"""The technical rules of the NL API Design Rules 2.2, written from their text, on our document and on real answers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from app.api.contract import load
from tests.support.api_site import ApiSite
from tests.support.conformance_page import ROOT, missing, rows
from tests.unit.api.contract import resolved

PAGE = ROOT / "docs" / "conformance" / "api-design-rules.md"
CONTRACT = load()


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in CONTRACT["paths"].items():
        for method, stated in item.items():
            if method != "parameters":
                yield path, method, stated


def parameters() -> Iterator[dict[str, Any]]:
    for path, _, stated in operations():
        for one in (*CONTRACT["paths"][path].get("parameters", ()), *stated.get("parameters", ())):
            yield resolved(one)


def properties(schema: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(schema, dict):
        yield from schema.get("properties", {}).items()
        for value in schema.values():
            yield from properties(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from properties(value)


def test_paths_are_kebab_case_without_a_slash_at_the_end() -> None:
    for path in CONTRACT["paths"]:
        segments = path.removeprefix("/").split("/")
        assert all(re.fullmatch(r"\{[a-zA-Z]+\}|_?[a-z0-9-]+|openapi\.json", one) for one in segments), path
        assert not any(one.startswith("_") for one in segments[:-1]), path


def test_query_keys_are_camel_case() -> None:
    names = [one["name"] for one in parameters() if one["in"] == "query"]
    assert names
    assert all(re.fullmatch(r"[a-z]+([A-Z][a-z]*)*", name) for name in names)


def test_names_in_bodies_are_snake_case() -> None:
    names = {name for name, _ in properties(CONTRACT["components"]["schemas"])}
    assert len(names) > 40
    assert all(re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", name) for name in names)


def test_moments_are_date_time_and_dates_are_dates() -> None:
    formats = {name: stated.get("format") for name, stated in properties(CONTRACT["components"]["schemas"])}
    assert all(value == "date-time" for name, value in formats.items() if name.endswith("_op"))
    assert not [name for name in formats if re.search("datum|date", name) and formats[name] != "date"]
    assert {value for value in formats.values() if value} <= {"date-time", "date", "binary"}


def test_every_answer_in_the_document_has_the_version_or_is_a_problem() -> None:
    for path, method, stated in operations():
        for status, one in stated["responses"].items():
            answer = resolved(one)
            if status < "400":
                assert "API-Version" in answer["headers"], (path, method, status)
            else:
                schema = resolved(answer["content"]["application/problem+json"]["schema"])
                assert {"status", "title", "detail"} <= set(schema["required"]), (path, method, status)


def test_what_can_be_asked_wrong_can_be_answered_with_400() -> None:
    for path, method, stated in operations():
        has_parameters = stated.get("parameters") or CONTRACT["paths"][path].get("parameters")
        if method != "get" or has_parameters:
            assert "400" in stated["responses"], (path, method)
        assert "422" not in stated["responses"]


def test_the_version_is_semantic_and_its_major_number_is_in_the_address() -> None:
    version = CONTRACT["info"]["version"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    [server] = CONTRACT["servers"]
    assert server["url"].startswith("https://")
    assert server["url"].endswith(f"/v{version.split('.')[0]}")
    assert {"name", "email", "url"} <= CONTRACT["info"]["contact"].keys()


def test_answers_have_the_headers_that_are_asked(api: ApiSite) -> None:
    program = api.program(token=None)
    for answer in (
        program.get("/bronnen"),
        program.get("/bestaat-niet"),
        program.post("/schuldenoverzichten"),
    ):
        headers = answer.headers
        assert headers["Cache-Control"] == "no-store"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert (headers["X-Frame-Options"], headers["X-Content-Type-Options"]) == ("DENY", "nosniff")
        assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
        assert headers["API-Version"] == CONTRACT["info"]["version"]
        assert not {"Server", "X-Powered-By", "Set-Cookie"} & set(headers.keys())


def test_only_the_document_may_be_read_from_another_origin(api: ApiSite) -> None:
    program, origin = api.program(), {"Origin": "https://elders.example"}
    shared = [
        path
        for path in ("/openapi.json", "/bronnen", "/documentatie", "/schuldenoverzichten/x")
        if "Access-Control-Allow-Origin" in program.ask("GET", path, headers=origin).headers
    ]
    assert shared == ["/openapi.json"]


def test_the_table_of_rules_names_what_is_there_and_counts_right() -> None:
    found = rows(PAGE)
    assert len({row.cells["rule"] for row in found}) == len(found) == 36
    assert [pair for row in found for pair in row.named if missing(*pair)] == []
    count = Counter(row.cells["status"] for row in found)
    met, partly, theirs = count["met"], count["partly"], count["host's duty"]
    said = f"Of 36 rules {met} are met, {partly} partly, {theirs} the host's duty, {36 - met - partly - theirs} not"
    assert said in PAGE.read_text("utf-8")
