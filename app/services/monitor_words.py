"""Dutch words for the classes of the delivery monitor, the same on page and command line."""

from __future__ import annotations

from sources.events import AskResult, CertificateRole

RESULT_WORDS: dict[AskResult, str] = {
    AskResult.CLAIMS: "vorderingen",
    AskResult.NO_CLAIMS: "geen vorderingen",
    AskResult.PARTIAL: "onvolledig antwoord",
    AskResult.UNREACHABLE: "niet bereikbaar",
    AskResult.TOO_SLOW: "te langzaam",
    AskResult.REFUSED: "geweigerd",
    AskResult.SOURCE_ERROR: "foutmelding van de bron",
    AskResult.MALFORMED: "onleesbaar antwoord",
    AskResult.TOO_LARGE: "te groot antwoord",
    AskResult.WRONG_PERSON: "antwoord over iemand anders",
    AskResult.MISCONFIGURED: "verkeerd ingesteld",
    AskResult.INTERNAL: "fout bij ons",
    AskResult.CIRCUIT_OPEN: "niet gevraagd: de bron faalde net herhaaldelijk",
    AskResult.NO_ROOM: "niet gevraagd: te druk",
    AskResult.NOT_IN_INDEX: "niet gevraagd: niet in de verwijsindex",
    AskResult.CANCELLED: "afgebroken: niemand wachtte meer",
}

ROLE_WORDS: dict[CertificateRole, str] = {
    CertificateRole.SERVER: "van de bron",
    CertificateRole.CLIENT: "van ons, voor de verbinding",
    CertificateRole.SIGNING: "van ons, voor het ondertekenen van berichten",
}
