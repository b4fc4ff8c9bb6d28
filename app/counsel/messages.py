"""What a page says when something ends or fails: plain words and a next step, never a provider's text."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from app.ports.login import LoginCancelled, LoginError, ProviderUnavailable, ReplayedCallback
from app.ports.staff_login import RoleMissing, SecondFactorMissing


@dataclass(frozen=True, slots=True)
class Message:
    """`status` is the HTTP status code of the page."""

    heading: str
    sentences: tuple[str, ...]
    status: int


ROLE_MISSING = Message(
    "U mag hier niet bij",
    (
        "Uw account heeft niet de rol die hiervoor nodig is. U bent niet ingelogd.",
        "Hebt u dit nodig voor uw werk? Vraag de rol aan bij wie in uw organisatie de accounts beheert.",
    ),
    403,
)
SECOND_FACTOR_MISSING = Message(
    "U moet inloggen met een tweede stap",
    (
        "Wij vragen meer dan een wachtwoord, bijvoorbeeld ook een code of een app. U bent niet ingelogd.",
        "Log opnieuw in met die tweede stap. Vraagt uw organisatie daar niet om? Meld dat bij wie de accounts beheert.",
    ),
    403,
)
CANCELLED = Message("U hebt het inloggen gestopt", ("U bent niet ingelogd.",), 403)
REPLAYED = Message(
    "Dit inloggen werkt niet meer",
    ("Misschien duurde het te lang, of ging u terug in de browser.", "Begin opnieuw met inloggen."),
    400,
)
UNAVAILABLE = Message(
    "Inloggen lukt nu niet",
    (
        "De inlogdienst van uw organisatie geeft geen goed antwoord. U bent niet ingelogd.",
        "Probeer het over een paar minuten opnieuw. Hebt u een code van de inwoner? Dan kunt u die gebruiken.",
    ),
    503,
)
REFUSED = Message(
    "Inloggen lukt niet",
    (
        "Wij konden niet veilig vaststellen wie u bent. U bent niet ingelogd.",
        "Blijft dit zo? Laat wie in uw organisatie de accounts beheert contact met ons opnemen.",
    ),
    403,
)
GONE = Message(
    "Dit overzicht is er niet meer",
    (
        "Misschien is de tijd voorbij, is het te vaak geopend, of is de inwoner met delen gestopt.",
        "Hebt u het nog nodig? Vraag de inwoner om opnieuw te delen.",
    ),
    404,
)
NOT_NOW = Message(
    "Openen lukt nu niet",
    (
        "Wij konden het overzicht nu niet controleren. Daarom laten wij het niet zien. Dit ligt niet aan u.",
        "Dit telt niet mee als een keer openen. Probeer het over een paar minuten opnieuw.",
    ),
    503,
)
_MESSAGES: dict[type[LoginError], Message] = {
    RoleMissing: ROLE_MISSING,
    SecondFactorMissing: SECOND_FACTOR_MISSING,
    LoginCancelled: CANCELLED,
    ReplayedCallback: REPLAYED,
    ProviderUnavailable: UNAVAILABLE,
}


def after_login_error(error: LoginError) -> Message:
    """Which page belongs to which refusal."""
    return _MESSAGES.get(type(error), REFUSED)


def show(message: Message, *, elsewhere: str | None = None) -> ResponseReturnValue:
    """`elsewhere`: where the provider ends its own log-in."""
    return render_template("counsel/message.html", message=message, elsewhere=elsewhere), message.status
