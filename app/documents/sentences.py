"""What an overview says in words. One function per subject, so that page, PDF, JSON and CSV say the same.

In the language of the moment; whoever writes for programs says `speaking(DUTCH)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

from app.documents import formatting, labels
from app.documents.payments import first_to_pay, is_to_pay, is_waiting, some_wait
from app.language import _, ngettext
from app.language.stated import Stated, in_a_row
from claims.financial_claim import ClaimStatus, FinancialClaim, PaymentPlan
from claims.organisation import Organisation
from claims.outcome import BasisKind, NotConnected, OutcomeKind, SourceAnswer, SourceFailure, SourceOutcome
from claims.overview import SETTLED, Overview, ReportedClaim, creditor_key, is_settled
from claims.visible import is_visible


@dataclass(frozen=True, slots=True)
class Completeness:
    """`headline` counts the sources that were asked; `by_list` names each connected source that was not, because its
    list of whom it knows did not have this person; `gaps` names each source without a full answer; `notes` are gaps
    that do not raise the total by themselves (organisations that are not connected yet)."""

    is_full: bool
    headline: str
    gaps: tuple[str, ...]
    notes: tuple[str, ...]
    by_list: tuple[str, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        return (self.headline, *self.gaps, *self.by_list, *self.notes)


def completeness(overview: Overview) -> Completeness:
    """What must stand above every total."""
    return Completeness(
        is_full=overview.all_answered,
        headline=_headline(overview),
        gaps=tuple(_gaps(overview)),
        notes=tuple(
            _("%(name)s is nog niet aangesloten.", name=_name(o.source.organisation))
            for o in overview.not_connected
        ),
        by_list=tuple(_by_list(overview)),
    )


def _headline(overview: Overview) -> str:
    if overview.connected_count == 0:
        return _("Er is geen bron aangesloten. Wij weten niet wat u moet betalen.")
    by_list = len(list(_by_list(overview)))
    count = overview.connected_count - by_list
    if count == 0:
        return _("Wij hoefden geen bron te vragen.")
    if overview.all_answered:
        return _asked_answered(count) if by_list else _connected_answered(count)
    full = count - len(overview.missing) - len(overview.partial)
    return _asked_in_part(full, count) if by_list else _connected_in_part(full, count)


def _asked_answered(count: int) -> str:
    return ngettext(
        "De ene gevraagde bron heeft geantwoord.",
        "Alle %(number)s gevraagde bronnen hebben geantwoord.",
        count,
    )


def _connected_answered(count: int) -> str:
    return ngettext(
        "De ene aangesloten bron heeft geantwoord.",
        "Alle %(number)s aangesloten bronnen hebben geantwoord.",
        count,
    )


def _asked_in_part(full: int, count: int) -> str:
    if count == 1:
        return _("Let op: de ene gevraagde bron gaf geen volledig antwoord.")
    return ngettext(
        "Let op: %(number)s van de %(count)s gevraagde bronnen gaf een volledig antwoord.",
        "Let op: %(number)s van de %(count)s gevraagde bronnen gaven een volledig antwoord.",
        full,
        count=count,
    )


def _connected_in_part(full: int, count: int) -> str:
    if count == 1:
        return _("Let op: de ene aangesloten bron gaf geen volledig antwoord.")
    return ngettext(
        "Let op: %(number)s van de %(count)s aangesloten bronnen gaf een volledig antwoord.",
        "Let op: %(number)s van de %(count)s aangesloten bronnen gaven een volledig antwoord.",
        full,
        count=count,
    )


def _by_list(overview: Overview) -> Iterator[str]:
    for outcome in overview.outcomes:
        if said := by_index(outcome):
            not_asked = _("%(name)s hebben wij niet gevraagd.", name=_name(outcome.source.organisation))
            yield in_a_row((not_asked, said))


def _gaps(overview: Overview) -> Iterator[str]:
    for outcome in overview.outcomes:
        gap = source_gap(outcome)
        if gap:
            yield gap
    if overview.has_gaps and overview.connected_count:
        yield _(labels.TOTAL_MAY_BE_HIGHER)
    elif overview.balance.unknown_count:
        yield _unknown_amounts(overview.balance.unknown_count)


def _unknown_amounts(count: int) -> str:
    said = ngettext(
        "Van %(number)s rekening is het bedrag niet bekend.",
        "Van %(number)s rekeningen is het bedrag niet bekend.",
        count,
    )
    return f"{said} {_(labels.TOTAL_MAY_BE_HIGHER)}"


def source_gap(outcome: SourceOutcome) -> str | None:
    """ "Kredietbank gaf geen antwoord. Er kunnen meer schulden zijn."; None for a full answer or not connected."""
    if outcome.is_full or isinstance(outcome, NotConnected):
        return None
    name = _name(outcome.source.organisation)
    if not isinstance(outcome, SourceAnswer):
        said = _("%(name)s gaf geen antwoord.", name=name)
    elif outcome.claims:
        said = _("%(name)s gaf een deel van het antwoord.", name=name)
    else:
        said = _("%(name)s gaf geen volledig antwoord.", name=name)
    return in_a_row((said, _(labels.MORE_DEBTS)))


def source_result(outcome: SourceOutcome) -> str:
    """How asking one source ended, in a few words, with the class of cause: never the source's own text."""
    if isinstance(outcome, SourceFailure):
        return f"{_(labels.OUTCOME[outcome.kind])}. {_(labels.FAILURE_CAUSE[outcome.cause])}"
    if isinstance(outcome, NotConnected):
        return _(labels.OUTCOME[outcome.kind])
    reasons = [labels.PARTIAL_REASON[reason] for reason in outcome.partial]
    odd = [labels.FINDING[finding.code] for finding in outcome.findings if finding.code in labels.FINDING]
    more = dict.fromkeys(map(_, (*reasons, *odd)))
    return ". ".join([_answered(outcome), " ".join(more)]) if more else _answered(outcome)


