"""A small site with everything of app.http, on a real session store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from app.http.errors import NO_EXTRA, plain_page
from app.http.health import Check
from app.http.session_interface import SessionLimits
from app.http.setup import SiteParts, secure
from app.persistence.engine import Database, open_database
from app.persistence.session_store import SqlSessionStore
from tests.support.apps import key_ring
from tests.support.clock import FrozenClock
from tests.support.databases import migrated_sqlite


@dataclass
class Site:
    """`host` is the name in every request of `app.test_client(...)`."""

    app: Flask
    csrf: CSRFProtect
    clock: FrozenClock
    database: Database
    store: SqlSessionStore
    parts: SiteParts
    base_url: str = field(default="https://schulden.example")


def make_site(folder: Path, checks: Mapping[str, Check] | None = None, **changes: object) -> Site:
    """A site in `folder`; `changes` replace fields of SiteParts."""
    database = open_database(migrated_sqlite(folder / "site.sqlite3"))
    store = SqlSessionStore(database, key_ring())
    clock = FrozenClock()
    parts = SiteParts(
        public_url="https://schulden.example",
        upload_bytes=1_000_000,
        session_store=store,
        session_limits=SessionLimits(),
        clock=clock,
        csrf_secret=b"c" * 32,
        render_error=plain_page,
        error_explanations=NO_EXTRA,
        health_checks=checks or {},
    )
    parts = replace(parts, **changes)  # type: ignore[arg-type]
    app = Flask("tests.support.site", static_folder=str(folder), static_url_path="/static")
    return Site(app, secure(app, parts), clock, database, store, parts, parts.public_url)
