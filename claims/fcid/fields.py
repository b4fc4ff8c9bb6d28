"""How the value of each attribute stands in an FCID: one table for reading and writing.

Amounts are whole euro cents and date-times RFC 3339 with a time zone (FCID v3.0.0, general rules, confirmed).
Whether the due date is a date or a date-time is not known: both are read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from claims.fcid.errors import NotExpressible
from claims.fcid.names import NOTICES, WireName
from claims.instant import Moment, format_moment, parse_moment
from claims.partial_date import PartialDate
from claims.record.codec import CENTS, FLAG, INSTANT, TEXT, Json, OneOf, Place, Scalar
from claims.record.shape import AnyCodec
from claims.strict_json import canonical_json


class _DateTime:
    """A date-time. A bare date is read too, with a note, and never written."""

    def read(self, value: object, at: Place) -> Moment:
        moment = _moment(value, at)
        if isinstance(moment, PartialDate):
            at.note("date_without_time")
        return moment

    def write(self, value: Moment) -> object:
        if not isinstance(value, datetime):
            raise NotExpressible("een datum zonder tijd, waar FCID een moment vraagt")
        return format_moment(value)

    def schema(self) -> Json:
        return INSTANT.schema()


class _Due:
    """A date-time or a whole date."""

    def read(self, value: object, at: Place) -> Moment:
        return _moment(value, at)

    def write(self, value: Moment) -> object:
        if isinstance(value, PartialDate) and value.exact is None:
            raise NotExpressible("een betaaldatum waarvan de dag niet bekend is")
        return format_moment(value)

    def schema(self) -> Json:
        return {"type": "string"}


def _moment(value: object, at: Place) -> Moment:
    if not isinstance(value, str):
        raise at.error("must be a string")
    try:
        moment = parse_moment(value)
    except ValueError as error:
        raise at.error(str(error)) from None
    if isinstance(moment, PartialDate) and moment.exact is None:
        raise at.error("must be a whole date")
    return moment


_CODECS: dict[str, AnyCodec] = {
    "amount": CENTS,
    "difference": CENTS,
    "balance": CENTS,
    "obliged": CENTS,
    "settled": CENTS,
    "primary": FLAG,
    "registered_at": INSTANT,
    "as_of": INSTANT,
    "created_at": INSTANT,
    "imposed_at": _DateTime(),
    "received_at": _DateTime(),
    "processed_at": _DateTime(),
    "transferred_at": _DateTime(),
    "due": _Due(),
    "notice": OneOf(NOTICES),
    # Ids of kinds are compared without regard to case and written in lower case.
    "kind_id": Scalar(str.lower, str.lower, {"type": "string"}),
}


def read_member(attribute: str, wire: WireName, obj: Mapping[str, object], at: Place) -> object:
    """The value of one member, None when absent or null. A required member that is absent is noted, not refused.
    Raises RecordError for a wrong value."""
    inside = at.member(wire.name)
    value = obj.get(wire.name)
    if value is None:
        if wire.required:
            inside.note("missing_member")
        return None
    return _CODECS.get(attribute, TEXT).read(value, inside)


def read_members(table: Mapping[str, WireName], obj: Mapping[str, object], at: Place) -> dict[str, object]:
    """Attribute -> value for a whole table of names."""
    return {attribute: read_member(attribute, wire, obj, at) for attribute, wire in table.items()}


def write_members(table: Mapping[str, WireName], values: Mapping[str, object]) -> Json:
    """The members that have a value. Raises NotExpressible when one that the version requires has none."""
    obj: Json = {}
    for attribute, wire in table.items():
        value = values.get(attribute)
        if value is not None:
            obj[wire.name] = _CODECS.get(attribute, TEXT).write(value)
        elif wire.required:
            raise NotExpressible(f"FCID vraagt om `{wire.name}`, en dat is niet bekend")
    return obj


def wire_names(*tables: Mapping[str, WireName]) -> frozenset[str]:
    return frozenset(wire.name for table in tables for wire in table.values())


def unknown_members(obj: Mapping[str, object], known: frozenset[str]) -> str | None:
    """What we do not know of this object, as canonical JSON text; None when there is nothing."""
    extra = {name: value for name, value in obj.items() if name not in known}
    return canonical_json(extra).decode() if extra else None


def with_unknown_members(obj: Json, extra: str | None) -> Json:
    """Put back what `unknown_members` took out."""
    return obj if extra is None else {**json.loads(extra), **obj}
