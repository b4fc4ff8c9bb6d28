"""What the pages say about a log-in that did not succeed. Nothing of the identity provider's text."""

from __future__ import annotations

from dataclasses import dataclass

from app.ports.login import LoginCancelled, LoginError, ProviderUnavailable, ReplayedCallback
from app.ports.staff_login import RoleMissing, SecondFactorMissing


@dataclass(frozen=True, slots=True)
class Message:
    """`status` is the HTTP status code of the page."""

    heading: str
    sentences: tuple[str, ...]
    status: int


ROLE_MISSING = Message(
    "U mag deze site niet gebruiken",
    (
        "Uw account heeft niet de rol die hiervoor nodig is. U bent niet ingelogd.",
        "Hebt u deze site nodig voor uw werk? Vraag de rol aan bij wie in uw organisatie de accounts beheert.",
    ),
    403,
)
SECOND_FACTOR_MISSING = Message(
    "U moet inloggen met een tweede stap",
    (
        "Deze site vraagt meer dan een wachtwoord, bijvoorbeeld ook een code of een app. U bent niet ingelogd.",
        "Log opnieuw in met die tweede stap. Vraagt de inlogdienst daar niet om? Meld dat bij wie de accounts beheert.",
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
        "De inlogdienst van uw organisatie geeft geen goed antwoord.",
        "Probeer het over een paar minuten opnieuw. De reden staat in het logboek van deze site.",
    ),
    503,
)
REFUSED = Message(
    "Inloggen lukt niet",
    (
        "Wij konden niet veilig vaststellen wie u bent. U bent niet ingelogd.",
        "Blijft dit zo? De reden staat in het logboek van deze site.",
    ),
    403,
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
