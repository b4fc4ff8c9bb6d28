"""Who may open which page. Whatever has no rule here is refused, also when another module adds it to the site."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import structlog
from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from app.operator.employee import current_employee

View = Callable[..., ResponseReturnValue]


class Access(StrEnum):
    PUBLIC = "public"
    OPERATOR = "operator"
    TOKEN = "token"  # noqa: S105 -- the view itself checks the bearer token of a program


def _shared() -> dict[str, Access]:
    """What every site has, by endpoint."""
    return dict.fromkeys(("static", "health.live", "health.ready"), Access.PUBLIC)


@dataclass(frozen=True)
class Pages:
    """Adds views to the blueprint. `rules` holds what was added, by endpoint."""

    blueprint: Blueprint
    rules: dict[str, Access] = field(default_factory=_shared)

    def add(self, access: Access, rule: str, name: str, view: View, method: str = "GET") -> None:
        self.rules[f"{self.blueprint.name}.{name}"] = access
        self.blueprint.add_url_rule(rule, name, view, methods=[method], provide_automatic_options=False)


def guard(rules: Mapping[str, Access]) -> Callable[[], ResponseReturnValue | None]:
    """To run before every request. From here on every log line of the request says which operator looks."""

    def check() -> ResponseReturnValue | None:
        if request.endpoint is None:
            return None  # there is no such page
        access = rules.get(request.endpoint)
        if access is None:
            abort(403)
        if access is not Access.OPERATOR:
            return None
        employee = current_employee()
        if employee is None:
            return render_template("operator/not_logged_in.html"), 401
        structlog.contextvars.bind_contextvars(operator=employee.subject)
        return None

    return check
