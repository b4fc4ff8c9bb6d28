"""After the claims: which sources were asked, what is not in the overview, words, and help."""

from __future__ import annotations

from app.documents import claim_facts, formatting, labels, sentences
from app.documents.pdf_first_page import draw_list
from app.documents.pdf_layout import BODY, HEADINGS, SMALL_STRONG, SPACE_ABOVE, TEXT_WIDTH, Sheet, wrap
from app.documents.pdf_seal import ABOVE_SEAL
from app.documents.pdf_tables import AFTER_TABLE, ROW_HEIGHT, Column, Table, draw_table
from app.documents.pdf_tags import Element
from app.documents.pdf_words import in_dutch, term, term_below
from app.language import N_, _, isolated
from app.ports.snapshot import Issuer
from claims.outcome import Basis, NotConnected, SourceAnswer, SourceOutcome
from claims.overview import Overview


def draw_sources(sheet: Sheet, parent: Element, overview: Overview) -> None:
    """Each source with its outcome and the moment, on a Dutch clock."""
    sheet.heading(parent, 2, term(N_("Wie wij hebben gevraagd")), keep=90.0)
    if not overview.outcomes:
        sheet.paragraph(parent, _("Er is geen bron gevraagd."))
        return
    columns = (
        Column(term_below(N_("Bron")), 150.0),
        Column(term_below(N_("Resultaat")), TEXT_WIDTH - 150.0 - 150.0),
        Column(term_below(N_("Wanneer")), 150.0),
    )
    rows = [
        (in_dutch(formatting.organisation(o.source.organisation)), sentences.source_result(o), _moment(o))
        for o in overview.outcomes
    ]
    draw_table(sheet, parent, Table(_("Gevraagde bronnen en hun antwoord"), columns, rows))


def _moment(outcome: SourceOutcome) -> str:
    if isinstance(outcome, SourceAnswer):
        return f"{formatting.moment(outcome.answered_at)}\n{basis(outcome.basis)}"
    if isinstance(outcome, NotConnected):
        return formatting.moment(outcome.noted_at)
    return formatting.moment(outcome.failed_at)


def basis(stated: Basis) -> str:
    """On what an answer rests; the moment only when it is not the moment of asking."""
    return _(labels.BASIS[stated.kind], moment=formatting.moment(stated.at))


def draw_not_included(sheet: Sheet, parent: Element) -> None:
    """The fixed list of what is never in an overview."""
    sheet.heading(parent, 2, term(N_("Wat er niet in staat")))
    sheet.paragraph(parent, _("Dit kunt u nog meer moeten betalen:"))
    draw_list(sheet, parent, [("•", _(text)) for text in labels.NOT_INCLUDED])


def draw_words(sheet: Sheet, parent: Element, follows: float, *, has_claims: bool) -> None:
    """Words explained; without claims only those that stand in such an overview. `follows`: points of the section about
    the seal, which is never alone on a page."""
    words = [
        (term_below(word), _(meaning))
        for word, meaning in labels.WORDS
        if has_claims or word in labels.WORDS_WITHOUT_CLAIMS
    ]
    columns = (Column("", 110.0, style=SMALL_STRONG), Column("", TEXT_WIDTH - 110.0))
    table = Table(_("Woorden en hun uitleg"), columns, words, has_head=False, follows=follows)
    few = len(words) * ROW_HEIGHT + follows
    sheet.heading(parent, 2, term(N_("Moeilijke woorden")), keep=60.0 if has_claims else few)
    draw_table(sheet, parent, table)


def draw_help(sheet: Sheet, parent: Element, issuer: Issuer) -> None:
    """Where to find help, and who made this."""
    sheet.heading(parent, 2, term(N_("Hulp en contact")), keep=90.0)
    texts = list(map(_, labels.HELP))
    ways = [
        f"{_(labels.CONTACT[option.kind])}: {isolated(claim_facts.contact(option))}"
        for option in issuer.contact
    ]
    if ways:
        questions, who = _("Vragen over dit overzicht?"), formatting.organisation(issuer.organisation)
        texts.append(f"{questions} {isolated(who)}. {'. '.join(ways)}.")
    draw_list(sheet, parent, [("•", text) for text in texts])


def draw_about_seal(sheet: Sheet, parent: Element, issuer: Issuer, height: float) -> None:
    """What the seal that follows means; `height` in points: the words and the seal stay on one page."""
    sheet.heading(parent, 2, term(N_("Het zegel")), keep=_words_height(issuer) + height)
    for text in _about_seal(issuer):
        sheet.paragraph(parent, text)


def seal_section(issuer: Issuer, height: float) -> float:
    """From the end of a table to the end of the seal, of this `height`, in points."""
    title = HEADINGS[2]
    return AFTER_TABLE + SPACE_ABOVE[2] + title.leading + title.after + _words_height(issuer) + height


def _about_seal(issuer: Issuer) -> tuple[str, str]:
    organisation = formatting.organisation(issuer.organisation)
    return (
        _(labels.ABOUT_SEAL, organisation=organisation),
        _(labels.SEAL_PAGE, address=issuer.seal_address),
    )


def _words_height(issuer: Issuer) -> float:
    paragraphs = (wrap(text, BODY, TEXT_WIDTH) for text in _about_seal(issuer))
    return sum(len(lines) * BODY.leading + BODY.after for lines in paragraphs) + ABOVE_SEAL
