"""What a page says when something ends or fails: plain words and a next step, never a library's or source's text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import render_template
from flask.typing import ResponseReturnValue

from app.language import N_
from app.language import gettext as _
from app.ports.login import (
    ActingForAnother,
    LevelTooLow,
    LoginCancelled,
    LoginError,
    ProviderUnavailable,
    ReplayedCallback,
    RepresentationRefused,
)


@dataclass(frozen=True, slots=True)
class Action:
    endpoint: str
    label: str


@dataclass(frozen=True, slots=True)
class Message:
    """In Dutch; `show` translates. `status` is the HTTP status code of the page, `values` what stands in the sentences."""

    heading: str
    sentences: tuple[str, ...]
    action: Action | None = None
    status: int = 200
    values: Mapping[str, object] = field(default_factory=dict)


LOG_IN_AGAIN = Action("web.log_in", N_("Inloggen met DigiD"))
LOG_IN_HIGHER = Action("web.log_in_again", N_("Opnieuw inloggen met DigiD"))
TO_OVERVIEW = Action("web.overview", N_("Terug naar het overzicht"))

CANCELLED = Message(
    N_("U hebt het inloggen gestopt"),
    (N_("U bent niet ingelogd. Wij hebben niets opgehaald."), N_("U kunt opnieuw inloggen als u dat wilt.")),
    LOG_IN_AGAIN,
)
REPLAYED = Message(
    N_("Dit inloggen werkt niet meer"),
    (
        N_("Misschien duurde het te lang, of ging u terug in de browser."),
        N_("U bent niet ingelogd. Begin opnieuw met inloggen. Gebruik daarbij één venster."),
    ),
    LOG_IN_AGAIN,
    400,
)
REPLAYED_WHILE_LOGGED_IN = Message(
    N_("Dit inloggen is al gebruikt"),
    (N_("Misschien ging u terug in de browser."), N_("U bent nog ingelogd. Ga verder met uw overzicht.")),
    TO_OVERVIEW,
    400,
)
REFUSED = Message(
    N_("Inloggen lukt nu niet"),
    (
        N_("Wij konden niet veilig vaststellen wie u bent. Daarom bent u niet ingelogd."),
        N_("Probeer het opnieuw. Lukt het dan nog niet? Bel ons."),
    ),
    LOG_IN_AGAIN,
    403,
)
FOR_ANOTHER = Message(
    N_("U kunt hier alleen voor uzelf inloggen"),
    (
        N_(
            "U logde in voor iemand anders, met DigiD Machtigen. Dat kan op deze website niet. U bent nu niet ingelogd."
        ),
        N_("Log in voor uzelf. Of vraag de ander om zelf in te loggen. Lukt dat niet? Bel ons."),
    ),
    LOG_IN_AGAIN,
    403,
)
NOT_REPRESENTED = Message(
    N_("U kunt nu niet voor iemand anders inloggen"),
    (
        N_(
            "U logde in met DigiD Machtigen. Wij konden niet zeker zien voor wie, of de machtiging is niet voor dit overzicht. "
            "U bent nu niet ingelogd."
        ),
        N_("Kijk in DigiD Machtigen of de machtiging klopt. Of log in voor uzelf. Lukt het niet? Bel ons."),
    ),
    LOG_IN_AGAIN,
    403,
)
UNAVAILABLE = Message(
    N_("DigiD werkt nu niet"),
    (N_("U kunt nu niet inloggen. Dit ligt niet aan u."), N_("Probeer het over een kwartier opnieuw.")),
    LOG_IN_AGAIN,
    503,
)
APP_REQUEST_UNKNOWN = Message(
    N_("Deze vraag van een app werkt niet meer"),
    (
        N_("Een app stuurde u hierheen. Maar wij kennen de vraag van die app niet, of het duurde te lang."),
        N_("Wij hebben niets gedeeld. Ga terug naar de app en begin daar opnieuw."),
    ),
    status=400,
)
CONSENT_GONE = Message(
    N_("Deze toestemming is er niet meer"),
    (N_("Uw toestemming is al voorbij of ingetrokken. De app kan niets meer ophalen."),),
    Action("web.my_data", N_("Wat er met uw gegevens is gedaan")),
    404,
)
NO_COLLECTION = Message(
    N_("Dit overzicht is er niet meer"),
    (
        N_("Wij hebben dit overzicht gewist, of het is niet van u."),
        N_("U kunt een nieuw overzicht laten ophalen."),
    ),
    TO_OVERVIEW,
    404,
)
CLAIM_GONE = Message(
    N_("Deze rekening staat hier niet meer"),
    (
        N_("De bron gaf misschien een nieuw antwoord. Of deze rekening is niet van u."),
        N_("In uw overzicht staat wat wij nu weten."),
    ),
    TO_OVERVIEW,
    404,
)
SEALING_FAILED = Message(
    N_("Downloaden lukt nu niet"),
    (
        N_("Wij konden het bestand niet goed maken. Daarom krijgt u het niet. Dit ligt niet aan u."),
        N_("Probeer het over een paar minuten opnieuw. Uw overzicht op het scherm klopt nog steeds."),
    ),
    TO_OVERVIEW,
    503,
)
NOT_PRINTABLE = Message(
    N_("Wij kunnen hier geen pdf van maken"),
    (
        N_(
            "In uw gegevens staat een teken dat wij niet kunnen afdrukken. Wij laten niets weg, dus maken wij geen pdf."
        ),
        N_("U kunt dezelfde gegevens wel als JSON of CSV downloaden."),
    ),
    TO_OVERVIEW,
    409,
)
NO_FILE = Message(
    N_("U hebt geen bestand gekozen"),
    (N_("Kies eerst het bestand dat u wilt controleren."),),
    Action("web.verify", N_("Bestand kiezen")),
    400,
)

REPORT_NOTHING = Message(
    N_("Hierover kunt u nu niet melden"),
    (
        N_(
            "Wij vinden deze rekening niet meer. Of de organisatie neemt geen meldingen aan. "
            "Er is niets gestuurd."
        ),
        N_("Kijk in uw overzicht. Daar staat bij elke rekening wie u kunt bellen."),
    ),
    TO_OVERVIEW,
    404,
)
REPORT_TOO_MANY = Message(
    N_("U hebt vandaag al twintig dingen gemeld"),
    (N_("Deze melding is niet gestuurd. Probeer het morgen opnieuw, of bel de organisatie."),),
    TO_OVERVIEW,
    409,
)
REPORT_UNKNOWN = Message(
    N_("Deze melding is er niet meer"),
    (N_("Wij hebben de melding gewist, of die is niet van u."),),
    TO_OVERVIEW,
    404,
)
REPORT_FOR_ANOTHER = Message(
    N_("Melden kan alleen voor uzelf"),
    (
        N_("U bent ingelogd voor iemand anders. Diegene kan zelf melden dat er iets niet klopt."),
        N_("U kunt wel de organisatie bellen. Het telefoonnummer staat in het overzicht."),
    ),
    TO_OVERVIEW,
    403,
)
TO_DESK = Action("web.verify", N_("Bestanden kiezen"))
DESK_OVER = Message(
    N_("Dit resultaat is er niet meer"),
    (
        N_(
            "Wij bewaren een samenvatting hooguit 15 minuten, alleen voor uw browser, en alleen de laatste die u maakte."
        ),
        N_("Kies de bestanden opnieuw."),
    ),
    TO_DESK,
    404,
)
DESK_FORGOTTEN = Message(
    N_("De samenvatting is gewist"),
    (N_("Wij bewaren niets meer van deze bestanden."), N_("Wat u hebt gedownload, hebt u nog.")),
    TO_DESK,
)
SUMMARY_NOT_PRINTABLE = Message(
    N_("Wij kunnen hier geen pdf van maken"),
    (
        N_(
            "In de gegevens staat een teken dat wij niet kunnen afdrukken. Wij laten niets weg, dus maken wij geen pdf."
        ),
        N_("U kunt dezelfde gegevens wel als JSON, CSV of XLSX downloaden."),
    ),
    Action("web.desk", N_("Terug naar de samenvatting")),
    409,
)
SUMMARY_NOT_SEALED = Message(
    N_("Downloaden lukt nu niet"),
    (
        N_("Wij konden het bestand niet goed maken. Daarom krijgt u het niet. Dit ligt niet aan u."),
        N_("Probeer het over een paar minuten opnieuw."),
    ),
    Action("web.desk", N_("Terug naar de samenvatting")),
    503,
)


def too_many_files(most: int) -> Message:
    return Message(
        N_("Dit zijn te veel bestanden"),
        (N_("U kunt hooguit %(most)s bestanden tegelijk kiezen. Wij hebben niets bekeken."),),
        TO_DESK,
        413,
        {"most": most},
    )


TO_SHARES = Action("web.share", N_("Terug naar delen"))
SHARE_INCOMPLETE = Message(
    N_("U hebt nog niet alles ingevuld"),
    (N_("Vul alles in, en kies hoe lang. Er is niets gedeeld."),),
    TO_SHARES,
    400,
)
SHARE_TOO_EARLY = Message(
    N_("Wij zijn nog bezig met ophalen"),
    (
        N_(
            "Er is nog niets gedeeld. Wacht tot alle bronnen klaar zijn, en deel dan. Dan staat alles erin wat er is."
        ),
    ),
    TO_OVERVIEW,
    409,
)
SHARE_TOO_MANY = Message(
    N_("U deelt al twintig overzichten"),
    (N_("Er is niets gedeeld. Stop eerst met een van de andere."),),
    TO_SHARES,
    409,
)
SHARE_ENDED = Message(
    N_("Het delen is gestopt"),
    (
        N_("Wij hebben het gedeelde overzicht gewist. Niemand kan het hier nog openen."),
        N_("Wat al is gedownload, kunnen wij niet wissen."),
    ),
    TO_SHARES,
)
SHARE_UNKNOWN = Message(
    N_("Dit delen is al gestopt"),
    (N_("Het is er niet meer, of het is niet van u."),),
    TO_SHARES,
    404,
)
SHARE_FOR_ANOTHER = Message(
    N_("Delen kan alleen voor uzelf"),
    (
        N_("U bent ingelogd voor iemand anders. Diegene kan het overzicht zelf delen."),
        N_("U kunt het wel downloaden."),
    ),
    TO_OVERVIEW,
    403,
)
SHARED_UNKNOWN = Message(
    N_("Deze code werkt niet"),
    (
        N_("Misschien is er een teken verkeerd, is de tijd voorbij, of is het delen gestopt."),
        N_("Typ de code nog eens. Lukt het niet? Vraag de inwoner om opnieuw te delen."),
    ),
    Action("web.shared", N_("Opnieuw proberen")),
    404,
)
SHARED_NOT_NOW = Message(
    N_("Wij kunnen dit overzicht nu niet controleren"),
    (
        N_("Dit ligt aan ons. Er is niets geopend, en deze keer telt niet mee."),
        N_("Probeer het over een paar minuten opnieuw. Lukt het dan nog niet? Bel ons."),
    ),
    Action("web.shared", N_("Opnieuw proberen")),
    503,
)
SHARED_BY_WHOM = Message(
    N_("Schrijf eerst wie u bent"),
    (N_("De inwoner wil weten wie het overzicht opent. Er is niets geopend."),),
    Action("web.shared", N_("Terug")),
    400,
)


def level_too_low(digid_need: str) -> Message:
    """The way in which the citizen logged in is not certain enough for this service."""
    return Message(
        N_("U moet op een andere manier inloggen"),
        (
            N_("Voor dit overzicht hebt u %(need)s nodig. U bent nu niet ingelogd."),
            N_("Op www.digid.nl leest u hoe u dat regelt. Lukt het niet? Bel ons."),
        ),
        LOG_IN_HIGHER,
        403,
        {"need": _(digid_need)},
    )


def after_login_error(error: LoginError, digid_need: str, *, still_in: bool) -> Message:
    """Which page belongs to which refusal. `still_in`: an earlier log-in of this browser goes on."""
    if isinstance(error, LevelTooLow):
        return level_too_low(digid_need)
    pages: dict[type[LoginError], Message] = {
        LoginCancelled: CANCELLED,
        ActingForAnother: FOR_ANOTHER,
        RepresentationRefused: NOT_REPRESENTED,
        ReplayedCallback: REPLAYED_WHILE_LOGGED_IN if still_in else REPLAYED,
        ProviderUnavailable: UNAVAILABLE,
    }
    return pages.get(type(error), REFUSED)


def show(message: Message) -> ResponseReturnValue:
    told = [_(sentence, **message.values) for sentence in message.sentences]
    return render_template("pages/message.html", message=message, sentences=told), message.status
