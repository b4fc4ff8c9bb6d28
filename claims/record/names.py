"""All Dutch names of our own record "schuldenoverzicht version 1", in one place: attribute -> member.

`vordering` is also what a municipality sends over our REST interface. The published schemas in `docs/schemas`
are made from these tables and `shapes.py`. A name that was published never changes within version 1. Words may be added
to a list: whoever does not know a word reads its fall-back ("intern", "onbekend" ...) and notes it (`unknown_word`).
"""

from __future__ import annotations

from claims.events import Notice
from claims.financial_claim import ClaimStatus, Preference, UrgencyKind
from claims.organisation import ContactKind
from claims.outcome import BasisKind, FailureCause, OutcomeKind, PartialReason

# The document around the overview, written by app/documents.
DOCUMENT_TYPE = "schuldenoverzicht"
DOCUMENT_VERSION = 1
DOCUMENT = {
    "type": "soort",
    "version": "versie",
    "number": "documentnummer",
    "nonce": "nonce",
    "made_at": "gemaakt_op",
    "person": "betrokkene",
    "sealed_by": "afgegeven_door",
    "overview": "overzicht",
    "fcid": "fcid",
    "not_included": "niet_opgenomen",
    "notes": "toelichting",
}
PERSON = {"bsn": "bsn", "names": "namen"}
PERSON_NAME = {"source_id": "bron", "name": "naam"}
FCID = {"organisation": "organisatie", "document": "document", "reason": "reden"}

OVERVIEW = {
    "gathered_at": "verzameld_op",
    "outcomes": "bronnen",
    "findings": "bevindingen",
}
# Worked out from the outcomes; checked, never trusted, on reading.
OVERVIEW_DERIVED = {
    "totals": "totalen",
    "per_organisation": "per_schuldeiser",
    "shared": "dubbel_gemeld",
    "completeness": "volledigheid",
    "names_differ": "namen_verschillen",
}
TOTALS = {
    "claim_count": "aantal",
    "balance": "saldo",
    "arrears": "achterstand",
    "overpaid": "te_veel_betaald",
}
TOTAL = {"amount": "bedrag", "is_at_least": "is_minimum", "unknown_count": "aantal_onbekend"}
ORGANISATION_TOTAL = {
    "creditor": "schuldeiser",
    "claim_count": "aantal",
    "balance": "saldo",
    "arrears": "achterstand",
}
SHARED_CLAIM = {"creditor": "schuldeiser", "reference": "kenmerk", "sources": "bronnen"}
COMPLETENESS = {
    "connected_count": "aangesloten",
    "all_answered": "alle_hebben_geantwoord",
    "missing": "zonder_antwoord",
    "partial": "onvolledig",
    "not_connected": "niet_aangesloten",
}

OUTCOME_KIND = "uitkomst"
SOURCE = {"source_id": "id", "organisation": "organisatie", "contact": "contact"}
BASIS = {"kind": "soort", "at": "moment"}
ANSWER = {
    "source": "bron",
    "answered_at": "beantwoord_op",
    "basis": "gebaseerd_op",
    "partial": "onvolledig_omdat",
    "stated_name": "naam_volgens_bron",
    "claims": "vorderingen",
    "findings": "bevindingen",
}
FAILURE = {"source": "bron", "failed_at": "mislukt_op", "cause": "oorzaak"}
NOT_CONNECTED = {"source": "bron", "noted_at": "genoteerd_op"}

ORGANISATION = {"name": "naam", "oin": "oin", "department": "afdeling"}
CONTACT = {"kind": "soort", "value": "waarde", "hours": "openingstijden", "description": "omschrijving"}
PAYMENT_DETAILS = {"iban": "iban", "account_name": "tenaamstelling", "reference": "betalingskenmerk"}
FINDING = {"code": "code", "detail": "toelichting"}

CLAIM = {
    "reference": "kenmerk",
    "creditor": "schuldeiser",
    "title": "omschrijving",
    "kind_id": "soort",
    "legal_ground": "wettelijke_grondslag",
    "decision_numbers": "beschikkingsnummers",
    "customer_number": "klantnummer",
    "originated_on": "ontstaan_op",
    "period_from": "periode_van",
    "period_until": "periode_tot_en_met",
    "status": "status",
    "status_since_on": "status_sinds",
    "arrears": "achterstand",
    "due_on": "betalen_voor",
    "due_amount": "nu_te_betalen",
    "payment_plan": "betalingsregeling",
    "collector": "incassopartij",
    "urgencies": "dreigingen",
    "preference": "rangorde",
    "objection_until_on": "bezwaar_tot_en_met",
    "joint": "gezamenlijk",
    "payment": "betaalgegevens",
    "contact": "contact",
    "events": "gebeurtenissen",
    "findings": "bevindingen",
    "extra": "overig",
}
# These stand beside the members of CLAIM, in the same object.
AMOUNTS = {
    "opening": "beginbedrag",
    "costs": "kosten",
    "interest": "rente",
    "paid": "betaald",
    "remitted": "kwijtgescholden",
    "balance": "saldo",
    "as_of": "peilmoment",
}
ARREARS = {"amount": "bedrag", "is_at_least": "is_minimum", "obligation_keys": "betalingsverplichtingen"}
PAYMENT_PLAN = {
    "instalment": "termijnbedrag",
    "period": "periode",
    "next_due_on": "volgende_betaling_voor",
    "ends_on": "eindigt_op",
    "agreed_on": "afgesproken_op",
}
COLLECTOR = {
    "name": "naam",
    "reference": "kenmerk",
    "handed_over_on": "overgedragen_op",
    "contact": "contact",
}
URGENCY = {"kind": "soort", "on": "datum", "description": "omschrijving"}

