"""What a page says when something ends or fails: plain words and a next step, never a library's or source's text."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

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
    """`status` is the HTTP status code of the page."""

    heading: str
    sentences: tuple[str, ...]
    action: Action | None = None
    status: int = 200


LOG_IN_AGAIN = Action("web.log_in", "Inloggen met DigiD")
LOG_IN_HIGHER = Action("web.log_in_again", "Opnieuw inloggen met DigiD")
TO_OVERVIEW = Action("web.overview", "Terug naar het overzicht")

CANCELLED = Message(
    "U hebt het inloggen gestopt",
    ("U bent niet ingelogd. Wij hebben niets opgehaald.", "U kunt opnieuw inloggen als u dat wilt."),
    LOG_IN_AGAIN,
)
REPLAYED = Message(
    "Dit inloggen werkt niet meer",
    (
        "Misschien duurde het te lang, of ging u terug in de browser.",
        "U bent niet ingelogd. Begin opnieuw met inloggen. Gebruik daarbij één venster.",
    ),
    LOG_IN_AGAIN,
    400,
)
REPLAYED_WHILE_LOGGED_IN = Message(
    "Dit inloggen is al gebruikt",
    ("Misschien ging u terug in de browser.", "U bent nog ingelogd. Ga verder met uw overzicht."),
    TO_OVERVIEW,
    400,
)
REFUSED = Message(
    "Inloggen lukt nu niet",
    (
        "Wij konden niet veilig vaststellen wie u bent. Daarom bent u niet ingelogd.",
        "Probeer het opnieuw. Lukt het dan nog niet? Bel ons.",
    ),
    LOG_IN_AGAIN,
    403,
)
FOR_ANOTHER = Message(
    "U kunt hier alleen voor uzelf inloggen",
    (
        "U logde in voor iemand anders, met DigiD Machtigen. Dat kan op deze website niet. U bent nu niet ingelogd.",
        "Log in voor uzelf. Of vraag de ander om zelf in te loggen. Lukt dat niet? Bel ons.",
    ),
    LOG_IN_AGAIN,
    403,
)
NOT_REPRESENTED = Message(
    "U kunt nu niet voor iemand anders inloggen",
    (
        "U logde in met DigiD Machtigen. Wij konden niet zeker zien voor wie, of de machtiging is niet voor dit overzicht. "
        "U bent nu niet ingelogd.",
        "Kijk in DigiD Machtigen of de machtiging klopt. Of log in voor uzelf. Lukt het niet? Bel ons.",
    ),
    LOG_IN_AGAIN,
    403,
)
UNAVAILABLE = Message(
    "DigiD werkt nu niet",
    ("U kunt nu niet inloggen. Dit ligt niet aan u.", "Probeer het over een kwartier opnieuw."),
    LOG_IN_AGAIN,
    503,
)
APP_REQUEST_UNKNOWN = Message(
    "Deze vraag van een app werkt niet meer",
    (
        "Een app stuurde u hierheen. Maar wij kennen de vraag van die app niet, of het duurde te lang.",
        "Wij hebben niets gedeeld. Ga terug naar de app en begin daar opnieuw.",
    ),
    status=400,
)
CONSENT_GONE = Message(
    "Deze toestemming is er niet meer",
    ("Uw toestemming is al voorbij of ingetrokken. De app kan niets meer ophalen.",),
    Action("web.my_data", "Wat er met uw gegevens is gedaan"),
    404,
)
NO_COLLECTION = Message(
    "Dit overzicht is er niet meer",
    ("Wij hebben dit overzicht gewist, of het is niet van u.", "U kunt een nieuw overzicht laten ophalen."),
    TO_OVERVIEW,
    404,
)
SEALING_FAILED = Message(
    "Downloaden lukt nu niet",
    (
        "Wij konden het bestand niet goed maken. Daarom krijgt u het niet. Dit ligt niet aan u.",
        "Probeer het over een paar minuten opnieuw. Uw overzicht op het scherm klopt nog steeds.",
    ),
    TO_OVERVIEW,
    503,
)
NOT_PRINTABLE = Message(
    "Wij kunnen hier geen pdf van maken",
    (
        "In uw gegevens staat een teken dat wij niet kunnen afdrukken. Wij laten niets weg, dus maken wij geen pdf.",
        "U kunt dezelfde gegevens wel als JSON of CSV downloaden.",
    ),
    TO_OVERVIEW,
    409,
)
NO_FILE = Message(
    "U hebt geen bestand gekozen",
    ("Kies eerst het bestand dat u wilt controleren.",),
    Action("web.verify", "Bestand kiezen"),
    400,
)

REPORT_NOTHING = Message(
    "Hierover kunt u nu niet melden",
    (
        "Wij vinden deze rekening niet meer in uw overzicht, of de organisatie neemt geen meldingen aan. Er is niets gestuurd.",
        "Kijk in uw overzicht. Daar staat bij elke rekening wie u kunt bellen.",
    ),
    TO_OVERVIEW,
    404,
)
REPORT_TOO_MANY = Message(
    "U hebt vandaag al twintig dingen gemeld",
    ("Deze melding is niet gestuurd. Probeer het morgen opnieuw, of bel de organisatie.",),
    TO_OVERVIEW,
    409,
)
REPORT_UNKNOWN = Message(
    "Deze melding is er niet meer",
    ("Wij hebben de melding gewist, of die is niet van u.",),
    TO_OVERVIEW,
    404,
)
REPORT_FOR_ANOTHER = Message(
    "Melden kan alleen voor uzelf",
    (
        "U bent ingelogd voor iemand anders. Diegene kan zelf melden dat er iets niet klopt.",
        "U kunt wel de organisatie bellen. Het telefoonnummer staat in het overzicht.",
    ),
    TO_OVERVIEW,
    403,
)
TO_DESK = Action("web.verify", "Bestanden kiezen")
DESK_OVER = Message(
    "Dit resultaat is er niet meer",
    (
        "Wij bewaren een samenvatting hooguit 15 minuten, alleen voor uw browser, en alleen de laatste die u maakte.",
        "Kies de bestanden opnieuw.",
    ),
    TO_DESK,
    404,
)
DESK_FORGOTTEN = Message(
    "De samenvatting is gewist",
    ("Wij bewaren niets meer van deze bestanden.", "Wat u hebt gedownload, hebt u nog."),
    TO_DESK,
)
SUMMARY_NOT_PRINTABLE = Message(
    "Wij kunnen hier geen pdf van maken",
    (
        "In de gegevens staat een teken dat wij niet kunnen afdrukken. Wij laten niets weg, dus maken wij geen pdf.",
        "U kunt dezelfde gegevens wel als JSON, CSV of XLSX downloaden.",
    ),
    Action("web.desk", "Terug naar de samenvatting"),
    409,
)
SUMMARY_NOT_SEALED = Message(
    "Downloaden lukt nu niet",
    (
        "Wij konden het bestand niet goed maken. Daarom krijgt u het niet. Dit ligt niet aan u.",
        "Probeer het over een paar minuten opnieuw.",
    ),
    Action("web.desk", "Terug naar de samenvatting"),
    503,
)


def too_many_files(most: int) -> Message:
    return Message(
        "Dit zijn te veel bestanden",
        (f"U kunt hooguit {most} bestanden tegelijk kiezen. Wij hebben niets bekeken.",),
        TO_DESK,
        413,
    )


TO_SHARES = Action("web.share", "Terug naar delen")
SHARE_INCOMPLETE = Message(
    "U hebt nog niet alles ingevuld",
    ("Vul alles in, en kies hoe lang. Er is niets gedeeld.",),
    TO_SHARES,
    400,
)
SHARE_TOO_EARLY = Message(
    "Wij zijn nog bezig met ophalen",
    (
        "Er is nog niets gedeeld. Wacht tot alle bronnen klaar zijn, en deel dan. Dan staat alles erin wat er is.",
    ),
    TO_OVERVIEW,
    409,
)
SHARE_TOO_MANY = Message(
    "U deelt al twintig overzichten",
    ("Er is niets gedeeld. Stop eerst met een van de andere.",),
    TO_SHARES,
    409,
)
SHARE_ENDED = Message(
    "Het delen is gestopt",
    (
        "Wij hebben het gedeelde overzicht gewist. Niemand kan het hier nog openen.",
        "Wat al is gedownload, kunnen wij niet wissen.",
    ),
    TO_SHARES,
)
SHARE_UNKNOWN = Message(
    "Dit delen is al gestopt",
    ("Het is er niet meer, of het is niet van u.",),
    TO_SHARES,
    404,
)
SHARE_FOR_ANOTHER = Message(
    "Delen kan alleen voor uzelf",
    (
        "U bent ingelogd voor iemand anders. Diegene kan het overzicht zelf delen.",
        "U kunt het wel downloaden.",
    ),
    TO_OVERVIEW,
    403,
)
SHARED_UNKNOWN = Message(
    "Deze code werkt niet",
    (
        "Misschien is er een teken verkeerd, is de tijd voorbij, of is het delen gestopt.",
        "Typ de code nog eens. Lukt het niet? Vraag de inwoner om opnieuw te delen.",
    ),
    Action("web.shared", "Opnieuw proberen"),
    404,
)
SHARED_NOT_NOW = Message(
    "Wij kunnen dit overzicht nu niet controleren",
    (
        "Dit ligt aan ons. Er is niets geopend, en deze keer telt niet mee.",
        "Probeer het over een paar minuten opnieuw. Lukt het dan nog niet? Bel ons.",
    ),
    Action("web.shared", "Opnieuw proberen"),
    503,
)
SHARED_BY_WHOM = Message(
    "Schrijf eerst wie u bent",
    ("De inwoner wil weten wie het overzicht opent. Er is niets geopend.",),
    Action("web.shared", "Terug"),
    400,
)


def level_too_low(digid_need: str) -> Message:
    """The way in which the citizen logged in is not certain enough for this service."""
    return Message(
        "U moet op een andere manier inloggen",
        (
            f"Voor dit overzicht hebt u {digid_need} nodig. U bent nu niet ingelogd.",
            "Op www.digid.nl leest u hoe u dat regelt. Lukt het niet? Bel ons.",
        ),
        LOG_IN_HIGHER,
        403,
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
    return render_template("pages/message.html", message=message), message.status