def by_index(outcome: SourceOutcome) -> str | None:
    """What to say when the source was not asked, because its list of whom it knows did not have this person."""
    if not isinstance(outcome, SourceAnswer) or outcome.kind is not OutcomeKind.NO_CLAIMS:
        return None
    if outcome.basis.kind is not BasisKind.INDEX:
        return None
    return _(
        "Volgens de lijst van %(moment)s is er niets bekend.", moment=formatting.moment(outcome.basis.at)
    )


def _answered(answer: SourceAnswer) -> str:
    if said := by_index(answer):
        return said.removesuffix(".")
    if answer.kind is not OutcomeKind.CLAIMS:
        return _(labels.OUTCOME[answer.kind])
    count = len(answer.claims)
    if answer.is_full:
        return ngettext("Antwoord met %(number)s rekening", "Antwoord met %(number)s rekeningen", count)
    return ngettext(
        "Een deel van het antwoord, met %(number)s rekening",
        "Een deel van het antwoord, met %(number)s rekeningen",
        count,
    )


def no_claims(overview: Overview) -> str:
    """What to say when there is not one claim. Nothing found is said only when everybody answered in full."""
    if overview.all_answered:
        return _(labels.NO_CLAIMS_AT_ALL)
    return _("Wij kregen geen rekeningen te zien. Niet alle bronnen gaven een volledig antwoord.")


def _name(organisation: Organisation) -> Stated:
    return Stated(formatting.organisation(organisation))


def missing_names(overview: Overview) -> tuple[str, ...]:
    """Names of the connected sources without a full answer, in the order of asking."""
    return tuple(
        formatting.organisation(o.source.organisation)
        for o in overview.outcomes
        if not o.is_full and not isinstance(o, NotConnected)
    )


def key_figures(overview: Overview) -> tuple[tuple[str, str], ...]:
    """The three figures to read first, as (label, value); the label in Dutch: whoever shows it translates it."""
    return (
        (labels.BALANCE, formatting.total(overview.balance)),
        (labels.ARREARS, formatting.total(overview.arrears)),
        (labels.FIRST_DATE, first_date(overview)),
    )


def first_date(overview: Overview) -> str:
    """The first date to pay. With gaps, or a claim of which the date is not known, an earlier one may exist, and the
    text says so."""
    first = first_to_pay(overview.claims)
    if first is None:
        unsettled = any(is_to_pay(claim) for claim in overview.claims)
        return _(formatting.UNKNOWN) if unsettled or overview.has_gaps else _("geen")
    stated = formatting.day(first.due_on)
    undated = any(c.due_on is None and c.status in _HAVE_A_DATE for c in overview.claims if not is_settled(c))
    return _("%(day)s, of eerder", day=stated) if overview.has_gaps or undated else stated


# On the others nothing is to be paid here on a date: paused, disputed, handed over.
_HAVE_A_DATE = frozenset(
    {
        ClaimStatus.OPEN,
        ClaimStatus.OVERDUE,
        ClaimStatus.ARRANGEMENT,
        ClaimStatus.ARRANGEMENT_BROKEN,
        ClaimStatus.UNKNOWN,
    }
)


def overpaid(overview: Overview) -> str | None:
    """Money that the citizen gets back never lowers the total: it has a sentence of its own."""
    if not overview.overpaid.cents:
        return None
    return _(
        "U krijgt ook geld terug: %(amount)s. Dit is niet van het totaal afgehaald.",
        amount=formatting.money(overview.overpaid),
    )


def creditor_labels(overview: Overview) -> tuple[str, ...]:
    """Whose sum each of `per_organisation` is: with the department only when all claims of this creditor are of that one
    department."""
    same: dict[tuple[str, str], list[Organisation]] = {}
    for claim in overview.claims:
        same.setdefault(creditor_key(claim.creditor), []).append(claim.creditor)
    return tuple(map(_creditor_label, same.values()))


def _creditor_label(same: Sequence[Organisation]) -> str:
    departments = {each.department for each in same}
    return formatting.organisation(same[0]) if len(departments) <= 1 else same[0].name


