"""Financial Claims Information Document (v3, v4.1) -> claims.

One odd event or case never fails the document: it is kept, or noted and the answer becomes partial. A document that
is partly about somebody else is refused whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from claims.fcid.case_reader import CaseReader, read_contact
from claims.fcid.errors import FcidError, WrongPersonError
from claims.fcid.fields import read_member, wire_names
from claims.fcid.names import DOCUMENT_TYPE, NAMES, FcidVersion, VersionNames
from claims.financial_claim import FinancialClaim, Finding
from claims.identity import Bsn, Oin, names_somebody_else
from claims.organisation import Organisation
from claims.outcome import PartialReason
from claims.record.codec import Json, Place, RecordError
from claims.strict_json import canonical_json

__all__ = ["FcidDocument", "FcidError", "WrongPersonError", "read_document"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FcidDocument:
    """What one organisation says about one citizen. `partial` empty means: nothing shows that claims are missing."""

    version: FcidVersion
    bsn: Bsn
    supplied_by: Oin | None
    created_at: datetime
    claims: tuple[FinancialClaim, ...]
    partial: tuple[PartialReason, ...] = ()
    findings: tuple[Finding, ...] = ()


def read_document(document: Mapping[str, object], creditor: Organisation | None = None) -> FcidDocument:
    """Read a parsed document. `creditor` is the organisation behind the source: FCID gives only its OIN, no name.

    Raises WrongPersonError when any part is about another BSN than the document says (the caller compares that one
    with the BSN that it asked about), and FcidError when version, person, moment or list of cases is unreadable."""
    at = Place()
    try:
        canonical_json(document)
        version, body = _open(document, at)
        read = _read_body(version, body, creditor, at)
    except RecordError as error:
        raise FcidError(str(error)) from None
    except (TypeError, RecursionError):
        raise FcidError("the document is not JSON") from None
    except FcidError:
        raise
    except ValueError:
        raise FcidError("the document holds a value that JSON cannot hold") from None
    for part in (document, body):
        if names_somebody_else(part, read.bsn):
            raise WrongPersonError("part of the document is about another person")
    return read


def _open(document: Mapping[str, object], at: Place) -> tuple[FcidVersion, Json]:
    wire = NAMES[FcidVersion.V3].envelope  # the envelope is the same in both versions
    if document.get(wire["type"].name) != DOCUMENT_TYPE.name:
        raise FcidError("not a financial claims information document")
    stated = document.get(wire["version"].name)
    major = stated.partition(".")[0] if isinstance(stated, str) else None
    version = next((v for v, names in NAMES.items() if names.wire_version == major), None)
    if version is None:
        raise FcidError("a version that we do not read")
    body = document.get(wire["body"].name)
    if not isinstance(body, dict):
        raise at.member(wire["body"].name).error("must be an object")
    at.note_unknown_members(document, wire_names(wire))
    return version, body


def _read_body(version: FcidVersion, body: Json, creditor: Organisation | None, at: Place) -> FcidDocument:
    names = NAMES[version]
    inside = at.member(names.envelope["body"].name)
    inside.note_unknown_members(body, wire_names(names.body))
    bsn, created_at = _person(body, names, inside), _created_at(body, names, inside)
    supplied_by = _supplier(body, names, inside)
    claims, partial = _cases(body, CaseReader(names, bsn, _organisation(creditor, supplied_by)), inside)
    stray = (PartialReason.CLAIM_UNREADABLE,) if _has_stray_cases(body, names) else ()
    shared_contact = read_contact(body, names, inside)
    return FcidDocument(
        version=version,
        bsn=bsn,
        supplied_by=supplied_by,
        created_at=created_at,
        claims=tuple(replace(c, contact=(*c.contact, *shared_contact)) for c in claims),
        partial=tuple(dict.fromkeys((*_availability(body, names, inside), *partial, *stray))),
        findings=tuple(at.findings),
    )


def _person(body: Json, names: VersionNames, at: Place) -> Bsn:
    wire = names.body["bsn"]
    value = body.get(wire.name)
    try:
        return Bsn(value)  # type: ignore[arg-type]  # Bsn itself refuses what is not text
    except ValueError:
        raise at.member(wire.name).error("is not a BSN") from None


def _created_at(body: Json, names: VersionNames, at: Place) -> datetime:
    moment = read_member("created_at", names.body["created_at"], body, at)
    if not isinstance(moment, datetime):
        raise at.member(names.body["created_at"].name).error("is missing")
    return moment


def _supplier(body: Json, names: VersionNames, at: Place) -> Oin | None:
    wire = names.body["supplied_by"]
    value = body.get(wire.name)
    try:
        return Oin(value)  # type: ignore[arg-type]  # refused below when it is not text
    except (TypeError, ValueError):
        at.member(wire.name).note("is_not_an_oin")
        return None


def _organisation(creditor: Organisation | None, supplied_by: Oin | None) -> Organisation:
    if creditor is None:
        return Organisation(f"OIN {supplied_by}" if supplied_by else "onbekend", supplied_by)
    return creditor if creditor.oin else replace(creditor, oin=supplied_by)


def _cases(
    body: Json, reader: CaseReader, at: Place
) -> tuple[list[FinancialClaim], tuple[PartialReason, ...]]:
    inside = at.member(reader.names.body["cases"].name)
    items = body.get(reader.names.body["cases"].name)
    if not isinstance(items, list):
        raise inside.error("must be a list")
    claims: list[FinancialClaim] = []
    for index, item in enumerate(items):
        try:
            claims.append(reader.read(item, inside.item(index)))
        except RecordError as error:
            at.findings.append(Finding("claim_unreadable", str(error)))
    if len({claim.reference for claim in claims}) < len(claims):
        inside.note("duplicate_reference")
    return claims, () if len(claims) == len(items) else (PartialReason.CLAIM_UNREADABLE,)


def _has_stray_cases(body: Json, names: VersionNames) -> bool:
    """Cases under another name than the standard's, or in other capitals, may be debts that we do not see."""
    unknown = (
        value for name, value in body.items() if name not in wire_names(names.body) and _names_cases(name)
    )
    return any(isinstance(value, list | dict) and bool(value) for value in unknown)


def _names_cases(name: str) -> bool:
    return any(word in name.casefold() for word in ("zaken", "zaak", "vordering"))


def _availability(body: Json, names: VersionNames, at: Place) -> tuple[PartialReason, ...]:
    """The structure of this member is not known. A false anywhere in it means that the source's overview is not
    whole; only nothing but true means that it is; the rest we cannot tell, so we do not call it full."""
    wire = names.body.get("availability")
    value = body.get(wire.name) if wire else None
    if wire is None or value is None:
        return ()
    leaves = list(_leaves(value))
    if leaves and all(leaf is True for leaf in leaves):
        return ()
    at.member(wire.name).note("availability_not_understood")
    return (
        PartialReason.SOURCE_SAYS_SO
        if any(leaf is False for leaf in leaves)
        else PartialReason.SOURCE_WARNED,
    )


def _leaves(value: object) -> list[object]:
    if isinstance(value, dict):
        return [leaf for part in value.values() for leaf in _leaves(part)]
    if isinstance(value, list):
        return [leaf for part in value for leaf in _leaves(part)]
    return [value]
