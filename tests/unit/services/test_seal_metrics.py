"""The counter of sealed PDFs: a fallback shows as a level below the wanted one."""

from app.ports.register import SealedLevel
from app.services.seal_metrics import render_seal_metrics


def test_every_level_has_its_own_sample() -> None:
    counts = {SealedLevel("B-LT", "B-LT"): 40, SealedLevel("B-B", "B-LT"): 2}
    lines = render_seal_metrics(counts).decode().splitlines()
    assert 'blauwe_knop_sealed_documents_total{level="B-LT",wanted="B-LT"} 40.0' in lines
    assert 'blauwe_knop_sealed_documents_total{level="B-B",wanted="B-LT"} 2.0' in lines


def test_before_the_first_document_there_is_no_sample() -> None:
    assert "_total{" not in render_seal_metrics({}).decode()
