"""Every page is added together with its access rule. There is no way to add one without."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Concatenate

import structlog
from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.counsel.counsellor import current_counsellor
from app.counsel.services import CounselServices
from app.http.routes import PLAIN, Access, RouteRule, Terms
from app.services.counsel import Counsellor

View = Callable[..., ResponseReturnValue]
CounsellorView = Callable[Concatenate[Counsellor, ...], ResponseReturnValue]


@dataclass(frozen=True)
class Pages:
    """Adds views to the blueprint. `rules` holds what was added, by endpoint."""

    blueprint: Blueprint
    services: CounselServices
    rules: dict[str, RouteRule] = field(default_factory=dict)

    def public(self, rule: str, name: str, view: View, method: str = "GET", terms: Terms = PLAIN) -> None:
        def open_to_all(**route_values: str) -> ResponseReturnValue:
            return view(**route_values)

        self.rules[self._add(rule, name, open_to_all, method)] = RouteRule(Access.PUBLIC, terms)

    def logged_in(self, rule: str, name: str, view: CounsellorView, method: str = "GET") -> None:
        """Hands the counsellor to the view; whoever is not logged in gets the page that says so. From here on every log line of
        the request says of which organisation it is."""

        def for_counsellor(**route_values: str) -> ResponseReturnValue:
            who = current_counsellor(self.services.parties)
            if who is None:
                return not_logged_in(self.services)
            structlog.contextvars.bind_contextvars(organisation=who.organisation.organisation_id)
            return view(who, **route_values)

        self.rules[self._add(rule, name, for_counsellor, method)] = RouteRule(Access.COUNSELLOR)

    def _add(self, rule: str, name: str, view: View, method: str) -> str:
        """Returns the name of the endpoint."""
        view.__name__ = name  # Flask-WTF tells views apart by name: exempting one must not exempt another
        self.blueprint.add_url_rule(rule, name, view, methods=[method], provide_automatic_options=False)
        return f"{self.blueprint.name}.{name}"


def not_logged_in(services: CounselServices) -> ResponseReturnValue:
    organisations = [party.organisation for party in services.parties.values()]
    return render_template("counsel/not_logged_in.html", organisations=organisations), 401
