"""The monitor of the sources: what is wrong, before a citizen meets it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from app.operator.access import Access, Pages
from app.operator.services import OperatorServices


@dataclass(frozen=True)
class MonitorPages:
    services: OperatorServices

    def register(self, pages: Pages) -> None:
        pages.add(Access.OPERATOR, "/", "monitor", self.monitor)

    def monitor(self) -> ResponseReturnValue:
        return render_template("operator/monitor.html")
