"""A citizen shares with an organisation; its employees find it after log-in; nobody else finds anything."""

from __future__ import annotations

import re

import pytest

from app.counsel.services import COUNSEL_PATH
from app.services.verify import Reason, Verdict
from tests.support.audit import words_of
from tests.support.counsel_site import CounselSite, listed, share
from tests.support.web_site import NUMBER, Browser


def opened(browser: Browser, handle: str) -> str:
    page = browser.post(f"{COUNSEL_PATH}/openen/{handle}", f"{COUNSEL_PATH}/")
    assert page.status_code == 200, page.text
    return page.text


def ticket_on(page: str) -> str:
    found = re.search(r'name="bon" value="([^"]+)"', page)
    assert found, page
    return found[1]


def form_token(browser: Browser) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', browser.get(f"{COUNSEL_PATH}/uitloggen").text)
    assert found
    return found[1]


def download(browser: Browser, handle: str, ticket: str, name: str = "pdf") -> int:
    address = f"{COUNSEL_PATH}/openen/{handle}/{name}"
    return browser.post(address, f"{COUNSEL_PATH}/uitloggen", bon=ticket).status_code


def end_all(citizen: Browser) -> None:
    for address in re.findall(r'action="(/delen/[0-9a-f]+/stoppen)"', citizen.get("/delen").text):
        assert citizen.post(address, "/delen").status_code == 200


def test_the_organisation_finds_it_opens_it_and_downloads(site: CounselSite) -> None:
    citizen, counsellor = site.share("Sam de Vries, dossier 12"), site.counsellor()
    page = counsellor.get(f"{COUNSEL_PATH}/").text
    assert "Sam de Vries, dossier 12" in page
    assert NUMBER in page
    [handle] = listed(counsellor)
    shown = opened(counsellor, handle)
    assert site.web.verifier.seen[-1] == b"inhoud"
    for name, kind in (("pdf", "application/pdf"), ("json", "application/json"), ("csv", "text/csv")):
        address = f"{COUNSEL_PATH}/openen/{handle}/{name}"
        file = counsellor.post(address, f"{COUNSEL_PATH}/", bon=ticket_on(shown))
        assert (file.mimetype, file.data) == (kind, b"inhoud")
        assert NUMBER in file.headers["Content-Disposition"]
    end_all(citizen)


@pytest.mark.threat("T-45")
def test_the_citizen_sees_which_employee_of_which_organisation_opened_it(site: CounselSite) -> None:
    citizen, counsellor = site.share(), site.counsellor(subject="el")
    opened(counsellor, listed(counsellor)[0])
    mine = citizen.get("/delen").text
    assert "Naam van el, Stadsbank Voorbeeldstad" in mine
    assert "zegt zelf wie hij is" not in mine
    lines = citizen.get("/mijn-gegevens").text
    assert f"U hebt overzicht {NUMBER} gedeeld met Stadsbank Voorbeeldstad." in lines
    assert re.search(r"Een medewerker van Stadsbank Voorbeeldstad heeft overzicht \S+ geopend", lines)
    assert re.search(r"\(medewerker [0-9a-f]{8}\)", lines)
    assert ("share_opened", NUMBER, "stadsbank") in words_of(site.web.book)
    end_all(citizen)


@pytest.mark.threat("T-45")
def test_another_organisation_sees_and_opens_nothing(site: CounselSite) -> None:
    citizen, ours, others = site.share(), site.counsellor(), site.counsellor("wijkteam")
    [handle] = listed(ours)
    ticket = ticket_on(opened(ours, handle))
    assert listed(others) == []
    assert "Sam de Vries" not in others.get(f"{COUNSEL_PATH}/").text
    unknown = others.post(f"{COUNSEL_PATH}/openen/{'0' * 32}", f"{COUNSEL_PATH}/uitloggen")
    theirs = others.post(f"{COUNSEL_PATH}/openen/{handle}", f"{COUNSEL_PATH}/uitloggen")
    assert (unknown.status_code, theirs.status_code) == (404, 404)
    assert "Dit overzicht is er niet meer" in theirs.text
    assert download(others, handle, ticket) == 404
    assert download(ours, handle, "een andere bon") == 404
    assert download(ours, handle, ticket) == 200
    end_all(citizen)


