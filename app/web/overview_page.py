"""The overview as a page: first whether everybody answered, then how much, how late, when, and where help is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, repeat

from app.documents import formatting, labels, sentences
from app.documents.payments import first_to_pay
from app.documents.versions import Versions, lines, total_doubt
from app.language import gettext as _
from app.language import ngettext
from app.services.collection import CollectionView
from app.services.error_reports import claim_id_of
from app.web.bars import Bar, bar
from app.web.citizen import Citizen
from app.web.claim_card import ClaimCard, claim_card, is_asked_again
from app.web.dates import DateGroup, MonthRow, coming_dates, month_rows
from app.web.error_report_words import ReportHint
from app.web.first_things import FirstThing, first_things
from app.web.first_things import heading as first_heading
from app.web.source_states import SourceState, gaps, source_states
from claims.financial_claim import FinancialClaim
from claims.money import ZERO
from claims.names import names_differ
from claims.overview import Overview, ReportedClaim, balance_to_show, is_settled, sort_by_urgency


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the figures to read first. `note` is a short line below it, or empty."""

    label: str
    value: str
    note: str = ""


MOST_PAID_ROWS = 25  # more is no picture any more; every card has its own
MOST_CARDS = 250  # in the order of urgency; thousands of cards would be a page that no browser can show


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A claim in one line of a table, where there are too many for a card each. `said`: when sources contradict each
    other, what each of them says."""

    claim_id: str
    title: str
    organisation: str
    reference: str
    status: str
    amount: str
    said: str


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    name: str
    claim_count: int
    balance: str
    arrears: str
    bar: Bar | None


@dataclass(frozen=True, slots=True)
class PaidRow:
    """What is paid of a claim beside what is left, as in its build-up. `anchor`: of its card."""

    title: str
    anchor: str
    paid: str
    left: str
    bar: Bar | None


@dataclass(frozen=True, slots=True)
class CardGroup:
    """Cards below one heading; empty when they are not grouped."""

    heading: str
    cards: tuple[ClaimCard, ...]


@dataclass(frozen=True, slots=True)
class StatedName:
    source: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewPage:
    """`notes` are about organisations that are not connected; `is_gathering`: some sources are still being asked."""

    collection_id: str
    last_three: str
    gathered: str
    all_answered: bool
    headline: str
    gaps: tuple[SourceState, ...]
    is_gathering: bool
    amounts_unknown: str
    by_list: tuple[str, ...]
    notes: tuple[str, ...]
    figures: tuple[Figure, ...]
    overpaid: str | None
    doubt: str | None
    first_heading: str
    first_things: tuple[FirstThing, ...]
    claim_count: int
    by_organisation: bool
    groups: tuple[CardGroup, ...]
    dates: tuple[DateGroup, ...]
    more_dates: int
    months: tuple[MonthRow, ...]
    not_in_months: str
    paid: tuple[PaidRow, ...]
    lines: tuple[ClaimLine, ...]
    organisations: tuple[OrganisationRow, ...]
    sources: tuple[SourceState, ...]
    names: tuple[StatedName, ...]
    names_differ: bool


def overview_page(
    view: CollectionView,
    citizen: Citizen,
    today: date,
    hints: Mapping[str, ReportHint],
    *,
    by_organisation: bool = False,
) -> OverviewPage:
    """`hints`: about reporting, by id of the claim."""
    overview = view.overview
    answered = sentences.completeness(overview)
    claims = sort_by_urgency(overview.reported, today)
    versions = Versions(overview)
    cards = tuple(
        _card(view, hints, today, versions, numbered) for numbered in enumerate(claims[:MOST_CARDS], start=1)
    )
    first = first_things([(one.claim, card) for one, card in zip(claims, cards, strict=False)], today)
    dates, more_dates = coming_dates(_with_anchors(claims, cards), today)
    return OverviewPage(
        collection_id=view.collection_id,
        last_three=citizen.bsn.last_three,
        gathered=formatting.moment(overview.gathered_at),
        all_answered=answered.is_full,
        headline=answered.headline,
        gaps=gaps(view),
        is_gathering=bool(view.pending),
        amounts_unknown=_amounts_unknown(overview),
        by_list=answered.by_list,
        notes=answered.notes,
        figures=_figures(overview, today),
        overpaid=sentences.overpaid(overview),
        doubt=total_doubt(versions),
        first_heading=first_heading(first),
        first_things=first,
        claim_count=len(claims),
        by_organisation=by_organisation,
        groups=_groups(cards, by_organisation=by_organisation),
        dates=dates,
        more_dates=more_dates,
        months=month_rows(overview.claims, today, has_gaps=overview.has_gaps),
        not_in_months=sentences.not_in_months(overview.claims),
        paid=tuple(_paid_rows(claims, cards)),
        lines=tuple(_line(view.collection_id, claim, versions) for claim in claims[MOST_CARDS:]),
        organisations=_organisations(overview),
        sources=source_states(view),
        names=_names(overview),
        names_differ=names_differ(overview),
    )


def _card(
    view: CollectionView,
    hints: Mapping[str, ReportHint],
    today: date,
    versions: Versions,
    numbered: tuple[int, ReportedClaim],
) -> ClaimCard:
    number, claim = numbered
    claim_id = claim_id_of(view.collection_id, claim)
    asked_again = is_asked_again(claim, view.pending)
    card = claim_card(claim, number, today, versions, claim_id=claim_id, asked_again=asked_again)
    return replace(card, report=hints.get(claim_id))


def _with_anchors(
    claims: tuple[ReportedClaim, ...], cards: tuple[ClaimCard, ...]
) -> Iterator[tuple[str, FinancialClaim]]:
    anchors = chain((card.anchor for card in cards), repeat(""))
    return ((anchor, one.claim) for one, anchor in zip(claims, anchors, strict=False))


def _groups(cards: tuple[ClaimCard, ...], *, by_organisation: bool) -> tuple[CardGroup, ...]:
    """Organisations in the order of their most urgent claim."""
    if not by_organisation:
        return (CardGroup("", cards),) if cards else ()
    names = dict.fromkeys(card.organisation for card in cards)
    return tuple(CardGroup(name, tuple(c for c in cards if c.organisation == name)) for name in names)


def _line(collection_id: str, reported: ReportedClaim, versions: Versions) -> ClaimLine:
    claim = reported.claim
    return ClaimLine(
        claim_id_of(collection_id, reported),
        sentences.claim_title(claim),
        formatting.organisation(claim.creditor),
        claim.reference,
        _(labels.STATUS[sentences.shown_status(claim)]),
        formatting.money(balance_to_show(claim)),
        lines(versions.of(reported)),
    )


def _figures(overview: Overview, today: date) -> tuple[Figure, ...]:
    first = first_to_pay(overview.claims)
    has_passed = first is not None and first.due_on is not None and first.due_on.latest < today
    note = _("Deze datum is voorbij.") if has_passed else ""
    return tuple(
        Figure(_(label), value, note if label == labels.FIRST_DATE else "")
        for label, value in sentences.key_figures(overview)
    )


def _amounts_unknown(overview: Overview) -> str:
    count = overview.balance.unknown_count
    if count == 0:
        return ""
    return ngettext(
        "Van %(number)s rekening is het bedrag niet bekend.",
        "Van %(number)s rekeningen is het bedrag niet bekend.",
        count,
    )


def _organisations(overview: Overview) -> tuple[OrganisationRow, ...]:
    rows = overview.per_organisation
    longest = max((row.balance.amount for row in rows if row.balance.amount), default=ZERO)
    return tuple(
        OrganisationRow(
            name,
            row.claim_count,
            formatting.total(row.balance),
            formatting.total(row.arrears),
            bar(row.arrears.amount, row.balance.amount, longest, open_end=row.balance.is_at_least),
        )
        for name, row in zip(sentences.creditor_labels(overview), rows, strict=True)
    )


def _paid_rows(claims: tuple[ReportedClaim, ...], cards: tuple[ClaimCard, ...]) -> Iterator[PaidRow]:
    """Of what is not settled, the first MOST_PAID_ROWS in the order of urgency."""
    shown = [(one.claim, card) for one, card in zip(claims, cards, strict=False) if not is_settled(one.claim)]
    parts = [(claim.amounts.paid, balance_to_show(claim)) for claim, _card in shown[:MOST_PAID_ROWS]]
    longest = max(
        (paid + left for paid, left in parts if paid is not None and left is not None), default=ZERO
    )
    for (_claim, card), (paid, left) in zip(shown, parts, strict=False):
        whole = None if paid is None or left is None else paid + left
        drawn = bar(paid, whole, longest)
        yield PaidRow(card.title, card.anchor, formatting.money(paid), formatting.money(left), drawn)


def _names(overview: Overview) -> tuple[StatedName, ...]:
    by_source = {
        o.source.source_id: formatting.organisation(o.source.organisation) for o in overview.outcomes
    }
    return tuple(StatedName(by_source[source_id], name) for source_id, name in overview.stated_names)
