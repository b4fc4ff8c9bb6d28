"""The seal that is used now: proven first, and followed when another key becomes active, without a restart."""

from __future__ import annotations

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from app.own_seal import KeySource, OwnSeal, proven_seal
from app.ports.snapshot import Issuer
from app.services.publication import Role
from claims.identity import Oin
from claims.organisation import Organisation
from signing.errors import KeyRefused
from signing.keys.backend import KeyBackend, key_id
from signing.policy import TrustPolicy
from signing.sealing.pdf import PdfSeal
from signing.sealing.seals import PdfSeals
from simulators.authority import DEMO_IDENTIFIER, DEMO_OIN
from tests.support.key_folders import Ceremony
from tests.support.seals import NAME, Town

ISSUER = Issuer(Organisation(NAME, Oin(DEMO_OIN)), DEMO_IDENTIFIER, "https://voorbeeld.nl/controleren", ())


def levels(key: KeyBackend) -> PdfSeals:
    return PdfSeals(PdfSeal(key))


@pytest.fixture(scope="module")
def town() -> Town:
    return Town.create()


@pytest.fixture
def ceremony(town: Town, tmp_path: Path) -> Ceremony:
    ceremony = Ceremony.at(tmp_path / "zegel", town.authority)
    for name in ("eerste", "tweede"):
        ceremony.make(name)
    ceremony.keys.activate("eerste")
    return ceremony


def current(town: Town, ceremony: Ceremony) -> OwnSeal:
    keys = ceremony.keys
    load = lambda: proven_seal(keys.load(), ISSUER, town.policy, levels)  # noqa: E731 -- as bootstrap does
    return OwnSeal(KeySource(load, keys.stamp))


def id_of(ceremony: Ceremony, name: str) -> str:
    return key_id(ceremony.keys.certificate(name).certificate)


def test_the_next_document_after_a_rotation_has_the_new_key(town: Town, ceremony: Ceremony) -> None:
    seal = current(town, ceremony)
    before = seal.sealing()
    assert seal.sealing() is before
    assert before.pdf.key_id == id_of(ceremony, "eerste")
    ceremony.keys.activate("tweede")
    with capture_logs() as lines:
        assert seal.sealing().pdf.key_id == id_of(ceremony, "tweede")
    assert [line["log_level"] for line in lines] == ["info"]
    assert seal.sealing() is seal.sealing()
    [published] = seal.published().of(Role.SEAL)
    assert published.sha256 == id_of(ceremony, "tweede")


def test_a_new_key_that_cannot_be_used_changes_nothing(
    town: Town, ceremony: Ceremony, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal = current(town, ceremony)
    (ceremony.keys.folder / "tweede" / "key.pem").chmod(0o644)
    ceremony.keys.activate("tweede")
    with capture_logs() as lines:
        for _ in range(3):
            assert seal.sealing().pdf.key_id == id_of(ceremony, "eerste")
    assert [line["log_level"] for line in lines] == ["error"]  # once: it looks again later
    assert "chmod 600" in lines[0]["reason"]
    (ceremony.keys.folder / "tweede" / "key.pem").chmod(0o600)
    monkeypatch.setattr("app.own_seal._LOOK_AGAIN_S", 0.0)
    assert seal.sealing().pdf.key_id == id_of(ceremony, "tweede")


def test_a_start_is_refused_when_we_would_not_trust_our_own_seal(ceremony: Ceremony) -> None:
    with pytest.raises(KeyRefused, match="chain"):
        proven_seal(ceremony.keys.load(), ISSUER, TrustPolicy(frozenset()), levels)
