"""The first page: sender, how far the overview reaches, the three figures, what to do now, and how to check."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from itertools import groupby

import segno
from reportlab.lib.rl_accel import fp_str

from app.documents import (
    case_words,
    claim_facts,
    formatting,
    labels,
    on_behalf,
    pdf_fonts,
    pdf_tags,
    sentences,
)
from app.documents.pdf_layout import (
    AMBER,
    BLUE,
    BODY,
    LEFT,
    PALE_BLUE,
    PALE_YELLOW,
    RIGHT,
    SMALL,
    SMALL_STRONG,
    STRONG,
    TEXT_WIDTH,
    TITLE,
    Sheet,
    Style,
    wrap,
    wrap_each,
)
from app.documents.pdf_tables import Column, Table, draw_table
from app.documents.pdf_tags import Element
from app.documents.pdf_words import in_dutch, term, term_below, what_this_is
from app.documents.versions import Versions, total_doubt
from app.language import DUTCH, N_, _, current
from app.ports.snapshot import Snapshot
from claims.names import names_differ
from claims.outcome import SourceAnswer

SENDER = Style(12.0, 17.0, pdf_fonts.BOLD, BLUE, 0.0)
FIGURE = Style(13.0, 17.0, pdf_fonts.BOLD)
INSET = 10.0
QR_SIZE = 74.0


def draw_sender(sheet: Sheet, parent: Element, snapshot: Snapshot, control_code: str) -> None:
    """Who made this, what it is, for whom and when."""
    issuer = snapshot.issuer
    sheet.paragraph(parent, in_dutch(formatting.organisation(issuer.organisation)), SENDER)
    for option in issuer.contact[:2]:
        sheet.paragraph(parent, claim_facts.contact(option), SMALL)
    sheet.skip(12.0)
    if current() != DUTCH:
        sheet.paragraph(parent, in_dutch(what_this_is()), SMALL)
    sheet.block(parent.add("H1"), wrap_each(term_below(title(snapshot)), TITLE, TEXT_WIDTH), LEFT, TITLE)
    rows = [
        (term(N_("Gemaakt op")), formatting.moment(snapshot.made_at)),
        (term(N_("Nummer")), snapshot.number),
        (term(N_("Controlecode")), control_code),
        (term(N_("Voor")), _about(snapshot)),
        *_stated_names(snapshot),
        *_requested_by(snapshot),
        *_case(snapshot),
    ]
    columns = (Column("", 120.0, style=SMALL_STRONG), Column("", TEXT_WIDTH - 120.0))
    draw_table(sheet, parent, Table(_("Gegevens van dit overzicht"), columns, rows, has_head=False))
    if snapshot.requested_by is not None:
        sheet.paragraph(parent, _(on_behalf.WHO_IS_MEANT), STRONG)
    if names_differ(snapshot.overview):
        sheet.paragraph(parent, _(labels.NAMES_DIFFER), STRONG)


def title(snapshot: Snapshot) -> str:
    """What the document is called, in Dutch; "u" only when the reader is the person."""
    return labels.TITLE if snapshot.requested_by is None else labels.TITLE_ON_BEHALF


def _about(snapshot: Snapshot) -> str:
    return _("de persoon met een burgerservicenummer dat eindigt op %(end)s", end=snapshot.bsn.last_three)


def _requested_by(snapshot: Snapshot) -> list[tuple[str, str]]:
    if snapshot.requested_by is None:
        return []
    who = on_behalf.parties_at_digid(snapshot.requested_by, snapshot.bsn.last_three)
    return [(term(on_behalf.REQUESTED_BY), who)]


def _case(snapshot: Snapshot) -> list[tuple[str, str]]:
    case = snapshot.case_reference
    return [] if case is None else [(term(case_words.LABEL), _(case_words.STATED, case=case.text))]


def _stated_names(snapshot: Snapshot) -> list[tuple[str, str]]:
    """A name only with the source that states it; names are never merged."""
    sources: dict[str, list[str]] = {}
    for outcome in snapshot.overview.outcomes:
        if isinstance(outcome, SourceAnswer) and outcome.stated_name:
            said = sources.setdefault(outcome.stated_name, [])
            said.append(formatting.organisation(outcome.source.organisation))
    return [
        (
            term_below(N_("Naam")),
            _("%(name)s (volgens %(sources)s)", name=name, sources=formatting.joined(said)),
        )
        for name, said in sources.items()
    ]


def draw_completeness(sheet: Sheet, parent: Element, snapshot: Snapshot) -> None:
    """The box that stands above every total."""
    said = sentences.completeness(snapshot.overview)
    width = TEXT_WIDTH - 2 * INSET
    pieces = [(text, STRONG if i == 0 else BODY) for i, text in enumerate(said.sentences)]
    sheet.skip(4.0)
    for start in range(0, len(pieces), 20):
        part = [(wrap(text, style, width), style) for text, style in pieces[start : start + 20]]
        height = sum(len(lines) * style.leading for lines, style in part) + 2 * INSET
        sheet.ensure(height)
        colours = (PALE_BLUE, BLUE) if said.is_full else (PALE_YELLOW, AMBER)
        sheet.fill((LEFT, sheet.y - height, TEXT_WIDTH, height), *colours)
        sheet.y -= INSET
        for lines, style in part:
            with sheet.tagged(parent.add("P")):
                sheet.lines(lines, LEFT + INSET, style)
        sheet.y -= INSET + 8.0


def draw_key_figures(sheet: Sheet, parent: Element, snapshot: Snapshot) -> None:
    """Three tiles for the eye, a table of three rows for assistive technology."""
    figures = sentences.key_figures(snapshot.overview)
    gap = 8.0
    width = (TEXT_WIDTH - 2 * gap) / 3
    values = [wrap(value, FIGURE, width - 2 * INSET) for _label, value in figures]
    titles = [wrap_each(term_below(label), SMALL, width - 2 * INSET) for label, _value in figures]
    tallest = max(map(len, titles))
    height = tallest * SMALL.leading + max(map(len, values)) * FIGURE.leading + 2 * INSET
    sheet.ensure(height)
    top = sheet.y
    body = parent.add("Table", pdf_tags.summary(_("De drie belangrijkste gegevens"))).add("TBody")
    for index, (title_lines, lines) in enumerate(zip(titles, values, strict=True)):
        x = LEFT + index * (width + gap)
        sheet.fill((x, top - height, width, height), PALE_BLUE)
        sheet.y = top - INSET
        row = body.add("TR")
        with sheet.tagged(row.add("TH", pdf_tags.ROW_HEADER)):
            sheet.lines(title_lines, x + INSET, SMALL)
        sheet.y = top - INSET - tallest * SMALL.leading
        with sheet.tagged(row.add("TD")):
            sheet.lines(lines, x + INSET, FIGURE)
    sheet.y = top - height - 8.0
    told = (total_doubt(Versions(snapshot.overview)), sentences.overpaid(snapshot.overview))
    for text in filter(None, told):
        sheet.paragraph(parent, text)


def draw_steps(sheet: Sheet, parent: Element, snapshot: Snapshot) -> None:
    """What to do now, at most three steps."""
    sheet.heading(parent, 2, term(N_("Wat kunt u nu doen?")))
    steps = sentences.next_steps(snapshot.overview)
    draw_list(sheet, parent, [(f"{n}.", step) for n, step in enumerate(steps, 1)], numbered=True)


def draw_list(sheet: Sheet, parent: Element, items: list[tuple[str, str]], *, numbered: bool = False) -> None:
    """A list with labels ("1." or "•") before its items."""
    indent = 16.0
    listing = parent.add("L", pdf_tags.NUMBERED if numbered else pdf_tags.BULLETED)
    for label, text in items:
        lines = wrap(text, BODY, TEXT_WIDTH - indent)
        sheet.ensure(min(len(lines), 2) * BODY.leading)
        item = listing.add("LI")
        with sheet.tagged(item.add("Lbl")):
            sheet.line(label + " ", LEFT, sheet.y - BODY.size, BODY)
        sheet.block(item.add("LBody"), lines, LEFT + indent, BODY)


@lru_cache(maxsize=8)
def _qr_operators(address: str) -> str:
    """Paints the QR code in its square (ISO 32000-1, 8.5). A run of dark modules is one rectangle: half as many, and no
    hairlines between them on a screen."""
    matrix = segno.make(address, error="m", boost_error=False).matrix
    module = QR_SIZE / (len(matrix) + 4)
    bars = [
        fp_str((column + 2) * module, QR_SIZE - (row + 3) * module, length * module, module) + " re"
        for row, line in enumerate(matrix)
        for column, length in _runs(line)
    ]
    return f"1 1 1 rg 0 0 {fp_str(QR_SIZE, QR_SIZE)} re f 0 0 0 rg {' '.join(bars)} f"


def _runs(line: Sequence[int]) -> list[tuple[int, int]]:
    """Begin and length of every run of dark modules."""
    runs, column = [], 0
    for dark, group in groupby(line):
        length = len(list(group))
        if dark:
            runs.append((column, length))
        column += length
    return runs


def draw_check_box(
    sheet: Sheet,
    parent: Element,
    snapshot: Snapshot,
    control_code: str,
    question: str = N_("Is dit overzicht echt?"),
) -> None:
    """How anybody can check this document. The code leads only to the fixed page, never to one document."""
    address = snapshot.issuer.verify_address
    sheet.heading(parent, 2, term(question), keep=QR_SIZE + 2 * INSET)
    texts = (
        (_("Controleer dit bestand op %(address)s", address=address), STRONG),
        (_("Kies daar het pdf-bestand. U hoeft niet in te loggen."), BODY),
        (f"{term(N_('Controlecode'))}: {control_code}", STRONG),
        (_about_paper(snapshot), BODY),
    )
    width = TEXT_WIDTH - QR_SIZE - 3 * INSET
    pieces = [(wrap(text, style, width), style) for text, style in texts]
    height = max(QR_SIZE, sum(len(lines) * style.leading for lines, style in pieces)) + 2 * INSET
    top = sheet.y
    sheet.fill((LEFT, top - height, TEXT_WIDTH, height), PALE_BLUE)
    sheet.y = top - INSET
    for lines, style in pieces:
        with sheet.tagged(parent.add("P")):
            sheet.lines(lines, LEFT + INSET, style)
    _draw_qr(sheet, parent, address, (RIGHT - INSET - QR_SIZE, top - INSET - QR_SIZE))
    sheet.y = top - height - 8.0


def _about_paper(snapshot: Snapshot) -> str:
    """What paper is worth, and until when somebody may look it up."""
    days = snapshot.issuer.paper_days
    if days is None:
        return _("Alleen het bestand bewijst dat dit echt is. Van papier kan niemand dat zeker weten.")
    until = formatting.day(formatting.in_amsterdam(snapshot.made_at + timedelta(days=days)).date())
    return _(
        "Alleen het bestand bewijst dat dit echt is. Hebt u alleen papier? Typ dan tot %(day)s de controlecode op dat adres, en "
        "vergelijk enkele gegevens.",
        day=until,
    )


def _draw_qr(sheet: Sheet, parent: Element, address: str, corner: tuple[float, float]) -> None:
    x, y = sheet.mirrored(corner[0], QR_SIZE), corner[1]
    box = (x, y, x + QR_SIZE, y + QR_SIZE)
    words = pdf_fonts.plain(_("QR-code met het adres van de controlepagina: %(address)s", address=address))
    figure = parent.add("Figure", pdf_tags.bounding_box(box), words)
    with sheet.tagged(figure):
        sheet.canvas._code.append(f"q 1 0 0 1 {fp_str(x, y)} cm {_qr_operators(address)} Q")
