"""A very large overview: slow to write, so not among the quick tests."""

from __future__ import annotations

import json
from pathlib import Path

from app.documents import pdf
from app.documents.json import write_payload
from signing.report import Finding
from signing.verifying.sandbox import examine
from tests.support import pdf_reading as reading
from tests.support import snapshots
from tests.support.sealing import new_sealer


def test_1325_claims_all_stand_in_a_file_that_verifies(tmp_path: Path) -> None:
    snapshot = snapshots.snapshot_now(snapshots.many_outcomes(1325))
    payload = write_payload(snapshot)
    sealer = new_sealer(tmp_path)
    file = tmp_path / "o.pdf"
    file.write_bytes(pdf.write(snapshot, payload, sealer.seal))
    text = reading.plain_text(file)
    assert all(f"2026-GB-{n:06}" in text for n in range(1325))
    assert len(json.loads(payload)["overzicht"]["bronnen"][0]["vorderingen"]) == 1325
    report = examine(file.read_bytes(), sealer.trust)
    assert report.finding is Finding.GENUINE, report.checks
    assert report.payload == payload
