"""Pictures of the same numbers as in the tables: per organisation, per month, and paid against open of one claim."""

from __future__ import annotations

from datetime import date

from app.documents import formatting, labels, sentences
from app.documents.payments import MonthSum, per_month
from app.documents.pdf_bars import HEIGHT, Bar, bar, draw_bar
from app.documents.pdf_layout import LEFT, SMALL, TEXT_WIDTH, Sheet
from app.documents.pdf_tables import Column, Table, draw_table
from app.documents.pdf_tags import Element
from app.documents.pdf_words import in_dutch, term, term_below
from app.language import N_, _
from claims.financial_claim import FinancialClaim
from claims.money import ZERO, Money
from claims.overview import Overview, balance_to_show
from claims.totals import Total

_AMOUNT = 80.0
_BAR = 100.0
_PICTURE = N_("In beeld")
_LEGEND = N_("Het donkere deel van een balk is te laat. Het lichte deel is nog niet te laat.")


def draw_organisations(sheet: Sheet, parent: Element, overview: Overview) -> None:
    """One row per creditor, with a bar, and the sum."""
    columns = (
        Column(term_below(N_("Organisatie")), TEXT_WIDTH - 72.0 - 2 * _AMOUNT - _BAR),
        Column(term_below(N_("Rekeningen")), 72.0, right=True),
        Column(term_below(labels.BALANCE), _AMOUNT, right=True),
        Column(term_below(labels.ARREARS), _AMOUNT, right=True),
        Column(term_below(_PICTURE), _BAR),
    )
    every, names = overview.per_organisation, sentences.creditor_labels(overview)
    rows = [
        _row(in_dutch(name), one.claim_count, one.balance, one.arrears)
        for name, one in zip(names, every, strict=True)
    ]
    total = _row(term(N_("Totaal")), len(overview.claims), overview.balance, overview.arrears)
    longest = _longest([one.balance for one in every])
    bars = (*(_late_bar(one.arrears, one.balance, longest) for one in every), None)
    about = _("Bedragen per organisatie")
    draw_table(sheet, parent, Table(about, columns, [*rows, total], strong_last=True, bars=bars))
    if any(bars):
        sheet.paragraph(parent, _(_LEGEND), SMALL)


def _row(name: str, count: int, balance: Total, arrears: Total) -> tuple[str, ...]:
    return name, str(count), formatting.total(balance), formatting.total(arrears), ""


def _longest(totals: list[Total]) -> Money:
    return max((one.amount for one in totals if one.amount is not None), default=ZERO)


def _late_bar(late: Total, whole: Total, longest: Money) -> Bar | None:
    words = _(
        "Balk: van %(whole)s is %(late)s te laat.",
        whole=formatting.total(whole),
        late=formatting.total(late),
    )
    return bar(late.amount, whole.amount, longest, words)


def draw_months(sheet: Sheet, parent: Element, overview: Overview, today: date) -> None:
    """What is to be paid in which month, as far as dates are known."""
    months = per_month(overview.claims, today, has_gaps=overview.has_gaps)
    if not months:
        return
    sheet.heading(parent, 2, term(N_("Wanneer u moet betalen")), keep=80.0)
    columns = (
        Column(term_below(N_("Maand")), 130.0),
        Column(term_below(N_("Bedrag")), _AMOUNT + 20.0, right=True),
        Column(term_below(_PICTURE), TEXT_WIDTH - 150.0 - _AMOUNT),
    )
    longest = _longest([one.total for one in months])
    rows = [(_month(one), formatting.total(one.total), "") for one in months]
    bars = tuple(_month_bar(one, longest) for one in months)
    draw_table(sheet, parent, Table(_("Bedragen per maand"), columns, rows, bars=bars))
    if left_out := sentences.not_in_months(overview.claims):
        sheet.paragraph(parent, left_out, SMALL)


def _month(one: MonthSum) -> str:
    if one.month is None:
        return term(N_("Al voorbij"))
    text = formatting.day(one.month)
    return text[:1].upper() + text[1:]


def _month_bar(one: MonthSum, longest: Money) -> Bar | None:
    late = one.total.amount if one.month is None else ZERO
    words = _("Balk bij %(month)s: %(amount)s.", month=_month(one), amount=formatting.total(one.total))
    return bar(late, one.total.amount, longest, words)


def draw_paid(sheet: Sheet, parent: Element, claim: FinancialClaim) -> None:
    """What is paid against what is open, where a source states both."""
    paid, left = claim.amounts.paid, balance_to_show(claim)
    if paid is None or left is None or paid < ZERO or left <= ZERO:
        return
    told = _(
        "Donker: al betaald, %(paid)s. Licht: nog te betalen, %(left)s.",
        paid=formatting.money(paid),
        left=formatting.money(left),
    )
    drawn = bar(paid, paid + left, paid + left, told)
    if drawn is None:
        return
    sheet.ensure(HEIGHT + SMALL.leading + 4.0)
    draw_bar(sheet, parent, drawn, (LEFT, sheet.y - HEIGHT, TEXT_WIDTH))
    sheet.y -= HEIGHT + 2.0
    sheet.paragraph(parent, told, SMALL)
