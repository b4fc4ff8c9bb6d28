"""The overview for spreadsheets: UTF-8 with byte order mark, semicolons, Dutch decimals, one row per claim.

Every row repeats number, moment and completeness: rows get copied into other files, and must not lose their warning.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from io import StringIO

from app.documents import formatting, labels, on_behalf, sentences
from app.documents import versions as side_by_side
from app.documents.versions import Versions
from app.language import DUTCH, speaking
from app.ports.snapshot import Snapshot
from claims.financial_claim import Arrears
from claims.money import Money
from claims.overview import ReportedClaim, balance_to_show
from claims.visible import one_line

# The wide and small forms start a formula in some spreadsheets too. After a comma, because a spreadsheet that was set up in
# another country takes that for the end of a cell.
_FORMULA = re.compile(r"""(^|[,;|])([\s"]*)(?=[=+\-@＝＋－＠﹦﹢﹣﹫−])""")
_HEAD = (
    "nummer",
    "gemaakt_op",
    "overzicht_volledig_beantwoord",
    "ontbrekende_bronnen",
    "opgevraagd_door",
    "schuldeiser",
    "afdeling",
    "oin",
    "waarvoor",
    "kenmerk",
    "klantnummer",
    "status",
    "ontstaan_op",
    "bedrag_begin",
    "kosten",
    "rente",
    "betaald",
    "kwijtgescholden",
    "nog_te_betalen",
    "peildatum",
    "te_laat",
    "te_laat_is_minimum",
    "betalen_voor",
    "rekeningnummer",
    "betaalkenmerk",
    "deurwaarder_of_incasso",
    "dossier_deurwaarder",
    "gemeld_door",
    "bronnen_verschillen",
    "zaaknummer_niet_gecontroleerd",
)


@speaking(DUTCH)
def write(snapshot: Snapshot) -> bytes:
    """One row per claim. Without any claim one row with what is known about the answers. Empty means: not known."""
    lines = StringIO()
    writer = csv.writer(lines, delimiter=";", lineterminator="\r\n")
    writer.writerow(_HEAD)
    start = _start(snapshot)
    versions = Versions(snapshot.overview)
    case = "" if snapshot.case_reference is None else snapshot.case_reference.text
    rows = [
        (*start, *_row(one), side_by_side.lines(versions.of(one)), case) for one in snapshot.overview.reported
    ]
    if not rows:
        empty = [""] * (len(_HEAD) - len(start) - 2)
        rows = [(*start, sentences.no_claims(snapshot.overview), *empty, case)]
    for row in rows:
        writer.writerow(map(safe_cell, row))
    return lines.getvalue().encode("utf-8-sig")


def _start(snapshot: Snapshot) -> tuple[str, ...]:
    overview = snapshot.overview
    return (
        snapshot.number,
        f"{formatting.in_amsterdam(snapshot.made_at):%d-%m-%Y %H:%M}",
        "ja" if overview.all_answered else "nee",
        ", ".join(sentences.missing_names(overview)),
        _requested_by(snapshot),
    )


def _requested_by(snapshot: Snapshot) -> str:
    """Empty: the person themselves."""
    if snapshot.requested_by is None:
        return ""
    return on_behalf.parties(snapshot.requested_by, snapshot.bsn.last_three)


def _row(reported: ReportedClaim) -> Iterable[str]:
    claim = reported.claim
    amounts, creditor = claim.amounts, claim.creditor
    return (
        creditor.name,
        creditor.department or "",
        creditor.oin.digits if creditor.oin else "",
        sentences.claim_title(claim),
        claim.reference,
        claim.customer_number or "",
        labels.STATUS[sentences.shown_status(claim)],
        formatting.short_day(claim.originated_on),
        *map(_amount, (amounts.opening, amounts.costs, amounts.interest, amounts.paid, amounts.remitted)),
        _amount(balance_to_show(claim)),
        formatting.short_day(amounts.as_of),
        _amount(claim.arrears.amount if claim.arrears else None),
        _minimum(claim.arrears),
        formatting.short_day(claim.due_on),
        (claim.payment.iban if claim.payment else None) or "",
        (claim.payment.reference if claim.payment else None) or "",
        claim.collector.name if claim.collector else "",
        (claim.collector.reference if claim.collector else None) or "",
        sentences.reported_by(reported),
    )


def _amount(amount: Money | None) -> str:
    """ "1234,56" without points: a spreadsheet then sees a number. Empty when not known, never zero."""
    return "" if amount is None else formatting.plain_amount(amount).replace(".", "")


def _minimum(arrears: Arrears | None) -> str:
    if arrears is None:
        return ""
    return "ja" if arrears.is_at_least or arrears.amount is None else "nee"


def safe_cell(value: str) -> str:
    """One line that no spreadsheet takes for a formula, and in which nothing is hidden."""
    return no_formula(one_line(value))


def no_formula(value: str) -> str:
    """Text that a spreadsheet cannot take for a formula (OWASP, CSV injection). Amounts keep their minus sign."""
    return value if _is_amount(value) else _FORMULA.sub(r"\1\2'", value)


def _is_amount(value: str) -> bool:
    return value.lstrip("-").replace(",", "", 1).isdigit() and value.count("-") <= 1 and value[-3:-2] == ","
