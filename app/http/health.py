"""Health for orchestration: does the process live, and can it do its work?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import structlog
from flask import Blueprint, Response, jsonify

Check = Callable[[], bool]
NO_NOTES: Mapping[str, Check] = MappingProxyType({})
_log = structlog.stdlib.get_logger(__name__)


def create_health(checks: Mapping[str, Check], notes: Mapping[str, Check] = NO_NOTES) -> Blueprint:
    """`/_health/live` and `/_health/ready`. Each check says whether its part works; a check that raises means no.
    `notes` are shown too, but do not make the site unready: background work that stands still is no reason to turn
    citizens away. Nothing but names and words is shown."""
    blueprint = Blueprint("health", __name__, url_prefix="/_health")

    @blueprint.get("/live")
    def live() -> Response:
        return jsonify(status="ok")

    @blueprint.get("/ready")
    def ready() -> tuple[Response, int]:
        parts = _look(checks)
        well = "failed" not in parts.values()
        status = "ok" if well else "failed"
        return jsonify(status=status, checks=parts, notes=_look(notes)), 200 if well else 503

    return blueprint


def _look(checks: Mapping[str, Check]) -> dict[str, str]:
    return {name: "ok" if _passes(name, check) else "failed" for name, check in checks.items()}


def _passes(name: str, check: Check) -> bool:
    try:
        return check()
    except Exception as error:  # noqa: BLE001 -- whatever goes wrong, this part does not work
        _log.warning("health check failed", check=name, kind=type(error).__name__)
        return False
