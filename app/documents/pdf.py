"""The overview as a sealed PDF: drawn, tagged and sealed in one pass, in one revision.

PDF/A-3a and PDF/UA-1, with the JSON record attached from which the pages were made. The same snapshot, payload and seal
give the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from app.documents import (
    formatting,
    labels,
    on_behalf,
    pdf_arabic,
    pdf_claims,
    pdf_fonts,
    pdf_long_term,
    pdf_metadata,
    pdf_pictures,
    pdf_seal,
)
from app.documents import pdf_first_page as first
from app.documents import pdf_last_pages as last
from app.documents.pdf_file import OneRevisionDocument
from app.documents.pdf_layout import FOOT, FOOT_STRONG, LEFT, RIGHT, RULE, Sheet
from app.documents.pdf_metadata import Description
from app.documents.pdf_objects import array, object_number
from app.documents.pdf_seal import SealField, Stamp
from app.documents.pdf_tags import TagTree
from app.documents.versions import Versions
from app.language import _, current
from app.ports.seals import Seal
from app.ports.snapshot import Snapshot
from claims.overview import sort_by_urgency
from signing.control_code import control_code

rl_config.useA85 = 0
rl_config.pdfComments = 0
rl_config.pdfMultiLine = 0

_FOOT_TOP = 62.0

Draw = Callable[[Sheet, Snapshot, bytes], None]
"""Puts the contents on pages: sheet, snapshot and payload."""


@dataclass(frozen=True, slots=True)
class Names:
    """What a kind of document is called. `warning`: for the foot of every page; None: by how complete the overview is."""

    title: str
    subject: str
    attachment: str = pdf_metadata.ATTACHMENT
    warning: str | None = None


def write(
    snapshot: Snapshot, payload: bytes, seal: Seal, draw: Draw | None = None, names: Names | None = None
) -> bytes:
    """The sealed file. `payload` is the JSON record of this same snapshot; it becomes the attachment.

    `draw` puts other contents than `draw_contents` on its pages, under other `names`; everything around them stays.
    Raises GlyphMissing, before anything is sealed, when a text holds a character that the fonts lack.
    """
    canvas = _canvas(payload)
    sheet = Sheet(canvas, TagTree())
    (draw or draw_contents)(sheet, snapshot, payload)
    stamp = Stamp(seal.organisation, snapshot.number, snapshot.made_at)
    field = pdf_seal.draw_seal(sheet, sheet.tags.root, stamp, seal)
    sheet.finish_page()
    called = names or Names(first.title(snapshot), labels.SHORT_TITLE)
    _emit_pages(sheet, field, _Footer(snapshot, control_code(payload), called))
    _describe(sheet, (snapshot, called), payload, (field, seal))
    pdf_seal.seal_with(canvas._doc, seal)
    pdf_fonts.embed(canvas._doc)
    return bytes(canvas.getpdfdata())


def _canvas(payload: bytes) -> Canvas:
    pdf_fonts.register()
    canvas = Canvas(BytesIO(), invariant=1, initialFontName=pdf_fonts.REGULAR)
    canvas._doc = OneRevisionDocument(invariant=1, pdfVersion=(1, 7), lang=pdf_metadata.tag(current()))
    canvas.setPageCompression(1)
    pdf_fonts.begin(canvas._doc)
    identifier = hashlib.sha256(payload).hexdigest()[:32].encode("ascii")
    canvas._doc._ID = array([b"<%s>" % identifier] * 2)
    return canvas


def draw_contents(sheet: Sheet, snapshot: Snapshot, payload: bytes) -> None:
    """The contents, in the order in which people need them."""
    root, overview, code = sheet.tags.root, snapshot.overview, control_code(payload)
    first.draw_sender(sheet, root, snapshot, code)
    first.draw_completeness(sheet, root, snapshot)
    if not sheet.from_right and pdf_arabic.is_present(payload.decode()):
        sheet.paragraph(root, _(labels.ARABIC_SCRIPT))
    first.draw_key_figures(sheet, root, snapshot)
    first.draw_steps(sheet, root, snapshot)
    first.draw_check_box(sheet, root, snapshot, code)
    pdf_claims.draw_totals(sheet, root, overview)
    today = formatting.in_amsterdam(snapshot.made_at).date()
    pdf_pictures.draw_months(sheet, root, overview, today)
    claims = sort_by_urgency(overview.reported, today)
    if claims:
        pdf_claims.draw_claims(sheet, root, claims, Versions(overview))
    last.draw_sources(sheet, root, overview)
    last.draw_not_included(sheet, root)
    last.draw_help(sheet, root, snapshot.issuer)
    follows = last.seal_section(snapshot.issuer, pdf_seal.HEIGHT)
    last.draw_words(sheet, root, follows, has_claims=bool(claims))
    last.draw_about_seal(sheet, root, snapshot.issuer, pdf_seal.HEIGHT)


class _Footer:
    """What stands at the foot of every page."""

    def __init__(self, snapshot: Snapshot, code: str, names: Names | None = None) -> None:
        made = formatting.short_day(snapshot.made_at)  # in words it would meet the number of the page
        said = _(
            "Nummer %(number)s · Controlecode %(code)s · %(day)s", number=snapshot.number, code=code, day=made
        )
        self._text = pdf_fonts.clean(said)
        warning = "" if snapshot.overview.all_answered else _(labels.WARNING_SHORT)
        if names is not None and names.warning is not None:
            warning = names.warning
        self._warning = pdf_fonts.clean(warning)
        self._requested_by = _requested_by(snapshot)

    def draw(self, sheet: Sheet, page: int, count: int) -> None:
        """`page` counts from 1."""
        position = pdf_fonts.clean(_("Bladzijde %(page)s van %(count)s", page=page, count=count))
        taken = pdf_fonts.width(position, FOOT.face, FOOT.size)
        sheet.rule(_FOOT_TOP, RULE)
        with sheet.artifact("/Type /Pagination /Subtype /Footer"):
            sheet.line(self._text, LEFT, _FOOT_TOP - 12.0, FOOT)
            sheet.line(position, RIGHT - taken, _FOOT_TOP - 12.0, FOOT)
            if self._warning:
                sheet.line(self._warning, LEFT, _FOOT_TOP - 24.0, FOOT_STRONG)
            if self._requested_by:
                sheet.line(self._requested_by, LEFT, _FOOT_TOP - 36.0, FOOT_STRONG)


def _requested_by(snapshot: Snapshot) -> str:
    """Pages get separated: each says whose debts these are."""
    if snapshot.requested_by is None:
        return ""
    return pdf_fonts.clean(on_behalf.requested_by(snapshot.requested_by, snapshot.bsn.last_three))


def _emit_pages(sheet: Sheet, field: SealField, footer: _Footer) -> None:
    """Now that the number of pages is known, give each page its footer and hand it to ReportLab."""
    canvas, count = sheet.canvas, len(sheet.finished)
    for index, code in enumerate(sheet.finished):
        canvas._code = code
        footer.draw(sheet, index + 1, count)
        _emit_bookmarks(sheet, index)
        if index == count - 1:
            canvas._annotationrefs = [field.widget.reference]
        canvas.showPage()
        page = canvas._doc.idToObject[f"Page{index + 1}"]
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
        page.StructParents, page.Tabs = index, b"/S"


def _emit_bookmarks(sheet: Sheet, index: int) -> None:
    for number, mark in enumerate(sheet.bookmarks):
        if mark.page == index:
            key = f"kop{number}"
            sheet.canvas.bookmarkHorizontalAbsolute(key, mark.top)
            sheet.canvas.addOutlineEntry(mark.title, key, mark.level)


def _describe(
    sheet: Sheet, about_what: tuple[Snapshot, Names], payload: bytes, sealing: tuple[SealField, Seal]
) -> None:
    """Everything that hangs on the catalog: tags, metadata, attachment, seal."""
    snapshot, names = about_what
    field, seal = sealing
    document = sheet.canvas._doc
    pages = [b"%d 0 R" % object_number(document, f"Page{n + 1}") for n in range(len(sheet.finished))]
    field.fill(pages[-1])
    organisation = formatting.organisation(snapshot.issuer.organisation)
    title = f"{_(names.title)} {snapshot.number}"
    made = _("gemaakt op %(moment)s", moment=formatting.moment(snapshot.made_at))
    subject = pdf_fonts.plain(f"{_(names.subject)}, {made}")
    about = Description(title, organisation, subject, control_code(payload), snapshot.made_at, seal.level)
    document.info = pdf_metadata.InfoObject(about)
    attachment = pdf_metadata.write_attachment(document, payload, snapshot.made_at, names.attachment)
    catalog = document.Catalog
    catalog.__NoDefault__ = [*catalog.__NoDefault__, "AF", "OutputIntents", "Perms"]
    catalog.StructTreeRoot = sheet.tags.write(document, pages)
    catalog.MarkInfo = b"<</Marked true>>"
    catalog.ViewerPreferences = b"<</DisplayDocTitle true>>"
    catalog.Metadata = pdf_metadata.write_xmp(document, about)
    catalog.OutputIntents = pdf_metadata.write_output_intent(document)
    catalog.AF = array([attachment])
    catalog.Names = pdf_metadata.attachment_names(attachment, names.attachment)
    catalog.AcroForm = field.form
    catalog.Perms = field.permissions
    if seal.long_term is not None:
        pdf_long_term.store(document, seal.long_term)
    sheet.canvas.showOutline()
