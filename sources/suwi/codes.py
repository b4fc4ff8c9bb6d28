"""Codes of SuwiML and what we make of them.

The official lists of reason and status codes are not public. They come from the settings of a source; a code that is
not there is "onbekend" and keeps its number. Nothing ever fails on an unknown code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from claims.financial_claim import ClaimStatus
from claims.money import ZERO, Money

LAWS: Mapping[str, str] = {
    "PW": "Participatiewet",
    "WWB": "Wet werk en bijstand",
    "ABW": "Algemene bijstandswet",
    "RWW": "Rijksgroepsregeling werkloze werknemers",
    "IOAW": "IOAW (oudere en gedeeltelijk arbeidsongeschikte werkloze werknemers)",
    "IOAZ": "IOAZ (oudere en gedeeltelijk arbeidsongeschikte gewezen zelfstandigen)",
    "BBZ": "Besluit bijstandverlening zelfstandigen",
    "WIJ": "Wet investeren in jongeren",
    "AIO": "Aanvullende inkomensvoorziening ouderen",
}
"""Laws within the scope of the message, as statistics Netherlands lists them; the official code list is not public."""


@dataclass(frozen=True, slots=True)
class CodeLists:
    """Per source: `reasons` from code to the words that the citizen reads, `statuses` from code to our status."""

    reasons: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, ClaimStatus] = field(default_factory=dict)

    def title(self, code: str | None) -> str:
        if code is None:
            return "Vordering (reden onbekend)"
        return self.reasons.get(code) or f"Vordering (reden onbekend, code {code})"

    def status(self, code: str | None, balance: Money | None) -> ClaimStatus:
        """Without a known code only a balance of exactly zero says something."""
        if code is not None and code in self.statuses:
            return self.statuses[code]
        return ClaimStatus.PAID if balance == ZERO else ClaimStatus.UNKNOWN
