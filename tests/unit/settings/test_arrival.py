"""The table [arrival]: what links may bring along."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from app.settings.arrival import ArrivalSettings
from app.settings.kinds import Context

THEME = '[colours]\nbrand = "#14602f"\n'


def read(folder: Path, **members: object) -> ArrivalSettings:
    return ArrivalSettings.model_validate(members, context=Context(folder, allow_loopback_http=False))


def test_a_link_brings_nothing_by_default(tmp_path: Path) -> None:
    stated = read(tmp_path)
    assert (stated.places, stated.case_references, stated.loaded_themes()) == ((), False, {})


def test_places_and_themes_have_names(tmp_path: Path) -> None:
    (tmp_path / "groen.toml").write_text(THEME)
    back = {"name": "de gemeente", "address": "https://www.gemeente.example/schulden"}
    stated = read(tmp_path, return_to=[back], themes={"wijkteam": "groen.toml"})
    assert [place.name for place in stated.places] == ["de gemeente"]
    assert stated.loaded_themes()["wijkteam"].colours.brand == "#14602f"


@pytest.mark.threat("T-48")
@pytest.mark.parametrize(
    "address",
    ["http://www.gemeente.example/", "https://WWW.gemeente.example/", "https://gemeenté.example/", "https://a.example/%2e/"],
)  # fmt: skip
def test_a_place_must_be_a_plain_https_address(tmp_path: Path, address: str) -> None:
    with pytest.raises(ValidationError):
        read(tmp_path, return_to=[{"name": "x", "address": address}])


@pytest.mark.parametrize("name", ["Wijkteam", "", "a b", "a/b"])
def test_a_theme_has_a_plain_name(tmp_path: Path, name: str) -> None:
    (tmp_path / "groen.toml").write_text(THEME)
    with pytest.raises(ValidationError):
        read(tmp_path, themes={name: "groen.toml"})
