"""Every page is added together with its access rule. There is no way to add one without."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Concatenate

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.web.citizen import Citizen, current_citizen

View = Callable[..., ResponseReturnValue]
CitizenView = Callable[Concatenate[Citizen, ...], ResponseReturnValue]


class Access(StrEnum):
    PUBLIC = "public"
    LOGGED_IN = "logged_in"


@dataclass(frozen=True)
class Pages:
    """Adds views to the blueprint. `rules` holds what was added, by endpoint."""

    blueprint: Blueprint
    rules: dict[str, Access]

    def public(self, rule: str, name: str, view: View, method: str = "GET") -> None:
        def open_to_all(**route_values: str) -> ResponseReturnValue:
            return view(**route_values)

        self._add(rule, name, open_to_all, method, Access.PUBLIC)

    def logged_in(self, rule: str, name: str, view: CitizenView, method: str = "GET") -> None:
        """Hands the citizen to the view; whoever is not logged in gets the page that says so."""

        def for_citizen(**route_values: str) -> ResponseReturnValue:
            citizen = current_citizen()
            if citizen is None:
                return render_template("pages/session_expired.html"), 401
            return view(citizen, **route_values)

        self._add(rule, name, for_citizen, method, Access.LOGGED_IN)

    def _add(self, rule: str, name: str, view: View, method: str, access: Access) -> None:
        view.__name__ = name  # Flask-WTF tells views apart by name: exempting one must not exempt another
        self.rules[f"{self.blueprint.name}.{name}"] = access
        self.blueprint.add_url_rule(rule, name, view, methods=[method])
