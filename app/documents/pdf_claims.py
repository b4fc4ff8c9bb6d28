"""The claims: sums per organisation, one table of all, and a block with build-up and history for each."""

from __future__ import annotations

from dataclasses import replace

from app.documents import claim_facts, formatting, labels, pdf_pictures, sentences
from app.documents import versions as side_by_side
from app.documents.pdf_facts import draw_facts
from app.documents.pdf_layout import BODY, SMALL, SMALL_STRONG, STRONG, TEXT_WIDTH, Sheet, Style
from app.documents.pdf_tables import Column, Table, draw_table
from app.documents.pdf_tags import Element
from app.documents.pdf_words import in_dutch, term, term_below
from app.documents.versions import Versions
from app.language import N_, _, isolated
from claims.events import Event
from claims.financial_claim import FinancialClaim
from claims.overview import Overview, ReportedClaim, balance_to_show, is_settled
from claims.visible import one_line

MOST_BLOCKS = 40  # with more claims than this, only what is urgent or odd gets a block of its own
_AMOUNT = 78.0
_URGENT, _WARNING = N_("Dringend"), N_("Let op")
_BELOW_ZERO = N_("het bedrag is lager dan nul.")
_NARROW = Style(7.5, 9.5)


def draw_totals(sheet: Sheet, parent: Element, overview: Overview) -> None:
    """One row per creditor and the sum. Completeness stands on the first page and in every footer."""
    sheet.heading(parent, 2, term(N_("Per organisatie")), keep=80.0)
    if not overview.claims:
        sheet.paragraph(parent, sentences.no_claims(overview))
        return
    pdf_pictures.draw_organisations(sheet, parent, overview)


def draw_claims(sheet: Sheet, parent: Element, claims: tuple[ReportedClaim, ...], versions: Versions) -> None:
    """All claims in one table, then the explanation of each; of very many only of those that cannot wait."""
    if len(claims) <= MOST_BLOCKS:
        _draw_table(sheet, parent, _rows(claims, versions, "\n"), _columns(_ROOMY))
        _draw_blocks(sheet, parent, term(N_("Uitleg per rekening")), list(enumerate(claims, 1)), versions)
        return
    _draw_table(sheet, parent, _rows(claims, versions, ", "), _columns(_DENSE))
    needed = [(number, one) for number, one in enumerate(claims, 1) if _needs_words(one, versions)]
    sheet.paragraph(parent, _(labels.EXPLAINED_ELSEWHERE, count=len(claims)))
    title = term(N_("Dringende en opvallende rekeningen"))
    if len(needed) > MOST_BLOCKS:
        title = term(N_("De %(number)s dringendste en opvallendste rekeningen"), number=MOST_BLOCKS)
    _draw_blocks(sheet, parent, title, needed[:MOST_BLOCKS], versions)


def _columns(named: tuple[Column, ...]) -> tuple[Column, ...]:
    """With titles in the language of the document. A number is a number in every language."""
    number, *others = named
    titled = (replace(column, title=term_below(column.title)) for column in others)
    return (replace(number, title=_(number.title)), *titled)


_ROOMY = (
    Column(N_("Nr."), 26.0),
    Column(N_("Waarvoor, bij wie en kenmerk"), 165.5),
    Column(N_("Status"), 84.0),
    Column(N_("Betalen voor"), 59.0),
    Column(N_("Te laat"), 68.0, right=True),
    Column(labels.BALANCE, 68.0, right=True),
)
_DENSE = (
    Column(N_("Nr."), 26.0, style=_NARROW),
    Column(N_("Waarvoor, bij wie en kenmerk"), 214.5, style=_NARROW),
    Column(N_("Status"), 66.0, style=_NARROW),
    Column(N_("Betalen voor"), 50.0, style=_NARROW),
    Column(N_("Te laat"), 57.0, right=True, style=_NARROW),
    Column(labels.BALANCE, 57.0, right=True, style=_NARROW),
)


def _draw_table(
    sheet: Sheet, parent: Element, rows: list[tuple[str, ...]], columns: tuple[Column, ...]
) -> None:
    """In the order of the blocks that follow."""
    sheet.heading(parent, 2, term(N_("Alle rekeningen")), keep=90.0)
    draw_table(sheet, parent, Table(_("Alle rekeningen met status en bedrag"), columns, rows))


def _rows(claims: tuple[ReportedClaim, ...], versions: Versions, between: str) -> list[tuple[str, ...]]:
    return [_row(number, one, versions, between) for number, one in enumerate(claims, 1)]


def _row(number: int, reported: ReportedClaim, versions: Versions, between: str) -> tuple[str, ...]:
    """What sources say that differs stands here too: not every claim gets a block."""
    claim, said = reported.claim, versions.of(reported)
    title, creditor = sentences.claim_title(claim), formatting.organisation(claim.creditor)
    named, reference = in_dutch(one_line(creditor)), isolated(one_line(claim.reference))
    what = f"{in_dutch(one_line(title))}\n{named}{between}{reference}"
    return (
        str(number),
        "\n".join(
            [what, f"{_(labels.PROBABLY_THE_SAME)}:", *map(side_by_side.line, said)] if said else [what]
        ),
        term_below(labels.STATUS[sentences.shown_status(claim)]),
        formatting.short_day(claim.due_on) or _(formatting.UNKNOWN),
        formatting.arrears(claim.arrears),
        formatting.money(balance_to_show(claim)),
    )


