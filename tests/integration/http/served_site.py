"""A small site for a real server with two worker processes: `create(folder)` runs in each of them."""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask, Response, jsonify, request

from app.http.errors import NO_EXTRA, plain_page
from app.http.session_interface import SessionLimits, current_session
from app.http.setup import SiteParts, secure
from app.observability import configure_logging
from app.persistence.cipher import KeyRing
from app.persistence.engine import open_database
from app.persistence.session_store import SqlSessionStore
from app.ports.clock import SystemClock


def create(folder: str, upload_bytes: int) -> Flask:
    configure_logging("INFO")
    keys = KeyRing.parse((Path(folder) / "keys").read_text())
    database = open_database(f"sqlite:///{folder}/site.sqlite3")
    app = Flask(__name__)
    parts = SiteParts(
        public_url="http://127.0.0.1",
        upload_bytes=upload_bytes,
        bodies_at_once=1,
        session_store=SqlSessionStore(database, keys),
        session_limits=SessionLimits(),
        clock=SystemClock(),
        csrf_secret=keys.derive("csrf"),
        render_error=plain_page,
        error_explanations=NO_EXTRA,
        health_checks={},
    )
    protection = secure(app, parts)
    protection.exempt(_upload)
    app.add_url_rule("/upload", "upload", _upload, methods=["POST"])
    app.add_url_rule("/ignore", "ignore", protection.exempt(_ignore), methods=["POST"])
    app.add_url_rule("/count", "count", _count)
    app.add_url_rule("/scheme", "scheme", lambda: request.scheme)
    return app


def _upload() -> str:
    return str(len(request.files["file"].read()))


def _ignore() -> str:
    return "not read"


def _count() -> Response:
    session = current_session()
    session["count"] = session.get("count", 0) + 1
    return jsonify(count=session["count"], process=os.getpid())
