"""Every sealed PDF is PDF/A-3a and PDF/UA-1, by the judgement of veraPDF."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.documents import pdf
from app.documents.json import write_payload
from app.language import DUTCH, LANGUAGES, speaking
from claims.organisation import Organisation
from claims.outcome import SourceOutcome
from tests.conformance.verapdf import Judgement, judge
from tests.support import snapshots
from tests.support.sealing import new_sealer

pytestmark = [pytest.mark.conformance, pytest.mark.timeout(900)]

NAME = "Đặng Žižković-Ŵynn Ḋ"
LONG = "Een omschrijving van precies vierhonderd tekens met woorden van verschillende lengte. " * 5


def _long_texts() -> tuple[SourceOutcome, ...]:
    claim = replace(snapshots.tax_claim(), title=LONG[:400], events=(snapshots.long_event(400),))
    return (snapshots.answer(Organisation(NAME), "namen", claim),)


CASES: dict[str, tuple[SourceOutcome, ...]] = {
    "none": snapshots.many_outcomes(0),
    "one": snapshots.many_outcomes(1),
    "hundred": snapshots.many_outcomes(100),
    "over-fifty-pages": snapshots.many_outcomes(1325),
    "names": snapshots.full_outcomes(),
    "long-texts": _long_texts(),
    "arabic": snapshots.arabic_outcomes(),
    "partial": snapshots.partial_outcomes(),
}


TRANSLATED = tuple(code for code in LANGUAGES if code != DUTCH)


@pytest.fixture(scope="module")
def judgements(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Judgement]:
    """All cases in one run of Java: only the first file is slow."""
    folder = tmp_path_factory.mktemp("verapdf")
    sealer = new_sealer(folder)
    for name, outcomes in CASES.items():
        snapshot = snapshots.snapshot_now(outcomes)
        (folder / f"{name}.pdf").write_bytes(pdf.write(snapshot, write_payload(snapshot), sealer.seal))
    for code in TRANSLATED:
        snapshot = snapshots.snapshot_now(snapshots.full_outcomes())
        with speaking(code):
            made = pdf.write(snapshot, write_payload(snapshot), sealer.seal)
        (folder / f"in-{code}.pdf").write_bytes(made)
    claim = b"<pdfaid:conformance>A<"
    sound = (folder / "one.pdf").read_bytes()
    assert claim in sound
    (folder / "unsound.pdf").write_bytes(sound.replace(claim, claim.replace(b"A<", b"Z<")))
    files = sorted(folder.glob("*.pdf"))
    return {(one.file.stem, one.flavour): one for one in judge(files, folder)}


@pytest.mark.parametrize("flavour", ["3a", "ua1"])
@pytest.mark.parametrize("name", [*CASES, *(f"in-{code}" for code in TRANSLATED)])
def test_every_overview_passes(judgements: dict[tuple[str, str], Judgement], name: str, flavour: str) -> None:
    judgement = judgements[name, flavour]
    assert judgement.passes, judgement.failures
    assert judgement.checks > 1000


def test_a_file_that_claims_another_level_does_not_pass(judgements: dict[tuple[str, str], Judgement]) -> None:
    """Else a validator that says yes to everything would not be noticed."""
    assert not judgements["unsound", "3a"].passes
    assert judgements["unsound", "3a"].failures
