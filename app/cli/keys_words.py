"""What `keys check` says, in Dutch: one line per check."""

from __future__ import annotations

from signing.keys.checks import KeyCheck, KeyCheckId, Result

_WORDS = {Result.OK: "goed  ", Result.WARNING: "let op", Result.FAILED: "FOUT  "}
LOADED = f"{_WORDS[Result.OK]}  de sleutel is er, alleen voor ons leesbaar, en hoort bij zijn certificaat"
NOT_LOADED = f"{_WORDS[Result.FAILED]}  de sleutel met zijn certificaat kan niet gebruikt worden"

_TEXTS: dict[KeyCheckId, tuple[str, str, str]] = {
    KeyCheckId.SIGNATURE: (
        "een proefhandtekening past bij het certificaat",
        "",
        "een proefhandtekening past niet bij het certificaat",
    ),
    KeyCheckId.IDENTIFIER: (
        "organizationIdentifier {detail} is dat van de instellingen",
        "",
        "organizationIdentifier {detail} is niet dat van de instellingen",
    ),
    KeyCheckId.OIN: (
        "OIN {detail} is dat van de instellingen",
        "in het certificaat staat geen OIN",
        "OIN {detail} is niet dat van de instellingen",
    ),
    KeyCheckId.CHAIN: (
        "het certificaat leidt naar een wortel in de vertrouwensmap",
        "niet na te gaan of het certificaat naar een wortel in de vertrouwensmap leidt",
        "het certificaat leidt niet naar een wortel van onze organisatie in de vertrouwensmap",
    ),
    KeyCheckId.PURPOSE: (
        "het certificaat is om mee te verzegelen",
        "niet na te gaan waarvoor het certificaat is",
        "het certificaat is niet om mee te verzegelen",
    ),
    KeyCheckId.REVOCATION: (
        "niet ingetrokken, volgens de lijst in de vertrouwensmap",
        "geen actuele intrekkingslijst in de vertrouwensmap",
        "ingetrokken, of door een eerdere fout niet na te gaan",
    ),
    KeyCheckId.EXPIRY: (
        "geldig tot en met {detail} dagen",
        "geldig tot en met {detail} dagen: vraag een nieuw certificaat aan",
        "verlopen, of nog niet geldig ({detail}): vraag een nieuw certificaat aan",
    ),
}
_ORDER = (Result.OK, Result.WARNING, Result.FAILED)


def line(check: KeyCheck) -> str:
    """The line of one check."""
    text = _TEXTS[check.id][_ORDER.index(check.result)]
    return f"{_WORDS[check.result]}  {text.format(detail=check.detail or 'ontbreekt en')}"
