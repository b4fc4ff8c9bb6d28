"""Whatever sources state: the record comes back whole, and every file can be made or is refused for a missing glyph."""

from __future__ import annotations

import csv
from dataclasses import replace
from io import BytesIO, StringIO

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings

from app.documents import csv as csv_format
from app.documents import pdf
from app.documents.json import read_payload, write_payload
from app.documents.pdf_fonts import GlyphMissing, clean
from claims.overview import Overview
from tests.support import snapshots
from tests.support.sealing import ConstantSeal
from tests.support.strategies import overviews

quick = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def printable(payload: bytes) -> bytes:
    """The same record, with a letter in place of every character that the fonts lack."""
    return "".join(map(_printable, payload.decode("utf-8"))).encode("utf-8")


def _printable(character: str) -> str:
    try:
        clean(character)
    except GlyphMissing:
        return "x"
    return character


@quick
@given(overviews)
def test_the_record_of_any_overview_comes_back_whole(overview: Overview) -> None:
    snapshot = replace(snapshots.snapshot(()), overview=overview)
    payload = write_payload(snapshot)
    assert write_payload(read_payload(payload).snapshot(snapshot.issuer)) == payload


@quick
@given(overviews)
def test_any_overview_that_the_fonts_can_show_becomes_a_pdf(overview: Overview) -> None:
    whole = replace(snapshots.snapshot(()), overview=overview)
    snapshot = read_payload(printable(write_payload(whole))).snapshot(whole.issuer)
    data = pdf.write(snapshot, write_payload(snapshot), ConstantSeal())
    with pikepdf.open(BytesIO(data)) as opened:
        assert len(opened.pages) >= 2


@quick
@given(overviews)
@pytest.mark.threat("T-13")
def test_csv_has_one_row_per_claim_and_no_formulas(overview: Overview) -> None:
    content = csv_format.write(replace(snapshots.snapshot(()), overview=overview)).decode("utf-8-sig")
    rows = list(csv.reader(StringIO(content, newline=""), delimiter=";"))
    assert len(rows) == 1 + max(1, len(overview.claims))
    assert {len(row) for row in rows} == {len(rows[0])}
    cells = [cell for row in rows for cell in row]
    assert [c for c in cells if c.startswith(("=", "+", "@", "\t", "\r"))] == []
