"""Every level of our seals, judged by others: pyHanko's AdES validation, veraPDF, OpenSSL, poppler and qpdf."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyhanko.sign.ades.report import AdESPassed

from app.documents import pdf
from app.documents.json import write_payload
from signing.report import Finding
from signing.sealing.archive import archived
from tests.conformance import ades
from tests.conformance.verapdf import Judgement
from tests.conformance.verapdf import judge as judge_by_verapdf
from tests.integration.signing.test_other_tools import openssl_accepts, pdfsig_says, run
from tests.support import snapshots
from tests.support.stamped import StampedTown, stamped_town

pytestmark = [pytest.mark.conformance, pytest.mark.timeout(900)]

LEVELS = ("B-B", "B-T", "B-LT", "B-LTA")


@pytest.fixture(scope="module", params=["p256", "rsa3072"])
def place(request: pytest.FixtureRequest) -> Iterator[StampedTown]:
    with stamped_town(request.param) as made:
        yield made


@pytest.fixture(scope="module")
def files(place: StampedTown) -> dict[str, bytes]:
    """The same overview at every level."""
    snapshot = snapshots.snapshot_now(snapshots.partial_outcomes())
    made = {
        level: pdf.write(snapshot, write_payload(snapshot), place.seal(level))
        for level in LEVELS
        if level != "B-LTA"
    }
    return {**made, "B-LTA": archived(made["B-LT"], place.client, place.long_term)}


@pytest.fixture(scope="module")
def verapdf(
    files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[str, str], Judgement]:
    folder = tmp_path_factory.mktemp("levels")
    for level, content in files.items():
        (folder / f"{level}.pdf").write_bytes(content)
    judged = judge_by_verapdf(sorted(folder.glob("*.pdf")), folder)
    return {(one.file.stem, one.flavour): one for one in judged}


@pytest.mark.parametrize("level", LEVELS)
def test_we_say_so_ourselves(place: StampedTown, files: dict[str, bytes], level: str) -> None:
    report = place.town.examine(files[level])
    wanted = Finding.ARCHIVED if level == "B-LTA" else Finding.GENUINE
    assert (report.finding, report.level) == (wanted, level)


@pytest.mark.parametrize("level", LEVELS)
def test_pyhanko_validates_the_level(place: StampedTown, files: dict[str, bytes], level: str) -> None:
    assert ades.judge(place, files[level], level) is AdESPassed.OK


def test_pyhanko_does_not_find_a_level_that_is_not_there(place: StampedTown, files: dict[str, bytes]) -> None:
    assert ades.judge(place, files["B-B"], "B-T") is not AdESPassed.OK
    changed = files["B-T"].replace(b"<pdfaid:conformance>A<", b"<pdfaid:conformance>B<")
    assert changed != files["B-T"]
    assert ades.judge(place, changed, "B-T") is not AdESPassed.OK


@pytest.mark.parametrize("flavour", ["3a", "ua1"])
@pytest.mark.parametrize("level", LEVELS)
def test_verapdf_passes_every_level(
    verapdf: dict[tuple[str, str], Judgement], level: str, flavour: str
) -> None:
    assert verapdf[level, flavour].passes, verapdf[level, flavour].failures


@pytest.mark.parametrize("level", LEVELS)
def test_openssl_poppler_and_qpdf_accept_every_level(
    place: StampedTown, files: dict[str, bytes], level: str, tmp_path: Path
) -> None:
    content = files[level]
    assert openssl_accepts(place.town, content, tmp_path)
    said = pdfsig_says(content, tmp_path)
    assert "Signature is Valid" in said
    assert ("Not total document signed" in said) == (level == "B-LTA")
    checked = run("qpdf", "--check", tmp_path / "o.pdf")
    assert checked.returncode == 0, checked.stderr
    assert content.count(b"%%EOF") == (2 if level == "B-LTA" else 1)
