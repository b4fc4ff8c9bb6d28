"""Claims -> Financial Claims Information Document (v3, v4.1), only when nothing is lost.

A claim is written, read back and compared: whatever does not come back the same cannot stand in this version. The
result is FCID-shaped; it has not been tested for conformance (see `names.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime

from claims.case_totals import CaseTotals, add_up_case
from claims.event_keys import event_key
from claims.events import Event, in_order
from claims.fcid.case_reader import CaseReader
from claims.fcid.errors import NotExpressible
from claims.fcid.fields import with_unknown_members, write_members
from claims.fcid.names import DOCUMENT_TYPE, NAMES, EventNames, FcidVersion, VersionNames
from claims.financial_claim import FinancialClaim
from claims.identity import Bsn, Oin
from claims.organisation import ContactKind, ContactOption
from claims.record.codec import Json, Place
from claims.record.names import CLAIM, CONTACT_KIND
from claims.record.shapes import EVENTS

__all__ = ["NotExpressible", "write_document"]

_EVENT_WORDS = {shape.make: shape.name for shape in EVENTS}


def write_document(
    claims: Iterable[FinancialClaim],
    *,
    version: FcidVersion,
    bsn: Bsn,
    supplied_by: Oin,
    created_at: datetime,
) -> Json:
    """One document of one organisation about one citizen: plain dictionaries, ready for JSON.

    Raises NotExpressible, with the reason, when one of the claims would lose anything, when its balance is not what
    its events add up to, or when the version requires something that is not known."""
    names = NAMES[version]
    writer = _CaseWriter(names, bsn, supplied_by)
    values = {"supplied_by": supplied_by.digits, "created_at": created_at, "bsn": bsn.digits}
    cases = {"cases": names.body["cases"]}
    plain = {name: wire for name, wire in names.body.items() if name in values}
    body = write_members(plain, values) | {cases["cases"].name: [writer.write(claim) for claim in claims]}
    return {
        names.envelope["type"].name: DOCUMENT_TYPE.name,
        names.envelope["version"].name: names.wire_version,
        names.envelope["body"].name: body,
    }


@dataclass(frozen=True, slots=True)
class _CaseWriter:
    names: VersionNames
    bsn: Bsn
    supplied_by: Oin

    def write(self, claim: FinancialClaim) -> Json:
        case = self._case(claim)
        self._refuse_loss(claim, case)
        return case

    def _case(self, claim: FinancialClaim) -> Json:
        as_of = claim.amounts.as_of
        if not isinstance(as_of, datetime):
            raise NotExpressible("het precieze moment van het saldo is niet bekend")
        if claim.arrears is None:
            raise NotExpressible("de bron zegt niet wat te laat is")
        wire = self.names.case
        totals = _checked_totals(claim, as_of)
        values = {
            "reference": claim.reference,
            "bsn": self.bsn.digits,
            "obliged": totals.obliged,
            "settled": totals.settled,
            "balance": claim.amounts.balance,
            "as_of": as_of,
        }
        case = write_members({name: wire[name] for name in values}, values)
        case[wire["events"].name] = [self._event(event, claim) for event in in_order(claim.events)]
        case[wire["arrears"].name] = list(claim.arrears.obligation_keys)
        if claim.contact:
            case |= self._contact(claim.contact)
        return with_unknown_members(case, claim.extra)

    def _event(self, event: Event, claim: FinancialClaim) -> Json:
        event_names = self.names.events.get(type(event))
        if event_names is None:
            raise NotExpressible(f"deze versie kent geen gebeurtenis als {_EVENT_WORDS[type(event)]}")
        obj = {
            self.names.event["type"].name: event_names.type.name,
            **self._fields(event, event_names, claim),
        }
        if event.registered_at is None:
            raise NotExpressible("een gebeurtenis zonder moment van vastleggen")
        obj |= write_members({"registered_at": self.names.event["registered_at"]}, _values(event))
        obj = with_unknown_members(obj, event.extra)
        key = event.key if event.key.strip() else event_key(obj, self.supplied_by.digits)
        return {**obj, self.names.event["key"].name: key}

    def _fields(self, event: Event, event_names: EventNames, claim: FinancialClaim) -> Json:
        context = {"case_reference": claim.reference, "bsn": self.bsn.digits}
        return write_members(event_names.fields, _values(event) | context)

    def _contact(self, options: tuple[ContactOption, ...]) -> Json:
        if "contact" not in self.names.case:
            raise NotExpressible("deze versie kent geen contactmogelijkheden")
        items = [self._contact_option(option) for option in options]
        return {self.names.case["contact"].name: items}

    def _contact_option(self, option: ContactOption) -> Json:
        if option.kind is ContactKind.WEBSITE:
            return write_members(self.names.contact, {"url": option.value, "description": option.description})
        if option.kind is ContactKind.OTHER:
            return write_members(self.names.contact, {"description": option.value})
        raise NotExpressible(f"contact via {CONTACT_KIND[option.kind]} heeft geen vaste vorm in FCID")

    def _refuse_loss(self, claim: FinancialClaim, case: Json) -> None:
        if claim.creditor.oin is None:
            raise NotExpressible("het OIN van de schuldeiser is niet bekend")
        supplier = (
            claim.creditor
            if claim.creditor.oin == self.supplied_by
            else replace(claim.creditor, oin=self.supplied_by)
        )
        back = CaseReader(self.names, self.bsn, supplier).read(case, Place())
        lost = [
            CLAIM.get(f.name, "bedragen")
            for f in fields(claim)
            if f.name != "findings" and _differs(claim, back, f.name)
        ]
        if lost:
            raise NotExpressible(f"dit zou verloren gaan of veranderen: {', '.join(lost)}")


def _checked_totals(claim: FinancialClaim, as_of: datetime) -> CaseTotals:
    totals = add_up_case(claim.events, as_of)
    if not totals.is_known:
        raise NotExpressible("van een gebeurtenis is niet bekend wat die met het saldo doet")
    if claim.amounts.balance is None:
        raise NotExpressible("het saldo is niet bekend")
    if totals.balance != claim.amounts.balance:
        raise NotExpressible("het saldo volgt niet uit de gebeurtenissen")
    return totals


def _differs(claim: FinancialClaim, back: FinancialClaim, name: str) -> bool:
    before, after = getattr(claim, name), getattr(back, name)
    if name == "events" and not all(event.key.strip() for event in before):
        before, after = _without_keys(before), _without_keys(after)  # a key that we had to make is no loss
    elif name == "events":
        before = in_order(before)
    return bool(before != after)


def _without_keys(events: tuple[Event, ...]) -> tuple[Event, ...]:
    return in_order(replace(event, key="") for event in events)


def _values(event: Event) -> dict[str, object]:
    return {field.name: getattr(event, field.name) for field in fields(event)}
