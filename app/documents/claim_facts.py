"""What one claim and its history say, as (label, value) pairs: only what the source states.

Labels are in Dutch: whoever shows one translates it (`_(label)`), and may show both. Values are in the language of the moment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from app.documents import formatting, labels, sentences, unknown_event
from app.language import ISOLATE, ISOLATE_END, N_, _, isolated
from app.language.stated import Stated, in_a_row, put_together
from claims.events import (
    CaseTransferred,
    Event,
    ObligationCorrected,
    ObligationImposed,
    ObligationRemitted,
    PaymentObligationImposed,
    PaymentObligationWithdrawn,
    PaymentProcessed,
    UnrecognisedEvent,
)
from claims.financial_claim import FinancialClaim, PaymentPlan, Urgency
from claims.money import Money
from claims.organisation import ContactOption
from claims.overview import ReportedClaim, balance_to_show
from claims.partial_date import PartialDate

Fact = tuple[str, str]


def build_up(claim: FinancialClaim) -> tuple[Fact, ...]:
    """The parts of a claim in the order of the sum; a part that the source does not state is "niet bekend"."""
    amounts = claim.amounts
    parts = (
        (labels.OPENING, amounts.opening),
        (labels.COSTS, amounts.costs),
        (labels.INTEREST, amounts.interest),
        (labels.PAID, amounts.paid),
        (labels.REMITTED, amounts.remitted),
        (labels.BALANCE, balance_to_show(claim)),
    )
    return tuple((label, formatting.money(amount)) for label, amount in parts)


def facts(reported: ReportedClaim) -> tuple[Fact, ...]:
    """Everything else that a counsellor needs, without what is not known."""
    claim = reported.claim
    payment = claim.payment
    stated: tuple[tuple[str, str | None], ...] = (
        (N_("Kenmerk"), claim.reference),
        (labels.REPORTED_BY, shared_by(reported)),
        (N_("Klantnummer"), claim.customer_number),
        (N_("Nummer van het besluit"), ", ".join(claim.decision_numbers)),
        (N_("Wet of regel"), claim.legal_ground),
        (N_("Ontstaan op"), _known(claim.originated_on)),
        (N_("Periode"), _period(claim)),
        (N_("Stand op"), _known(claim.amounts.as_of)),
        (N_("Status sinds"), _known(claim.status_since_on)),
        (labels.ARREARS, formatting.arrears(claim.arrears)),
        (N_("Betalen voor"), sentences.due_words(claim)),
        (N_("Dan te betalen"), _amount(claim.due_amount)),
        (N_("Betalingsregeling"), _plan(claim.payment_plan)),
        (N_("Deurwaarder of incassobureau"), _collector(claim)),
        (N_("Preferent"), _(labels.PREFERENCE[claim.preference]) if claim.preference else None),
        (N_("Bezwaar mogelijk tot"), _known(claim.objection_until_on)),
        (
            labels.JOINT_TITLE,
            None if claim.joint is None else _(labels.JOINT) if claim.joint else _("nee"),
        ),
        (N_("Rekeningnummer"), payment.iban if payment else None),
        (N_("Op naam van"), payment.account_name if payment else None),
        (N_("Betaalkenmerk"), payment.reference if payment else None),
        *((labels.CONTACT[option.kind], contact(option)) for option in claim.contact),
    )
    return tuple((label, value) for label, value in stated if value)


def shared_by(reported: ReportedClaim) -> str | None:
    """The sources that all report this claim, or the one that reports it in the name of another organisation; None when
    the creditor itself says so. A source can name anybody as creditor, and an account of its own to pay on."""
    if reported.is_shared:
        return _("%(sources)s (één keer geteld)", sources=sentences.reported_by(reported))
    creditor, source = reported.claim.creditor, reported.sources[0].organisation
    differ = creditor.name != source.name or (creditor.oin and source.oin and creditor.oin != source.oin)
    return sentences.reported_by(reported) if differ else None


def findings(claim: FinancialClaim) -> tuple[str, ...]:
    """What is odd about this claim, in words, each sentence once."""
    return _told(claim, labels.FINDING)


def remarks(claim: FinancialClaim) -> tuple[str, ...]:
    """What a reader should know of this claim and is nobody's mistake, each sentence once."""
    return _told(claim, labels.REMARK)


def _told(claim: FinancialClaim, words: Mapping[str, str]) -> tuple[str, ...]:
    said = (words.get(finding.code) for finding in claim.findings)
    return tuple(dict.fromkeys(_(text) for text in said if text))


def urgency(stated: Urgency) -> str:
    """ "U kunt worden afgesloten op 3 december 2026. ..." """
    said = f"{_(labels.URGENCY[stated.kind])}."
    if stated.on:
        said = _(labels.URGENCY_ON[stated.kind], day=formatting.day(stated.on))
    return f"{said} {isolated(stated.description)}" if stated.description else said


def contact(option: ContactOption) -> str:
    """The value with hours and description, as the organisation states them."""
    return ", ".join(map(isolated, filter(None, [option.value, option.hours, option.description])))


def _known(value: datetime | PartialDate | None) -> str | None:
    return None if value is None else formatting.when(value)


def _amount(amount: Money | None) -> str | None:
    return None if amount is None else formatting.money(amount)


def _period(claim: FinancialClaim) -> str | None:
    if claim.period_from is None and claim.period_until is None:
        return None
    first, last = formatting.day(claim.period_from), formatting.day(claim.period_until)
    return _("%(first)s tot en met %(last)s", first=first, last=last)


