"""Progress per source, and asking one source again."""

import pytest

from claims.outcome import FailureCause, PartialReason, SourceFailure
from tests.support import web_claims as given
from tests.unit.web.conftest import MakeSite

FAILURE = SourceFailure(
    source=given.source("parkeren", given.PARKING), failed_at=given.NOW, cause=FailureCause.TOO_SLOW
)


def test_progress_names_every_source_and_goes_on_when_it_may_be_shown(make: MakeSite) -> None:
    web = make(given.answer("w", given.WATER), FAILURE)
    web.collections.pending = (given.source("belastingen", given.TAXES),)
    web.collections.may_show = False
    browser = web.browser()
    address = browser.log_in().headers["Location"]
    page = browser.get(address).text
    assert 'role="status"' in page
    for words in ("Wij halen de gegevens op", "Geen rekeningen", "Geen antwoord", "Bekijk of het klaar is"):
        assert words in page
    assert browser.get("/overzicht").headers["Location"] == address
    web.collections.may_show = True
    assert browser.get(address).headers["Location"] == "/overzicht"


def test_a_failed_source_does_not_count_as_having_answered(make: MakeSite) -> None:
    web = make(given.answer("w", given.WATER), FAILURE)
    web.collections.pending = (given.source("belastingen", given.TAXES),)
    web.collections.may_show = False
    browser = web.browser()
    page = browser.get(browser.log_in().headers["Location"]).text
    assert "1 van 3 bronnen hebben geantwoord. 1 bron gaf geen antwoord." in page


def test_asking_again_asks_that_one_source(make: MakeSite) -> None:
    web = make(FAILURE, given.answer("w", given.WATER))
    browser = web.browser()
    address = browser.log_in().headers["Location"]
    answer = browser.post(f"{address}/parkeren", token_from="/overzicht")
    assert answer.headers["Location"] == address
    assert web.collections.retried == ["parkeren"]


@pytest.mark.threat("T-18")
def test_nobody_makes_us_ask_every_source_again_and_again_while_they_are_asked(make: MakeSite) -> None:
    web = make(given.answer("w", given.WATER))
    browser = web.browser()
    address = browser.log_in().headers["Location"]
    web.collections.pending = (given.source("belastingen", given.TAXES),)
    for _ in range(3):
        assert browser.post("/ophalen", token_from="/uitloggen").headers["Location"] == address
    assert web.collections.started == 1
    web.collections.pending = ()
    assert browser.post("/ophalen", token_from="/uitloggen").headers["Location"] != address


def test_a_source_that_is_asked_again_has_not_answered_yet_and_its_claims_stay_and_say_so(
    make: MakeSite,
) -> None:
    web = make(given.answer("w", given.WATER), FAILURE)
    part = given.answer(
        "belastingen", given.TAXES, given.property_tax(), partial=(PartialReason.CLAIM_UNREADABLE,)
    )
    web.collections.asked_again = (part,)
    web.collections.may_show = False
    browser = web.browser()
    page = browser.get(browser.log_in().headers["Location"]).text
    assert "1 van 3 bronnen hebben geantwoord. 1 bron gaf geen antwoord." in page
    assert "Wordt opnieuw gevraagd" in page
    web.collections.may_show = True
    overview = browser.get("/overzicht").text
    assert overview.index("U ziet nog wat deze bron om 10.00 uur gaf.") < overview.index("minstens € 459,50")
    assert "Dit is wat wij eerder hoorden." in overview
    assert web.collections.signs[-1] is None, "a page that shows an unfinished collection keeps it going"
