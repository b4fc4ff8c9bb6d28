"""All names of the Financial Claims Information Document on the wire, per version, in one table.

Not every name is confirmed by a public source. `evidence` says how sure each one is; only CONFIRMED is a fact about
the standard. The others may change here, and only here, when the full specification has been compared.
Until then what we write is "FCID-shaped, not tested for conformance".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from claims import events as ev
from claims.events import Event, Notice


class FcidVersion(StrEnum):
    """v3.0.0 is "current", v4.1.0 is "experimental" (vorijk.nl, version list)."""

    V3 = "v3"
    V4_1 = "v4.1"


class Evidence(StrEnum):
    CONFIRMED = "C"  # in a public source
    SAID = "S"  # by a third party, which may be wrong
    INFERRED = "I"  # our own choice
    UNCONFIRMED = "U"  # from memory, or not found


@dataclass(frozen=True, slots=True)
class WireName:
    """`required`: the version asks for it. `evidence` is about the spelling and place of the name."""

    name: str
    evidence: Evidence
    required: bool = False


@dataclass(frozen=True, slots=True)
class EventNames:
    """`fields`: attribute of our event -> name. `case_reference` and `bsn` repeat those of the case."""

    type: WireName
    fields: Mapping[str, WireName]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionNames:
    """Everything that one version calls by name. `wire_version` is the value of the member `version`."""

    wire_version: str
    envelope: Mapping[str, WireName]
    body: Mapping[str, WireName]
    case: Mapping[str, WireName]
    contact: Mapping[str, WireName]
    event: Mapping[str, WireName]
    events: Mapping[type[Event], EventNames]


def _c(name: str, required: bool = False) -> WireName:
    return WireName(name, Evidence.CONFIRMED, required)


def _s(name: str, required: bool = False) -> WireName:
    return WireName(name, Evidence.SAID, required)


def _i(name: str, required: bool = False) -> WireName:
    return WireName(name, Evidence.INFERRED, required)


def _u(name: str, required: bool = False) -> WireName:
    return WireName(name, Evidence.UNCONFIRMED, required)


DOCUMENT_TYPE = _u("FINANCIAL_CLAIMS_INFORMATION_DOCUMENT")
# Members of an item of the list of arrears, when an item is an object instead of a plain string.
ARREAR_KEY = _u("gebeurtenis_kenmerk")
NOTICES = {  # v4.1 only; confirmed
    Notice.FIRST_NOTICE: "Aanschrijving",
    Notice.REMINDER: "Herinnering",
    Notice.FORMAL_DEMAND: "Aanmaning",
}

_ENVELOPE = {"type": _u("type", True), "version": _u("version", True), "body": _u("body", True)}
_BODY_V3 = {
    "supplied_by": _u("aangeleverd_door", True),
    "created_at": _u("document_datumtijd", True),
    "bsn": _u("bsn", True),
    "cases": _c("financiele_zaken", True),
}
_BODY_V4_1 = _BODY_V3 | {
    "availability": _u("beschikbaarheid_integraal_overzicht"),
    "contact": _u("contactopties"),  # the name is confirmed for v4.x, the place is not
}
_CASE_V3 = {
    "reference": _u("zaakkenmerk", True),
    "bsn": _u("bsn"),
    "obliged": _u("totaal_opgelegd", True),
    "settled": _u("totaal_reeds_betaald", True),
    "balance": _u("saldo", True),
    "as_of": _u("saldo_datumtijd", True),  # name and format are confirmed, the place is not
    "events": _u("gebeurtenissen", True),
    "arrears": _u("achterstanden", True),
}
_CASE_V4_1 = _CASE_V3 | {
    "obliged": _c("totaal_financieel_verplicht", True),
    "settled": _c("totaal_financieel_vereffend", True),
    "contact": _u("contactopties"),
}
_CONTACT = {"description": _c("omschrijving"), "url": _u("url"), "name": _u("naam")}
_EVENT = {
    "type": _u("gebeurtenis_type", True),
    "key": _s("gebeurtenis_kenmerk", True),
    "registered_at": _u("datumtijd_gebeurtenis", True),
}
_CASE_CONTEXT = {"case_reference": _u("zaakkenmerk"), "bsn": _u("bsn")}
_PAYMENT_OBLIGATION_V3 = {
    "amount": _u("bedrag", True),
    "due": _u("vervaldatum"),
    "reference": _u("betalingskenmerk"),
    "obligation_key": _u("verplichting_gebeurtenis_kenmerk"),
    "imposed_at": _u("datumtijd_opgelegd"),
    "pay_to": _u("te_betalen_aan"),
    "method": _u("betaalwijze"),
    "iban": _u("rekeningnummer"),
    "account_name": _u("rekeningnummer_tenaamstelling"),
    **_CASE_CONTEXT,
}
_EVENTS_V3: dict[type[Event], EventNames] = {
    ev.ObligationImposed: EventNames(
        _c("FinancieleVerplichtingOpgelegd"),
        {
            "amount": _c("bedrag", True),
            "imposed_at": _u("datumtijd_opgelegd"),
            "decision_number": _u("beschikkingsnummer"),
            "primary": _u("primaire_verplichting"),
            "kind_id": _u("type"),
            "category": _u("categorie"),
            "description": _u("omschrijving"),
            "legal_ground": _s("juridische_grondslag_omschrijving"),
            "legal_source": _s("juridische_grondslag_bron"),
            "imposed_by": _u("opgelegd_door"),
            "executed_by": _u("uitgevoerd_door"),
            **_CASE_CONTEXT,
        },
    ),
    ev.PaymentObligationImposed: EventNames(_s("BetalingsverplichtingOpgelegd"), _PAYMENT_OBLIGATION_V3),
    ev.PaymentObligationWithdrawn: EventNames(
        _s("BetalingsverplichtingIngetrokken"),
        {"withdrawn_key": _u("ingetrokken_gebeurtenis_kenmerk")},
    ),
    ev.PaymentProcessed: EventNames(
        _s("BetalingVerwerkt"),
        {
            "amount": _u("bedrag", True),
            "received_at": _u("datumtijd_ontvangen"),
            "processed_at": _u("datumtijd_verwerkt"),
            "reference": _u("betalingskenmerk"),
            "received_by": _u("ontvangen_door"),
            "processed_by": _u("verwerkt_door"),
        },
    ),
    # Whether `bedrag` is the new amount or the difference is not known. We take it as the difference; a stated
    # balance that does not fit becomes a finding.
    ev.ObligationCorrected: EventNames(
        _u("FinancieleVerplichtingGecorrigeerd"),
        {"difference": _u("bedrag", True), "corrected_key": _u("gecorrigeerd_gebeurtenis_kenmerk")},
    ),
}
_EVENTS_V4_1: dict[type[Event], EventNames] = _EVENTS_V3 | {
    ev.PaymentObligationImposed: EventNames(
        _s("BetalingsverplichtingOpgelegd"),
        _PAYMENT_OBLIGATION_V3 | {"notice": _c("type", True), "description": _c("omschrijving")},
    ),
    ev.ObligationRemitted: EventNames(  # the event is confirmed, its fields are our own choice
        _c("FinancieleVerplichtingKwijtgescholden"),
        {"amount": _i("bedrag", True), "remitted_key": _i("kwijtgescholden_gebeurtenis_kenmerk")},
    ),
    ev.CaseTransferred: EventNames(
        _u("FinancieleZaakOvergedragen"),
        {
            "transferred_to": _i("overgedragen_aan"),
            "transferred_at": _i("datumtijd_overgedragen"),
            "balance": _i("overgedragen_saldo"),
        },
    ),
}

NAMES: dict[FcidVersion, VersionNames] = {
    FcidVersion.V3: VersionNames(
        wire_version="3",
        envelope=_ENVELOPE,
        body=_BODY_V3,
        case=_CASE_V3,
        contact={},
        event=_EVENT,
        events=_EVENTS_V3,
    ),
    FcidVersion.V4_1: VersionNames(
        wire_version="4",
        envelope=_ENVELOPE,
        body=_BODY_V4_1,
        case=_CASE_V4_1,
        contact=_CONTACT,
        event=_EVENT,
        events=_EVENTS_V4_1,
    ),
}
