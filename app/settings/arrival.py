"""The table [arrival]: what a link on the site of a municipality may bring along. Without it a link is only a link."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field, model_validator

from app.http.public_address import origin_of
from app.http.return_places import ReturnPlace
from app.http.theme import Theme
from app.settings.kinds import FilePath, Part, Text, WebAddress
from app.settings.theme import load_theme

ThemeName = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
_PLAIN_HOST = re.compile(r"https?://[a-z0-9.-]+(:[0-9]+)?(/|$)", re.ASCII)


class ReturnPlaceSettings(Part):
    """`name` stands after "Terug naar". `address`: that site, or a part of it; pages below it belong to it."""

    name: Text
    address: WebAddress

    @model_validator(mode="after")
    def _can_be_linked(self) -> ReturnPlaceSettings:
        whole = ReturnPlace(self.name, origin_of(self.address))
        if not _PLAIN_HOST.match(self.address) or not whole.includes(self.address):
            raise ValueError(
                "the address must be plain: its host in small letters (xn-- for others), no encoded characters"
            )
        return self

    @property
    def place(self) -> ReturnPlace:
        return ReturnPlace(self.name, self.address)


class ArrivalSettings(Part):
    """`return_to`: where links may ask to lead back to. `case_references`: whether a link may bring a case reference, which then
    stands in sealed documents as what that site said. `themes`: other looks that a link may ask for, by name."""

    return_to: tuple[ReturnPlaceSettings, ...] = ()
    case_references: bool = False
    themes: dict[ThemeName, FilePath] = Field(default_factory=dict)

    @property
    def places(self) -> tuple[ReturnPlace, ...]:
        return tuple(one.place for one in self.return_to)

    def loaded_themes(self) -> dict[str, Theme]:
        """Raises ValueError for a file that cannot be used."""
        return {name: load_theme(path) for name, path in self.themes.items()}
