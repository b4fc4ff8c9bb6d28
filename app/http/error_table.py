"""Which error gives which status and which words. The only place where domain errors meet HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from app.language import N_
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
    """What the citizen reads, in Dutch; the page translates. `retry_after_s`, when given, is also told to programs."""

    status: int
    title: str
    text: str
    retry_after_s: int | None = None


_OUR_FAULT = Explanation(
    500, N_("Er ging iets mis"), N_("Dit ligt aan ons, niet aan u. Probeer het later opnieuw.")
)
_LATER = Explanation(
    503,
    N_("De dienst werkt nu even niet"),
    N_("Probeer het over een paar minuten opnieuw."),
    retry_after_s=120,
)

DOMAIN_ERRORS: Mapping[type[Exception], Explanation] = MappingProxyType(
    {
        StorageUnavailable: _LATER,
        RegisterUnavailable: _LATER,
        LoginCancelled: Explanation(
            403,
            N_("U hebt het inloggen afgebroken"),
            N_("U bent niet ingelogd. Wilt u zien wat u moet betalen? Log dan opnieuw in met DigiD."),
        ),
        LevelTooLow: Explanation(
            403,
            N_("U moet inloggen met meer zekerheid"),
            N_("U bent niet ingelogd. Log opnieuw in met de DigiD-app en doe daarin eenmalig de ID-check."),
        ),
        ReplayedCallback: Explanation(
            400,
            N_("Deze inlogpoging is niet meer geldig"),
            N_("U bent niet ingelogd. Begin opnieuw met inloggen vanaf de startpagina."),
        ),
        ProviderUnavailable: Explanation(
            503,
            N_("Inloggen met DigiD lukt nu niet"),
            N_("U bent niet ingelogd. Probeer het over een paar minuten opnieuw."),
            retry_after_s=120,
        ),
        LoginError: Explanation(
            403,
            N_("Het inloggen is niet gelukt"),
            N_("U bent niet ingelogd. Probeer het opnieuw. Lukt het weer niet? Neem dan contact met ons op."),
        ),
        CSRFError: Explanation(
            400,
            N_("Het formulier is verlopen"),
            N_(
                "We hebben niets verstuurd of veranderd. Ga terug, vernieuw de pagina en probeer het opnieuw."
            ),
        ),
    }
)

_STATUSES: Mapping[int, Explanation] = MappingProxyType(
    {
        400: Explanation(400, N_("Dit verzoek klopt niet"), N_("Ga terug en probeer het opnieuw.")),
        401: Explanation(401, N_("U bent niet ingelogd"), N_("Log in met DigiD om deze pagina te zien.")),
        403: Explanation(403, N_("U mag deze pagina niet zien"), N_("Ga terug naar de startpagina.")),
        404: Explanation(
            404, N_("Deze pagina bestaat niet"), N_("Controleer het adres, of ga naar de startpagina.")
        ),
        405: Explanation(405, N_("Dit kan hier niet"), N_("Ga terug en probeer het opnieuw.")),
        413: Explanation(
            413,
            N_("Het bestand is te groot"),
            N_("We hebben het bestand niet bekeken. Kies een kleiner bestand."),
        ),
        429: Explanation(
            429,
            N_("U moet even wachten"),
            N_(
                "U probeert het te vaak, of iemand anders op uw netwerk. Wacht 5 minuten en probeer het dan opnieuw."
            ),
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
