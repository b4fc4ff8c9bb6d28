"""A citizen shares; whoever has the code opens; nobody else gets anything."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text, update

from app.persistence.code_vault import MOST_TRIED
from app.persistence.share_vault import ShareVault
from app.persistence.tables import shares
from app.services.share_code import new_code
from app.services.verify import Reason, Verdict
from tests.support.audit import words_of
from tests.support.pages import error_number
from tests.support.waiting import PATIENCE_S
from tests.support.web_claims import BANK, TAXES, answer, property_tax, source
from tests.support.web_site import NUMBER, Browser, WebSite, make_web_site

CODE = re.compile(r"<strong>([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})</strong>")


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebSite]:
    site = make_web_site(
        tmp_path_factory.mktemp("share"), answer("belastingen", TAXES, property_tax()), with_sharing=True
    )
    site.verifier.verdict = Verdict(Reason.GENUINE)
    yield site
    site.site.database.close()


@contextmanager
def away(table: str, web: WebSite) -> Iterator[None]:
    """The database takes nothing for this table for a moment."""
    for before, after in ((table, f"{table}_away"), (f"{table}_away", table)):
        with web.site.database.write() as connection:
            connection.execute(text(f"ALTER TABLE {before} RENAME TO {after}"))
        if before == table:
            yield


def shared(web: WebSite, whom: str = "Mevrouw De Wit") -> tuple[Browser, str]:
    """A logged-in citizen who shared, and the code."""
    browser = web.browser()
    collection = browser.log_in().headers["Location"].rsplit("/", 1)[1]
    page = browser.post("/delen", "/delen", met=whom, dagen="7", ophaling=collection)
    found = CODE.search(page.text)
    assert found, page.text
    return browser, found[1]


def test_the_code_opens_the_document_with_its_verdict_and_files(web: WebSite) -> None:
    citizen, code = shared(web)
    helper = web.browser()
    page = helper.post("/gedeeld", code=code.lower().replace("-", " "), naam="Jan van Stadsbank")
    assert page.status_code == 200
    assert web.verifier.seen[-1] == b"inhoud"
    ticket = re.search(r'name="bon" value="([^"]+)"', page.text)
    assert ticket
    file = helper.post("/gedeeld/pdf", code=code, bon=ticket[1])
    assert (file.mimetype, file.data) == ("application/pdf", b"inhoud")
    assert NUMBER in file.headers["Content-Disposition"]
    mine = citizen.get("/delen").text
    assert "Jan van Stadsbank" in mine
    assert "Mevrouw De Wit" in mine
    assert "Iemand met de code heeft overzicht" in citizen.get("/mijn-gegevens").text


def test_the_code_stands_in_no_address_and_no_log(web: WebSite, capsys: pytest.CaptureFixture[str]) -> None:
    _, code = shared(web)
    web.browser().post("/gedeeld", code=code, naam="Jan")
    said = capsys.readouterr()
    assert "rule=/gedeeld" in said.out  # it was written down at all
    assert code not in said.out + said.err
    assert "Jan" not in said.out + said.err


@pytest.mark.threat("T-39")
def test_stopping_ends_it_at_once(web: WebSite) -> None:
    citizen, code = shared(web, "Alleen deze")
    stop = re.compile(r'action="(/delen/[0-9a-f]+/stoppen)"(?:(?!</form>).)*Alleen deze', re.DOTALL)
    ids = stop.findall(citizen.get("/delen").text)
    stranger = web.browser()
    stranger.log_in("111111110")
    assert stranger.post(ids[0], "/uitloggen").status_code == 404
    assert web.browser().post("/gedeeld", code=code, naam="Jan").status_code == 200
    assert citizen.post(ids[0], "/delen").status_code == 200
    assert web.browser().post("/gedeeld", code=code, naam="Jan").status_code == 404


@pytest.mark.parametrize(("reason", "handed_out"), [(Reason.GENUINE, True), (Reason.REVOKED, False)])
def test_a_document_that_was_revoked_since_is_not_handed_out(
    web: WebSite, reason: Reason, handed_out: bool
) -> None:
    _, code = shared(web)
    web.verifier.verdict = Verdict(reason)
    page = web.browser().post("/gedeeld", code=code, naam="Jan").text
    web.verifier.verdict = Verdict(Reason.GENUINE)
    assert ('action="/gedeeld/pdf"' in page) is handed_out
    assert "weggegooid" not in page


@pytest.mark.threat("T-39")
def test_every_wrong_code_gets_the_same_answer(web: WebSite) -> None:
    answers = [
        web.browser().post("/gedeeld", code=code, naam="Jan") for code in (new_code(), "kort", "", "A" * 5000)
    ]
    assert {one.status_code for one in answers} == {404}
    assert len({one.text.replace(error_number(one.text) or "no number", "") for one in answers}) == 1


@pytest.mark.parametrize(
    ("whom", "days"), [("", "7"), ("x" * 101, "7"), ("De Wit\nJan", "7"), ("De Wit", "31"), ("De Wit", "")]
)
def test_a_form_that_is_not_whole_shares_nothing(web: WebSite, whom: str, days: str) -> None:
    browser = web.browser()
    collection = browser.log_in().headers["Location"].rsplit("/", 1)[1]
    before = len(re.findall("stoppen", browser.get("/delen").text))
    assert browser.post("/delen", "/delen", met=whom, dagen=days, ophaling=collection).status_code == 400
    assert len(re.findall("stoppen", browser.get("/delen").text)) == before


@pytest.mark.threat("T-01")
def test_a_page_of_an_earlier_log_in_shares_nothing_of_the_next_citizen(web: WebSite) -> None:
    browser = web.browser()
    collection = browser.log_in().headers["Location"].rsplit("/", 1)[1]
    browser.log_in("111111110")
    answered = browser.post("/delen", "/uitloggen", met="De Wit", dagen="7", ophaling=collection)
    assert answered.status_code in {400, 404}


def test_while_a_source_is_being_asked_nothing_is_shared(web: WebSite) -> None:
    """Files of two moments must never stand beside each other."""
    browser = web.browser()
    collection = browser.log_in().headers["Location"].rsplit("/", 1)[1]
    web.collections.pending = (source("traag", BANK),)
    answered = browser.post("/delen", "/delen", met="De Wit", dagen="7", ophaling=collection)
    web.collections.pending = ()
    assert answered.status_code == 409


def test_who_opens_must_say_who_they_are(web: WebSite) -> None:
    _, code = shared(web)
    assert web.browser().post("/gedeeld", code=code, naam=" ").status_code == 400
    assert web.browser().post("/gedeeld", code=code, naam="Jan").status_code == 200


def test_the_receipt_holds_the_agreement_and_not_the_code(web: WebSite) -> None:
    citizen, code = shared(web, "Stadsbank <b>Noord</b>")
    found = re.findall(r'href="(/delen/[0-9a-f]+/bewijs)"', citizen.get("/delen").text)
    receipt = next(one for one in map(citizen.get, found) if "Noord" in one.text)
    assert "Gedeeld met: Stadsbank <b>Noord</b>" in receipt.text
    assert code not in receipt.text
    assert receipt.mimetype == "text/plain"


def test_without_the_table_there_is_no_such_page(tmp_path: Path) -> None:
    web = make_web_site(tmp_path)
    browser = web.browser()
    browser.log_in()
    assert [browser.get(path).status_code for path in ("/delen", "/gedeeld")] == [404, 404]
    assert "schuldhulpverlener" not in browser.get("/overzicht").text
    web.site.database.close()


@pytest.mark.threat("T-39")
def test_a_flood_of_codes_takes_a_few_threads_only(tmp_path: Path) -> None:
    """Citizens need the others: whoever comes when three codes are being tried is told to come back."""
    vault = ShareVault(os.urandom(32))
    web = make_web_site(tmp_path, with_sharing=True, vault=vault)

    def attempt() -> tuple[int, str | None]:
        answered = web.browser().post("/gedeeld", code=new_code(), naam="Jan")
        return answered.status_code, answered.headers.get("Retry-After")

    with ThreadPoolExecutor(MOST_TRIED + 1) as pool:
        with vault.turn:
            tried = [pool.submit(attempt) for _ in range(MOST_TRIED + 1)]
            first = wait(tried, PATIENCE_S, FIRST_COMPLETED).done
            assert [one.result() for one in first] == [(503, "10")]
        assert sorted(one.result()[0] for one in tried) == [404] * MOST_TRIED + [503]
    assert attempt() == (404, None)
    web.site.database.close()


@pytest.mark.threat("T-39")
def test_the_citizen_can_stop_what_was_opened_for_the_last_time(tmp_path: Path) -> None:
    """Who opened it can download for a quarter of an hour."""
    web = make_web_site(tmp_path, answer("belastingen", TAXES, property_tax()), with_sharing=True)
    web.verifier.verdict = Verdict(Reason.GENUINE)
    citizen, code = shared(web)
    with web.site.database.write() as connection:
        connection.execute(update(shares).values(openings_left=1))
    helper = web.browser()
    page = helper.post("/gedeeld", code=code, naam="Jan")
    [ticket] = set(re.findall(r'name="bon" value="([^"]+)"', page.text))
    assert helper.post("/gedeeld/csv", code=code, bon=ticket).status_code == 200
    mine = citizen.get("/delen").text
    assert "Gestopt op" not in mine
    [stop] = re.findall(r'action="(/delen/[0-9a-f]+/stoppen)"', mine)
    assert citizen.post(stop, "/delen").status_code == 200
    assert helper.post("/gedeeld/csv", code=code, bon=ticket).status_code == 404
    web.site.database.close()


@pytest.mark.threat("T-39")
def test_an_opening_that_fails_on_our_side_costs_the_counsellor_nothing(tmp_path: Path) -> None:
    """The log takes no row, or nobody can examine the document now: nothing is handed out, counted or told."""
    web = make_web_site(tmp_path, answer("belastingen", TAXES, property_tax()), with_sharing=True)
    web.verifier.verdict = Verdict(Reason.GENUINE)
    citizen, code = shared(web)
    with web.site.database.write() as connection:
        connection.execute(update(shares).values(openings_left=1))
    with away("audit_log", web):
        assert web.browser().post("/gedeeld", code=code, naam="Jan").status_code == 503
    web.verifier.verdict = Verdict(Reason.EXAMINER_FAILED)
    page = web.browser().post("/gedeeld", code=code, naam="Jan")
    assert page.status_code == 503
    assert "/gedeeld/pdf" not in page.text
    assert "Jan" not in citizen.get("/delen").text
    with away("share_openings", web):
        assert web.browser().post("/gedeeld", code=code, naam="Jan").status_code == 503
    assert "share_opened" not in {event for event, _, _ in words_of(web.book)}
    web.verifier.verdict = Verdict(Reason.GENUINE)
    assert web.browser().post("/gedeeld", code=code, naam="Jan").status_code == 200
    assert web.browser().post("/gedeeld", code=code, naam="Jan").status_code == 404
    assert [event for event, _, _ in words_of(web.book)].count("share_opened") == 1
    web.site.database.close()


@pytest.mark.threat("T-39")
def test_another_site_sends_no_form_in_the_name_of_a_visitor(web: WebSite) -> None:
    """It could use up what an address may try, or put a document of its own choice on our page."""
    _, code = shared(web)
    base = web.site.base_url
    form = {"code": code, "naam": "Jan"}

    def status(path: str, **headers: str) -> int:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.browser().client.post(path, base_url=base, data=form, headers=named).status_code

    for path in ("/gedeeld", "/gedeeld/pdf", "/gedeeld/json", "/gedeeld/csv", "/controleren"):
        assert status(path, Sec_Fetch_Site="cross-site", Origin=base) == 400
    assert status("/gedeeld", Sec_Fetch_Site="same-site") == 400
    assert status("/gedeeld", Origin="https://elders.example") == 400
    assert status("/gedeeld", Origin="null") == 400
    assert status("/gedeeld", Sec_Fetch_Site="same-origin", Origin=base) == 200
    assert status("/gedeeld", Origin=base) == 200
