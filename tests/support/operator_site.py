"""The real operator pages on the real HTTP layer and session store; what stands behind the doors is decided by the
test."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import Client, TestResponse

from app.factory import create_operator_site
from app.http.session_interface import OPERATOR_COOKIE, SessionLimits
from app.http.setup import SiteParts
from app.oauth.register import ClientRegistry
from app.operator.employee import ended_fact
from app.operator.errors import EXPLANATIONS, render_error
from app.operator.services import AppServices, OperatorServices, OperatorTexts
from app.persistence.cipher import KeyRing, new_key_line
from app.persistence.client_store import SqlClientStore
from app.persistence.engine import Database, open_database
from app.persistence.session_store import SqlSessionStore
from app.persistence.tables import operator_sessions
from app.ports.login import LoginError, LoginRefused, LoginStart, LogoutNotice, ProviderSession
from app.ports.staff_login import Operator
from app.services.installation_metrics import InstallationFigures
from app.services.session_ends import SessionEnds
from tests.support.audit import Logbook, make_logbook
from tests.support.clock import FrozenClock
from tests.support.databases import migrated_sqlite
from tests.support.monitor_figures import StatedMonitor, source_figures
from tests.support.templates import CompiledTemplates
from tests.support.web_claims import NOW

BASE = "https://beheer.example"
APP_ROLE = "apps"
METRICS_TOKEN = "een-token-van-genoeg-tekens"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')

TEMPLATES = CompiledTemplates()


class StatedStaff:
    """Implements app.ports.staff_login.StaffLoginProvider: `state` in the callback names the employee."""

    def __init__(self, issuer: str = "https://personeel.example") -> None:
        self.issuer = issuer
        self.refusal: LoginError | None = None
        self.at_start: LoginError | None = None
        self.roles: tuple[str, ...] = ("beheer",)
        self.seen_flows: list[dict[str, str] | None] = []

    def start(self, redirect_uri: str) -> LoginStart:
        if self.at_start is not None:
            raise self.at_start
        return LoginStart(f"{self.issuer}/in?terug={redirect_uri}", {"state": "geheim"})

    def finish(
        self, flow: Mapping[str, str] | None, callback_params: Mapping[str, str], redirect_uri: str
    ) -> Operator:
        self.seen_flows.append(dict(flow) if flow is not None else None)
        if self.refusal is not None:
            raise self.refusal
        subject = callback_params["state"]
        known_as = ProviderSession(self.issuer, subject, None)
        return Operator(subject, f"Naam van {subject}", self.roles, NOW, known_as)

    def logout_url(self, post_logout_redirect_uri: str) -> str | None:
        return f"{self.issuer}/uit?terug={post_logout_redirect_uri}"

    def client_jwks(self) -> dict[str, Any]:
        return {"keys": [{"kty": "RSA", "kid": "inloggen"}]}

    def logout_notice(self, unverified_token: str) -> LogoutNotice:
        """The token of a test is the subject itself."""
        if not unverified_token:
            raise LoginRefused("signature")
        return LogoutNotice(self.issuer, unverified_token, None, unverified_token, NOW)


@dataclass
class OperatorSite:
    """`browser()` gives a new visitor; cookies are kept."""

    app: Flask
    login: StatedStaff
    monitor: StatedMonitor
    clock: FrozenClock
    database: Database
    book: Logbook

    def browser(self) -> OperatorBrowser:
        return OperatorBrowser(self.app.test_client())


@dataclass
class OperatorBrowser:
    client: Client

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(path, base_url=BASE, headers=headers)

    def post(
        self, path: str, token_from: str | None = None, form: Mapping[str, Any] | None = None
    ) -> TestResponse:
        """Send a form with the token that stands on the page `token_from`."""
        data = dict(form or {})
        if token_from is not None:
            found = _TOKEN.search(self.get(token_from).text)
            assert found, f"no form token on {token_from}"
            data["csrf_token"] = found[1]
        return self.client.post(path, base_url=BASE, data=data, headers={"Referer": BASE + path})

    def log_in(self, subject: str = "mw-1") -> TestResponse:
        self.get("/inloggen")
        return self.get(f"/inloggen/terug?state={subject}&code=abc")


def make_operator_site(folder: Path, **changes: object) -> OperatorSite:
    """`changes` replace fields of OperatorServices."""
    folder.mkdir(parents=True, exist_ok=True)
    database, clock = open_database(migrated_sqlite(folder / "operator.sqlite3")), FrozenClock()
    login, monitor = StatedStaff(), StatedMonitor((source_figures(),))
    book = make_logbook(database, folder, clock)
    limits = SessionLimits()
    parts = SiteParts(
        public_url=BASE,
        upload_bytes=1000,
        session_store=SqlSessionStore(database, KeyRing.parse(new_key_line("one")), operator_sessions),
        session_limits=limits,
        session_cookie=OPERATOR_COOKIE,
        session_watcher=SessionEnds(book.audit, ended_fact, limits.idle, limits.absolute),
        clock=clock,
        csrf_secret=b"c" * 32,
        render_error=render_error,
        error_explanations=EXPLANATIONS,
        health_checks={},
    )
    services = OperatorServices(
        login=login,
        monitor=monitor,
        audit=book.audit,
        clock=clock,
        texts=OperatorTexts(
            organisation_name="Gemeente Voorbeeldstad",
            base_address=BASE,
            idle_limit="15 minuten",
            absolute_limit="60 minuten",
        ),
        installation=lambda: InstallationFigures(clock.now(), (), {}, audit_intact=True),
        metrics_token=METRICS_TOKEN,
        apps=AppServices(
            registry=ClientRegistry(SqlClientStore(database), book.audit, clock), roles=frozenset({APP_ROLE})
        ),
    )
    app = create_operator_site(parts, replace(services, **changes))  # type: ignore[arg-type]
    TEMPLATES.serve(app)
    return OperatorSite(app, login, monitor, clock, database, book)
