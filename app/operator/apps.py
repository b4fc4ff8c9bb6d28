"""Which app back ends may ask citizens for their overview. Everybody here may look; who has the role may change it, under the
same rules as `blauwe-knop clients` (`app.oauth.register`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.documents import formatting
from app.http.routes import Access
from app.http.session_interface import current_session
from app.oauth.client_keys import KeyFacts
from app.oauth.faults import Fault, Field, RegistrationRefused
from app.oauth.register import Registrar
from app.oauth.registration import Stated
from app.operator import app_words
from app.operator.access import Pages
from app.operator.app_form import NOTHING, AppForm, form_of, key_rows, read_form, registered, stated
from app.operator.employee import current_employee
from app.operator.services import AppServices
from app.ports.audit import ActorKind
from app.ports.clients import Client, ClientChanged
from app.ports.clock import Clock

_SEE_OTHER, _WRONG, _CONFLICT = 303, 400, 409
_NOTICE = "app_notice"


@dataclass(frozen=True, slots=True)
class AppRow:
    """One client, in the words of the page."""

    client: Client
    kind: str
    scopes: tuple[str, ...]
    keys: tuple[str, ...]
    proof: str
    tied_to: str
    registered: str


@dataclass(frozen=True)
class AppPages:
    apps: AppServices
    clock: Clock

    def register(self, pages: Pages) -> None:
        pages.add(Access.OPERATOR, "/apps", "apps", self.show)
        pages.add(Access.OPERATOR, "/apps/<client_id>/logo", "app_logo", self.logo)
        change, remove = "/apps/<client_id>/wijzigen", "/apps/<client_id>/verwijderen"
        for rule, name, ask, do in (
            ("/apps/toevoegen", "app_add", self.ask_new, self.add),
            (change, "app_change", self.ask_change, self.change),
            (remove, "app_remove", self.ask_remove, self.remove),
        ):
            pages.add(Access.REGISTRAR, rule, name, ask)
            pages.add(Access.REGISTRAR, rule, f"{name}_now", do, "POST")

    def show(self) -> ResponseReturnValue:
        employee, session = current_employee(), current_session()
        return render_template(
            "operator/apps.html",
            rows=[_row(client) for client in self.apps.registry.clients.all()],
            may_change=employee is not None and not employee.roles.isdisjoint(self.apps.roles),
            notice=session.pop(_NOTICE) if _NOTICE in session else "",
        )

    def logo(self, client_id: str) -> ResponseReturnValue:
        found = self.apps.registry.clients.logo(client_id)
        return abort(404) if found is None else Response(found, mimetype="image/png")

    def ask_new(self) -> ResponseReturnValue:
        return _form_page(AppForm())

    def add(self) -> ResponseReturnValue:
        form = read_form()
        try:
            client = self.apps.registry.add(self._stated(form), _who())
        except RegistrationRefused as refused:
            return _form_page(form, faults=refused.faults), _WRONG
        return _done(app_words.ADDED, client)

    def ask_change(self, client_id: str) -> ResponseReturnValue:
        client = self._client(client_id)
        return _form_page(form_of(client), client)

    def change(self, client_id: str) -> ResponseReturnValue:
        """Id and kind stay as they are. A form of before somebody else's change changes nothing."""
        client = self._client(client_id)
        form = replace(read_form(), client_id=client.client_id, kind=client.kind)
        try:
            changed = self.apps.registry.change(self._stated(form, client), _seen_at(), _who())
        except RegistrationRefused as refused:
            return _form_page(form, client, refused.faults), _WRONG
        except ClientChanged:
            return _form_page(form, client, is_stale=True), _CONFLICT
        return _done(app_words.CHANGED, changed)

    def ask_remove(self, client_id: str) -> ResponseReturnValue:
        client = self._client(client_id)
        number = self.apps.registry.clients.allowed_now(client_id, self.clock.now())
        return render_template("operator/app_remove.html", client=client, consents=app_words.consents(number))

    def remove(self, client_id: str) -> ResponseReturnValue:
        client = self._client(client_id)
        self.apps.registry.remove(client_id, _who())
        return _done(app_words.REMOVED, client)

    def _client(self, client_id: str) -> Client:
        """An address can hold anything, and PostgreSQL refuses to look for some of it."""
        is_text = client_id.isascii() and client_id.isprintable()
        found = self.apps.registry.clients.find(client_id) if is_text else None
        return abort(404) if found is None else found

    def _stated(self, form: AppForm, client: Client | None = None) -> Stated:
        clients = self.apps.registry.clients
        before = NOTHING if client is None else registered(client, clients.logo(client.client_id))
        return stated(form, before, allow_loopback_http=self.apps.allow_loopback_http)


def _form_page(
    form: AppForm, client: Client | None = None, faults: Sequence[Fault] = (), *, is_stale: bool = False
) -> str:
    """`client`: as it is registered; None for a new one."""
    told: dict[str, list[str]] = {}
    for fault in sorted(faults, key=lambda fault: list(Field).index(fault.field)):
        told.setdefault(fault.field, []).append(app_words.told(fault))
    return render_template(
        "operator/app_form.html",
        form=form,
        client=client,
        seen_at=_seen(client, is_stale=is_stale),
        keys=[] if client is None else [_key_row(facts) for facts in key_rows(client)],
        faults=told,
        stale=app_words.CHANGED_MEANWHILE if is_stale else "",
        words=app_words,
    )


def _seen(client: Client | None, *, is_stale: bool) -> str:
    """A stale form stays stale: nobody overwrites what they did not see."""
    if is_stale:
        return request.form.get("gezien", "")
    return "" if client is None else client.registered_at.isoformat()


def _seen_at() -> datetime:
    try:
        return datetime.fromisoformat(request.form.get("gezien", ""))
    except ValueError:
        abort(400)


def _done(words: str, client: Client) -> ResponseReturnValue:
    current_session()[_NOTICE] = words.format(client.name)
    return redirect(url_for("operator.apps"), _SEE_OTHER)


def _who() -> Registrar:
    employee = current_employee()
    return abort(401) if employee is None else Registrar(ActorKind.EMPLOYEE, employee.subject)


def _key_row(facts: KeyFacts) -> dict[str, str]:
    ends = "" if facts.ends_at is None else formatting.day(formatting.in_amsterdam(facts.ends_at).date())
    return {
        "name": facts.kid or "zonder naam",
        "kind": facts.kind,
        "thumbprint": facts.thumbprint,
        "ends": ends,
    }


def _row(client: Client) -> AppRow:
    return AppRow(
        client,
        app_words.KINDS[client.kind],
        tuple(sorted(client.scopes)),
        tuple(str(key.get("kid", "zonder naam")) for key in client.jwks["keys"]),
        app_words.PROOFS[client.authentication],
        app_words.BINDINGS[client.binding],
        formatting.moment(client.registered_at),
    )
