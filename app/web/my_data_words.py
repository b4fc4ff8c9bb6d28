"""What was done with somebody's data, as sentences for that person."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from app.documents import formatting
from app.language import N_, _, ngettext
from app.ports.audit import Event
from app.services.my_data import AskedOne, Deed, Doer

_LOGGED = {
    Event.LOGGED_IN: {
        Doer.READER: N_("U bent ingelogd met DigiD."),
        Doer.READER_FOR_ANOTHER: N_("U bent namens iemand anders ingelogd, met DigiD Machtigen."),
        Doer.REPRESENTATIVE: N_("Een gemachtigde is namens u ingelogd, met DigiD Machtigen."),
    },
    Event.LOGGED_OUT: {
        Doer.READER: N_("U bent uitgelogd."),
        Doer.READER_FOR_ANOTHER: N_("U bent uitgelogd. U was ingelogd namens iemand anders."),
        Doer.REPRESENTATIVE: N_("Een gemachtigde die namens u was ingelogd, is uitgelogd."),
    },
}
_DOWNLOADED = {
    Doer.READER: N_("U hebt overzicht %(number)s gedownload (%(format)s)."),
    Doer.READER_FOR_ANOTHER: N_("U hebt namens iemand anders overzicht %(number)s gedownload (%(format)s)."),
    Doer.REPRESENTATIVE: N_("Een gemachtigde heeft namens u overzicht %(number)s gedownload (%(format)s)."),
    Doer.OTHER: N_("%(app)s heeft overzicht %(number)s opgehaald (%(format)s), met uw toestemming."),
}
# Rows of before apps were named there say only that it was one.
_FETCHED_BY_SOME_APP = N_(
    "Een app die u toestemming gaf, heeft overzicht %(number)s opgehaald (%(format)s), met uw toestemming."
)
_ENDED = {
    "idle": N_("U bent vanzelf uitgelogd, omdat u een tijd niets deed."),
    "absolute": N_("U bent vanzelf uitgelogd, omdat u lang genoeg was ingelogd."),
    "provider": N_("U bent uitgelogd, omdat DigiD dat aan ons doorgaf."),
    "elsewhere": N_("U hebt een andere sessie van u gestopt."),
}
_ENDED_BY_US = N_("%(organisation)s heeft u uitgelogd.")
_OUTCOMES = {
    "answered": N_("gaf antwoord"),
    "partly": N_("gaf een deel van het antwoord"),
    "no_answer": N_("gaf geen antwoord"),
}
_ASKED_ONLY = N_("wij weten niet of er antwoord kwam")
_BY_APP = {
    Event.CONSENT_GIVEN: N_("U hebt %(app)s toestemming gegeven."),
    Event.CONSENT_REFUSED: N_("U hebt %(app)s geen toestemming gegeven."),
    Event.CONSENT_WITHDRAWN: N_("U hebt de toestemming van %(app)s ingetrokken."),
    Event.TOKEN_ISSUED: N_("%(app)s kreeg toegang tot wat u toestond."),
    Event.TOKEN_TAKEN: N_("%(app)s kreeg toegang. De toestemming daarvoor gaf u niet bij ons, maar elders."),
}
_WITHDRAWN_BY_APP = N_(
    "%(by)s heeft de toestemming van %(app)s ingetrokken. U gaf die app het recht daartoe."
)
_READ = {
    "json": N_("%(app)s heeft uw overzicht gelezen, met uw toestemming."),
    "fcid-list": N_(
        "%(app)s heeft gelezen van welke organisaties er gegevens in uw overzicht staan, met uw toestemming."
    ),
}
_READ_FCID = N_("%(app)s heeft gelezen wat één organisatie over uw schulden zei, met uw toestemming.")
_TOKEN_ENDS = {
    "given_back": N_("%(app)s heeft de toegang teruggegeven."),
    "provider": N_("%(app)s kan niets meer: DigiD gaf aan ons door dat u uitlogde."),
    "operator": N_("%(organisation)s heeft de toegang van %(app)s gestopt."),
    "code_used_before": N_(
        "Wij hebben de toegang van %(app)s gestopt: iemand probeerde die nog eens te gebruiken."
    ),
}
_ABOUT_DOCUMENT = {
    Event.DOCUMENT_MADE: N_("Wij hebben overzicht %(number)s gemaakt."),
    Event.DOCUMENT_VERIFIED: N_(
        "Iemand heeft overzicht %(number)s gecontroleerd. Wij weten niet wie dat was."
    ),
    Event.PAPER_LOOKED_UP: N_(
        "Iemand heeft de controlecode van overzicht %(number)s ingetypt. Wij weten niet wie dat was."
    ),
    Event.DOCUMENT_REVOKED: N_("%(organisation)s heeft overzicht %(number)s ingetrokken."),
    # Nobody shares for somebody else.
    Event.DOCUMENT_SHARED: N_("U hebt overzicht %(number)s gedeeld."),
    Event.SHARE_OPENED: N_(
        "Iemand met de code heeft overzicht %(number)s geopend. Bij ‘Deel met uw schuldhulpverlener’ ziet u wie dat "
        "zei te zijn."
    ),
    Event.SHARE_ENDED: N_("U hebt het delen van overzicht %(number)s gestopt."),
    Event.SUMMARY_MADE: N_(
        "Iemand die uw bestanden heeft, liet die controleren en samenvatten. Wij weten niet wie dat was."
    ),
}
_ABOUT_REPORT = {
    # Nobody reports for somebody else.
    Event.ERROR_REPORTED: N_("U hebt gemeld dat er iets niet klopt (kenmerk %(reference)s)."),
    Event.REPORT_DELIVERED: N_("Wij hebben melding %(reference)s bezorgd."),
    Event.REPORT_GIVEN_UP: N_("Het lukte ons niet om melding %(reference)s te bezorgen."),
}
_WITH_ORGANISATION = {
    Event.DOCUMENT_SHARED: N_("U hebt overzicht %(number)s gedeeld met %(party)s."),
    Event.SHARE_OPENED: N_(
        "Een medewerker van %(party)s heeft overzicht %(number)s geopend (medewerker %(employee)s). Bij ‘Deel met uw "
        "schuldhulpverlener’ ziet u de naam."
    ),
}


@dataclass(frozen=True, slots=True)
class Line:
    """`sources`: name of who was asked, and how that ended."""

    time: str
    text: str
    sources: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Wording:
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
        match deed.event:
            case Event.COLLECTION_STARTED:
                return self._asked(deed)
            case Event.SESSION_ENDED:
                return self._session_ended(deed)
            case Event.DOCUMENT_DOWNLOADED:
                return self._downloaded(deed)
        if deed.event in _ABOUT_DOCUMENT:
            return self._about(deed)
        if deed.event in _ABOUT_REPORT:
            return _(_ABOUT_REPORT[deed.event], reference=deed.object)
        if deed.event in _LOGGED:
            return _(_LOGGED[deed.event][deed.by])
        return self._about_app(deed)

    def _asked(self, deed: Deed) -> str:
        app = self.app_name(deed.object) if deed.by is Doer.OTHER else ""
        return _sentence(_asked_of(deed.by, len(deed.sources), again=deed.detail == "again"), app=app)

    def _session_ended(self, deed: Deed) -> str:
        if deed.by is not Doer.OTHER:
            return _(_LOGGED[Event.LOGGED_OUT][deed.by])
        return _(_ENDED.get(deed.detail, _ENDED_BY_US), organisation=self.organisation)

    def _downloaded(self, deed: Deed) -> str:
        format_name, _slash, client_id = deed.detail.partition("/")
        is_unnamed = deed.by is Doer.OTHER and not client_id
        text = _FETCHED_BY_SOME_APP if is_unnamed else _DOWNLOADED[deed.by]
        app = self.app_name(client_id) if client_id else ""
        return _sentence(_(text), number=deed.object, format=format_name, app=app)

    def _about(self, deed: Deed) -> str:
        if deed.event not in _WITH_ORGANISATION or not deed.detail:
            return _(_ABOUT_DOCUMENT[deed.event], number=deed.object, organisation=self.organisation)
        party = self.parties.get(deed.detail) or _gone(deed.detail)
        return _(_WITH_ORGANISATION[deed.event], number=deed.object, party=party, employee=deed.employee)

    def _about_app(self, deed: Deed) -> str:
        """What an app did, or what was done about one."""
        app = self.app_name(deed.object)
        if deed.event is Event.OVERVIEW_READ:
            return _sentence(_(_READ.get(deed.detail, _READ_FCID)), app=app)
        if deed.event is Event.TOKEN_REVOKED:
            text = _TOKEN_ENDS.get(deed.detail, _TOKEN_ENDS["given_back"])
            return _sentence(_(text), app=app, organisation=self.organisation)
        if deed.event is Event.CONSENT_WITHDRAWN and deed.by is Doer.OTHER:
            return _sentence(_(_WITHDRAWN_BY_APP), by=self.app_name(deed.detail), app=app)
        return _sentence(_(_BY_APP[deed.event]), app=app)

    def _source(self, asked: AskedOne) -> tuple[str, str]:
        name = self.names.get(asked.source_id) or _gone(asked.source_id)
        return name, _(_OUTCOMES.get(asked.outcome, _ASKED_ONLY))


def _asked_of(by: Doer, number: int, *, again: bool) -> str:
    """In it stands `%(app)s` where an app asked."""
    if by is Doer.READER_FOR_ANOTHER:
        return (
            _("U hebt namens iemand anders opnieuw gegevens laten opvragen.")
            if again
            else _("U hebt namens iemand anders gegevens laten opvragen.")
        )
    return (_asked_again if again else _asked_first)(by, number)


def _asked_first(by: Doer, number: int) -> str:
    match by:
        case Doer.REPRESENTATIVE:
            return ngettext(
                "Een gemachtigde heeft uw gegevens laten opvragen bij %(number)s afdeling of organisatie.",
                "Een gemachtigde heeft uw gegevens laten opvragen bij %(number)s afdelingen en organisaties.",
                number,
            )
        case Doer.OTHER:
            return ngettext(
                "%(app)s heeft uw gegevens opgevraagd bij %(number)s afdeling of organisatie, met uw toestemming.",
                "%(app)s heeft uw gegevens opgevraagd bij %(number)s afdelingen en organisaties, met uw toestemming.",
                number,
                app="%(app)s",
            )
    return ngettext(
        "Wij hebben uw gegevens opgevraagd bij %(number)s afdeling of organisatie.",
        "Wij hebben uw gegevens opgevraagd bij %(number)s afdelingen en organisaties.",
        number,
    )


def _asked_again(by: Doer, number: int) -> str:
    match by:
        case Doer.REPRESENTATIVE:
            return ngettext(
                "Een gemachtigde heeft uw gegevens opnieuw laten opvragen bij %(number)s afdeling of organisatie.",
                "Een gemachtigde heeft uw gegevens opnieuw laten opvragen bij %(number)s afdelingen en organisaties.",
                number,
            )
        case Doer.OTHER:
            return ngettext(
                "%(app)s heeft uw gegevens opnieuw opgevraagd bij %(number)s afdeling of organisatie, met uw "
                "toestemming.",
                "%(app)s heeft uw gegevens opnieuw opgevraagd bij %(number)s afdelingen en organisaties, met uw "
                "toestemming.",
                number,
                app="%(app)s",
            )
    return ngettext(
        "Wij hebben uw gegevens opnieuw opgevraagd bij %(number)s afdeling of organisatie.",
        "Wij hebben uw gegevens opnieuw opgevraagd bij %(number)s afdelingen en organisaties.",
        number,
    )


def _gone(its_id: str) -> str:
    return _("een organisatie die niet meer meedoet (%(name)s)", name=its_id)


def _sentence(text: str, **parts: str) -> str:
    """With a capital, also where it begins with the name of an app."""
    filled = text % parts
    return filled[:1].upper() + filled[1:]
