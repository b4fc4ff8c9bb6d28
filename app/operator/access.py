"""Who may open which page: every page is added together with its rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from flask import Blueprint, abort, current_app, render_template
from flask.typing import ResponseReturnValue

from app.http.routes import PLAIN, Access, RouteRule, Terms, current_rule
from app.operator.employee import current_employee

View = Callable[..., ResponseReturnValue]


@dataclass(frozen=True)
class Pages:
    """Adds views to the blueprint. `rules` holds what was added, by endpoint."""

    blueprint: Blueprint
    rules: dict[str, RouteRule] = field(default_factory=dict)

    def add(
        self, access: Access, rule: str, name: str, view: View, method: str = "GET", terms: Terms = PLAIN
    ) -> None:
        self.rules[f"{self.blueprint.name}.{name}"] = RouteRule(access, terms)
        self.blueprint.add_url_rule(rule, name, view, methods=[method], provide_automatic_options=False)


def guard(app_roles: frozenset[str]) -> Callable[[], ResponseReturnValue | None]:
    """To run before every request. From here on every log line of the request says which operator looks. `app_roles`: who has
    one of these may let apps in."""

    def check() -> ResponseReturnValue | None:
        rule = current_rule(current_app)
        if rule is None or rule.access not in (Access.OPERATOR, Access.REGISTRAR):
            return None
        employee = current_employee()
        if employee is None:
            return render_template("operator/not_logged_in.html"), 401
        structlog.contextvars.bind_contextvars(operator=employee.subject)
        if rule.access is Access.REGISTRAR and employee.roles.isdisjoint(app_roles):
            abort(403)
        return None

    return check
