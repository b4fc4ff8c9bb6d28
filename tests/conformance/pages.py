"""The routes of a running site as an OpenAPI document, for a tool that tries any input on each."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
_TEXT = {"type": "string"}
_CONTENTS = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True)
class Visit:
    """How a site is visited. `token`: of the forms of this session, None without one. `values`: parts of addresses that
    lead somewhere in this session, tried beside any text. `left_out`: routes that would end the session."""

    program: str
    token: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    left_out: frozenset[tuple[str, str]] = frozenset()


def pages_document(settings_file: Path, visit: Visit) -> dict[str, object]:
    """From the routes of the site itself."""
    paths: dict[str, dict[str, object]] = {}
    for rule, methods, arguments in _routes(settings_file, visit.program):
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule)
        for method in set(methods) - {"HEAD", "OPTIONS"}:
            if (method, rule) not in visit.left_out:
                paths.setdefault(path, {})[method.lower()] = _operation(arguments, method, visit)
    return {"openapi": "3.0.3", "info": {"title": "pages", "version": "1"}, "paths": paths}


def _routes(settings_file: Path, program: str) -> list[tuple[str, list[str], list[str]]]:
    code = (
        f"import json; from {program} import application as a; "
        "print(json.dumps([[r.rule, sorted(r.methods), sorted(r.arguments)] for r in a.url_map.iter_rules()]))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "BLAUWE_KNOP_SETTINGS": str(settings_file)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    routes: list[tuple[str, list[str], list[str]]] = json.loads(result.stdout.splitlines()[-1])
    return routes


def _operation(arguments: list[str], method: str, visit: Visit) -> dict[str, object]:
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": _any_or(visit.values.get(name))}
        for name in arguments
    ]
    parameters += [
        {"name": name, "in": "query", "required": False, "schema": _any_or(visit.values.get("collection_id"))}
        for name in ("q", "ophaling", "bladzijde")
    ]
    body = {"requestBody": _body(visit)} if method == "POST" else {}
    return {"parameters": parameters, "responses": {"default": {"description": "any"}}, **body}


def _body(visit: Visit) -> dict[str, object]:
    token = _TEXT if visit.token is None else {"enum": [visit.token]}
    form: dict[str, object] = {
        "type": "object",
        "properties": {"csrf_token": token, "bestand": {"type": "string", "format": "binary"}},
    }
    if visit.token is not None:
        form["required"] = ["csrf_token"]
    return {"content": {kind: {"schema": form} for kind in _CONTENTS}, "required": visit.token is not None}


def _any_or(value: str | None) -> dict[str, object]:
    return dict(_TEXT) if value is None else {"anyOf": [{"enum": [value]}, dict(_TEXT)]}
