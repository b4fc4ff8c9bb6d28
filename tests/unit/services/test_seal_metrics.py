"""The counter of sealed PDFs: a fallback shows as a level below the wanted one."""

from app.ports.register import SealedLevel
from app.services.seal_metrics import render_seal_metrics


def test_every_level_has_its_own_sample() -> None:
    counts = {SealedLevel("B-LT", "B-LT"): 40, SealedLevel("B-B", "B-LT"): 2}
    lines = render_seal_metrics(counts).decode().splitlines()
    assert 'blauwe_knop_sealed_documents_total{level="B-LT",wanted="B-LT"} 40.0' in lines
    assert 'blauwe_knop_sealed_documents_total{level="B-B",wanted="B-LT"} 2.0' in lines


def test_what_never_happened_is_told_as_zero_so_that_the_first_failure_is_a_rise() -> None:
    lines = render_seal_metrics({}).decode().splitlines()
    assert 'blauwe_knop_seal_failures_total{wanted="B-LT"} 0.0' in lines
    assert 'blauwe_knop_sealed_documents_total{level="B-B",wanted="B-LT"} 0.0' in lines
    assert 'blauwe_knop_sealed_documents_total{level="B-T",wanted="B-B"} 0.0' not in lines
