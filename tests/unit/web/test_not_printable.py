"""A PDF that cannot be made is said in plain words, with another way to the same data."""

from app.services.issue import NotPrintable
from tests.support import web_claims as given
from tests.unit.web.conftest import MakeSite


def test_a_text_that_cannot_be_printed_leads_to_the_other_formats(make: MakeSite) -> None:
    web = make(given.answer("w", given.WATER))
    web.files.error = NotPrintable()
    browser = web.browser()
    browser.log_in()
    answer = browser.get("/overzicht/pdf")
    assert answer.status_code == 409
    assert "Wij kunnen hier geen pdf van maken" in answer.text
    assert "JSON of CSV" in answer.text
