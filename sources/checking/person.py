"""The test person of a source, and what asking about somebody gave: counts and kinds, never content."""

from __future__ import annotations

from collections import Counter
from datetime import UTC
from pathlib import Path

from claims.identity import Bsn
from claims.outcome import BasisKind, SourceAnswer
from sources.checking.steps import Found, holds
from sources.checking.words import counted
from sources.errors import Misconfigured

NO_TEST_BSN = "geen test_bsn_file ingesteld"
_BASES = {
    BasisKind.LIVE: "rechtstreeks",
    BasisKind.BATCH: "uit een aangeleverd bestand",
    BasisKind.INDEX: "uit de index",
}


def read_test_bsn(file: Path) -> Bsn:
    """Raises Misconfigured; its text never holds what stands in the file."""
    try:
        return Bsn(file.read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        raise Misconfigured("test_bsn_file does not hold one BSN") from None


def describe_answer(answer: SourceAnswer) -> Found:
    count = len(answer.claims)
    claims = counted(count, "vordering", "vorderingen") if count else "geen vorderingen"
    whole = "volledig" if answer.is_full else f"gedeeltelijk ({', '.join(answer.partial)})"
    moment = f"{_BASES[answer.basis.kind]}, stand van {answer.basis.at.astimezone(UTC):%d-%m-%Y %H:%M} UTC"
    notes = [] if answer.is_full or count else ["zonder vorderingen geldt dat als geen antwoord"]
    return holds(f"{claims}, {whole}, {moment}{_findings(answer)}", notes)


def _findings(answer: SourceAnswer) -> str:
    """By kind; the details stay out."""
    every = [*answer.findings, *(finding for claim in answer.claims for finding in claim.findings)]
    kinds = Counter(finding.code for finding in every)
    told = ", ".join(f"{code} {number}×" for code, number in sorted(kinds.items()))
    return f"; bevindingen: {told}" if told else ""
