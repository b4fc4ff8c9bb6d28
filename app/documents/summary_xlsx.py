"""A summary as a workbook: claims, sums, sources and files, each on a sheet."""

from __future__ import annotations

from app.documents import xlsx
from app.documents.summary_json import NOT_AN_OVERVIEW, Summary, notes
from app.documents.summary_rows import (
    CLAIMS_HEAD,
    FILES_HEAD,
    SOURCES_HEAD,
    TOTALS_HEAD,
    claim_rows,
    file_rows,
    heading,
    source_rows,
    total_rows,
)
from app.language import DUTCH, speaking


@speaking(DUTCH)
def write(summary: Summary) -> bytes:
    """The sheet about what this is and what is missing comes first."""
    said = [(text,) for text in (NOT_AN_OVERVIEW, *notes(summary))]
    return xlsx.write(
        (
            xlsx.Sheet("Lees eerst", (heading(summary),), said),
            xlsx.Sheet("Rekeningen", CLAIMS_HEAD, claim_rows(summary)),
            xlsx.Sheet("Per organisatie", TOTALS_HEAD, total_rows(summary)),
            xlsx.Sheet("Bronnen", SOURCES_HEAD, source_rows(summary)),
            xlsx.Sheet("Bestanden", FILES_HEAD, file_rows(summary)),
        )
    )
