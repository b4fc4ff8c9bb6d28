"""What the sites for employees say about a log-in that did not succeed. Nothing of the identity provider's text."""

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


_ROLE_MISSING = Message(
    "U mag hier niet bij",
    (
        "Uw account heeft niet de rol die hiervoor nodig is. U bent niet ingelogd.",
        "Hebt u dit nodig voor uw werk? Vraag de rol aan bij wie in uw organisatie de accounts beheert.",
    ),
    403,
)
_SECOND_FACTOR_MISSING = Message(
    "U moet inloggen met een tweede stap",
    (
        "Wij vragen meer dan een wachtwoord, bijvoorbeeld ook een code of een app. U bent niet ingelogd.",
        "Log opnieuw in met die tweede stap. Vraagt uw organisatie daar niet om? Meld dat bij wie de accounts beheert.",
    ),
    403,
)
_CANCELLED = Message("U hebt het inloggen gestopt", ("U bent niet ingelogd.",), 403)
_REPLAYED = Message(
    "Dit inloggen werkt niet meer",
    ("Misschien duurde het te lang, of ging u terug in de browser.", "Begin opnieuw met inloggen."),
    400,
)
_SAME_EVERYWHERE: dict[type[LoginError], Message] = {
    RoleMissing: _ROLE_MISSING,
    SecondFactorMissing: _SECOND_FACTOR_MISSING,
    LoginCancelled: _CANCELLED,
    ReplayedCallback: _REPLAYED,
}


@dataclass(frozen=True, slots=True)
class FailedLogIn:
    """What differs between the sites. `meanwhile`: what else one can do while the provider does not answer well; `asking`: whom
    or what to ask when it stays refused."""

    meanwhile: str
    asking: str

    def message(self, error: LoginError) -> Message:
        """Which page belongs to which refusal."""
        if isinstance(error, ProviderUnavailable):
            return self._unavailable()
        return _SAME_EVERYWHERE.get(type(error)) or self._refused()

    def _unavailable(self) -> Message:
        told = "De inlogdienst van uw organisatie geeft geen goed antwoord. U bent niet ingelogd."
        return Message(
            "Inloggen lukt nu niet",
            (told, f"Probeer het over een paar minuten opnieuw. {self.meanwhile}"),
            503,
        )

    def _refused(self) -> Message:
        told = "Wij konden niet veilig vaststellen wie u bent. U bent niet ingelogd."
        return Message("Inloggen lukt niet", (told, f"Blijft dit zo? {self.asking}"), 403)
