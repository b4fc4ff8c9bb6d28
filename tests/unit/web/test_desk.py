"""Several files at once on the page for verifying: what a counsellor sees, and what stays behind."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from io import BytesIO

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.persistence.desk_store import SqlDeskStore
from app.persistence.document_register import SqlDocumentRegister
from app.persistence.tables_of_others import desk_results
from app.ports.case_reference import CaseReference
from app.services.summaries import MEDIA_TYPES
from app.services.verify import Reason, Verdict
from app.web.desk import COOKIE, MOST_FILES
from claims.identity import Bsn
from claims.overview import Overview
from tests.support import web_claims as given
from tests.support.audit import words_of
from tests.support.web_site import Browser, WebSite
from tests.unit.web.conftest import MakeSite
from tests.unit.web.test_verify import document, verdict

SAMEN = "/controleren/samen"
LINK = re.compile(rf'href="({SAMEN}/[^"]+)"')


class Verdicts:
    """Implements app.services.overviews.VerifiesFiles: what the content of the file names."""

    def __init__(self, **verdicts: Verdict) -> None:
        self.verdicts = verdicts

    def verify(self, data: bytes) -> Verdict:
        return self.verdicts[data.decode()]


def newer() -> Verdict:
    later = given.NOW + timedelta(days=1)
    claim = given.property_tax()
    lower = replace(claim, title="<b>Nieuw</b>")
    outcome = replace(given.answer("b", given.TAXES, lower), answered_at=later)
    made = replace(
        document(), number="BK-2026-1111111111", made_at=later, overview=Overview(later, (outcome,))
    )
    return replace(verdict(Reason.GENUINE), document=made, control_code="WXYZ-EFGH-JKMN-PQRS")


def site(make: MakeSite) -> WebSite:
    web = make()
    other = replace(document(), bsn=Bsn("999998493"), number="BK-2026-2222222222")
    stated = Verdicts(
        old=verdict(Reason.GENUINE),
        new=newer(),
        case=replace(newer(), document=replace(document(), case_reference=CaseReference("Z-2026-17"))),
        scan=verdict(Reason.NOT_SEALED),
        somebody=replace(verdict(Reason.GENUINE), document=other),
    )
    web.verifier.verify = stated.verify  # type: ignore[method-assign]
    return web


def send(browser: Browser, *names: str) -> TestResponse:
    files = [(BytesIO(name.encode()), f"{name}.pdf") for name in names]
    return browser.post("/controleren", bestand=files)


def ticket(browser: Browser) -> str | None:
    found = browser.client.get_cookie(COOKIE, domain="schulden.example")
    return None if found is None else found.value


def test_each_file_has_its_verdict_and_the_genuine_ones_stand_together(make: MakeSite) -> None:
    page = send(site(make).browser(), "old", "scan", "new").text
    for words in (
        "Samenvatting van 2 gecontroleerde bestanden",
        "scan.pdf",
        "Dit is geen verzegeld overzicht.",
        "Niet in de samenvatting",
        "Het is geen overzicht van de bronnen zelf.",
        "minstens € 459,50",
        "&lt;b&gt;Nieuw&lt;/b&gt;",
        "hooguit 15 minuten",
    ):
        assert words in page
    assert "999993549" not in page


@pytest.mark.threat("T-48")
def test_a_case_reference_stands_with_its_file_and_with_who_stated_it(make: MakeSite) -> None:
    browser = site(make).browser()
    stated = (
        "Zaaknummer: Z-2026-17, opgegeven door de site waar de betrokkene vandaan kwam. Niet gecontroleerd."
    )
    assert send(browser, "case", "scan").text.count(stated) == 1
    assert stated in browser.get(SAMEN).text
    assert "Z-2026-17 (BK-2026-" in browser.get(f"{SAMEN}/csv").text
    assert "Zaaknummer" not in send(browser, "old", "scan").text


@pytest.mark.threat("T-03")
def test_files_that_are_not_in_it_are_told_above_the_total(make: MakeSite) -> None:
    web = site(make)
    page = send(web.browser(), "old", "scan", "new").text
    assert page.index("1 bestand staat niet in deze samenvatting") < page.index("minstens €")
    assert "niet in deze samenvatting" not in send(web.browser(), "old", "new").text


def test_files_of_two_persons_show_no_figure_of_either(make: MakeSite) -> None:
    browser = site(make).browser()
    page = send(browser, "old", "somebody").text
    assert "niet over dezelfde persoon" in page
    assert "459,50" not in page
    assert ticket(browser) is None


def test_a_file_that_is_fine_takes_one_line_and_what_differs_stands_in_the_list(make: MakeSite) -> None:
    page = " ".join(send(site(make).browser(), "old", "new").text.split())
    assert "old.pdf</bdi></strong>: echt. Gemaakt op 22 november 2026 om 10.00 uur door" in page
    assert "en daarna niet veranderd" not in page
    assert "Eerder:" not in page, "only its name became another one"


def test_in_another_language_its_time_is_written_so_too_and_names_are_kept_apart(make: MakeSite) -> None:
    browser = site(make).browser()
    browser.get("/?taal=ar")
    page = send(browser, "old", "new").text
    assert "10:15" in page
    assert "10.15" not in page
    assert '<strong><bdi lang="nl">&lt;b&gt;Nieuw&lt;/b&gt; (Belastingen)</bdi></strong>' in page


def test_verdicts_are_said_in_the_language_of_who_reads_them_later(make: MakeSite) -> None:
    browser = site(make).browser()
    assert "Dit is geen verzegeld overzicht." in send(browser, "old", "scan").text
    page = " ".join(browser.get(f"{SAMEN}?taal=en").text.split())
    assert "This is not a sealed overview." in page
    assert "Made on 22 November 2026 at 10:00 by" in page
    assert "verzegeld overzicht" not in page
    assert "Dit is geen verzegeld overzicht." in browser.get(f"{SAMEN}?taal=nl").text


@pytest.mark.parametrize("format_name", ["pdf", "json", "csv", "xlsx"])
def test_the_summary_can_be_downloaded_without_uploading_again(make: MakeSite, format_name: str) -> None:
    web = site(make)
    browser = web.browser()
    send(browser, "old", "new")
    answer = browser.get(f"{SAMEN}/{format_name}")
    assert answer.status_code == 200
    assert "schuldensamenvatting-BS-2026-" in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Type"] == MEDIA_TYPES[format_name]
    assert answer.headers["Cache-Control"] == "no-store"
    assert words_of(web.book)[-1][0] == "summary_made"
    assert "2 gecontroleerde" in browser.get(SAMEN).text


@pytest.mark.threat("T-43")
@pytest.mark.parametrize("path", [SAMEN, f"{SAMEN}/pdf", f"{SAMEN}/csv"])
def test_another_browser_sees_nothing_of_it(make: MakeSite, path: str) -> None:
    web = site(make)
    send(web.browser(), "old", "new")
    stranger = web.browser()
    assert stranger.get(path).status_code == 404
    stranger.client.set_cookie(COOKIE, "A" * 43, domain="schulden.example")
    assert stranger.get(path).status_code == 404


@pytest.mark.threat("T-43")
def test_a_page_never_downloads_the_summary_of_another_client(make: MakeSite) -> None:
    """Two tabs, two clients: the cookie is of the last one."""
    browser = site(make).browser()
    first, second = (
        [unescape(link) for link in LINK.findall(send(browser, *names).text)]
        for names in (("old", "new"), ("somebody", "somebody"))
    )
    assert len(first) == len(second) == 4
    assert [browser.get(link).status_code for link in first] == [404] * 4
    assert [browser.get(link).status_code for link in second] == [200] * 4


@pytest.mark.threat("T-43")
def test_the_cookie_is_for_this_site_alone_and_ends(make: MakeSite) -> None:
    answer = send(site(make).browser(), "old", "new")
    (cookie,) = answer.headers.getlist("Set-Cookie")
    for words in (f"{COOKIE}=", "Secure", "HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=900"):
        assert words in cookie


@pytest.mark.threat("T-43")
def test_the_database_alone_tells_nothing(make: MakeSite) -> None:
    web = site(make)
    browser = web.browser()
    send(browser, "old", "new")
    with web.site.database.read() as connection:
        row = connection.execute(select(desk_results)).one()
    secret = (ticket(browser) or "").encode()
    for part in (b"999993549", b"45950", b"samenvatting", secret):  # long enough never to be there by chance
        assert part not in bytes(row.content)
    assert secret not in row.name_hash.encode()


def test_after_fifteen_minutes_it_is_gone(make: MakeSite) -> None:
    web = site(make)
    browser = web.browser()
    send(browser, "old", "new")
    store = SqlDeskStore(web.site.database)
    name = ticket(browser) or ""
    assert store.find(name, given.NOW + timedelta(minutes=14, seconds=59)) is not None
    assert store.find(name, given.NOW + timedelta(minutes=15)) is None
    assert store.purge(given.NOW + timedelta(minutes=14)) == 0
    assert store.purge(given.NOW + timedelta(minutes=15)) == 1


def test_it_is_gone_at_once_when_the_counsellor_says_so(make: MakeSite) -> None:
    browser = site(make).browser()
    send(browser, "old", "new")
    assert "gewist" in browser.post(f"{SAMEN}/wissen").text
    assert ticket(browser) is None
    assert browser.get(SAMEN).status_code == 404


def test_too_many_files_are_refused_with_their_number(make: MakeSite) -> None:
    web = site(make)
    answer = send(web.browser(), *["old"] * (MOST_FILES + 1))
    assert answer.status_code == 413
    assert f"hooguit {MOST_FILES} bestanden" in answer.text


def test_one_file_keeps_nothing(make: MakeSite) -> None:
    browser = site(make).browser()
    assert "Dit overzicht is echt" in send(browser, "old").text
    assert ticket(browser) is None


def add(browser: Browser, page: str, *names: str) -> TestResponse:
    """With the form on this page."""
    (number,) = re.findall(r'name="nummer" value="([^"]+)"', page)
    files = [(BytesIO(name.encode()), f"{name}.pdf") for name in names]
    return browser.post(f"{SAMEN}/toevoegen", bestand=files, nummer=number)


def test_files_that_come_later_are_added_without_choosing_the_others_again(make: MakeSite) -> None:
    browser = site(make).browser()
    page = send(browser, "old", "scan").text
    assert "tot 10.15 uur" in page
    answer = add(browser, page, "new")
    for words in (
        "Samenvatting van 2 gecontroleerde bestanden",
        "scan.pdf",
        "&lt;b&gt;Nieuw&lt;/b&gt;",
        "old.pdf",
    ):
        assert words in answer.text
    assert "1 bestand staat niet in deze samenvatting" in answer.text
    assert "Max-Age=900" in answer.headers["Set-Cookie"]
    assert "2 gecontroleerde bestanden" in browser.get(SAMEN).text
    assert add(browser, page, "new").status_code == 404, "the page of before is of a summary that is gone"


@pytest.mark.threat("T-43")
def test_files_of_somebody_else_are_not_added_and_the_summary_stays(make: MakeSite) -> None:
    browser = site(make).browser()
    page = send(browser, "old", "new").text
    answer = add(browser, page, "somebody")
    assert "een andere persoon dan uw samenvatting" in answer.text
    assert "459,50" not in answer.text
    assert f'href="{SAMEN}"' in answer.text
    assert "2 gecontroleerde bestanden" in browser.get(SAMEN).text


def test_while_the_clock_is_wrong_each_file_has_its_verdict_and_what_was_made_stays(
    make: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = site(make).browser()
    page = send(browser, "old", "scan").text
    before = ticket(browser)
    monkeypatch.setattr(SqlDocumentRegister, "moment", lambda _: datetime.now(UTC) - timedelta(minutes=6))
    for answer in (send(browser, "old", "scan"), add(browser, page, "old", "scan")):
        assert answer.status_code == 503
        for words in (
            "Een samenvatting maken lukt nu niet",
            "Probeer het over een paar minuten opnieuw",
            "old.pdf</bdi></strong>: echt.",
            "Dit is geen verzegeld overzicht.",
        ):
            assert words in " ".join(answer.text.split())
        assert re.search(r'noem dit nummer: <strong translate="no">\w+', answer.text)
        assert "459,50" not in answer.text
    assert "is er nog" in answer.text
    assert f'href="{SAMEN}"' in answer.text
    assert ticket(browser) == before
    assert "Samenvatting van 1 gecontroleerd bestand" in browser.get(SAMEN).text


def test_adding_nothing_too_much_or_to_nothing_has_a_page_with_a_next_step(make: MakeSite) -> None:
    browser = site(make).browser()
    page = send(browser, *["old"] * MOST_FILES).text
    assert browser.post(f"{SAMEN}/toevoegen", nummer="BS-2026-0000000000").status_code == 400
    assert add(browser, page, *["old"] * (MOST_FILES + 1)).status_code == 413
    more = add(browser, page, *["old"] * MOST_FILES).text
    answer = add(browser, more, "new")
    assert answer.status_code == 413
    assert "hooguit 40 bestanden" in answer.text
    assert add(site(make).browser(), more, "new").status_code == 404