@pytest.mark.threat("T-45")
def test_an_organisation_that_was_removed_from_the_settings_opens_nothing_any_more(site: CounselSite) -> None:
    citizen, counsellor = site.share(), site.counsellor()
    [handle] = listed(counsellor)
    token = form_token(counsellor)
    party = site.parties.pop("stadsbank")
    try:
        answers = [
            counsellor.get(f"{COUNSEL_PATH}/"),
            counsellor.post(f"{COUNSEL_PATH}/openen/{handle}", csrf_token=token),
            counsellor.get(f"{COUNSEL_PATH}/inloggen/stadsbank"),
            counsellor.get(f"{COUNSEL_PATH}/inloggen/stadsbank/terug?state=an&code=abc"),
        ]
    finally:
        site.parties["stadsbank"] = party
    assert [one.status_code for one in answers] == [401, 401, 404, 404]
    assert not any("Sam de Vries" in one.text for one in answers)
    end_all(citizen)


@pytest.mark.threat("T-39")
def test_stopping_ends_it_at_once_also_for_who_had_it_open(site: CounselSite) -> None:
    citizen, counsellor = site.share(), site.counsellor()
    [handle] = listed(counsellor)
    ticket = ticket_on(opened(counsellor, handle))
    end_all(citizen)
    assert listed(counsellor) == []
    assert download(counsellor, handle, ticket) == 404


def test_what_cannot_be_examined_now_costs_no_opening(site: CounselSite) -> None:
    citizen, counsellor = site.share(), site.counsellor()
    [handle] = listed(counsellor)
    site.web.verifier.verdict = Verdict(Reason.EXAMINER_FAILED)
    page = counsellor.post(f"{COUNSEL_PATH}/openen/{handle}", f"{COUNSEL_PATH}/")
    site.web.verifier.verdict = Verdict(Reason.GENUINE)
    assert page.status_code == 503
    assert "10 keer" in counsellor.get(f"{COUNSEL_PATH}/").text
    end_all(citizen)


def test_a_document_that_was_revoked_since_is_not_handed_out(site: CounselSite) -> None:
    citizen, counsellor = site.share(), site.counsellor()
    site.web.verifier.verdict = Verdict(Reason.REVOKED)
    page = opened(counsellor, listed(counsellor)[0])
    site.web.verifier.verdict = Verdict(Reason.GENUINE)
    assert 'name="bon"' not in page
    end_all(citizen)


def test_the_receipt_names_the_organisation_and_its_number(site: CounselSite) -> None:
    citizen = site.share("Dossier 12")
    [address] = re.findall(
        r'href="(/delen/[0-9a-f]+/bewijs)"[^>]*>(?:(?!</article>).)*Stop met delen',
        citizen.get("/delen").text,
        re.DOTALL,
    )[:1]
    receipt = citizen.get(address).text
    assert "Gedeeld met: Stadsbank Voorbeeldstad (OIN 00000003123456780000)" in receipt
    assert "medewerkers van deze organisatie" in receipt
    assert "Dossier 12" not in receipt
    end_all(citizen)


@pytest.mark.parametrize(
    ("known_as", "days"),
    [("", "7"), (" ", "7"), ("x" * 101, "7"), ("Sam\nJan", "7"), ("Sam", "31"), ("Sam", "x")],
)
def test_a_form_that_is_not_whole_shares_nothing(site: CounselSite, known_as: str, days: str) -> None:
    assert share(site.citizen(), known_as, "stadsbank", dagen=days).status_code == 400
    assert listed(site.counsellor()) == []


def test_with_an_organisation_that_is_not_registered_nobody_shares(site: CounselSite) -> None:
    citizen = site.citizen()
    assert citizen.get("/delen/met/onbekend").status_code == 404
    assert citizen.post("/delen/met/onbekend", "/uitloggen").status_code == 404


def test_the_choice_stands_beside_the_code(site: CounselSite) -> None:
    page = site.citizen().get("/delen").text
    assert 'href="/delen/met/stadsbank"' in page
    assert 'href="/delen/met/wijkteam"' in page
    assert "Iemand anders? Deel met een code" in page
