"""The tables of a summary for spreadsheets, CSV and XLSX alike: text, amounts, and nothing where nothing is known.

Every row repeats whether the figures are all there is: rows get copied into other files and must not lose their warning.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from app.documents import formatting, labels, schuldenknooppunt, sentences, versions
from app.documents.schuldenknooppunt import Cell
from app.documents.summary_json import Summary, title
from app.documents.versions import Versions
from app.language import _
from claims.financial_claim import FinancialClaim
from claims.merged import EarlierClaim, Merged
from claims.money import Money
from claims.newest import moment
from claims.outcome import SourceAnswer, SourceOutcome
from claims.overview import ReportedClaim, balance_to_show, creditor_key
from claims.totals import Total

Row = tuple[Cell, ...]

_OURS = (
    "schuldeiser",
    "afdeling",
    "oin",
    "waarvoor",
    "status",
    "kosten",
    "rente",
    "betaald",
    "kwijtgescholden",
    "nog_te_betalen",
    "te_laat",
    "te_laat_is_minimum",
    "betalen_voor",
    "rekeningnummer",
    "betaalkenmerk",
    "deurwaarder_of_incasso",
    "dossier_deurwaarder",
    "gemeld_door",
    "gemeld_op",
    "niet_meer_genoemd",
    "bronnen_verschillen",
    "eerdere_standen",
    "gezamenlijk_met_partner",
    "alles_volledig_beantwoord",
    "bronnen_zonder_volledig_antwoord",
    "samenvatting",
    "gemaakt_op",
    "bestanden",
    "bestanden_niet_samengevoegd",
    "zaaknummers_niet_gecontroleerd",
)
CLAIMS_HEAD = (*schuldenknooppunt.COLUMNS, *_OURS)
TOTALS_HEAD = ("schuldeiser", "rekeningen", "nog_te_betalen", "nog_te_betalen_is", "te_laat", "te_laat_is")
SOURCES_HEAD = ("bron", "resultaat", "gevraagd_op", "stand_van", "opmerking")
FILES_HEAD = (
    "nummer",
    "verzegeld_door",
    "gemaakt_op",
    "controlecode",
    "sha256",
    "opmerkingen",
    "opgevraagd_door",
    "zaaknummer_niet_gecontroleerd",
)


def claim_rows(summary: Summary) -> Iterator[Row]:
    """One row per claim, those that are not named any more last. Without any claim one row that says what is known."""
    merged, end = summary.merged, _end(summary)
    said_at = moments(merged)
    said = Versions(merged.overview)
    is_empty = True
    for one in merged.overview.reported:
        is_empty = False
        at = max(said_at[source.source_id] for source in one.sources)
        yield (
            *_start(one.claim, one, at),
            None,
            versions.lines(said.of(one)),
            earlier(merged, one),
            _joint(one.claim),
            *end,
        )
    for gone in merged.gone:
        is_empty = False
        alone = ReportedClaim(gone.claim, (gone.source,))
        yield (*_start(gone.claim, alone, gone.said_at), "ja", None, None, _joint(gone.claim), *end)
    if is_empty:
        nothing: list[Cell] = [None] * len(CLAIMS_HEAD)
        nothing[CLAIMS_HEAD.index("waarvoor")] = sentences.no_claims(merged.overview)
        yield (*nothing[: -len(end)], *end)


def _start(claim: FinancialClaim, reported: ReportedClaim, at: datetime) -> Row:
    amounts, creditor = claim.amounts, claim.creditor
    payment, collector, arrears = claim.payment, claim.collector, claim.arrears
    minimum = None
    if arrears is not None:
        minimum = "ja" if arrears.is_at_least or arrears.amount is None else "nee"
    return (
        *schuldenknooppunt.cells(claim, reported.sources[0], at),
        creditor.name,
        creditor.department,
        creditor.oin.digits if creditor.oin else None,
        sentences.claim_title(claim),
        labels.STATUS[sentences.shown_status(claim)],
        *(amounts.costs, amounts.interest, amounts.paid, amounts.remitted),
        balance_to_show(claim),
        arrears.amount if arrears else None,
        minimum,
        formatting.short_day(claim.due_on),
        payment.iban if payment else None,
        payment.reference if payment else None,
        collector.name if collector else None,
        collector.reference if collector else None,
        sentences.reported_by(reported),
        short_moment(at),
    )


def _joint(claim: FinancialClaim) -> str | None:
    return None if claim.joint is None else "ja" if claim.joint else "nee"


def _end(summary: Summary) -> Row:
    overview = summary.merged.overview
    return (
        "ja" if overview.all_answered and not summary.merged.gone else "nee",
        ", ".join(sentences.missing_names(overview)),
        summary.number,
        short_moment(summary.made_at),
        ", ".join(file.number for file in summary.merged.files),
        "; ".join(f"{file.name} ({file.result})" for file in summary.left_out),
        "; ".join(f"{file.case} ({file.number})" for file in summary.merged.files if file.case),
    )


def earlier(merged: Merged, reported: ReportedClaim) -> str:
    """Older versions of this claim, in one line: where amount or status became another one."""
    return "; ".join(
        f"{short_moment(one.said_at)}: {formatting.money(balance_to_show(one.claim))}, "
        f"{labels.STATUS[sentences.shown_status(one.claim)].lower()}"
        for one in _changed(reported.claim, _versions_of(merged, reported.claim))
    )


def all_earlier(merged: Merged) -> tuple[EarlierClaim, ...]:
    """The same of every claim. Fourteen files that say the same fourteen times make no table that anybody reads; the record has
    them all."""
    return tuple(
        one
        for reported in merged.overview.reported
        for one in _changed(reported.claim, _versions_of(merged, reported.claim))
    )


def _versions_of(merged: Merged, claim: FinancialClaim) -> list[EarlierClaim]:
    """Newest first."""
    same = _name(claim)
    found = [one for one in merged.earlier if _name(one.claim) == same]
    return sorted(found, key=lambda one: one.said_at, reverse=True)


def _name(claim: FinancialClaim) -> tuple[object, str]:
    return creditor_key(claim.creditor), claim.reference


def _changed(now: FinancialClaim, older: Sequence[EarlierClaim]) -> Iterator[EarlierClaim]:
    """Of a run of versions that show the same the newest, without those that show what is so now."""
    shown = _shown(now)
    for one in older:
        if _shown(one.claim) != shown:
            shown = _shown(one.claim)
            yield one


def _shown(claim: FinancialClaim) -> tuple[Money | None, object]:
    return balance_to_show(claim), sentences.shown_status(claim)


def total_rows(summary: Summary) -> Iterator[Row]:
    """Per creditor, and all together. A sum of amounts of which some are missing says so in the cell beside it."""
    merged = summary.merged
    overview = merged.overview
    for label, one in zip(sentences.creditor_labels(overview), merged.per_organisation, strict=True):
        yield (label, str(one.claim_count), *_total(one.balance), *_total(one.arrears))
    yield ("Totaal", str(len(overview.claims)), *_total(merged.balance), *_total(merged.arrears))


def _total(total: Total) -> Row:
    words = "niet bekend" if total.amount is None else "minstens" if total.is_at_least else "precies"
    return total.amount, words


def source_rows(summary: Summary) -> Iterator[Row]:
    merged = summary.merged
    for outcome in merged.overview.outcomes:
        basis = short_moment(outcome.basis.at) if isinstance(outcome, SourceAnswer) else None
        name = formatting.organisation(outcome.source.organisation)
        result = sentences.source_result(outcome)
        yield name, result, short_moment(moment(outcome)), basis, source_remark(merged, outcome)


def source_remark(merged: Merged, outcome: SourceOutcome) -> str:
    """What the files together say of a source that none of them says alone."""
    source_id = outcome.source.source_id
    if source_id in merged.silent_since:
        return _("In een nieuwer bestand gaf deze bron geen antwoord. Dit is het antwoord van daarvoor.")
    return (
        _("In een ouder bestand gaf deze bron geen volledig antwoord.")
        if source_id in merged.answered_later
        else ""
    )


def file_rows(summary: Summary) -> Iterator[Row]:
    for file in summary.merged.files:
        asked_by = f"gemachtigde (BSN eindigt op {file.requested_by})" if file.requested_by else None
        made = short_moment(file.made_at)
        about = (file.code, ", ".join(file.digests), ", ".join(remarks(file.remarks)), asked_by)
        yield file.number, file.issuer, made, *about, file.case
    for left_out in summary.left_out:
        said = f"niet samengevoegd: {left_out.name} ({left_out.result})"
        yield None, None, None, None, left_out.digest, said, None, None


_REMARKS = {
    "superseded": "er is een nieuwer overzicht",
    "moment_unproven": "moment niet bewezen",
    "archived": "gearchiveerd",
    "register_not_asked": "register niet gevraagd",
}


def remarks(words: tuple[str, ...]) -> tuple[str, ...]:
    """In Dutch; a word that we do not know stays as it is."""
    return tuple(_REMARKS.get(word, word) for word in words)


def moments(merged: Merged) -> dict[str, datetime]:
    """When each source said what counts now, by its id."""
    return {outcome.source.source_id: moment(outcome) for outcome in merged.overview.outcomes}


def short_moment(at: datetime) -> str:
    """ "31-12-2026 14:05" on a Dutch clock."""
    return f"{formatting.in_amsterdam(at):%d-%m-%Y %H:%M}"


def heading(summary: Summary) -> str:
    return f"{title(summary)}, nummer {summary.number}"
