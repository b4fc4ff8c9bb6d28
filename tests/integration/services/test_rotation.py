"""Documents of before and after a rotation: for the page with its register, and for the command without."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli.main import main
from app.own_seal import KeySource, OwnSeal, proven_seal
from app.ports.clock import SystemClock
from app.ports.snapshot import Issuer
from app.services.issue import Issue
from app.services.verify import Reason
from claims.identity import Oin
from claims.organisation import Organisation
from signing.keys.backend import KeyBackend, key_id
from signing.sealing.pdf import PdfSeal
from signing.sealing.seals import PdfSeals
from simulators.authority import DEMO_IDENTIFIER, DEMO_OIN
from tests.integration.services.conftest import TownHall
from tests.support.key_folders import Ceremony
from tests.support.seals import NAME
from tests.support.snapshots import full_outcomes

ISSUER = Issuer(Organisation(NAME, Oin(DEMO_OIN)), DEMO_IDENTIFIER, "https://schulden.example/controleren")


def levels(key: KeyBackend) -> PdfSeals:
    return PdfSeals(PdfSeal(key))


@pytest.fixture
def ceremony(hall: TownHall, tmp_path: Path) -> Ceremony:
    ceremony = Ceremony.at(tmp_path / "zegel", hall.town.authority)
    for name in ("eerste", "tweede"):
        ceremony.make(name)
    ceremony.keys.activate("eerste")
    return ceremony


def test_documents_of_before_a_rotation_stay_genuine(
    hall: TownHall, ceremony: Ceremony, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hall.gathered(full_outcomes())
    keys = ceremony.keys
    seal = OwnSeal(KeySource(lambda: proven_seal(keys.load(), ISSUER, hall.town.policy, levels), keys.stamp))
    hall.issue = Issue(hall.store, hall.register, seal.sealing, (SystemClock(), hall.book.audit))
    files = {f"eerste.{name}": hall.file(name) for name in ("pdf", "json")}
    keys.activate("tweede")
    files |= {f"tweede.{name}": hall.file(name) for name in ("pdf", "json")}
    sealed_with = [hall.town.examine(content).key_id for content in files.values()]
    ids = [key_id(keys.certificate(name).certificate) for name in ("eerste", "tweede")]
    assert sealed_with == [ids[0], ids[0], ids[1], ids[1]]
    assert [hall.register.has_issued_with(one) for one in (*ids, "00" * 32)] == [True, True, False]
    hall.town.authority.write_trust(tmp_path / "trust", NAME, DEMO_IDENTIFIER)
    for name, content in files.items():
        assert hall.verify().verify(content).reason is Reason.GENUINE
        (tmp_path / name).write_bytes(content)
        assert main(["verify", "--trust", str(tmp_path / "trust"), str(tmp_path / name)]) == 0
    assert capsys.readouterr().out.lower().count("echt") >= len(files)