def _plan(plan: PaymentPlan | None) -> str | None:
    if plan is None:
        return None
    amount = formatting.money(plan.instalment)
    parts = [
        _("%(amount)s per %(period)s", amount=amount, period=formatting.period(plan.period))
        if plan.period
        else _("%(amount)s per keer", amount=amount),
        _("volgende keer %(day)s", day=formatting.day(plan.next_due_on)),
        _("laatste keer %(day)s", day=formatting.day(plan.ends_on)),
        *([_("afgesproken op %(day)s", day=formatting.day(plan.agreed_on))] if plan.agreed_on else []),
    ]
    return ", ".join(parts)


def _collector(claim: FinancialClaim) -> str | None:
    collector = claim.collector
    if collector is None:
        return None
    parts = [
        isolated(collector.name),
        _("nummer %(number)s", number=collector.reference) if collector.reference else None,
        _("sinds %(day)s", day=formatting.day(collector.handed_over_on))
        if collector.handed_over_on
        else None,
        *map(contact, collector.contact),
    ]
    return ", ".join(filter(None, parts))


@dataclass(frozen=True, slots=True)
class EventText:
    """One line of the history. `amount` is None when this kind of event has no amount at all."""

    on: str
    title: str
    details: str
    amount: str | None


def history(claim: FinancialClaim) -> tuple[Event, ...]:
    """In the order of the claim; of one moment first what is owed, and then that it must be paid."""
    together = (
        list(events) for _moment, events in groupby(claim.events, key=lambda event: event.registered_at)
    )
    return tuple(
        event
        for events in together
        for event in sorted(events, key=lambda one: type(one) is not ObligationImposed)
    )


def event_title(event: Event) -> str:
    """In Dutch: whoever shows it translates it."""
    return labels.EVENT.get(type(event), labels.UNKNOWN_EVENT)


def describe(event: Event) -> EventText:
    """An event in words, also of a kind that we do not know."""
    title = _(event_title(event))
    read = _READERS.get(type(event))
    moment, amount, details = read(event) if read else (None, None, ())
    texts = (_as_stated(event.description), *details)
    return EventText(
        formatting.when(moment or event.registered_at),
        title,
        in_a_row(_sentence(text) for text in texts if text),
        amount,
    )


def _as_stated(words: str | None) -> str | None:
    """Words of a source among ours; None when there are none."""
    if not words:
        return None
    apart = isolated(words)
    return Stated(words) if apart == words else put_together((ISOLATE, Stated(words), ISOLATE_END))


def _sentence(text: str) -> str:
    is_whole = text.rstrip(f" {ISOLATE_END}").endswith((".", "!", "?", "}"))
    return text if is_whole else put_together((text, "."))


_Reading = tuple[datetime | PartialDate | None, str | None, tuple[str | None, ...]]


def _imposed(event: ObligationImposed) -> _Reading:
    number = _("Besluit %(number)s.", number=event.decision_number) if event.decision_number else None
    named = event.imposed_by and not event.imposed_by.isdigit()
    by = _("Door %(name)s.", name=Stated(event.imposed_by)) if named else None
    return event.imposed_at, formatting.money(event.amount), (number, _as_stated(event.legal_ground), by)


def _corrected(event: ObligationCorrected) -> _Reading:
    return None, formatting.money(event.difference), ()


def _remitted(event: ObligationRemitted) -> _Reading:
    return None, formatting.money(event.amount), ()


def _asked(event: PaymentObligationImposed) -> _Reading:
    details = (
        f"{_(labels.NOTICE[event.notice])}." if event.notice else None,
        _("Betalen voor %(day)s.", day=formatting.when(event.due)) if event.due else None,
        _("Betaalkenmerk %(reference)s.", reference=event.reference) if event.reference else None,
    )
    return event.imposed_at, formatting.money(event.amount), details


def _paid(event: PaymentProcessed) -> _Reading:
    details = (
        _("Kenmerk %(reference)s.", reference=event.reference) if event.reference else None,
        _("Ontvangen door %(name)s.", name=Stated(event.received_by))
        if event.received_by and not event.received_by.isdigit()
        else None,
    )
    return event.received_at or event.processed_at, formatting.money(event.amount), details


def _withdrawn(_event: PaymentObligationWithdrawn) -> _Reading:
    return None, None, ()


def _transferred(event: CaseTransferred) -> _Reading:
    to = _("Aan %(name)s.", name=Stated(event.transferred_to)) if event.transferred_to else None
    return event.transferred_at, None if event.balance is None else formatting.money(event.balance), (to,)


def _unrecognised(event: UnrecognisedEvent) -> _Reading:
    """What a citizen can do something with; all that it holds stands in the JSON record."""
    told = unknown_event.read(event)
    own_words = None if event.description else _as_stated(told.words)
    kind = event.type_name
    named = _("De organisatie noemt dit: %(kind)s.", kind=Stated(kind)) if kind else None
    amount = None if told.amount is None else formatting.money(told.amount)
    return told.on, amount, (own_words, named, _("Vraag de organisatie wat dit betekent."))


_READERS: dict[type[Event], Callable[[Any], _Reading]] = {
    ObligationImposed: _imposed,
    ObligationCorrected: _corrected,
    ObligationRemitted: _remitted,
    PaymentObligationImposed: _asked,
    PaymentObligationWithdrawn: _withdrawn,
    PaymentProcessed: _paid,
    CaseTransferred: _transferred,
    UnrecognisedEvent: _unrecognised,
}
