"""Who did what with the data of the citizen who looks: their own page, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import groupby

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.documents import formatting
from app.ports.sessions import OpenSession
from app.services.consents import Consent
from app.services.my_data import Deeds, Doer
from app.web import messages
from app.web.access import Pages
from app.web.citizen import Citizen
from app.web.error_report_words import lines_of
from app.web.my_data_words import Line, Wording
from app.web.services import WebServices

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Day:
    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class SessionLine:
    """`handle` goes into the form that ends it."""

    begun: str
    last_used: str
    handle: str
    is_this: bool


@dataclass(frozen=True, slots=True)
class MyDataPage:
    """`newer` and `older` are numbers of other pages, None without such a page. `has_representative`: somebody else did some of
    this on behalf of the reader."""

    days: tuple[Day, ...]
    is_complete: bool
    has_representative: bool
    newer: int | None
    older: int | None


@dataclass(frozen=True, slots=True)
class ShownConsent:
    """What an app may do now; `until` as a time of the clock."""

    grant_id: str
    app: str
    until: str


@dataclass(frozen=True)
class MyDataPages:
    services: WebServices

    def register(self, pages: Pages) -> None:
        pages.logged_in("/mijn-gegevens", "my_data", self.show)
        pages.logged_in("/mijn-gegevens/sessies", "end_sessions", self.end_sessions, method="POST")
        if self.services.apps is not None:
            address = "/mijn-gegevens/toestemmingen/<grant_id>"
            pages.logged_in(address, "withdraw_consent", self.withdraw, "POST")

    def show(self, citizen: Citizen) -> ResponseReturnValue:
        found = self.services.my_data.of(citizen.person)
        known = self.services.collections.known_sources
        names = {source.source_id: formatting.organisation(source.organisation) for source, _ in known}
        apps = self.services.apps
        app_name = str if apps is None else cache(apps.consents.app_name)
        wording = Wording(names, self.services.texts.organisation_name, app_name, self._parties())
        consents = (
            ()
            if apps is None or citizen.acts_for_another
            else tuple(map(_shown, apps.consents.of(citizen.bsn)))
        )
        open_sessions = self.services.open_sessions.of(citizen.person.who_logged_in, citizen.owner)
        return render_template(
            "pages/my_data.html",
            page=_page(found, _wanted_page(), wording),
            sessions=tuple(map(_session, open_sessions)),
            consents=consents,
            reports=() if citizen.acts_for_another else lines_of(self.services.reports.of(citizen.bsn)),
        )

    def _parties(self) -> dict[str, str]:
        found = self.services.share_organisations
        return {} if found is None else {key: one.name for key, one in found.organisations.items()}

    def end_sessions(self, citizen: Citizen) -> ResponseReturnValue:
        """One other session, or without a name all others. One that has ended meanwhile is what was wanted."""
        self.services.open_sessions.end_others(
            citizen.person.who_logged_in, citizen.owner, request.form.get("sessie")
        )
        return redirect(url_for("web.my_data"), 303)

    def withdraw(self, citizen: Citizen, grant_id: str) -> ResponseReturnValue:
        """The app can do nothing more from here on. Consents are not for a representative to see or end."""
        apps = self.services.apps
        if apps is None or citizen.acts_for_another or not apps.consents.withdraw(citizen.bsn, grant_id):
            return messages.show(messages.CONSENT_GONE)
        return redirect(url_for("web.my_data"), 303)


def _session(one: OpenSession) -> SessionLine:
    begun, last_used = formatting.clock_time(one.created_at), formatting.clock_time(one.seen_at)
    return SessionLine(begun, last_used, one.handle, one.is_this)


def _shown(consent: Consent) -> ShownConsent:
    return ShownConsent(consent.grant_id, consent.client_name, formatting.clock_time(consent.expires_at))


def _wanted_page() -> int:
    """From 1; anything that is no page number is the first page."""
    wanted = request.args.get("bladzijde", "1")
    return max(1, int(wanted)) if wanted.isascii() and wanted.isdigit() and len(wanted) < 6 else 1


def _page(found: Deeds, number: int, wording: Wording) -> MyDataPage:
    first = (number - 1) * PER_PAGE
    shown = found.deeds[first : first + PER_PAGE]
    days = groupby(shown, key=lambda deed: formatting.in_amsterdam(deed.at).date())
    return MyDataPage(
        tuple(Day(formatting.day(day), wording.lines(deeds)) for day, deeds in days),
        found.is_complete,
        any(deed.by is Doer.REPRESENTATIVE for deed in shown),
        number - 1 if number > 1 else None,
        number + 1 if len(found.deeds) > first + PER_PAGE else None,
    )
