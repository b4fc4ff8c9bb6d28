"""A summary of verified overviews as a sealed PDF: a kind of document of its own, in title, metadata, attachment and footer.

Short on purpose: what is owed to whom, what sources contradict, what is missing and which files it was made from. Build-up and
history of each claim stand in the files themselves and in the attached record.
"""

from __future__ import annotations

from dataclasses import replace

from app.documents import case_words, formatting, labels, pdf, pdf_arabic, pdf_fonts, pdf_seal, sentences
from app.documents import pdf_first_page as first
from app.documents import pdf_last_pages as last
from app.documents import summary_rows as rows
from app.documents import versions as side_by_side
from app.documents.pdf_fonts import GlyphMissing
from app.documents.pdf_layout import BODY, LEFT, SMALL, SMALL_STRONG, STRONG, TEXT_WIDTH, TITLE, Sheet, wrap
from app.documents.pdf_tables import Column, Table, draw_table
from app.documents.pdf_tags import Element
from app.documents.summary_json import NOT_AN_OVERVIEW, LeftOutFile, Summary, notes, title
from app.documents.versions import Versions
from app.language import DUTCH, speaking
from app.ports.seals import Seal
from app.ports.snapshot import Issuer, Snapshot
from claims.merged import EarlierClaim, Merged
from claims.newest import moment
from claims.outcome import SourceAnswer, SourceOutcome
from claims.overview import ReportedClaim, balance_to_show, sort_by_urgency
from claims.visible import one_line
from signing.control_code import control_code

ATTACHMENT = "schuldensamenvatting.json"
_AMOUNT = 78.0
_FOOT = "Samenvatting van gecontroleerde bestanden. Dit is geen overzicht van de bronnen zelf."
_ABOUT_GONE = (
    "Deze rekeningen staan in een ouder bestand. In zijn nieuwste antwoord noemt de bron ze niet meer. "
    "Wij tellen ze niet mee."
)
_ABOUT_LEFT_OUT = (
    "Deze bestanden zijn aangeboden, maar niet samengevoegd. Wat erin staat, telt hierboven niet mee. Namen van bestanden koos "
    "wie ze bewaarde: zij zeggen niets over de inhoud."
)
_ALL_GONE = "De bronnen die hebben geantwoord, noemen nu geen rekening meer. In een ouder bestand wel: zie ‘Niet meer genoemd’."


@speaking(DUTCH)
def write(summary: Summary, payload: bytes, issuer: Issuer, seal: Seal) -> bytes:
    """The sealed file. `payload` is the record of this same summary. Raises GlyphMissing."""
    snapshot = Snapshot(
        summary.number, summary.nonce, summary.made_at, summary.bsn, summary.merged.overview, issuer
    )

    def draw(sheet: Sheet, _snapshot: Snapshot, _payload: bytes) -> None:
        _draw(sheet, summary, snapshot, payload)

    names = pdf.Names(title(summary), "Schuldensamenvatting", ATTACHMENT, _FOOT)
    return pdf.write(snapshot, payload, seal, draw, names)


def _draw(sheet: Sheet, summary: Summary, snapshot: Snapshot, payload: bytes) -> None:
    root, merged, code = sheet.tags.root, summary.merged, control_code(payload)
    _draw_sender(sheet, root, summary, snapshot.issuer, code)
    sheet.paragraph(root, NOT_AN_OVERVIEW, STRONG)
    for note in notes(summary):
        sheet.paragraph(root, note, STRONG if note.startswith("Let op:") else BODY)
    if pdf_arabic.is_present(payload.decode()):
        sheet.paragraph(root, labels.ARABIC_SCRIPT.replace("schuldenoverzicht.json", ATTACHMENT))
    first.draw_check_box(sheet, root, _without_paper(snapshot), code, "Is deze samenvatting echt?")
    _draw_totals(sheet, root, merged)
    _draw_claims(sheet, root, summary)
    _draw_gone(sheet, root, merged.gone)
    _draw_earlier(sheet, root, rows.all_earlier(merged))
    _draw_sources(sheet, root, merged)
    _draw_files(sheet, root, merged)
    _draw_left_out(sheet, root, summary.left_out)
    last.draw_not_included(sheet, root)
    last.draw_about_seal(sheet, root, snapshot.issuer, pdf_seal.HEIGHT)


def _without_paper(snapshot: Snapshot) -> Snapshot:
    """Nothing is kept to look a printed summary up by its code."""
    return replace(snapshot, issuer=replace(snapshot.issuer, paper_days=None))