def reported_by(reported: ReportedClaim) -> str:
    """The sources of a claim; with two or more the reader sees that it was counted once."""
    names: list[str] = [_name(source.organisation) for source in reported.sources]
    return reduce(formatting.both, names)


def claim_title(claim: FinancialClaim) -> str:
    """What the claim is for, in the source's own words."""
    stated = (text for text in (claim.title, claim.kind_id) if text and is_visible(text))
    return next(stated, _("Rekening"))


def next_steps(overview: Overview) -> tuple[str, ...]:
    """What to do now: at most three sentences, help always among them. With gaps, asking again is one of them."""
    urgent = next((c for c in overview.claims if c.urgencies or c.collector), None)
    steps = [] if urgent is None else [_call_first(urgent)]
    due = first_to_pay(claim for claim in overview.claims if claim is not urgent)
    if due is not None:
        look = _(
            "Kijk naar %(claim)s van %(creditor)s.",
            claim=Stated(claim_title(due)),
            creditor=Stated(due.creditor.name),
        )
        steps.append(in_a_row((look, status_line(due))))
    if overview.missing or overview.partial:
        again = _("Haal dit overzicht later nog een keer op. Niet alle bronnen gaven een volledig antwoord.")
        steps = [*steps[:1], again]
    return (*steps[:2], _(labels.HELP_SENTENCE))


def _call_first(claim: FinancialClaim) -> str:
    who = Stated(claim.collector.name) if claim.collector else _name(claim.creditor)
    return _("Bel vandaag met %(who)s over %(claim)s.", who=who, claim=Stated(claim_title(claim)))


def due_words(claim: FinancialClaim) -> str:
    """ "31 mei 2026", with the status behind it when nobody needs to pay by it now: "31 mei 2026 (bezwaar loopt)"."""
    day = formatting.day(claim.due_on)
    if claim.due_on is None or not is_waiting(claim):
        return day
    return f"{day} ({formatting.within(_(labels.STATUS[claim.status]))})"


def not_in_months(claims: Sequence[FinancialClaim]) -> str:
    """Which dates the sums of the months leave out; empty when they have them all."""
    if not some_wait(claims):
        return ""
    paused, disputed = (labels.STATUS[status] for status in (ClaimStatus.PAUSED, ClaimStatus.DISPUTED))
    return _(
        "Niet meegeteld: rekeningen met ‘%(paused)s’ of ‘%(disputed)s’.",
        paused=_(paused),
        disputed=_(disputed),
    )


def shown_status(claim: FinancialClaim) -> ClaimStatus:
    """The stated status; "not known" when it says settled and the amounts say otherwise."""
    return ClaimStatus.UNKNOWN if claim.status in SETTLED and not is_settled(claim) else claim.status


def status_line(claim: FinancialClaim) -> str:
    """The line below the status: what to do, with the dates and amounts that are known. May be empty."""
    build = _STATUS_LINES.get(shown_status(claim))
    return build(claim) if build else ""


def _open_line(claim: FinancialClaim) -> str:
    if claim.due_on is None:
        return _("De datum is niet bekend.")
    return _("Betaal voor %(day)s.", day=formatting.day(claim.due_on))


def _overdue_line(claim: FinancialClaim) -> str:
    if claim.due_on is None:
        return _("Bel als betalen niet lukt.")
    return _("De datum was %(day)s. Bel als betalen niet lukt.", day=formatting.day(claim.due_on))


def _arrangement_line(claim: FinancialClaim) -> str:
    plan = claim.payment_plan
    if plan is None:
        return _("De afspraken zijn niet bekend.")
    next_on = _("Volgende keer: %(day)s.", day=formatting.day(plan.next_due_on))
    return f"{_you_pay(plan)} {next_on}".strip()


def _you_pay(plan: PaymentPlan) -> str:
    if not plan.instalment:
        return ""
    amount = formatting.money(plan.instalment)
    if plan.period:
        return _("U betaalt %(amount)s per %(period)s.", amount=amount, period=formatting.period(plan.period))
    return _("U betaalt %(amount)s per keer.", amount=amount)


def _transferred_line(claim: FinancialClaim) -> str:
    name = Stated(claim.collector.name) if claim.collector else _name(claim.creditor)
    return _("Neem contact op met %(name)s.", name=name)


_STATUS_LINES: dict[ClaimStatus, Callable[[FinancialClaim], str]] = {
    ClaimStatus.OPEN: _open_line,
    ClaimStatus.OVERDUE: _overdue_line,
    ClaimStatus.ARRANGEMENT: _arrangement_line,
    ClaimStatus.ARRANGEMENT_BROKEN: lambda _claim: _("Bel met de organisatie."),
    ClaimStatus.PAUSED: lambda _claim: _("U hoeft nu niets te doen."),
    ClaimStatus.DISPUTED: lambda _claim: _("U krijgt bericht."),
    ClaimStatus.TRANSFERRED: _transferred_line,
    ClaimStatus.PAID: lambda _claim: _("Klaar."),
    ClaimStatus.UNKNOWN: lambda _claim: _("Bel voor meer uitleg."),
}
