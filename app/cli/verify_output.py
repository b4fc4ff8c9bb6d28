"""What `blauwe-knop verify` prints about one file: lines for people, or one row for programs (JSON, CSV)."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from app.documents import formatting
from app.documents.csv import no_formula
from app.services.verdict_text import describe, kind_of_document
from app.services.verify import Verdict
from signing.report import Check, Outcome

Writer = Callable[[Path, Verdict], str]

CSV_HEAD = (
    "bestand",
    "oordeel",
    "regel",
    "reden",
    "uitleg",
    "organisatie",
    "nummer",
    "verzegeld_op",
    "register_gevraagd",
    "netwerk_afgesneden",
    "bestanden_afgesneden",
    "controle_niet_goed",
    "sha256",
    "soort",
)
_YES_NO = {True: "ja", False: "nee", None: ""}
_CUT_OFF = {True: "afgesneden", False: "niet afgesneden"}


def printable(line: str) -> str:
    """Names of files, and of sources in a file, may hold codes that move the cursor, erase lines or turn text around:
    with those a file could write a verdict of its own on the screen."""
    return "".join(
        character if character.isprintable() or unicodedata.category(character) == "Zs" else "\ufffd"
        for character in line
    )


def as_text(file: Path, verdict: Verdict) -> str:
    """Several lines for people."""
    return "\n".join(map(printable, _lines(file, verdict)))


def as_json(file: Path, verdict: Verdict) -> str:
    """One JSON object on one line."""
    return json.dumps(_members(file, verdict))


def as_csv(file: Path, verdict: Verdict) -> str:
    """One row under `CSV_HEAD`. No cell is a formula for a spreadsheet."""
    return csv_row(map(no_formula, map(printable, _cells(file, verdict))))


def csv_row(cells: Iterator[str] | Sequence[str]) -> str:
    """One row without its line end; separated by semicolons, as Dutch spreadsheets expect."""
    line = io.StringIO()
    csv.writer(line, delimiter=";", lineterminator="").writerow(map(printable, cells))
    return line.getvalue()


def _lines(file: Path, verdict: Verdict) -> Iterator[str]:
    text = describe(verdict)
    yield f"{file}: {verdict.kind.word}"
    yield f"  {text.headline}"
    if text.next_step:
        yield f"  {text.next_step}"
    yield from (f"  Let op: {warning}" for warning in text.warnings)
    yield from (f"  {label}: {value}" for label, value in text.facts)
    yield from (f"  controle {c.number} {c.outcome.value}: {c.reason}" for c in _told(verdict.checks))
    if verdict.network_cut_off is not None:
        yield f"  netwerk bij het lezen van het bestand: {_CUT_OFF[verdict.network_cut_off]}"
    if verdict.files_cut_off is not None:
        yield f"  andere bestanden bij het lezen van het bestand: {_CUT_OFF[verdict.files_cut_off]}"


def _told(checks: Sequence[Check]) -> Iterator[Check]:
    """Up to the check that decided: that the rest was not reached says nothing more. JSON output has them all."""
    for check in checks:
        yield check
        if check.outcome is Outcome.FAILED:
            return


def _members(file: Path, verdict: Verdict) -> dict[str, object]:
    text = describe(verdict)
    return {
        "bestand": str(file),
        "oordeel": verdict.kind.word,
        "reden": verdict.reason.value,
        "regel": verdict.row,
        "uitleg": text.headline,
        "waarschuwingen": list(text.warnings),
        "feiten": dict(text.facts),
        "register_gevraagd": verdict.register_asked,
        "netwerk_afgesneden": verdict.network_cut_off,
        "bestanden_afgesneden": verdict.files_cut_off,
        "sha256": verdict.sha256,
        "soort": kind_of_document(verdict),
        "controles": [[c.number, c.outcome.value, c.reason] for c in verdict.checks],
    }


def _cells(file: Path, verdict: Verdict) -> Iterator[str]:
    failed = (check for check in verdict.checks if check.outcome is Outcome.FAILED)
    yield str(file)
    yield verdict.kind.word
    yield str(verdict.row)
    yield verdict.reason.value
    yield describe(verdict).headline
    yield verdict.organisation or ""
    yield verdict.content.number if verdict.content else ""
    yield formatting.moment(verdict.sealed_at) if verdict.sealed_at else ""
    yield _YES_NO[verdict.register_asked]
    yield _YES_NO[verdict.network_cut_off]
    yield _YES_NO[verdict.files_cut_off]
    yield "; ".join(f"{check.number}: {check.reason}" for check in failed)
    yield verdict.sha256 or ""
    yield kind_of_document(verdict) or ""