def _draw_sender(sheet: Sheet, parent: Element, summary: Summary, issuer: Issuer, code: str) -> None:
    sheet.paragraph(parent, formatting.organisation(issuer.organisation), first.SENDER)
    sheet.skip(12.0)
    sheet.block(parent.add("H1"), wrap(title(summary), TITLE, TEXT_WIDTH), LEFT, TITLE)
    about = [
        ("Gemaakt op", formatting.moment(summary.made_at)),
        ("Nummer", summary.number),
        ("Controlecode", code),
        ("Over", f"de persoon met een burgerservicenummer dat eindigt op {summary.bsn.last_three}"),
        (labels.BALANCE, formatting.total(summary.merged.balance)),
        (labels.ARREARS, formatting.total(summary.merged.arrears)),
    ]
    columns = (Column("", 120.0, style=SMALL_STRONG), Column("", TEXT_WIDTH - 120.0))
    draw_table(sheet, parent, Table("Gegevens van deze samenvatting", columns, about, has_head=False))


def _draw_totals(sheet: Sheet, parent: Element, merged: Merged) -> None:
    sheet.heading(parent, 2, "Per organisatie", keep=80.0)
    overview = merged.overview
    if not overview.claims:
        sheet.paragraph(parent, _ALL_GONE if merged.gone else sentences.no_claims(overview))
        return
    columns = (
        Column("Organisatie", TEXT_WIDTH - 3 * 92.0),
        *(Column(name, 92.0, right=True) for name in ("Rekeningen", labels.BALANCE, labels.ARREARS)),
    )
    lines = [
        (label, str(one.claim_count), formatting.total(one.balance), formatting.total(one.arrears))
        for label, one in zip(sentences.creditor_labels(overview), merged.per_organisation, strict=True)
    ]
    count = str(len(overview.claims))
    total = ("Totaal", count, formatting.total(merged.balance), formatting.total(merged.arrears))
    draw_table(sheet, parent, Table("Bedragen per organisatie", columns, [*lines, total], strong_last=True))


def _draw_claims(sheet: Sheet, parent: Element, summary: Summary) -> None:
    overview, said = summary.merged.overview, Versions(summary.merged.overview)
    claims = sort_by_urgency(overview.reported, formatting.in_amsterdam(summary.made_at).date())
    if not claims:
        return
    sheet.heading(parent, 2, "Alle rekeningen", keep=90.0)
    columns = (
        Column("Waarvoor, bij wie en kenmerk", TEXT_WIDTH - 84.0 - 66.0 - 2 * _AMOUNT),
        Column("Status", 84.0),
        Column("Betalen voor", 66.0),
        Column("Te laat", _AMOUNT, right=True),
        Column(labels.BALANCE, _AMOUNT, right=True),
    )
    lines = [_claim(one, said, summary.merged) for one in claims]
    draw_table(sheet, parent, Table("Alle rekeningen met status en bedrag", columns, lines))


def _claim(one: ReportedClaim, said: Versions, merged: Merged) -> tuple[str, ...]:
    """What sources say that differs stands below it, and what was said before."""
    claim, versions = one.claim, said.of(one)
    what = [*_named(one), *([labels.JOINT_TITLE] if claim.joint else [])]
    if versions:
        what += [f"{labels.PROBABLY_THE_SAME}. De bronnen zeggen:", *map(side_by_side.line, versions)]
    if before := rows.earlier(merged, one):
        what.append(f"Eerder: {one_line(before)}")
    return (
        "\n".join(what),
        labels.STATUS[sentences.shown_status(claim)],
        formatting.short_day(claim.due_on) or formatting.UNKNOWN,
        formatting.arrears(claim.arrears),
        formatting.money(balance_to_show(claim)),
    )


def _named(one: ReportedClaim) -> tuple[str, str, str]:
    """What it is for, to whom, and who says so."""
    name, creditor = sentences.claim_title(one.claim), formatting.organisation(one.claim.creditor)
    told_by = f"Volgens {sentences.reported_by(one)}"
    return one_line(name), one_line(f"{creditor}, {one.claim.reference}"), one_line(told_by)


def _draw_gone(sheet: Sheet, parent: Element, gone: tuple[EarlierClaim, ...]) -> None:
    if gone:
        _draw_old(sheet, parent, "Niet meer genoemd", gone, _ABOUT_GONE)