def _needs_words(reported: ReportedClaim, versions: Versions) -> bool:
    claim = reported.claim
    odd = claim.urgencies or claim_facts.findings(claim) or claim_facts.remarks(claim)
    return bool(odd or versions.of(reported))


def _draw_blocks(
    sheet: Sheet, parent: Element, title: str, claims: list[tuple[int, ReportedClaim]], versions: Versions
) -> None:
    if not claims:
        return
    sheet.heading(parent, 2, title, keep=190.0)
    for number, one in claims:
        _draw_block(sheet, parent.add("Sect"), number, one, versions)


def _draw_block(sheet: Sheet, section: Element, number: int, one: ReportedClaim, versions: Versions) -> None:
    """Who, what to do, how the amount came about, the facts, and what happened."""
    claim = one.claim
    sheet.heading(section, 3, f"{number}. {in_dutch(sentences.claim_title(claim))}", keep=120.0)
    sheet.paragraph(section, in_dutch(formatting.organisation(claim.creditor)), SMALL_STRONG)
    for threat in claim.urgencies:
        sheet.paragraph(section, f"{term(_URGENT)}: {claim_facts.urgency(threat)}", STRONG)
    status = f"{term(labels.STATUS[sentences.shown_status(claim)])}. {sentences.status_line(claim)}".strip()
    sheet.paragraph(section, status, BODY)
    if claim.is_overpaid and is_settled(claim):
        sheet.paragraph(section, f"{term(labels.OVERPAID)}: {_(_BELOW_ZERO)}", BODY)
    for odd in claim_facts.findings(claim):
        sheet.paragraph(section, f"{term(_WARNING)}: {odd}", BODY)
    for remark in claim_facts.remarks(claim):
        sheet.paragraph(section, f"{term(labels.REMARK_HEADING)}: {remark}", BODY)
    _draw_versions(sheet, section, one, versions)
    _draw_build_up(sheet, section, claim)
    pdf_pictures.draw_paid(sheet, section, claim)
    draw_facts(sheet, section, _("Gegevens van deze rekening"), _named(claim_facts.facts(one)))
    _draw_history(sheet, section, claim)


def _draw_versions(sheet: Sheet, parent: Element, one: ReportedClaim, versions: Versions) -> None:
    """What each source says, side by side, where they contradict each other."""
    said = versions.of(one)
    if not said:
        return
    sheet.paragraph(parent, f"{term(labels.PROBABLY_THE_SAME)}. {side_by_side.doubt(versions, one)}", STRONG)
    width = TEXT_WIDTH / len(labels.VERSION_HEAD)
    *texts, amount = map(term_below, labels.VERSION_HEAD)
    columns = (*(Column(title, width) for title in texts), Column(amount, width, right=True))
    rows = list(map(side_by_side.row, said))
    draw_table(sheet, parent, Table(_("Wat elke bron zegt"), columns, rows))


def _named(facts: tuple[claim_facts.Fact, ...]) -> list[claim_facts.Fact]:
    return [(term_below(label), value) for label, value in facts]


def _draw_build_up(sheet: Sheet, parent: Element, claim: FinancialClaim) -> None:
    parts = claim_facts.build_up(claim)
    wide = 88.0  # for "Kwijtgescholden" between brackets
    narrow = (TEXT_WIDTH - wide) / (len(parts) - 1)
    columns = [
        Column(term_below(label), wide if label == labels.REMITTED else narrow, right=True)
        for label, _amount in parts
    ]
    amounts = [value for _label, value in parts]
    draw_table(
        sheet,
        parent,
        Table(_("Opbouw van het bedrag"), columns, [amounts], row_headers=False, strong_last=False),
    )


def _draw_history(sheet: Sheet, parent: Element, claim: FinancialClaim) -> None:
    if not claim.events:
        sheet.paragraph(parent, _("De bron geeft geen geschiedenis van deze rekening."), SMALL)
        return
    columns = (
        Column(term_below(N_("Datum")), 105.0),
        Column(term_below(N_("Wat er gebeurde")), TEXT_WIDTH - 105.0 - _AMOUNT),
        Column(term_below(N_("Bedrag")), _AMOUNT, right=True),
    )
    rows = list(map(_history_row, claim_facts.history(claim)))
    draw_table(sheet, parent, Table(_("Wat er met deze rekening gebeurde"), columns, rows))


def _history_row(event: Event) -> tuple[str, str, str]:
    told, title = claim_facts.describe(event), term(claim_facts.event_title(event))
    return told.on, f"{title}\n{told.details}" if told.details else title, told.amount or ""
