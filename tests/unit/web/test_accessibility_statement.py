"""The accessibility statement: what it must tell by the model of the government, and nothing that nobody looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import cast

from app.language import speaking
from app.web.public import PublicPages
from app.web.services import AgreedStatement
from tests.unit.web.conftest import MakeSite


def statement(make: MakeSite, agreed: AgreedStatement | None) -> str:
    web = make()
    texts = replace(web.services.texts, statement=agreed)
    with web.site.app.test_request_context("/toegankelijkheid", base_url=web.site.base_url), speaking("nl"):
        return cast(str, PublicPages(replace(web.services, texts=texts)).accessibility())


def test_it_names_scope_status_what_was_tried_contact_and_the_way_to_complain(make: MakeSite) -> None:
    page = statement(make, None)
    for part in ("Waarvoor deze verklaring geldt", "status C", "axe", "14 0123", "nationaleombudsman.nl"):
        assert part in page, part
    assert "Niemand die daarvoor is opgeleid, heeft dat nog onderzocht" in page
    assert "een test met een echte schermlezer" in page.split("Dit is nog niet gedaan", 1)[1]


def test_who_agreed_and_when_stands_below(make: MakeSite) -> None:
    address = "https://www.toegankelijkheidsverklaring.nl/register/1"
    agreed = AgreedStatement(date(2026, 12, 1), "gemeentesecretaris", address)
    page = statement(make, agreed)
    assert "Vastgesteld op 1 december 2026 door gemeentesecretaris van Gemeente Voorbeeldstad." in page
    assert f'href="{address}"' in page


def test_as_long_as_nobody_agreed_it_says_so(make: MakeSite) -> None:
    assert "heeft nog niemand deze verklaring vastgesteld" in statement(make, None)
