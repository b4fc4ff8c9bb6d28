"""Health for orchestration: does the process live, and can it do its work?"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import structlog
from flask import Blueprint, Response, jsonify

Check = Callable[[], bool]
_log = structlog.stdlib.get_logger(__name__)


def create_health(checks: Mapping[str, Check]) -> Blueprint:
    """`/_health/live` and `/_health/ready`. Each check says whether its part works; a check that raises means no.
    Nothing but names and words is shown."""
    blueprint = Blueprint("health", __name__, url_prefix="/_health")

    @blueprint.get("/live")
    def live() -> Response:
        return jsonify(status="ok")

    @blueprint.get("/ready")
    def ready() -> tuple[Response, int]:
        parts = {name: _passes(name, check) for name, check in checks.items()}
        well = all(parts.values())
        words = {name: "ok" if passed else "failed" for name, passed in parts.items()}
        return jsonify(status="ok" if well else "failed", checks=words), 200 if well else 503

    return blueprint


def _passes(name: str, check: Check) -> bool:
    try:
        return check()
    except Exception as error:  # noqa: BLE001 -- whatever goes wrong, this part does not work
        _log.warning("health check failed", check=name, kind=type(error).__name__)
        return False
