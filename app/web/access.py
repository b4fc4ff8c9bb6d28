"""Every page is added together with its access rule. There is no way to add one without."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Concatenate

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.http.csrf import refuse_other_sites
from app.http.routes import PLAIN, Access, RouteRule, Terms
from app.web.citizen import Citizen, current_citizen
from app.web.consent_session import Question, current_question

View = Callable[..., ResponseReturnValue]
CitizenView = Callable[Concatenate[Citizen, ...], ResponseReturnValue]
QuestionView = Callable[[Question], ResponseReturnValue]


@dataclass(frozen=True)
class Pages:
    """Adds views to the blueprint. `rules` holds what was added, by endpoint."""

    blueprint: Blueprint
    rules: dict[str, RouteRule] = field(default_factory=dict)

    def public(self, rule: str, name: str, view: View, method: str = "GET", terms: Terms = PLAIN) -> None:
        has_no_token = method == "POST" and not terms.own_form

        def open_to_all(**route_values: str) -> ResponseReturnValue:
            if has_no_token:
                refuse_other_sites()
            return view(**route_values)

        self.rules[self._add(rule, name, open_to_all, method)] = RouteRule(Access.PUBLIC, terms)

    def logged_in(
        self, rule: str, name: str, view: CitizenView, method: str = "GET", terms: Terms = PLAIN
    ) -> None:
        """Hands the citizen to the view; whoever is not logged in gets the page that says so."""

        def for_citizen(**route_values: str) -> ResponseReturnValue:
            citizen = current_citizen()
            if citizen is None:
                return render_template("pages/session_expired.html"), 401
            return view(citizen, **route_values)

        self.rules[self._add(rule, name, for_citizen, method)] = RouteRule(Access.LOGGED_IN, terms)

    def asked(self, rule: str, name: str, view: QuestionView, method: str = "GET") -> None:
        """Hands the question of an app to the view; whoever has none open gets the page that says so."""

        def for_asked() -> ResponseReturnValue:
            question = current_question()
            if question is None:
                return render_template("pages/consent_gone.html"), 401
            return view(question)

        self.rules[self._add(rule, name, for_asked, method)] = RouteRule(Access.LOGGED_IN)

    def program(self, rule: str, name: str, view: View, method: str = "POST") -> None:
        """For a registered program, that proves in the request who it is; the view checks."""
        self.rules[self._add(rule, name, view, method)] = RouteRule(Access.TOKEN, Terms(own_form=False))

    def _add(self, rule: str, name: str, view: View, method: str) -> str:
        """Returns the name of the endpoint."""
        view.__name__ = name  # Flask-WTF tells views apart by name: exempting one must not exempt another
        self.blueprint.add_url_rule(rule, name, view, methods=[method], provide_automatic_options=False)
        return f"{self.blueprint.name}.{name}"
