"""Somebody who logged in for somebody else: whose debts these are is never in doubt, and nothing gets mixed."""

import pytest

from app.documents import on_behalf
from app.http.session_interface import current_session
from app.ports.data_subject import DataSubject, Representative
from app.ports.login import RepresentationRefused
from app.web.citizen import current_citizen
from claims.identity import Bsn
from tests.support.audit import rows_of
from tests.support.web_claims import TAXES, answer, property_tax
from tests.support.web_site import BSN, WebSite
from tests.unit.web.conftest import MakeSite

HANNA = Representative(Bsn("999996356"))
LINE = "Opgevraagd door gemachtigde (BSN eindigt op 356) namens vertegenwoordigde (BSN eindigt op 549)."


def a_site(make: MakeSite) -> WebSite:
    return make(answer("belastingen", TAXES, property_tax()))


@pytest.mark.threat("T-36")
def test_every_page_says_who_looks_for_whom(make: MakeSite) -> None:
    web = a_site(make)
    web.login.representative = HANNA
    browser = web.browser()
    browser.log_in()
    web.collections.may_show = False
    pages = ["/", "/ophalen/ophaling-0", "/sessie", "/uitloggen", "/mijn-gegevens", "/hulp", "/bestaat-niet"]
    for address in [*pages, "/bronnen", "/woorden", "/controleren", "/privacy", "/toegankelijkheid"]:
        assert LINE in browser.get(address).text, address
    web.collections.may_show = True
    overview = browser.get("/overzicht").text
    assert LINE in overview
    assert "Wat de vertegenwoordigde moet betalen</h1>" in overview
    assert "<title>Wat de vertegenwoordigde moet betalen" in overview
    assert "Wat u moet betalen" not in overview
    for number in (BSN, HANNA.bsn.digits):
        assert number not in overview


def test_who_looks_for_themselves_reads_nothing_of_that(make: MakeSite) -> None:
    browser = a_site(make).browser()
    browser.log_in()
    overview = browser.get("/overzicht").text
    assert "Wat u moet betalen</h1>" in overview
    assert "vertegenwoordigde" not in overview
    assert on_behalf.REQUESTED_BY not in overview
    assert "DigiD Machtigen" not in browser.get("/").text


def test_use_cases_get_both_persons_and_the_log_names_both(make: MakeSite) -> None:
    web = a_site(make)
    web.login.representative = HANNA
    browser = web.browser()
    browser.log_in()
    assert browser.get("/overzicht/json").status_code == 200
    assert web.files.persons == [DataSubject(Bsn(BSN), HANNA)]
    (entry,) = rows_of(web.book)
    pseudonyms = web.book.pseudonyms
    assert entry.subject == pseudonyms.of_citizen(Bsn(BSN)).value
    assert entry.actor == pseudonyms.of_citizen(HANNA.bsn).value


@pytest.mark.threat("T-36")
def test_one_browser_that_logs_in_for_another_and_then_for_itself_mixes_nothing(make: MakeSite) -> None:
    web = a_site(make)
    browser = web.browser()
    web.login.representative = HANNA
    browser.log_in()
    old = browser.get("/overzicht").text
    assert LINE in old
    web.login.representative = None
    browser.log_in(HANNA.bsn.digits)
    assert len(web.collections.forgotten) == 1
    owners = {owner for owner, _ in web.collections.views}
    assert len(owners) == 1
    assert not owners & set(web.collections.forgotten)
    assert "vertegenwoordigde" not in browser.get("/overzicht").text
    assert browser.get("/overzicht/pdf?ophaling=ophaling-0").status_code == 404
    assert browser.get("/ophalen/ophaling-0").status_code == 404


@pytest.mark.threat("T-37")
def test_an_authorisation_counts_for_one_session_of_an_hour_however_busy(make: MakeSite) -> None:
    web = a_site(make)
    web.login.representative = HANNA
    browser = web.browser()
    browser.log_in()
    for _ in range(5):
        assert LINE in browser.get("/overzicht").text
        web.site.clock.advance(12 * 60)
    assert browser.get("/overzicht").status_code == 401


@pytest.mark.threat("T-36")
def test_open_sessions_are_those_of_who_logged_in(make: MakeSite) -> None:
    """Whoever represents somebody can neither see nor end where that person is logged in."""
    web = a_site(make)
    theirs, mine, at_home = web.browser(), web.browser(), web.browser()
    theirs.log_in()
    at_home.log_in(HANNA.bsn.digits)
    web.login.representative = HANNA
    mine.log_in()
    assert mine.get("/mijn-gegevens").text.count("Begonnen om") == 2
    mine.post("/mijn-gegevens/sessies", token_from="/mijn-gegevens")
    assert [one.get("/overzicht").status_code for one in (theirs, mine, at_home)] == [200, 200, 401]
    at_home.log_in(HANNA.bsn.digits)
    web.login.representative = None
    other = web.browser()
    other.log_in(HANNA.bsn.digits)
    other.post("/mijn-gegevens/sessies", token_from="/mijn-gegevens")
    assert mine.get("/overzicht").status_code == 401
    ended = rows_of(web.book)[-1]
    assert (str(ended.event), ended.detail) == ("session_ended", "elsewhere")


def test_a_refused_representation_has_its_own_page_and_ends_the_earlier_log_in(make: MakeSite) -> None:
    web = a_site(make)
    browser = web.browser()
    browser.log_in()
    web.login.refusal = RepresentationRefused("representation_chain")
    refused = browser.log_in()
    assert refused.status_code == 403
    assert "U kunt nu niet voor iemand anders inloggen" in refused.text
    assert "representation_chain" not in refused.text
    assert browser.get("/overzicht").status_code == 401
    assert rows_of(web.book)[-2].detail == "representation_chain"


@pytest.mark.threat("T-36")
@pytest.mark.parametrize(
    "record",
    [
        {"representative": "999996356"},
        {"represented": BSN},
        {"represented": BSN, "representative": ""},
        {"represented": BSN, "representative": BSN},
        {"represented": BSN, "representative": None},
    ],
)
def test_half_a_record_in_the_session_is_nobody(make: MakeSite, record: dict[str, str]) -> None:
    with a_site(make).site.app.test_request_context("/"):
        current_session()["citizen"] = record
        assert current_citizen() is None
