"""/metrics for Prometheus: a program cannot log in with a browser, so it shows a bearer token of its own."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from flask import Response, abort, request

from app.http.routes import Access, Pace, Terms
from app.operator.access import Pages
from app.operator.services import OperatorServices
from app.services.installation_metrics import render_installation_metrics
from app.services.monitor_metrics import CONTENT_TYPE, render_metrics
from app.services.report_metrics import render_report_metrics
from app.services.seal_metrics import render_seal_metrics

TODAY = 1


@dataclass(frozen=True)
class MetricsPage:
    services: OperatorServices

    def register(self, pages: Pages) -> None:
        pages.add(Access.TOKEN, "/metrics", "metrics", self.metrics, terms=Terms(Pace.SECRET))

    def metrics(self) -> Response:
        """Text format 0.0.4. Without a configured token the page does not exist."""
        if self.services.metrics_token is None:
            abort(404)
        if not is_bearer(request.headers.get("Authorization", ""), self.services.metrics_token):
            return Response("token needed\n", 401, {"WWW-Authenticate": "Bearer"}, mimetype="text/plain")
        figures = self.services.monitor.figures(self.services.clock.now(), TODAY)
        seals = render_seal_metrics(self.services.sealed_counts())
        reports = render_report_metrics(self.services.reports())
        others = seals + reports + render_installation_metrics(self.services.installation())
        text = render_metrics(figures, self.services.seal_expires_at()) + others
        return Response(text, content_type=CONTENT_TYPE)


def is_bearer(header: str, token: str) -> bool:
    """Whether an Authorization header shows this token (RFC 6750, 2.1). The time it takes tells nothing about it."""
    scheme, _, shown = header.partition(" ")
    digests = [hashlib.sha256(text.encode(errors="replace")).digest() for text in (shown, token)]
    return hmac.compare_digest(*digests) and scheme.lower() == "bearer"
