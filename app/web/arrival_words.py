"""What pages say about a link that brought something which cannot be used. The page works all the same."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType

from app.language import N_, gettext


class Told(StrEnum):
    LANGUAGE = "language"
    THEME = "theme"
    RETURN = "return"
    CASE = "case"
    CASE_IS_BSN = "case_is_bsn"
    CASES_OFF = "cases_off"


LANGUAGE, THEME, RETURN = Told.LANGUAGE, Told.THEME, Told.RETURN
CASE, CASE_IS_BSN, CASES_OFF = Told.CASE, Told.CASE_IS_BSN, Told.CASES_OFF

_WORDS = MappingProxyType(
    {
        LANGUAGE: N_("De taal uit de link hebben wij niet. Kies boven aan de pagina een taal."),
        THEME: N_("Het uiterlijk uit de link kennen wij niet. U ziet de gewone kleuren."),
        RETURN: N_(
            "De link wil u later terugsturen naar een adres dat wij niet kennen. Dat doen wij niet. Sluit aan het eind dit "
            "venster, of ga zelf terug."
        ),
        CASE: N_("Het zaaknummer uit de link kunnen wij niet lezen. Het komt niet in uw overzicht."),
        CASE_IS_BSN: N_(
            "Het zaaknummer uit de link lijkt op een burgerservicenummer. Daarom gebruiken wij het niet. Een "
            "burgerservicenummer hoort nooit in een link."
        ),
        CASES_OFF: N_("In de link staat een zaaknummer. Deze dienst neemt geen zaaknummers over."),
    }
)


def words(told: Told) -> str:
    return gettext(_WORDS[told])
