"""Financial documents of which one case has thousands of events that must be held against each other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

MANY = 10_000
DAY = "2026-01-01T00:00:00Z"


def _event(kind: str, number: int, **more: object) -> dict[str, object]:
    key = {"gebeurtenis_type": kind, "gebeurtenis_kenmerk": f"{kind}-{number}", "datumtijd_gebeurtenis": DAY}
    return {**key, "bedrag": 50, **more}


def _imposed(number: int, reference: str, due: str) -> dict[str, object]:
    return _event("BetalingsverplichtingOpgelegd", number, vervaldatum=due, betalingskenmerk=reference)


def _document(events: list[Any], **more: object) -> bytes:
    case = {"zaakkenmerk": "Z", "saldo": 100, "saldo_datumtijd": DAY, "gebeurtenissen": events, **more}
    body = {"bsn": "111111110", "document_datumtijd": "2026-04-01T12:00:00Z", "financiele_zaken": [case]}
    return json.dumps(
        {"type": "FINANCIAL_CLAIMS_INFORMATION_DOCUMENT", "version": "3", "body": body}
    ).encode()


def documents() -> Iterator[bytes]:
    """Arrears, obligations that are covered, one reference for all, costs beside interest."""
    kind, numbers = "FinancieleVerplichtingOpgelegd", range(MANY)
    paid = [_event("BetalingVerwerkt", number, betalingskenmerk=f"r{number}") for number in numbers]
    late = [_imposed(number, f"r{number}", "2026-03-01") for number in numbers]
    yield _document(late + paid, achterstanden=[event["gebeurtenis_kenmerk"] for event in late])
    yield _document([_imposed(number, f"r{number}", "2027-03-01") for number in numbers] + paid)
    same = [_event("BetalingVerwerkt", number, bedrag=90_000, betalingskenmerk="r") for number in numbers]
    yield _document([_imposed(number, "r", "2027-03-01") for number in numbers] + same)
    extra = [
        _event(kind, number, categorie=word, primaire_verplichting=False)
        for number, word in enumerate(["rente"] * (MANY // 2) + ["administratiekosten"] * (MANY // 2))
    ]
    yield _document(extra, saldo=50 * MANY, totaal_opgelegd=50 * MANY, totaal_reeds_betaald=0)
