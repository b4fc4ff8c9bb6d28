"""Which error gives which status and which words. The only place where domain errors meet HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from app.ports.login import (
    LevelTooLow,
    LoginCancelled,
    LoginError,
    ProviderUnavailable,
    ReplayedCallback,
)
from app.ports.register import RegisterUnavailable
from app.ports.storage import StorageUnavailable


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the citizen reads. `retry_after_s`, when given, is also told to programs."""

    status: int
    title: str
    text: str
    retry_after_s: int | None = None


_OUR_FAULT = Explanation(500, "Er ging iets mis", "Dit ligt aan ons, niet aan u. Probeer het later opnieuw.")
_LATER = Explanation(
    503, "De dienst werkt nu even niet", "Probeer het over een paar minuten opnieuw.", retry_after_s=120
)

DOMAIN_ERRORS: Mapping[type[Exception], Explanation] = MappingProxyType(
    {
        StorageUnavailable: _LATER,
        RegisterUnavailable: _LATER,
        LoginCancelled: Explanation(
            403,
            "U hebt het inloggen afgebroken",
            "U bent niet ingelogd. Wilt u uw schulden zien? Log dan opnieuw in met DigiD.",
        ),
        LevelTooLow: Explanation(
            403,
            "U moet inloggen met meer zekerheid",
            "U bent niet ingelogd. Log opnieuw in met de DigiD-app en doe daarin eenmalig de ID-check.",
        ),
        ReplayedCallback: Explanation(
            400,
            "Deze inlogpoging is niet meer geldig",
            "U bent niet ingelogd. Begin opnieuw met inloggen vanaf de startpagina.",
        ),
        ProviderUnavailable: Explanation(
            503,
            "Inloggen met DigiD lukt nu niet",
            "U bent niet ingelogd. Probeer het over een paar minuten opnieuw.",
            retry_after_s=120,
        ),
        LoginError: Explanation(
            403,
            "Het inloggen is niet gelukt",
            "U bent niet ingelogd. Probeer het opnieuw. Lukt het weer niet? Neem dan contact met ons op.",
        ),
        CSRFError: Explanation(
            400,
            "Het formulier is verlopen",
            "We hebben niets verstuurd of veranderd. Ga terug, vernieuw de pagina en probeer het opnieuw.",
        ),
    }
)

_STATUSES: Mapping[int, Explanation] = MappingProxyType(
    {
        400: Explanation(400, "Dit verzoek klopt niet", "Ga terug en probeer het opnieuw."),
        401: Explanation(401, "U bent niet ingelogd", "Log in met DigiD om deze pagina te zien."),
        403: Explanation(403, "U mag deze pagina niet zien", "Ga terug naar de startpagina."),
        404: Explanation(404, "Deze pagina bestaat niet", "Controleer het adres, of ga naar de startpagina."),
        405: Explanation(405, "Dit kan hier niet", "Ga terug en probeer het opnieuw."),
        413: Explanation(
            413, "Het bestand is te groot", "We hebben het bestand niet bekeken. Kies een kleiner bestand."
        ),
        429: Explanation(
            429,
            "U moet even wachten",
            "U probeert het te vaak, of iemand anders op uw netwerk. Wacht 5 minuten en probeer het dan opnieuw.",
            retry_after_s=300,
        ),
        503: _LATER,
    }
)


def explain(error: Exception, extra: Mapping[type[Exception], Explanation]) -> Explanation:
    """The most exact explanation of `error`; whatever we do not know is our own fault."""
    for kind in type(error).__mro__:
        found = extra.get(kind) or DOMAIN_ERRORS.get(kind)
        if found is not None:
            return found
    if isinstance(error, HTTPException) and error.code is not None:
        return _STATUSES.get(error.code) or _by_class(error.code)
    return _OUR_FAULT


def _by_class(status: int) -> Explanation:
    model = _STATUSES[400] if status < 500 else _OUR_FAULT
    return Explanation(status, model.title, model.text)
