"""Who did what with the data of the citizen who looks: their own page, in plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.documents import formatting
from app.ports.audit import Event
from app.ports.sessions import OpenSession
from app.services.consents import Consent
from app.services.my_data import AskedOne, Deed, Deeds, Doer
from app.web import messages
from app.web.access import Pages
from app.web.citizen import Citizen
from app.web.error_report_words import lines_of
from app.web.services import WebServices

PER_PAGE = 50
_PLAIN = {
    Event.LOGGED_IN: {
        Doer.READER: "U bent ingelogd met DigiD.",
        Doer.READER_FOR_ANOTHER: "U bent namens iemand anders ingelogd, met DigiD Machtigen.",
        Doer.REPRESENTATIVE: "Een gemachtigde is namens u ingelogd, met DigiD Machtigen.",
    },
    Event.LOGGED_OUT: {
        Doer.READER: "U bent uitgelogd.",
        Doer.READER_FOR_ANOTHER: "U bent uitgelogd. U was ingelogd namens iemand anders.",
        Doer.REPRESENTATIVE: "Een gemachtigde die namens u was ingelogd, is uitgelogd.",
    },
}
_ASKED = {
    Doer.READER: "Wij hebben uw gegevens {again}opgevraagd bij {organisations}.",
    Doer.READER_FOR_ANOTHER: "U hebt namens iemand anders {again}gegevens laten opvragen.",
    Doer.REPRESENTATIVE: "Een gemachtigde heeft uw gegevens {again}laten opvragen bij {organisations}.",
    Doer.OTHER: "{app} heeft uw gegevens {again}opgevraagd bij {organisations}, met uw toestemming.",
}
_DOWNLOADED = {
    Doer.READER: "U hebt {document} gedownload ({format}).",
    Doer.READER_FOR_ANOTHER: "U hebt namens iemand anders {document} gedownload ({format}).",
    Doer.REPRESENTATIVE: "Een gemachtigde heeft namens u {document} gedownload ({format}).",
    Doer.OTHER: "{app} heeft {document} opgehaald ({format}), met uw toestemming.",
}
_ENDED = {
    "idle": "U bent vanzelf uitgelogd, omdat u een tijd niets deed.",
    "absolute": "U bent vanzelf uitgelogd, omdat u lang genoeg was ingelogd.",
    "provider": "U bent uitgelogd, omdat DigiD dat aan ons doorgaf.",
    "elsewhere": "U hebt een andere sessie van u gestopt.",
}
_OUTCOMES = {
    "answered": "gaf antwoord",
    "partly": "gaf een deel van het antwoord",
    "no_answer": "gaf geen antwoord",
}
_BY_APP = {
    Event.CONSENT_GIVEN: "{who} {app} toestemming gegeven.",
    Event.CONSENT_REFUSED: "{who} {app} geen toestemming gegeven.",
    Event.CONSENT_WITHDRAWN: "{who} de toestemming van {app} ingetrokken.",
    Event.OVERVIEW_READ: "{app} heeft {what} gelezen, met uw toestemming.",
    Event.TOKEN_ISSUED: "{app} kreeg toegang tot wat u toestond.",
    Event.TOKEN_TAKEN: "{app} kreeg toegang. De toestemming daarvoor gaf u niet bij ons, maar elders.",
}
_WITHDRAWN_BY_APP = "{by} heeft de toestemming van {app} ingetrokken. U gaf die app het recht daartoe."
_READ = {
    "json": "uw overzicht",
    "fcid-list": "van welke organisaties er gegevens in uw overzicht staan",
}
_READ_FCID = "wat één organisatie over uw schulden zei"
_TOKEN_ENDS = {
    "given_back": "{app} heeft de toegang teruggegeven.",
    "provider": "{app} kan niets meer: DigiD gaf aan ons door dat u uitlogde.",
    "operator": "{organisation} heeft de toegang van {app} gestopt.",
    "code_used_before": "Wij hebben de toegang van {app} gestopt: iemand probeerde die nog eens te gebruiken.",
}
_ABOUT_DOCUMENT = {
    Event.DOCUMENT_MADE: "Wij hebben {document} gemaakt.",
    Event.DOCUMENT_VERIFIED: "Iemand heeft {document} gecontroleerd. Wij weten niet wie dat was.",
    Event.DOCUMENT_REVOKED: "{organisation} heeft {document} ingetrokken.",
    # Nobody shares for somebody else.
    Event.DOCUMENT_SHARED: "U hebt {document} gedeeld.",
    Event.SHARE_OPENED: "Iemand met de code heeft {document} geopend. Bij ‘Deel met uw schuldhulpverlener’ ziet u wie dat "
    "zei te zijn.",
    Event.SHARE_ENDED: "U hebt het delen van {document} gestopt.",
    Event.SUMMARY_MADE: "Iemand die uw bestanden heeft, liet die controleren en samenvatten. Wij weten niet wie dat was.",
}
_ABOUT_REPORT = {
    # Nobody reports for somebody else.
    Event.ERROR_REPORTED: "U hebt gemeld dat er iets niet klopt (kenmerk {reference}).",
    Event.REPORT_DELIVERED: "Wij hebben melding {reference} bezorgd.",
    Event.REPORT_GIVEN_UP: "Het lukte ons niet om melding {reference} te bezorgen.",
}
_WITH_ORGANISATION = {
    Event.DOCUMENT_SHARED: "U hebt {document} gedeeld met {party}.",
    Event.SHARE_OPENED: "Een medewerker van {party} heeft {document} geopend (medewerker {employee}). Bij ‘Deel met uw "
    "schuldhulpverlener’ ziet u de naam.",
}
_ASKED_ONLY = "wij weten niet of er antwoord kwam"


@dataclass(frozen=True, slots=True)
class Line:
    """`sources`: name of who was asked, and how that ended."""

    time: str
    text: str
    sources: tuple[tuple[str, str], ...] = ()


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
        wording = _Wording(names, self.services.texts.organisation_name, app_name, self._parties())
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


def _page(found: Deeds, number: int, wording: _Wording) -> MyDataPage:
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


@dataclass(frozen=True, slots=True)
class _Wording:
    """`names`: of sources, by id. `organisation`: who seals here. `app_name`: of a client id. `parties`: names of counselling
    organisations, by id."""

    names: Mapping[str, str]
    organisation: str
    app_name: Callable[[str], str]
    parties: Mapping[str, str]

    def lines(self, deeds: Iterable[Deed]) -> tuple[Line, ...]:
        return tuple(
            Line(formatting.clock_time(deed.at), self._text(deed), tuple(map(self._source, deed.sources)))
            for deed in deeds
        )

    def _text(self, deed: Deed) -> str:
        document = f"overzicht {deed.object}"
        match deed.event:
            case Event.COLLECTION_STARTED:
                again = "opnieuw " if deed.detail == "again" else ""
                app = self.app_name(deed.object) if deed.by is Doer.OTHER else ""
                asked = _organisations(len(deed.sources))
                return _sentence(_ASKED[deed.by], again=again, organisations=asked, app=app)
            case Event.SESSION_ENDED if deed.by is not Doer.OTHER:
                return _PLAIN[Event.LOGGED_OUT][deed.by]
            case Event.SESSION_ENDED:
                return _ENDED.get(deed.detail, f"{self.organisation} heeft u uitgelogd.")
            case Event.DOCUMENT_DOWNLOADED:
                return self._downloaded(deed, document)
            case Event.CONSENT_WITHDRAWN if deed.by is Doer.OTHER:
                by, app = self.app_name(deed.detail), self.app_name(deed.object)
                return _sentence(_WITHDRAWN_BY_APP, by=by, app=app)
            case Event.TOKEN_REVOKED:
                text = _TOKEN_ENDS.get(deed.detail, _TOKEN_ENDS["given_back"])
                return _sentence(text, app=self.app_name(deed.object), organisation=self.organisation)
        if deed.event in _ABOUT_DOCUMENT:
            return self._about(deed, document)
        if deed.event in _ABOUT_REPORT:
            return _ABOUT_REPORT[deed.event].format(reference=deed.object)
        if deed.event in _BY_APP:
            what = _READ.get(deed.detail, _READ_FCID)
            return _sentence(_BY_APP[deed.event], who="U hebt", what=what, app=self.app_name(deed.object))
        return _PLAIN[deed.event][deed.by]

    def _about(self, deed: Deed, document: str) -> str:
        if deed.event not in _WITH_ORGANISATION or not deed.detail:
            return _ABOUT_DOCUMENT[deed.event].format(document=document, organisation=self.organisation)
        party = self.parties.get(deed.detail, f"een organisatie die niet meer meedoet ({deed.detail})")
        text = _WITH_ORGANISATION[deed.event]
        return text.format(document=document, party=party, employee=deed.employee)

    def _downloaded(self, deed: Deed, document: str) -> str:
        """Rows of before apps were named there say only that it was one."""
        format_name, _, client_id = deed.detail.partition("/")
        app = self.app_name(client_id) if client_id else "een app die u toestemming gaf,"
        return _sentence(_DOWNLOADED[deed.by], document=document, format=format_name, app=app)

    def _source(self, asked: AskedOne) -> tuple[str, str]:
        name = self.names.get(asked.source_id, f"een organisatie die niet meer meedoet ({asked.source_id})")
        return name, _OUTCOMES.get(asked.outcome, _ASKED_ONLY)


def _sentence(text: str, **parts: str) -> str:
    filled = text.format(**parts)
    return filled[:1].upper() + filled[1:]


def _organisations(count: int) -> str:
    return "1 afdeling of organisatie" if count == 1 else f"{count} afdelingen en organisaties"
