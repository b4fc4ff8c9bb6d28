"""No Dutch is left on a page in another language, except what is Dutch and says so.

In Arabic every word in Latin letters stands out: it must be a name, or be marked as Dutch (`lang="nl"`) or as not to be
translated. What fails here was never handed to gettext.
"""

from __future__ import annotations

import re

import pytest
from lxml import html

from claims.financial_claim import ClaimStatus
from claims.outcome import FailureCause, NotConnected, SourceFailure
from tests.support import web_claims as given
from tests.unit.web.conftest import MakeSite

_WORD = re.compile(r"[A-Za-zÀ-ÿ]{2,}")
_NAMES = """
    DigiD Machtigen BSN IBAN Geldfit PDF JSON CSV XLSX QR MB OIN DER SHA Bbz bijstand schuldhulp Language
    Adobe Acrobat Mac validity unknown Zegel Autoriteit Persoonsgegevens Belastingdienst UWV SVB CAK DUO CJIB
    check schuldenoverzicht json pdf csv www digid nl wortel pem blauwe knop verify sha sum ID WCAG AA axe JavaScript
    Nationale ombudsman Besluit digitale toegankelijkheid overheid
"""
_PUBLIC = (
    "/",
    "/bronnen",
    "/hulp",
    "/woorden",
    "/toegankelijkheid",
    "/privacy",
    "/controleren",
    "/zegel",
    "/nergens",
)
_LOGGED_IN = ("/overzicht", "/mijn-gegevens", "/delen", "/sessie", "/uitloggen")
_CLAIMS = (
    given.property_tax(),
    given.parking_fine(),
    given.benefit_recovery(),
    given.unknown_amount(),
    given.disputed(),
    given.overpaid(),
    given.paid(),
    *(given.in_status(status) for status in ClaimStatus),
)


def dutch_words(page: str) -> list[str]:
    """Words in Latin letters that a screen reader would read with an Arabic voice."""
    root = html.fromstring(page)
    for marked in root.xpath("//*[@lang='nl' or @translate='no'] | //script | //style | //*[@hreflang]"):
        for part in [marked, *marked.iter()]:
            part.text = None
            if part is not marked:
                part.tail = None
    said = [text for text in root.xpath("//body//text()") if text.strip()]
    said += root.xpath("//@aria-label | //@alt | //@placeholder | //@title")
    # In a title nothing can be marked.
    said += [title.removesuffix(f" - {given.TAXES.name}") for title in root.xpath("//title/text()")]
    return sorted({word for text in said for word in _WORD.findall(text)} - set(_NAMES.split()))


@pytest.mark.parametrize("address", _PUBLIC)
def test_a_page_for_everybody_is_wholly_in_the_chosen_language(make: MakeSite, address: str) -> None:
    browser = make(given.answer("w", given.WATER)).browser()
    assert dutch_words(browser.get(f"{address}?taal=ar").text) == []


@pytest.mark.parametrize("address", _LOGGED_IN)
def test_a_page_of_the_citizen_is_wholly_in_the_chosen_language(make: MakeSite, address: str) -> None:
    outcomes = (
        given.answer("w", given.WATER),
        given.answer("belastingen", given.TAXES, *_CLAIMS),
        SourceFailure(
            source=given.source("parkeren", given.PARKING), failed_at=given.NOW, cause=FailureCause.TOO_SLOW
        ),
        NotConnected(source=given.source("x", given.WATER), noted_at=given.NOW),
    )
    browser = make(*outcomes).browser()
    browser.log_in()
    assert dutch_words(browser.get(f"{address}?taal=ar").text) == []
