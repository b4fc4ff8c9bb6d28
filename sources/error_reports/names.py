"""Every name on the wire of a report, in one place.

No standard that we know of has a message for this: the Financial Claims Information standard describes only how claims are asked
for (nothing about reporting back stands in its public pages). So these names are ours; when a standard comes, this table changes.
"""

from __future__ import annotations

from enum import StrEnum

PATH = "/meldingen"
KIND = "melding_onjuiste_vordering"
VERSION = "1.0"
IDEMPOTENCY_HEADER = "Idempotency-Key"

REPORT_ID = "melding_id"
MEMBERS = {
    "kind": "soort",
    "version": "versie",
    "report_id": REPORT_ID,
    "reference": "referentie",
    "reported_at": "gemeld_op",
    "bsn": "bsn",
    "claim_reference": "kenmerk",
    "balance": "saldo",
    "as_of": "opgehaald_op",
    "reason": "reden",
    "text": "toelichting",
}


class Reason(StrEnum):
    """What the citizen says is wrong. The values are those on the wire."""

    NOT_RECOGNISED = "niet_herkend"
    WRONG_AMOUNT = "bedrag_onjuist"
    ALREADY_PAID = "al_betaald"
    HAS_ARRANGEMENT = "betalingsregeling_bestaat"
    NOT_MINE = "niet_van_mij"
    OTHER = "iets_anders"
