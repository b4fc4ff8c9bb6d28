"""One case (financiele zaak) -> one FinancialClaim."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from claims.events import Event, ObligationImposed, in_order
from claims.fcid import derive
from claims.fcid.errors import WrongPersonError
from claims.fcid.events_reader import EventsReader
from claims.fcid.fields import read_member, unknown_members, wire_names
from claims.fcid.names import ARREAR_KEY, VersionNames
from claims.fcid.schedule import dutch_day
from claims.financial_claim import FinancialClaim, Finding
from claims.identity import Bsn, Oin, names_somebody_else
from claims.organisation import ContactKind, ContactOption, Organisation
from claims.partial_date import PartialDate
from claims.record.codec import Json, Place
from claims.record.shape import as_object
from claims.visible import is_visible


@dataclass(frozen=True, slots=True)
class CaseReader:
    """`creditor` is the organisation that supplied the document."""

    names: VersionNames
    bsn: Bsn
    creditor: Organisation

    def read(self, unverified_case: object, at: Place) -> FinancialClaim:
        """Raises WrongPersonError when case or event is about another BSN, and RecordError when there is no key or
        a stated sum is not an amount; every smaller fault is a finding on the claim."""
        obj = as_object(unverified_case, at)
        here = at.own_findings()
        self._check_person(obj)
        reference = read_member("reference", self.names.case["reference"], obj, here)
        if not isinstance(reference, str) or not is_visible(reference):
            raise here.member(self.names.case["reference"].name).error("is missing")
        case = derive.Case(self._stated(obj, here), self._events(obj, reference, here), self._late(obj, here))
        claim = self._claim(reference, case)
        extra = unknown_members(obj, wire_names(self.names.case))
        if extra is not None:
            here.note("unknown_member")
        contact = read_contact(obj, self.names, here)
        findings = (*claim.findings, *here.findings)
        return replace(claim, contact=contact, extra=extra, findings=findings)

    def _check_person(self, obj: Json) -> None:
        """Of case and events, before anything is read: a case that cannot be read does not hide whose it is."""
        events = obj.get(self.names.case["events"].name)
        for part in (obj, *(events if isinstance(events, list) else ())):
            if names_somebody_else(part, self.bsn):
                raise WrongPersonError("part of the document is about another person")

    def _stated(self, obj: Json, at: Place) -> derive.StatedTotals:
        parts = ("obliged", "settled", "balance", "as_of")
        values: dict[str, Any] = {part: read_member(part, self.names.case[part], obj, at) for part in parts}
        return derive.StatedTotals(**values)

    def _events(self, obj: Json, reference: str, at: Place) -> tuple[Event, ...]:
        inside = at.member(self.names.case["events"].name)
        items = _list(obj, self.names.case["events"].name, inside)
        reader = EventsReader(self.names, self.creditor.oin.digits if self.creditor.oin else "")
        events = []
        for index, item in enumerate(items or []):
            stated = (
                item.get(self.names.case["reference"].name, reference)
                if isinstance(item, dict)
                else reference
            )
            if stated != reference:
                inside.item(index).note("event_of_another_case")
            events.append(reader.read(item, inside.item(index)))
        if len({event.key for event in events}) < len(events):
            inside.note("duplicate_event_key")
        return in_order(events)

    def _late(self, obj: Json, at: Place) -> tuple[str, ...] | None:
        """Keys of the payment obligations that the source lists as late; None when it gives no list."""
        inside = at.member(self.names.case["arrears"].name)
        items = _list(obj, self.names.case["arrears"].name, inside)
        if items is None:
            return None
        keys = [item.get(ARREAR_KEY.name) if isinstance(item, dict) else item for item in items]
        for index, key in enumerate(keys):
            if not isinstance(key, str):
                inside.item(index).note("unreadable_arrear")
        # An item that we cannot read is still something that is late: its empty key refers to nothing.
        return tuple(key if isinstance(key, str) else "" for key in keys)

    def _claim(self, reference: str, case: derive.Case) -> FinancialClaim:
        arrears = derive.arrears_of(case)
        status = derive.status_of(case, arrears)
        payment = derive.next_payment(case, arrears, status)
        obligations = [event for event in case.events if isinstance(event, ObligationImposed)]
        main = next(
            (event for event in obligations if event.primary), obligations[0] if obligations else None
        )
        creditor, findings = self._creditor(main)
        return FinancialClaim(
            reference=reference,
            creditor=creditor,
            amounts=derive.amounts_of(case),
            title=main.description if main else None,
            kind_id=main.kind_id.lower() if main and main.kind_id else None,
            legal_ground=main.legal_ground if main else None,
            decision_numbers=_decision_numbers(obligations),
            originated_on=_first_day(obligations),
            status=status,
            arrears=arrears,
            due_on=payment.due_on,
            due_amount=payment.amount,
            payment=payment.details,
            events=case.events,
            findings=(*findings, *derive.findings_of(case, arrears)),
        )

    def _creditor(self, main: ObligationImposed | None) -> tuple[Organisation, tuple[Finding, ...]]:
        """Who imposed the obligation; an organisation other than the supplier is known by its OIN only."""
        supplier = self.creditor
        try:
            imposed_by = Oin(main.imposed_by) if main and main.imposed_by else None
        except ValueError:
            return supplier, (Finding("imposed_by_is_not_an_oin"),)
        if imposed_by is None or supplier.oin in (None, imposed_by):
            return supplier, ()
        return Organisation(f"OIN {imposed_by}", imposed_by), (Finding("creditor_name_unknown"),)


def read_contact(obj: Json, names: VersionNames, at: Place) -> tuple[ContactOption, ...]:
    """Ways to contact, of which only the description is a confirmed name. What has no use for a citizen is noted."""
    wire = names.case.get("contact")
    if wire is None or wire.name not in obj:
        return ()
    inside = at.member(wire.name)
    options = []
    for index, item in enumerate(_list(obj, wire.name, inside) or []):
        option = _contact_option(item, names) if isinstance(item, dict) else None
        if option is None:
            inside.item(index).note("unreadable_contact")
        else:
            options.append(option)
    return tuple(options)


def _contact_option(item: Json, names: VersionNames) -> ContactOption | None:
    url, name, text = (item.get(names.contact[part].name) for part in ("url", "name", "description"))
    told = " ".join(part for part in (name, text) if isinstance(part, str) and part.strip())
    if isinstance(url, str) and url.strip():
        return ContactOption(ContactKind.WEBSITE, url, description=told or None)
    return ContactOption(ContactKind.OTHER, told) if told else None


def _list(obj: Json, name: str, at: Place) -> list[object] | None:
    value = obj.get(name)
    if isinstance(value, list):
        return value
    at.note("missing_member" if value is None else "unreadable_list")
    return None


def _decision_numbers(obligations: list[ObligationImposed]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(event.decision_number for event in obligations if event.decision_number))


def _first_day(obligations: list[ObligationImposed]) -> PartialDate | None:
    days = [dutch_day(event.imposed_at) for event in obligations if event.imposed_at is not None]
    return PartialDate.of(min(days)) if days else None
