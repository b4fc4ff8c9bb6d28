"""The object `vordering`: inside our sealed record, and what a municipality sends over the REST interface."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from claims.event_keys import event_key
from claims.events import Event, UnrecognisedEvent
from claims.financial_claim import ClaimStatus, FinancialClaim
from claims.organisation import Organisation
from claims.record import names, shapes
from claims.record.codec import CENTS, FLAG, NAME, PARTIAL_DATE, TEXT, Json, ListOf, OneOf, Place
from claims.record.shape import AnyCodec, Shape, as_object, members
from claims.strict_json import canonical_json

_BY_WORD = {shape.name: shape for shape in shapes.EVENTS}
_BY_CLASS: dict[Any, Shape[Any]] = {shape.make: shape for shape in shapes.EVENTS}
_KEY = names.EVENT["key"]


class EventCodec:
    """An event of any type. A type that we do not know is kept whole; a missing key is worked out."""

    def read(self, value: object, at: Place) -> Event:
        obj = as_object(value, at)
        word = obj.get(names.EVENT_TYPE)
        if not isinstance(word, str):
            raise at.member(names.EVENT_TYPE).error("must be a string")
        if obj.get(_KEY) is None:
            obj = {**obj, _KEY: event_key(obj)}
        shape = _BY_WORD.get(word)
        if shape is not None:
            event: Event = shape.read(obj, at)
            return event
        return self._unrecognised(word, obj, at)

    def _unrecognised(self, word: str, obj: Json, at: Place) -> Event:
        at.note("unknown_event")
        known = {name: obj[name] for name in names.EVENT.values() if name in obj}
        extra = {
            names.UNRECOGNISED["type_name"]: word,
            names.UNRECOGNISED["content"]: canonical_json(obj).decode(),
        }
        base = _BY_WORD[names.UNRECOGNISED_TYPE]
        event: UnrecognisedEvent = base.build(base.read_members({**known, **extra}, at), at)
        return event

    def write(self, value: Event) -> object:
        return _BY_CLASS[type(value)].write(value)

    def schema(self) -> Json:
        return {"$ref": "#/$defs/gebeurtenis"}

    def definition(self) -> Json:
        other: Json = {"properties": {names.EVENT_TYPE: {"type": "string", "not": {"enum": list(_BY_WORD)}}}}
        return {
            "description": "Wat er is gebeurd. Een soort die wij niet kennen blijft staan en wordt getoond.",
            "type": "object",
            "required": [names.EVENT_TYPE],
            "anyOf": [*(shape.schema() for shape in shapes.EVENTS), other],
        }

    def parts(self) -> Iterator[AnyCodec]:
        return iter(shapes.EVENTS)


CLAIM = Shape(
    "vordering",
    FinancialClaim,
    members(
        names.CLAIM,
        {
            "reference": NAME,
            "creditor": shapes.ORGANISATION,
            "title": TEXT,
            "kind_id": TEXT,
            "legal_ground": TEXT,
            "decision_numbers": ListOf(TEXT),
            "customer_number": TEXT,
            "originated_on": PARTIAL_DATE,
            "period_from": PARTIAL_DATE,
            "period_until": PARTIAL_DATE,
            "status": OneOf(names.STATUS, ClaimStatus.UNKNOWN),
            "status_since_on": PARTIAL_DATE,
            "arrears": shapes.ARREARS,
            "due_on": PARTIAL_DATE,
            "due_amount": CENTS,
            "payment_plan": shapes.PAYMENT_PLAN,
            "collector": shapes.COLLECTOR,
            "urgencies": ListOf(shapes.URGENCY),
            "preference": shapes.PREFERENCE,
            "objection_until_on": PARTIAL_DATE,
            "joint": FLAG,
            "payment": shapes.PAYMENT_DETAILS,
            "contact": ListOf(shapes.CONTACT),
            "events": ListOf(EventCodec()),
            "findings": ListOf(shapes.FINDING),
            "extra": TEXT,
        },
        ["reference"],
    ),
)


@dataclass(frozen=True, slots=True)
class ClaimCodec:
    """`default_creditor` is used for a claim that does not name its creditor: the organisation of the source."""

    default_creditor: Organisation | None = None

    def read(self, value: object, at: Place) -> FinancialClaim:
        obj = as_object(value, at)
        here = at.own_findings()
        here.note_unknown_members(obj, CLAIM.wire_names | shapes.AMOUNTS.wire_names)
        amounts = shapes.AMOUNTS.build(shapes.AMOUNTS.read_members(obj, here), here)
        values = CLAIM.read_members(obj, here)
        creditor = values["creditor"] or self.default_creditor
        if creditor is None:
            raise at.member(names.CLAIM["creditor"]).error("is missing")
        claim = CLAIM.build({**values, "amounts": amounts, "creditor": creditor}, here)
        return replace(claim, findings=(*claim.findings, *here.findings))

    def write(self, value: FinancialClaim) -> Json:
        return {**CLAIM.write(value), **shapes.AMOUNTS.write(value.amounts)}

    def schema(self) -> Json:
        return CLAIM.schema()

    def definition(self) -> dict[str, Any]:
        claim, amounts = CLAIM.definition(), shapes.AMOUNTS.definition()
        properties = {**claim["properties"], **amounts["properties"]}
        return {**claim, "properties": properties, "required": [*claim["required"], *amounts["required"]]}

    @property
    def name(self) -> str:
        return CLAIM.name

    def parts(self) -> Iterator[AnyCodec]:
        return CLAIM.parts()
