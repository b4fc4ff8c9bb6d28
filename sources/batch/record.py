"""What one record of a file says about one person, and how that is stored: in the words of our own record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from claims.financial_claim import FinancialClaim, Finding
from claims.identity import Bsn
from claims.instant import format_instant, parse_instant
from claims.outcome import PartialReason
from claims.record.reader import read_claim
from claims.record.writer import write_claim
from claims.strict_json import canonical_json, loads_strict
from sources.errors import SourceMalformed

_LARGEST = 20_000_000
NOT_A_BSN = "not a BSN (nine digits, with leading zeros)"


class BadRecord(Exception):
    """A record that cannot be used. `str(error)` is a fixed phrase of ours; `bsn` is of the person whose answer is
    now not whole, None when that could be anybody."""

    def __init__(self, problem: str, bsn: Bsn | None = None) -> None:
        super().__init__(problem)
        self.bsn = bsn


@dataclass(frozen=True, slots=True)
class Closing:
    """The closing line of a file: how many records it has and from which moment they are."""

    records: int
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Record:
    """`as_of` only when the record states another moment than its file."""

    claims: tuple[FinancialClaim, ...] = ()
    partial: tuple[PartialReason, ...] = ()
    stated_name: str | None = None
    as_of: datetime | None = None
    findings: tuple[Finding, ...] = ()


UNREADABLE = Record(partial=(PartialReason.CLAIM_UNREADABLE,))


def read_closing(stated: Mapping[str, object]) -> Closing:
    """From `aantal` and `peilmoment`. Raises ValueError."""
    records, as_of = stated.get("aantal"), stated.get("peilmoment")
    if isinstance(records, str) and records.isascii() and records.isdigit() and len(records) < 12:
        records = int(records)
    if type(records) is not int or records < 0 or not isinstance(as_of, str):
        raise ValueError("aantal or peilmoment is missing or wrong")
    return Closing(records, parse_instant(as_of))


def pack(record: Record) -> bytes:
    """As it is stored. The BSN is not in it: the place where it is stored is bound to the person."""
    return canonical_json(
        {
            "vorderingen": [write_claim(claim) for claim in record.claims],
            "gedeeltelijk": list(record.partial),
            "naam": record.stated_name,
            "peilmoment": None if record.as_of is None else format_instant(record.as_of),
            "bevindingen": [[finding.code, finding.detail] for finding in record.findings],
        }
    )


def unpack(stored: bytes) -> Record:
    """A claim that this version cannot read makes the record partial. Raises SourceMalformed."""
    try:
        value = loads_strict(stored, _LARGEST)
        assert isinstance(value, dict)  # noqa: S101 -- encrypted and bound to its place: only `pack` wrote it
        claims = [_claim(item) for item in value["vorderingen"]]
        partial = {PartialReason(word) for word in value["gedeeltelijk"]}
        as_of = None if value["peilmoment"] is None else parse_instant(value["peilmoment"])
        findings = tuple(Finding(code, detail) for code, detail in value["bevindingen"])
    except (ValueError, KeyError, TypeError):
        raise SourceMalformed("a stored record cannot be read") from None
    readable = tuple(claim for claim in claims if claim is not None)
    if len(readable) < len(claims):
        partial.add(PartialReason.CLAIM_UNREADABLE)
    return Record(readable, tuple(sorted(partial)), value["naam"], as_of, findings)


def _claim(item: object) -> FinancialClaim | None:
    try:
        return read_claim(item)
    except ValueError:
        return None