EVENT_TYPE = "soort"
EVENT = {
    "key": "kenmerk",
    "registered_at": "geregistreerd_op",
    "description": "omschrijving",
    "extra": "overig",
}
OBLIGATION_IMPOSED = EVENT | {
    "amount": "bedrag",
    "imposed_at": "opgelegd_op",
    "decision_number": "beschikkingsnummer",
    "primary": "hoofdverplichting",
    "kind_id": "soort_verplichting",
    "category": "categorie",
    "legal_ground": "wettelijke_grondslag",
    "legal_source": "wettelijke_bron",
    "imposed_by": "opgelegd_door",
    "executed_by": "uitgevoerd_door",
}
OBLIGATION_CORRECTED = EVENT | {"difference": "verschil", "corrected_key": "gecorrigeerd_kenmerk"}
OBLIGATION_REMITTED = EVENT | {"amount": "bedrag", "remitted_key": "kwijtgescholden_kenmerk"}
PAYMENT_OBLIGATION_IMPOSED = EVENT | {
    "amount": "bedrag",
    "due": "betalen_voor",
    "notice": "soort_bericht",
    "reference": "betalingskenmerk",
    "obligation_key": "verplichting_kenmerk",
    "imposed_at": "opgelegd_op",
    "pay_to": "te_betalen_aan",
    "method": "betaalwijze",
    "iban": "iban",
    "account_name": "tenaamstelling",
}
PAYMENT_OBLIGATION_WITHDRAWN = EVENT | {"withdrawn_key": "ingetrokken_kenmerk"}
PAYMENT_PROCESSED = EVENT | {
    "amount": "bedrag",
    "received_at": "ontvangen_op",
    "processed_at": "verwerkt_op",
    "reference": "betalingskenmerk",
    "received_by": "ontvangen_door",
    "processed_by": "verwerkt_door",
}
CASE_TRANSFERRED = EVENT | {
    "transferred_to": "overgedragen_aan",
    "transferred_at": "overgedragen_op",
    "balance": "saldo",
}
UNRECOGNISED = EVENT | {"type_name": "soort_volgens_bron", "content": "inhoud"}
UNRECOGNISED_TYPE = "onbekend"

STATUS = {
    ClaimStatus.OPEN: "open",
    ClaimStatus.OVERDUE: "te_laat",
    ClaimStatus.ARRANGEMENT: "betalingsregeling",
    ClaimStatus.ARRANGEMENT_BROKEN: "betalingsregeling_gestopt",
    ClaimStatus.PAUSED: "even_niet_betalen",
    ClaimStatus.DISPUTED: "bezwaar",
    ClaimStatus.TRANSFERRED: "overgedragen",
    ClaimStatus.PAID: "betaald",
    ClaimStatus.REMITTED: "kwijtgescholden",
    ClaimStatus.UNKNOWN: "onbekend",
}
URGENCY_KIND = {
    UrgencyKind.EVICTION: "ontruiming",
    UrgencyKind.CUT_OFF: "afsluiting",
    UrgencyKind.SEIZURE: "beslag",
    UrgencyKind.OTHER: "anders",
}
PREFERENCE = {
    Preference.PREFERENT: "preferent",
    Preference.CONCURRENT: "concurrent",
    Preference.UNKNOWN: "onbekend",
}
CONTACT_KIND = {
    ContactKind.PHONE: "telefoon",
    ContactKind.EMAIL: "email",
    ContactKind.WEBSITE: "website",
    ContactKind.ADDRESS: "adres",
    ContactKind.OTHER: "anders",
}
NOTICE = {
    Notice.FIRST_NOTICE: "aanschrijving",
    Notice.REMINDER: "herinnering",
    Notice.FORMAL_DEMAND: "aanmaning",
}
OUTCOME = {
    OutcomeKind.CLAIMS: "vorderingen",
    OutcomeKind.NO_CLAIMS: "geen_vorderingen",
    OutcomeKind.NO_ANSWER: "geen_antwoord",
    OutcomeKind.NOT_CONNECTED: "niet_aangesloten",
}
CAUSE = {
    FailureCause.UNREACHABLE: "onbereikbaar",
    FailureCause.TOO_SLOW: "te_langzaam",
    FailureCause.REFUSED: "geweigerd",
    FailureCause.SOURCE_ERROR: "foutmelding",
    FailureCause.MALFORMED: "onleesbaar",
    FailureCause.TOO_LARGE: "te_groot",
    FailureCause.WRONG_PERSON: "verkeerde_persoon",
    FailureCause.MISCONFIGURED: "verkeerd_ingesteld",
    FailureCause.INTERNAL: "intern",
}
PARTIAL = {
    PartialReason.SOURCE_SAYS_SO: "bron_meldt_dit",
    PartialReason.SOURCE_WARNED: "bron_waarschuwt",
    PartialReason.CLAIM_UNREADABLE: "vordering_onleesbaar",
    PartialReason.STALE: "verouderd",
    PartialReason.MORE_PAGES: "meer_bladzijden",
}
BASIS_KIND = {
    BasisKind.LIVE: "rechtstreeks",
    BasisKind.BATCH: "aangeleverd_bestand",
    BasisKind.INDEX: "verwijsindex",
}
