"""What the pages about apps say, in Dutch."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from app.oauth.faults import (
    LARGEST_LOGO_KB,
    LARGEST_SIDE,
    LONGEST_NAME,
    LONGEST_PURPOSE,
    MOST_KEYS,
    SMALLEST_SIDE,
    Fault,
    Field,
    Problem,
)
from app.ports.clients import Binding, ClientAuthentication, ClientKind
from app.ports.grants import Scope

KINDS = {ClientKind.APP: "app", ClientKind.GATEWAY: "eigen poort"}
PROOFS = {
    ClientAuthentication.PRIVATE_KEY_JWT: "ondertekende verklaring",
    ClientAuthentication.CERTIFICATE: "certificaat",
}
BINDINGS = {Binding.DPOP: "DPoP-sleutel", Binding.CERTIFICATE: "certificaat"}
SCOPES = {
    Scope.OVERVIEW: "het schuldenoverzicht ophalen en lezen",
    Scope.CONSENTS: "zien welke apps toestemming hebben, en die intrekken",
}
_ITEMS = {Field.REDIRECT: "Adres", Field.KEYS: "Sleutel"}

PROBLEMS: Mapping[Problem, str] = MappingProxyType(
    {
        Problem.ID: "Vul een kenmerk in van 3 tot 40 kleine letters, cijfers en streepjes.",
        Problem.ID_TAKEN: "Dit kenmerk is al van een andere app. Kies een ander.",
        Problem.NAME: f"Vul een naam in van hooguit {LONGEST_NAME} tekens.",
        Problem.PURPOSE: f"Schrijf in hooguit {LONGEST_PURPOSE} tekens waarvoor de app de gegevens gebruikt.",
        Problem.OIN: "Een OIN heeft twintig cijfers.",
        Problem.NO_REDIRECT: "Vul het adres in waar de burger naar teruggaat.",
        Problem.GATEWAY_REDIRECT: "Een eigen poort heeft geen adressen. Maak dit leeg.",
        Problem.NOT_AN_ADDRESS: "Dit is geen heel webadres, zoals https://app.voorbeeld.nl/terug.",
        Problem.NOT_HTTPS: "Dit adres moet beginnen met https://.",
        Problem.NO_SCOPE: "Kies waar de app om mag vragen.",
        Problem.UNKNOWN_SCOPE: "Kies alleen wat hier staat.",
        Problem.GATEWAY_SCOPE: "Een eigen poort vraagt burgers om niets. Kies hier niets.",
        Problem.KEY_COUNT: f"Geef 1 tot {MOST_KEYS} sleutels.",
        Problem.KEY_NAMES: "Geef sleutels om mee te ondertekenen, elk met een eigen naam (kid).",
        Problem.KEY: "Dit is geen bruikbare sleutel. Het kan met RSA van 2048 bits of meer, of EC P-256.",
        Problem.KEY_FORM: "Dit zijn geen sleutels die wij kunnen lezen. Geef een JWK-set, of PEM.",
        Problem.PRIVATE_KEY: (
            "Dit is een geheime sleutel. Wij hebben hem niet bewaard, maar hij is nu niet meer geheim. "
            "Laat de app een nieuwe maken en geef alleen het openbare deel."
        ),
        Problem.CERTIFICATE_MISSING: "Wie zich bewijst met een certificaat, geeft bij elke sleutel het certificaat (x5c).",
        Problem.CERTIFICATE_OF_OTHER_KEY: "Het certificaat (x5c) hoort bij een andere sleutel.",
        Problem.CERTIFICATE_ENDED: "Dit certificaat is verlopen.",
        Problem.LOGO_FORM: f"Het logo moet een PNG zijn van hooguit {LARGEST_LOGO_KB} kB.",
        Problem.LOGO_BROKEN: "Dit PNG-bestand is niet heel.",
        Problem.LOGO_SIZE: f"Het logo moet {SMALLEST_SIDE} tot {LARGEST_SIDE} beeldpunten breed en hoog zijn.",
    }
)
CHANGED_MEANWHILE = (
    "Iemand anders heeft deze app intussen gewijzigd. Er is niets van u bewaard. Hieronder staat wat u typte."
)
ADDED, CHANGED, REMOVED = "{} is toegevoegd.", "{} is gewijzigd.", "{} is verwijderd."


def told(fault: Fault) -> str:
    """One sentence or two."""
    words = PROBLEMS[fault.problem]
    return words if fault.place is None else f"{_ITEMS[fault.field]} {fault.place}: {words}"


def consents(number: int) -> str:
    """How many citizens allow an app something now."""
    if number == 0:
        return "Op dit moment heeft geen burger deze app toestemming gegeven."
    who = "1 burger" if number == 1 else f"{number} burgers"
    verb = "heeft" if number == 1 else "hebben"
    return f"Op dit moment {verb} {who} deze app toestemming gegeven. Die toestemming stopt meteen."
