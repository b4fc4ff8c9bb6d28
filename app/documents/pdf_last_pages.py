"""After the claims: which sources were asked, what is not in the overview, words, and help."""

from __future__ import annotations

from app.documents import claim_facts, formatting, labels, sentences
from app.documents.pdf_first_page import draw_list
from app.documents.pdf_layout import SMALL_STRONG, TEXT_WIDTH, Sheet
from app.documents.pdf_tables import Column, Table, draw_table
from app.documents.pdf_tags import Element
from app.ports.snapshot import Issuer
from claims.outcome import Basis, BasisKind, NotConnected, SourceAnswer, SourceOutcome
from claims.overview import Overview


def draw_sources(sheet: Sheet, parent: Element, overview: Overview) -> None:
    """Each source with its outcome and the moment, on a Dutch clock."""
    sheet.heading(parent, 2, "Wie wij hebben gevraagd", keep=90.0)
    if not overview.outcomes:
        sheet.paragraph(parent, "Er is geen bron gevraagd.")
        return
    columns = (
        Column("Bron", 150.0),
        Column("Resultaat", TEXT_WIDTH - 150.0 - 150.0),
        Column("Wanneer", 150.0),
    )
    rows = [
        (formatting.organisation(o.source.organisation), sentences.source_result(o), _moment(o))
        for o in overview.outcomes
    ]
    draw_table(sheet, parent, Table("Gevraagde bronnen en hun antwoord", columns, rows))


def _moment(outcome: SourceOutcome) -> str:
    if isinstance(outcome, SourceAnswer):
        return f"{formatting.moment(outcome.answered_at)}\n{basis(outcome.basis)}"
    if isinstance(outcome, NotConnected):
        return formatting.moment(outcome.noted_at)
    return formatting.moment(outcome.failed_at)


def basis(stated: Basis) -> str:
    """On what an answer rests; the moment only when it is not the moment of asking."""
    words = labels.BASIS[stated.kind].capitalize()
    return words if stated.kind is BasisKind.LIVE else f"{words}, stand van {formatting.moment(stated.at)}"


def draw_not_included(sheet: Sheet, parent: Element) -> None:
    """The fixed list of what is never in an overview."""
    sheet.heading(parent, 2, "Wat er niet in staat")
    sheet.paragraph(parent, "Dit kunt u nog meer moeten betalen:")
    draw_list(sheet, parent, [("•", text) for text in labels.NOT_INCLUDED])


def draw_words(sheet: Sheet, parent: Element) -> None:
    """Words explained."""
    sheet.heading(parent, 2, "Moeilijke woorden")
    columns = (Column("", 110.0, style=SMALL_STRONG), Column("", TEXT_WIDTH - 110.0))
    draw_table(sheet, parent, Table("Woorden en hun uitleg", columns, labels.WORDS, has_head=False))


def draw_help(sheet: Sheet, parent: Element, issuer: Issuer) -> None:
    """Where to find help, and who made this."""
    sheet.heading(parent, 2, "Hulp en contact", keep=90.0)
    texts = list(labels.HELP)
    ways = [f"{labels.CONTACT[option.kind]}: {claim_facts.contact(option)}" for option in issuer.contact]
    if ways:
        texts.append(
            f"Vragen over dit overzicht? {formatting.organisation(issuer.organisation)}. {'. '.join(ways)}."
        )
    draw_list(sheet, parent, [("•", text) for text in texts])


def draw_about_seal(sheet: Sheet, parent: Element, issuer: Issuer, height: float) -> None:
    """What the seal that follows means; `height` in points: the words and the seal stay on one page."""
    organisation = formatting.organisation(issuer.organisation)
    sheet.heading(parent, 2, "Het zegel", keep=height + 96.0)
    sheet.paragraph(parent, labels.ABOUT_SEAL.format(organisation=organisation))
    sheet.paragraph(parent, labels.SEAL_PAGE.format(address=issuer.seal_address))
