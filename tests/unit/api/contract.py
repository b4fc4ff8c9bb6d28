"""Hold a real answer against the contract, in every test that asks for one."""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from werkzeug.test import TestResponse

from app.api.contract import load
from tests.support.api_site import members

CONTRACT = load()


def fits(answer: TestResponse, path: str, method: str = "get") -> dict[str, Any]:
    """The members of an answer that is exactly what the contract says of this status and form."""
    stated = resolved(CONTRACT["paths"][path][method]["responses"][str(answer.status_code)])
    schema = stated["content"][answer.mimetype]["schema"]
    found = members(answer)
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "components": CONTRACT["components"],
    }
    Draft202012Validator(whole, format_checker=FormatChecker()).validate(found)
    assert answer.headers["API-Version"] == CONTRACT["info"]["version"]
    return found


def resolved(one: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in one:
        return one
    found: Any = CONTRACT
    for step in one["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return dict(found)
