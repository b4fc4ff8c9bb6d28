"""Dutch words for the classes of the delivery monitor, the same on page and command line."""

from __future__ import annotations

from app.services.attention import Concern
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

CONCERN_WORDS: dict[Concern, str] = {
    Concern.CIRCUIT_OPEN: "wordt even niet gevraagd: faalde herhaaldelijk",
    Concern.FAILS: "laatste vraag mislukt",
    Concern.DELIVERY_MISSING: "er is geen levering",
    Concern.CERTIFICATE_EXPIRED: "certificaat verlopen",
    Concern.DELIVERY_STALE: "levering te oud: antwoorden zijn onvolledig",
    Concern.PARTIAL: "antwoordt onvolledig",
    Concern.UNEVEN: "faalde vandaag",
    Concern.CERTIFICATE_ENDS_SOON: "certificaat loopt binnenkort af",
    Concern.INDEX_MISSING: "er is geen verwijsindex: iedereen wordt gevraagd",
    Concern.INDEX_STALE: "verwijsindex te oud: iedereen wordt gevraagd",
}

FINDING_WORDS: dict[str, str] = {
    "address_differs": "ander adres in het antwoord dan in de lijst",
    "amount_not_positive": "bedrag is nul of lager",
    "amount_unreadable": "bedrag niet te lezen",
    "arrears_without_balance": "achterstand zonder openstaand bedrag",
    "availability_not_understood": "melding over beschikbaarheid niet begrepen",
    "balance_date_assumed": "peildatum van het saldo ontbreekt: einde van de maand aangenomen",
    "balance_differs_from_events": "saldo klopt niet met de gebeurtenissen",
    "balance_differs_from_totals": "saldo klopt niet met de totalen",
    "build_up_differs": "opbouw van het bedrag klopt niet",
    "claim_unreadable": "vordering niet te lezen",
    "creditor_name_unknown": "naam van de schuldeiser onbekend",
    "date_impossible": "datum bestaat niet",
    "date_unreadable": "datum niet te lezen",
    "date_without_time": "datum zonder tijd",
    "derived_values_differ": "totalen van de bron kloppen niet",
    "duplicate_event_key": "kenmerk van gebeurtenis dubbel gebruikt",
    "duplicate_reference": "kenmerk dubbel gebruikt",
    "element_missing": "verplicht onderdeel ontbreekt",
    "element_repeated": "onderdeel komt dubbel voor",
    "element_unknown": "onbekend onderdeel",
    "event_of_another_case": "gebeurtenis van een andere zaak",
    "iban_check_digits": "rekeningnummer klopt niet",
    "imposed_by_is_not_an_oin": "oplegger heeft geen geldig OIN",
    "index_missed_person": "vorderingen van iemand die niet in de verwijsindex staat",
    "is_not_an_oin": "geen geldig OIN",
    "missing_member": "verplicht gegeven ontbreekt",
    "moment_in_future": "moment ligt in de toekomst",
    "order_not_official": "onderdelen in andere volgorde",
    "reference_used_twice": "kenmerk twee keer gebruikt",
    "repeated_claim": "vordering twee keer gestuurd",
    "earlier_claims_kept": "vorderingen uit een eerder antwoord",
    "schema_deviation": "bericht voldoet niet aan het schema",
    "schema_report_unavailable": "schemacontrole was niet mogelijk",
    "source_note": "opmerking van de bron",
    "stated_name_differs": "andere naam dan in de aanlevering",
    "status_or_arrears_differ": "status en achterstand spreken elkaar tegen",
    "supplied_by_other": "aangeleverd door een andere organisatie",
    "unknown_event": "onbekende gebeurtenis",
    "unknown_member": "onbekend gegeven",
    "unknown_word": "onbekende waarde",
    "unreadable_arrear": "achterstand niet te lezen",
    "unreadable_contact": "contactgegeven niet te lezen",
    "unreadable_event": "gebeurtenis niet te lezen",
    "unreadable_list": "lijst niet te lezen",
    "value_not_official": "waarde in andere vorm dan afgesproken",
}
"""Rules that an answer broke, by the name that figures and metrics carry. A rule without words shows its name only."""
