"""The whole overview on the wire: the outcomes, and beside them totals and completeness worked out from those."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from claims.financial_claim import Finding
from claims.names import names_differ
from claims.overview import OrganisationTotal, Overview, ReportedClaim
from claims.record import names, shapes
from claims.record.codec import CENTS, FLAG, INSTANT, Json, ListOf, Place
from claims.record.outcome_codec import OutcomeCodec
from claims.record.shape import AnyCodec, Shape, as_object, members
from claims.totals import Total

OVERVIEW = Shape(
    "overzicht",
    Overview,
    members(
        names.OVERVIEW,
        {
            "gathered_at": INSTANT,
            "outcomes": ListOf(OutcomeCodec()),
            "findings": ListOf(shapes.FINDING),
        },
        ["gathered_at", "outcomes"],
    ),
)


class OverviewCodec:
    """Totals and completeness in a record are never trusted: they are worked out again, and a difference is a
    finding."""

    name = "overzicht"

    def read(self, value: object, at: Place) -> Overview:
        obj = as_object(value, at)
        here = at.own_findings()
        here.note_unknown_members(obj, OVERVIEW.wire_names | set(names.OVERVIEW_DERIVED.values()))
        overview = OVERVIEW.build(OVERVIEW.read_members(obj, here), here)
        if any(obj.get(name) != member for name, member in _derived(overview).items()):
            here.findings.append(Finding("derived_values_differ"))
        return replace(overview, findings=(*overview.findings, *here.findings))

    def write(self, value: Overview) -> Json:
        return {**OVERVIEW.write(value), **_derived(value)}

    def schema(self) -> Json:
        return OVERVIEW.schema()

    def definition(self) -> dict[str, Any]:
        shape = OVERVIEW.definition()
        derived = derived_schema()
        return {
            **shape,
            "properties": {**shape["properties"], **derived},
            "required": [*shape["required"], *derived],
        }

    def parts(self) -> Iterator[AnyCodec]:
        yield from OVERVIEW.parts()
        yield shapes.ORGANISATION


def _derived(overview: Overview) -> Json:
    derived = names.OVERVIEW_DERIVED
    return {
        derived["totals"]: _totals(overview),
        derived["per_organisation"]: [_organisation_total(total) for total in overview.per_organisation],
        derived["shared"]: [_shared(one) for one in overview.reported if one.is_shared],
        derived["completeness"]: _completeness(overview),
        derived["names_differ"]: names_differ(overview),
    }


def _totals(overview: Overview) -> Json:
    wire = names.TOTALS
    return {
        wire["claim_count"]: len(overview.claims),
        wire["balance"]: _total(overview.balance),
        wire["arrears"]: _total(overview.arrears),
        wire["overpaid"]: overview.overpaid.cents,
    }


def _organisation_total(total: OrganisationTotal) -> Json:
    wire = names.ORGANISATION_TOTAL
    return {
        wire["creditor"]: shapes.ORGANISATION.write(total.creditor),
        wire["claim_count"]: total.claim_count,
        wire["balance"]: _total(total.balance),
        wire["arrears"]: _total(total.arrears),
    }


def _shared(one: ReportedClaim) -> Json:
    wire = names.SHARED_CLAIM
    return {
        wire["creditor"]: shapes.ORGANISATION.write(one.claim.creditor),
        wire["reference"]: one.claim.reference,
        wire["sources"]: [source.source_id for source in one.sources],
    }


def _total(total: Total) -> Json:
    return {
        names.TOTAL["amount"]: None if total.amount is None else total.amount.cents,
        names.TOTAL["is_at_least"]: total.is_at_least,
        names.TOTAL["unknown_count"]: total.unknown_count,
    }


def _completeness(overview: Overview) -> Json:
    wire = names.COMPLETENESS
    return {
        wire["connected_count"]: overview.connected_count,
        wire["all_answered"]: overview.all_answered,
        wire["missing"]: [outcome.source.source_id for outcome in overview.missing],
        wire["partial"]: [outcome.source.source_id for outcome in overview.partial],
        wire["not_connected"]: [outcome.source.source_id for outcome in overview.not_connected],
    }


def derived_schema() -> Json:
    """JSON Schema of the worked out members, by wire name."""
    derived = names.OVERVIEW_DERIVED
    one_organisation = _closed(
        {
            names.ORGANISATION_TOTAL["creditor"]: shapes.ORGANISATION.schema(),
            names.ORGANISATION_TOTAL["claim_count"]: _COUNT,
            names.ORGANISATION_TOTAL["balance"]: _TOTAL,
            names.ORGANISATION_TOTAL["arrears"]: _TOTAL,
        }
    )
    texts = "Som van alle vorderingen, elke vordering één keer. Staat is_minimum op true, dan kan het echte bedrag hoger zijn."
    return {
        derived["totals"]: {**_TOTALS, "description": texts},
        derived["per_organisation"]: {
            "type": "array",
            "items": one_organisation,
            "description": "De som per schuldeiser.",
        },
        derived["shared"]: {
            "type": "array",
            "items": _shared_schema(),
            "description": "Vorderingen die meer bronnen melden. Ze tellen in de totalen één keer mee.",
        },
        derived["completeness"]: {
            **_COMPLETENESS,
            "description": "Welke bronnen hebben geantwoord (id's van bronnen).",
        },
        derived["names_differ"]: {
            **FLAG.schema(),
            "description": "De bronnen noemen verschillende namen voor deze persoon.",
        },
    }


def _shared_schema() -> Json:
    wire = names.SHARED_CLAIM
    return _closed(
        {
            wire["creditor"]: shapes.ORGANISATION.schema(),
            wire["reference"]: {"type": "string"},
            wire["sources"]: _IDS,
        }
    )


def _closed(properties: Json) -> Json:
    return {"type": "object", "properties": properties, "required": list(properties)}


_COUNT: Json = {"type": "integer", "minimum": 0}
_IDS: Json = {"type": "array", "items": {"type": "string"}}
_TOTAL = _closed(
    {
        names.TOTAL["amount"]: {
            "type": ["integer", "null"],
            "description": "In hele centen. Null: niet bekend; dat is iets anders dan nul.",
        },
        names.TOTAL["is_at_least"]: FLAG.schema(),
        names.TOTAL["unknown_count"]: _COUNT,
    }
)
_TOTALS = _closed(
    {
        names.TOTALS["claim_count"]: _COUNT,
        names.TOTALS["balance"]: _TOTAL,
        names.TOTALS["arrears"]: _TOTAL,
        names.TOTALS["overpaid"]: CENTS.schema(),
    }
)
_COMPLETENESS = _closed(
    {
        names.COMPLETENESS["connected_count"]: _COUNT,
        names.COMPLETENESS["all_answered"]: FLAG.schema(),
        names.COMPLETENESS["missing"]: _IDS,
        names.COMPLETENESS["partial"]: _IDS,
        names.COMPLETENESS["not_connected"]: _IDS,
    }
)
