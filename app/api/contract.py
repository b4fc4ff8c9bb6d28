"""The contract of the API: `openapi.yaml` beside this file, kept by hand, and served with the address and the contact of
this installation."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from flask import Response, render_template
from flask.typing import ResponseReturnValue

from app.api.answers import as_json
from app.api.documentation import introduction, operations
from app.api.resources import Resources
from app.api.services import ApiServices, ApiTexts
from claims.organisation import ContactKind

FILE = Path(__file__).with_name("openapi.yaml")
STAND_IN = "https://schuldenoverzicht.voorbeeld.invalid"


@functools.cache
def version() -> str:
    """Of the interface, not of the program (ADR /core/semver)."""
    return str(load()["info"]["version"])


def load() -> dict[str, Any]:
    """The document as it stands in the file."""
    loaded: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
    return loaded


@dataclass(frozen=True)
class Contract:
    services: ApiServices

    def register(self, resources: Resources) -> None:
        resources.public("/openapi.json", "contract", self.show)
        resources.public("/documentatie", "documentation", self.page)

    def show(self) -> Response:
        """Readable from everywhere (ADR /core/publish-openapi and /core/transport/cors)."""
        return as_json(self._document, headers={"Access-Control-Allow-Origin": "*"})

    def page(self) -> ResponseReturnValue:
        document = self._document
        parts = {"introduction": introduction(document), "operations": tuple(operations(document))}
        return render_template("pages/api.html", contract=document, **parts)

    @functools.cached_property
    def _document(self) -> dict[str, Any]:
        """Read once: reading YAML is slow, and anybody may ask for it."""
        document, texts = load(), self.services.texts
        document["info"]["contact"] = _contact(texts)
        served: dict[str, Any] = _at(texts.base_address, document)
        return served


def _at(base_address: str, part: Any) -> Any:
    """The same with the address of this installation wherever the file has its stand-in."""
    if isinstance(part, dict):
        return {name: _at(base_address, value) for name, value in part.items()}
    if isinstance(part, list):
        return [_at(base_address, value) for value in part]
    return part.replace(STAND_IN, base_address) if isinstance(part, str) else part


def _contact(texts: ApiTexts) -> dict[str, str]:
    stated = {option.kind: option.value for option in texts.contact}
    found = {"name": texts.organisation_name, "url": stated.get(ContactKind.WEBSITE, texts.base_address)}
    return found | ({"email": stated[ContactKind.EMAIL]} if ContactKind.EMAIL in stated else {})
