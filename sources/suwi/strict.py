"""What in one claim breaks the official schema (Bijstandsregelingen v0500, element Vordering), told per claim.

Reading goes on all the same: these findings are for the municipality. Whoever has the schema files gets a whole report
besides (`schema_folder`). A detail is a name from the schema, never content.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from claims.financial_claim import Finding
from sources.transport.xml import Node

ORDER = (
    "IdentificatienrVordering",
    "DatBesluitVordering",
    "CdRedenVordering",
    "BedrAanvangVordering",
    "CdStatusVordering",
    "BedrSaldoVordering",
    "DatOnherroepelijkVordering",
    "SzWet",
    "PartnerVordering",
    "Fraude",
    "Bron",
)
_TEXTS = {
    "CdRedenVordering": re.compile(r"[0-9]{2}"),
    "CdStatusVordering": re.compile(r"[0-9]{2}"),
    "SzWet/CdSzWet": re.compile(r"[^0-9]{1,5}"),
    "Bron/CdKolomSuwi": re.compile(r"[0-9]{1,2}"),
    "Bron/CdPartijSuwi": re.compile(r"[0-9]{4}"),
    "Bron/CdVestigingSuwi": re.compile(r"[0-9]{4}"),
}
_NEEDED = ("SzWet/CdSzWet", "Bron/CdKolomSuwi", "Bron/CdPartijSuwi")


def deviations(claim: Node) -> tuple[Finding, ...]:
    """In the order of the schema's own rules. References, dates and amounts have findings of their own elsewhere."""
    return (*_structure([child.name for child in claim.children]), *_contents(claim))


def _structure(names: list[str]) -> Iterator[Finding]:
    known = [name for name in names if name in ORDER]
    if len(known) < len(names):
        yield Finding("element_unknown", "Vordering")
    if known != sorted(known, key=ORDER.index):
        yield Finding("order_not_official", "Vordering")
    for name in ORDER:
        if name != "PartnerVordering" and known.count(name) > 1:
            yield Finding("element_repeated", name)


def _contents(claim: Node) -> Iterator[Finding]:
    for path in _NEEDED:
        if claim.text_of(*path.split("/")) is None:
            yield Finding("element_missing", path)
    for path, pattern in _TEXTS.items():
        text = claim.text_of(*path.split("/"))
        if text is not None and not pattern.fullmatch(text):
            yield Finding("value_not_official", path)
