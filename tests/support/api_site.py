"""The real API on the real HTTP layer; who calls, and what stands behind the doors, is decided by the test."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from werkzeug.test import Client, TestResponse

from app.api.blueprint import PREFIX, create_api_blueprint
from app.api.services import ApiServices, ApiTexts
from app.http.routes import exempt_stateless
from app.ports.grants import ApiCaller, Scope, TokenRefused
from app.ports.issuers import IssuerUnavailable
from app.ports.login import Principal
from app.services.consents import Consent
from claims.identity import Bsn
from claims.outcome import SourceOutcome
from tests.support.clock import FrozenClock
from tests.support.monitor_figures import StatedMonitor
from tests.support.web_claims import NOW, PHONE
from tests.support.web_site import BSN, StatedCollections, StatedFiles, StatedVerdict, WebSite, make_web_site

LEVEL = "http://eidas.europa.eu/LoA/substantial"
EVERYTHING = frozenset(scope.value for scope in Scope)


@dataclass
class OpenAccess:
    """Implements app.ports.grants.AccessCheck: the token is the name of the consent, with its scopes behind a colon."""

    refusal: TokenRefused | IssuerUnavailable | None = None
    bsn: str = BSN
    client_id: str = "app"

    def caller(
        self, method: str, url: str, headers: Mapping[str, str], client_certificate: bytes | None
    ) -> ApiCaller:
        token = headers.get("Authorization", "").removeprefix("DPoP ")
        if self.refusal is not None or not token:
            raise self.refusal or TokenRefused("no_token", None)
        name, _, scopes = token.partition(":")
        return ApiCaller(
            grant_id=name,
            owner=f"owner-of-{name}",
            principal=Principal(Bsn(self.bsn), LEVEL, NOW),
            client_id=self.client_id,
            client_name="Schuldhulp-app",
            scopes=frozenset(scopes.split()) if scopes else EVERYTHING,
            expires_at=NOW + timedelta(minutes=15),
        )


@dataclass
class StatedConsents:
    """Implements app.api.services.KeepsConsents."""

    given: list[Consent] = field(default_factory=list)
    withdrawn_by: list[str | None] = field(default_factory=list)

    def of(self, citizen: Bsn) -> tuple[Consent, ...]:
        return tuple(self.given)

    def withdraw(self, citizen: Bsn, grant_id: str, by_app: str | None = None) -> bool:
        self.withdrawn_by.append(by_app)
        before = len(self.given)
        self.given = [one for one in self.given if one.grant_id != grant_id]
        return len(self.given) < before


@dataclass
class ApiSite:
    web: WebSite
    access: OpenAccess
    monitor: StatedMonitor
    consents: StatedConsents

    @property
    def collections(self) -> StatedCollections:
        return self.web.collections

    @property
    def files(self) -> StatedFiles:
        return self.web.files

    @property
    def verifier(self) -> StatedVerdict:
        return self.web.verifier

    def program(self, token: str | None = "a") -> Program:
        return Program(self.web.site.app.test_client(use_cookies=False), self.web.site.base_url, token)


@dataclass
class Program:
    """An app back end with one token; None: without."""

    client: Client
    base_url: str
    token: str | None

    def ask(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = dict(options.pop("headers", {}))
        if self.token is not None:
            headers.setdefault("Authorization", f"DPoP {self.token}")
        return self.client.open(
            PREFIX + path, method=method, base_url=self.base_url, headers=headers, **options
        )

    def get(self, path: str, accept: str | None = None) -> TestResponse:
        return self.ask("GET", path, headers={"Accept": accept} if accept else {})

    def post(self, path: str, **options: Any) -> TestResponse:
        return self.ask("POST", path, **options)


def members(answer: TestResponse) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(answer.text)
    return loaded


def make_api_site(folder: Path, *outcomes: SourceOutcome, **changes: Any) -> ApiSite:
    web = make_web_site(folder, *outcomes, **changes)
    access, monitor, consents = OpenAccess(), StatedMonitor(), StatedConsents()
    services = ApiServices(
        access=access,
        collections=web.collections,
        issue=web.files,
        verify=web.verifier,
        monitor=monitor,
        audit=web.book.audit,
        consents=consents,
        clock=FrozenClock(NOW),
        texts=ApiTexts(
            organisation_name="Gemeente Voorbeeldstad", base_address=web.site.base_url, contact=(PHONE,)
        ),
    )
    web.site.app.register_blueprint(create_api_blueprint(services))
    exempt_stateless(web.site.app, web.site.csrf)
    return ApiSite(web, access, monitor, consents)
