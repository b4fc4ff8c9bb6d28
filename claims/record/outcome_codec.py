"""How asking one source ended, on the wire."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from claims.outcome import (
    FailureCause,
    NotConnected,
    OutcomeKind,
    PartialReason,
    SourceAnswer,
    SourceFailure,
    SourceOutcome,
)
from claims.record import names, shapes
from claims.record.claim_codec import ClaimCodec
from claims.record.codec import INSTANT, TEXT, Json, ListOf, OneOf, Place
from claims.record.shape import AnyCodec, Shape, as_object, members

ANSWER = Shape(
    "antwoord",
    SourceAnswer,
    members(
        names.ANSWER,
        {
            "source": shapes.SOURCE,
            "answered_at": INSTANT,
            "basis": shapes.BASIS,
            "partial": ListOf(OneOf(names.PARTIAL, PartialReason.SOURCE_SAYS_SO)),
            "stated_name": TEXT,
            "claims": ListOf(ClaimCodec()),
            "findings": ListOf(shapes.FINDING),
        },
        ["source", "answered_at", "basis", "partial", "claims"],
    ),
)
FAILURE = Shape(
    "mislukking",
    SourceFailure,
    members(
        names.FAILURE,
        {"source": shapes.SOURCE, "failed_at": INSTANT, "cause": OneOf(names.CAUSE, FailureCause.INTERNAL)},
        ["source", "failed_at", "cause"],
    ),
)
NOT_CONNECTED = Shape(
    "niet_aangesloten",
    NotConnected,
    members(names.NOT_CONNECTED, {"source": shapes.SOURCE, "noted_at": INSTANT}, ["source", "noted_at"]),
)
_KIND: OneOf[OutcomeKind] = OneOf(names.OUTCOME, strict=True)
_SHAPES: dict[Any, Shape[Any]] = {SourceAnswer: ANSWER, SourceFailure: FAILURE, NotConnected: NOT_CONNECTED}
_KINDS_OF = {
    "antwoord": (OutcomeKind.CLAIMS, OutcomeKind.NO_CLAIMS, OutcomeKind.NO_ANSWER),
    "mislukking": (OutcomeKind.NO_ANSWER,),
    "niet_aangesloten": (OutcomeKind.NOT_CONNECTED,),
}


@dataclass(frozen=True, slots=True)
class OutcomeCodec:
    """The word for the outcome is worked out again on reading: "geen_vorderingen" beside an answer that is not
    full, or beside claims, is refused."""

    def read(self, value: object, at: Place) -> SourceOutcome:
        obj = as_object(value, at)
        kind_at = at.member(names.OUTCOME_KIND)
        kind = _KIND.read(obj.get(names.OUTCOME_KIND), kind_at)
        rest = {name: member for name, member in obj.items() if name != names.OUTCOME_KIND}
        outcome = self._read_as(_shape_for(kind, rest), rest, at)
        if outcome.kind is not kind:
            raise kind_at.error("does not fit the rest")
        return outcome

    def _read_as(self, shape: Shape[Any], obj: Json, at: Place) -> SourceOutcome:
        here = at.own_findings()
        outcome: SourceOutcome = shape.read(obj, here)
        if isinstance(outcome, SourceAnswer):
            return replace(outcome, findings=(*outcome.findings, *here.findings))
        at.findings.extend(here.findings)
        return outcome

    def write(self, value: SourceOutcome) -> Json:
        return {names.OUTCOME_KIND: _KIND.write(value.kind), **_SHAPES[type(value)].write(value)}

    def schema(self) -> Json:
        return {"$ref": "#/$defs/uitkomst_van_bron"}

    @property
    def name(self) -> str:
        return "uitkomst_van_bron"

    def definition(self) -> Json:
        branches = [{"allOf": [shape.schema(), _kinds(shape.name)]} for shape in _SHAPES.values()]
        return {
            "type": "object",
            "description": "Hoe het vragen aan een bron is afgelopen. Geen antwoord is iets anders dan geen vorderingen.",
            "required": [names.OUTCOME_KIND],
            "anyOf": branches,
        }

    def parts(self) -> Iterator[AnyCodec]:
        return iter(_SHAPES.values())


def _shape_for(kind: OutcomeKind | None, obj: Json) -> Shape[Any]:
    if kind is OutcomeKind.NOT_CONNECTED:
        return NOT_CONNECTED
    return FAILURE if names.FAILURE["cause"] in obj else ANSWER


def _kinds(shape_name: str) -> Json:
    words = [names.OUTCOME[kind] for kind in _KINDS_OF[shape_name]]
    return {"properties": {names.OUTCOME_KIND: {"enum": words}}}
