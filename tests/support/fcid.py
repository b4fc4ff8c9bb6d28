"""Building blocks for FCID documents in tests, with the names written out: a test must notice a wrong name."""

from __future__ import annotations

from typing import Any

BSN = "999990019"
OIN = "00000001999999990000"
NOW = "2026-04-01T00:00:00Z"


def document(*cases: Any, version: str = "3", **body: Any) -> dict[str, Any]:
    return {
        "type": "FINANCIAL_CLAIMS_INFORMATION_DOCUMENT",
        "version": version,
        "body": {
            "aangeleverd_door": OIN,
            "document_datumtijd": NOW,
            "bsn": BSN,
            "financiele_zaken": list(cases),
        }
        | body,
    }


def case(*events: Any, obliged: int = 0, settled: int = 0, version: str = "3", **more: Any) -> dict[str, Any]:
    totals = (
        {"totaal_opgelegd": obliged, "totaal_reeds_betaald": settled}
        if version == "3"
        else {"totaal_financieel_verplicht": obliged, "totaal_financieel_vereffend": settled}
    )
    return {
        "zaakkenmerk": "Z-1",
        "bsn": BSN,
        **totals,
        "saldo": obliged - settled,
        "saldo_datumtijd": NOW,
        "gebeurtenissen": list(events),
        "achterstanden": [],
    } | more


def event(kind: str, key: str, registered: str = "2026-01-01T00:00:00Z", **fields: Any) -> dict[str, Any]:
    return {
        "gebeurtenis_type": kind,
        "gebeurtenis_kenmerk": key,
        "datumtijd_gebeurtenis": registered,
    } | fields


def imposed(amount: Any, key: str = "v1", **fields: Any) -> dict[str, Any]:
    return event(
        "FinancieleVerplichtingOpgelegd", key, bedrag=amount, **({"primaire_verplichting": True} | fields)
    )


def to_pay(amount: Any, due: str, key: str = "b1", **fields: Any) -> dict[str, Any]:
    fields = {"betalingskenmerk": "ref-1"} | fields
    return event("BetalingsverplichtingOpgelegd", key, bedrag=amount, vervaldatum=due, **fields)


def paid(amount: Any, key: str = "p1", **fields: Any) -> dict[str, Any]:
    return event("BetalingVerwerkt", key, bedrag=amount, **({"betalingskenmerk": "ref-1"} | fields))


def withdrawn(of: str = "b1", key: str = "w1") -> dict[str, Any]:
    return event("BetalingsverplichtingIngetrokken", key, ingetrokken_gebeurtenis_kenmerk=of)


def remitted(amount: Any, key: str = "k1") -> dict[str, Any]:
    return event("FinancieleVerplichtingKwijtgescholden", key, bedrag=amount)


def transferred(amount: Any, key: str = "o1", **fields: Any) -> dict[str, Any]:
    return event("FinancieleZaakOvergedragen", key, overgedragen_saldo=amount, **fields)