def _draw_earlier(sheet: Sheet, parent: Element, earlier: tuple[EarlierClaim, ...]) -> None:
    if earlier:
        about = (
            "Over deze rekeningen zei de bron later iets nieuws. Dat nieuwe staat hierboven. "
            "Wat gelijk bleef, staat er niet bij."
        )
        _draw_old(sheet, parent, "Eerdere standen", earlier, about)


def _draw_old(sheet: Sheet, parent: Element, heading: str, old: tuple[EarlierClaim, ...], about: str) -> None:
    sheet.heading(parent, 2, heading, keep=110.0)
    sheet.paragraph(parent, about)
    columns = (
        Column("Waarvoor, bij wie en kenmerk", TEXT_WIDTH - 84.0 - 110.0 - _AMOUNT),
        Column("Status toen", 84.0),
        Column("Stand van", 110.0),
        Column("Bedrag toen", _AMOUNT, right=True),
    )
    lines = [
        (
            "\n".join(_named(ReportedClaim(one.claim, (one.source,)))),
            labels.STATUS[sentences.shown_status(one.claim)],
            formatting.moment(one.said_at),
            formatting.money(balance_to_show(one.claim)),
        )
        for one in old
    ]
    draw_table(sheet, parent, Table(heading, columns, lines))


def _draw_sources(sheet: Sheet, parent: Element, merged: Merged) -> None:
    sheet.heading(parent, 2, "Van welke bronnen, en van wanneer", keep=90.0)
    columns = (Column("Bron", 150.0), Column("Resultaat", TEXT_WIDTH - 300.0), Column("Wanneer", 150.0))
    lines = [_source(merged, outcome) for outcome in merged.overview.outcomes]
    draw_table(sheet, parent, Table("Bronnen en hun nieuwste antwoord", columns, lines))


def _source(merged: Merged, outcome: SourceOutcome) -> tuple[str, str, str]:
    result, when = sentences.source_result(outcome), formatting.moment(moment(outcome))
    if remark := rows.source_remark(merged, outcome):
        result = f"{result}\n{remark}"
    if isinstance(outcome, SourceAnswer):
        when = f"{when}\n{last.basis(outcome.basis)}"
    return formatting.organisation(outcome.source.organisation), result, when


def _draw_files(sheet: Sheet, parent: Element, merged: Merged) -> None:
    sheet.heading(parent, 2, "Welke bestanden", keep=90.0)
    columns = (
        Column("Nummer en moment", 150.0),
        Column("Verzegeld door", 120.0),
        Column("SHA-256 van het bestand", TEXT_WIDTH - 270.0, style=SMALL),
    )
    lines = []
    for file in merged.files:
        told = [file.number, formatting.moment(file.made_at), *rows.remarks(file.remarks)]
        if file.requested_by:
            told.append(f"Opgevraagd door gemachtigde (BSN eindigt op {file.requested_by})")
        if file.case:
            told.append(f"{case_words.LABEL}: {case_words.stated_to_others(file.case)}")
        lines.append(("\n".join(told), file.issuer, "\n".join(file.digests)))
    draw_table(sheet, parent, Table("Gecontroleerde bestanden", columns, lines))


def _draw_left_out(sheet: Sheet, parent: Element, left_out: tuple[LeftOutFile, ...]) -> None:
    """Named, so that nobody thinks that they are in the totals."""
    if not left_out:
        return
    sheet.heading(parent, 2, "Niet in deze samenvatting", keep=90.0)
    sheet.paragraph(parent, _ABOUT_LEFT_OUT)
    columns = (
        Column("Naam van het bestand", 200.0),
        Column("Uitslag", 90.0),
        Column("SHA-256 van het bestand", TEXT_WIDTH - 290.0, style=SMALL),
    )
    lines = [(_shown_name(file.name), file.result, file.digest or formatting.UNKNOWN) for file in left_out]
    draw_table(sheet, parent, Table("Bestanden die niet zijn samengevoegd", columns, lines))


def _shown_name(name: str) -> str:
    """A name that cannot be printed wholly is still better than none; unlike words of a source it says nothing about a debt."""
    shown = one_line(name) or "bestand zonder naam"
    try:
        pdf_fonts.clean(shown)
    except GlyphMissing:
        return "".join(map(_or_question_mark, shown))
    return shown


def _or_question_mark(letter: str) -> str:
    try:
        pdf_fonts.clean(letter)
    except GlyphMissing:
        return "?"
    return letter
