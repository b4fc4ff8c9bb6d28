"""What `sources check` says about the way of reports."""

from pathlib import Path

import pytest
from joserfc.jwk import ECKey, RSAKey

from sources.checking.reports import look_at_reports
from sources.checking.steps import Mark
from sources.report_settings import ReportSettings


def in_folder(folder: Path, key: str) -> ReportSettings:
    (folder / "sleutel").write_text(key)
    return ReportSettings(way="folder", outbox_folder=folder / "uit", receiver_file=folder / "sleutel")


def pem(key: ECKey | RSAKey, *, private: bool = False) -> str:
    return key.as_pem(private=private).decode()


def test_a_usable_key_and_folder_hold(tmp_path: Path) -> None:
    settings = in_folder(tmp_path, pem(ECKey.generate_key("P-256")))
    assert look_at_reports(settings).text == "in outbox_folder kunnen wij niet schrijven"
    (tmp_path / "uit").mkdir()
    assert look_at_reports(settings).text == "in een map, versleuteld met ECDH-ES+A256KW"
    assert look_at_reports(ReportSettings(way="rest")).mark is Mark.HOLDS


@pytest.mark.parametrize(
    "key",
    [
        "geen sleutel",
        pem(ECKey.generate_key("P-256"), private=True),
        pem(ECKey.generate_key("P-521")),
        pem(RSAKey.generate_key(1024)),
    ],
    ids=["no key", "private", "other curve", "short"],
)
def test_what_is_no_public_key_for_us_fails(tmp_path: Path, key: str) -> None:
    found = look_at_reports(in_folder(tmp_path, key))
    assert found.mark is Mark.FAILS
    assert found.advice
