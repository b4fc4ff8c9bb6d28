"""One claim as one card: what it is, how much, what to do now; behind that the build-up, history and contact.

Only words and order are decided here. What the source does not say is shown as "niet bekend" or left out, never as zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from app.documents import claim_facts, formatting, labels, sentences
from app.documents import versions as side_by_side
from app.documents.versions import Versions
from app.language import gettext as _
from app.web.build_up import BuildUp, build_up
from app.web.error_report_words import ReportHint
from app.web.explanation import explanation
from app.web.facts import Fact, known
from app.web.next_steps import ContactBlock, Step, next_steps
from app.web.notes import Note, notes
from app.web.source_states import Tone
from claims.financial_claim import ClaimStatus, FinancialClaim, PaymentPlan
from claims.organisation import ContactKind
from claims.outcome import Source
from claims.overview import ReportedClaim, balance_to_show, is_late, is_settled


def is_asked_again(reported: ReportedClaim, pending: Iterable[Source]) -> bool:
    """A source of this claim is being asked anew."""
    asked = {source.source_id for source in pending}
    return any(source.source_id in asked for source in reported.sources)


def _asked_again() -> Note:
    told = _("Dit is wat wij eerder hoorden. Het kan zo veranderen.")
    return Note(Tone.NEUTRAL, _("Wordt opnieuw gevraagd"), told)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimCard:
    """`anchor` is unique on the page and says nothing about the person; `claim_id` names the page of this claim.
    `versions`: what each source says, side by side, when they contradict each other, below `labels.VERSION_HEAD`.
    `report`: how to say that something is wrong; set by the page."""

    anchor: str
    claim_id: str
    title: str
    organisation: str
    amount_label: str
    amount: str
    as_of: str
    status: str
    tone: Tone
    status_line: str
    notes: tuple[Note, ...]
    doubt: str
    versions: tuple[tuple[str, ...], ...]
    facts: tuple[Fact, ...]
    call: ContactBlock | None
    more_facts: tuple[Fact, ...]
    steps: tuple[Step, ...]
    contact: tuple[ContactBlock, ...]
    build_up: BuildUp
    history: tuple[claim_facts.EventText, ...]
    explanation: tuple[str, ...]
    report: ReportHint | None = None

    @property
    def called(self) -> frozenset[str]:
        """Whose telephone stands at what to do: nobody needs it twice on one card."""
        return frozenset(step.call.name for step in self.steps if step.call is not None)


def claim_card(
    reported: ReportedClaim,
    number: int,
    today: date,
    versions: Versions,
    *,
    claim_id: str = "",
    asked_again: bool = False,
) -> ClaimCard:
    """`asked_again`: a source of this claim is being asked anew; until it answers the card shows what it said before."""
    claim, said = reported.claim, versions.of(reported)
    status, tone, line = _status(claim, today)
    label, amount = _amount(claim)
    contact = tuple(_contact(reported))
    call = _call(contact)
    return ClaimCard(
        anchor=f"rekening-{number}",
        claim_id=claim_id,
        title=sentences.claim_title(claim),
        organisation=formatting.organisation(claim.creditor),
        amount_label=label,
        amount=amount,
        as_of=formatting.when(claim.amounts.as_of),
        status=status,
        tone=tone,
        status_line=line,
        notes=(*((_asked_again(),) if asked_again else ()), *notes(claim)),
        doubt=side_by_side.doubt(versions, reported) if said else "",
        versions=tuple(map(side_by_side.row, said)),
        facts=tuple(_facts(reported)),
        call=call,
        more_facts=tuple(_more_facts(claim)),
        steps=next_steps(claim, call, today),
        contact=contact,
        build_up=build_up(claim),
        history=tuple(map(claim_facts.describe, claim_facts.history(claim))),
        explanation=explanation(claim),
    )


def _status(claim: FinancialClaim, today: date) -> tuple[str, Tone, str]:
    if claim.is_overpaid and is_settled(claim):
        return _(labels.OVERPAID), Tone.SUCCESS, _("U hoeft niets te betalen.")
    line = sentences.status_line(claim)
    if claim.status is ClaimStatus.OPEN and is_late(claim, today):
        return _late_though_open(claim, today, line)
    shown = sentences.shown_status(claim)
    return _(labels.STATUS[shown]), Tone(labels.STATUS_BADGE[shown]), line


def _late_though_open(claim: FinancialClaim, today: date, line: str) -> tuple[str, Tone, str]:
    """The source calls it open. Either the date has passed since, or a part was late before that date."""
    if claim.due_on is not None and claim.due_on.latest < today:
        passed = _("De datum was %(day)s. Bel als betalen niet lukt.", day=formatting.day(claim.due_on))
        return _("Datum voorbij"), Tone.DANGER, passed
    late = _("Een deel is al te laat.")
    return _(labels.STATUS[claim.status]), Tone.DANGER, f"{late} {line}"


def _amount(claim: FinancialClaim) -> tuple[str, str]:
    balance = balance_to_show(claim)
    if claim.is_overpaid and balance is not None:
        return _("U krijgt terug"), formatting.money(-balance)
    return _(labels.BALANCE), formatting.money(balance)


def _facts(reported: ReportedClaim) -> Iterator[Fact]:
    """What everybody needs; the rest is behind "Uitleg en meer gegevens"."""
    claim = reported.claim
    if not is_settled(claim):
        yield Fact(_("Betalen voor"), sentences.due_words(claim))
        yield from known(_("Dan te betalen"), claim.due_amount, formatting.money)
        yield Fact(_(labels.ARREARS), formatting.arrears(claim.arrears))
    yield from _plan(claim)
    yield Fact(_("Kenmerk"), claim.reference, is_code=True)
    if said := claim_facts.shared_by(reported):
        yield Fact(_(labels.REPORTED_BY), said)


def _plan(claim: FinancialClaim) -> Iterator[Fact]:
    plan = claim.payment_plan
    if plan is None:
        return
    yield Fact(_("Betalingsregeling"), _instalment(plan))
    if plan.next_due_on != claim.due_on:
        yield from known(_("Volgende betaling"), plan.next_due_on, formatting.day)
    yield from known(_("Regeling loopt tot"), plan.ends_on, formatting.day)


def _instalment(plan: PaymentPlan) -> str:
    amount = formatting.money(plan.instalment)
    if plan.period:
        return _("%(amount)s per %(period)s", amount=amount, period=formatting.period(plan.period))
    return _("%(amount)s per keer", amount=amount)


def _more_facts(claim: FinancialClaim) -> Iterator[Fact]:
    for decision in claim.decision_numbers:
        yield Fact(_("Nummer van het besluit"), decision, is_code=True)
    yield from known(_("Klantnummer"), claim.customer_number, str, is_code=True)
    yield from known(_("Ontstaan op"), claim.originated_on, formatting.day)
    yield from _period(claim)
    yield from known(_("Status sinds"), claim.status_since_on, formatting.day)
    if claim.payment_plan is not None:
        yield from known(_("Regeling afgesproken op"), claim.payment_plan.agreed_on, formatting.day)
    yield from known(_("Bezwaar mogelijk tot"), claim.objection_until_on, formatting.day)
    yield from known(_("Bij verdelen van geld"), claim.preference, lambda rank: _(labels.PREFERENCE[rank]))


def _period(claim: FinancialClaim) -> Iterator[Fact]:
    if claim.period_from is not None or claim.period_until is not None:
        first, last = formatting.day(claim.period_from), formatting.day(claim.period_until)
        yield Fact(_("Periode"), _("%(first)s tot en met %(last)s", first=first, last=last))


def _contact(reported: ReportedClaim) -> Iterator[ContactBlock]:
    """The collector first: who has the case answers the questions. A creditor that states nothing with the claim is reached as it
    states as a source."""
    claim = reported.claim
    own = (s.contact for s in reported.sources if s.organisation.name == claim.creditor.name and s.contact)
    if claim.collector is not None:
        yield ContactBlock(name=claim.collector.name, options=claim.collector.contact)
    yield ContactBlock(name=formatting.organisation(claim.creditor), options=claim.contact or next(own, ()))


def _call(contact: tuple[ContactBlock, ...]) -> ContactBlock | None:
    """Whom to call first: the first in the list, when it has a telephone. Another one would send people wrong."""
    phones = tuple(option for option in contact[0].options if option.kind is ContactKind.PHONE)
    return ContactBlock(name=contact[0].name, options=phones) if phones else None
