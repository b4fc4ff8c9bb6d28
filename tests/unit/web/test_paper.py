"""The page where somebody types the control code of a printed overview."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from pathlib import Path

import pytest
from sqlalchemy import text

from app.documents.json import write_payload
from app.http.rate_limits import Rate, RateLimits
from app.http.routes import Pace
from app.http.session_interface import COOKIE
from app.persistence.code_vault import MOST_TRIED
from app.persistence.document_register import SqlDocumentRegister
from app.persistence.paper_store import paper_vault
from app.persistence.tables import metadata
from app.ports.register import RegisterEntry
from app.ports.snapshot import Snapshot
from app.services.paper import Paper
from app.services.register_digest import register_digest
from claims.overview import Overview
from signing.control_code import control_code
from tests.support import web_claims as given
from tests.support.snapshots import BSN, ISSUER, full_outcomes, partial_outcomes
from tests.support.waiting import PATIENCE_S
from tests.support.web_site import WebSite, make_web_site
from tests.unit.web.conftest import MakeSite

PAPIER = "/controleren/papier"
VAULT = paper_vault(os.urandom(32))


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebSite]:
    made = make_web_site(tmp_path_factory.mktemp("paper"), with_paper=VAULT)
    yield made
    made.site.database.close()


def paper_of(web: WebSite) -> Paper:
    paper = web.services.paper
    assert isinstance(paper, Paper)
    return paper


def printed(web: WebSite, *, whole: bool = True, collection: str = "") -> tuple[Snapshot, str]:
    """An overview that was handed out, and the code on its pages."""
    outcomes = full_outcomes() if whole else partial_outcomes()
    nonce = os.urandom(16).hex()
    number = f"BK-2026-{nonce[:10].upper()}"
    snapshot = Snapshot(number, nonce, given.NOW, BSN, Overview(given.NOW, outcomes), ISSUER)
    payload = write_payload(snapshot)
    entry = RegisterEntry(
        number, register_digest(payload, hides_code=True), "key", given.NOW, collection or number
    )
    SqlDocumentRegister(web.site.database).add(entry)
    paper_of(web).keep(snapshot, payload)
    return snapshot, control_code(payload)


def looked_up(web: WebSite, typed: str) -> tuple[int, str]:
    answer = web.browser().post(PAPIER, code=typed)
    return answer.status_code, " ".join(answer.text.split())


def test_the_facts_to_compare_and_what_paper_proves_stand_on_one_page(web: WebSite) -> None:
    snapshot, code = printed(web)
    status, page = looked_up(web, code.lower().replace("-", " "))
    assert status == 200
    for words in (
        "Er is een overzicht met deze controlecode",
        "Gemeente Voorbeeldstad",
        snapshot.number,
        "22 november 2026 om 10.00 uur",
        f">{len(snapshot.overview.claims)}</dd>",
        f"Alle {snapshot.overview.connected_count} bronnen die wij vroegen, gaven een volledig antwoord.",
        "Nog niet aangesloten</dt> <dd",
        ">geen</dd>",
        "Wel: er is een overzicht gemaakt met deze code en met deze gegevens.",
        "Niet: dat al het andere op het papier klopt.",
        "Niet: over wie het overzicht gaat.",
    ):
        assert words in page
    assert "verdict--success" not in page
    assert "is echt" not in page


@pytest.mark.threat("T-47")
def test_it_never_tells_who_it_is_about(web: WebSite) -> None:
    snapshot, code = printed(web)
    _, page = looked_up(web, code)
    names = [name for name, _source in snapshot.overview.stated_names]
    for secret in (BSN.digits, BSN.last_three, *names, *(one.reference for one in snapshot.overview.claims)):
        assert secret not in page


@pytest.mark.threat("T-03")
def test_a_total_without_every_answer_says_so(web: WebSite) -> None:
    _, code = printed(web, whole=False)
    _, page = looked_up(web, code)
    assert "minstens €" in page
    assert ">1 organisatie</dd>" in page
    assert re.search(r"\d van de \d bronnen die wij vroegen, gaven een volledig antwoord", page)
    assert "niet alle bronnen gaven een volledig antwoord. Er kunnen meer schulden zijn." in page


@pytest.mark.threat("T-22")
def test_revoked_and_replaced_papers_say_so_first(web: WebSite) -> None:
    older, code = printed(web, collection="same")
    newer, _ = printed(web, collection="same")
    status, page = looked_up(web, code)
    assert (status, newer.number in page) == (200, True)
    assert "Er is een nieuwer overzicht" in page
    SqlDocumentRegister(web.site.database).revoke(older.number, given.NOW, "Fout in de bron")
    _, page = looked_up(web, code)
    assert "Dit overzicht is ingetrokken" in page
    assert "Reden: Fout in de bron." in page
    assert "€" not in page.split("Wat u nu kunt doen")[0]


@pytest.mark.parametrize(
    ("typed", "status", "heading", "next_step"),
    [
        ("0000-0000-0000-0000", 404, "Wij kennen deze controlecode niet", "Vraag om het bestand zelf"),
        ("BK-2026-0123456789", 400, "Dit is het nummer, niet de controlecode", "Typ de controlecode."),
        ("", 400, "Dit is geen controlecode", "typ de code nog eens"),
        ('"><script>', 400, "Dit is geen controlecode", "typ de code nog eens"),
    ],
)
def test_a_code_that_is_wrong_gets_a_page_with_the_form_again(
    web: WebSite, typed: str, status: int, heading: str, next_step: str
) -> None:
    found, page = looked_up(web, typed)
    assert found == status
    assert heading in page
    assert next_step in page
    assert 'name="code"' in page
    assert "<script>" not in page
    assert "Wel: er is een overzicht gemaakt" not in page
    assert "BK-2026-0123456789" not in page  # who typed the number starts with an empty field


def test_the_page_for_verifying_has_the_form_only_where_it_works(web: WebSite, make: MakeSite) -> None:
    page = web.browser().get("/controleren").text
    assert f'action="{PAPIER}"' in page
    assert "Wat papier wel en niet bewijst" in web.browser().get(PAPIER).text
    assert "hooguit 30 dagen" in web.browser().get("/privacy").text
    off = make().browser()
    assert "Papier kunnen wij niet controleren" in off.get("/controleren").text
    assert PAPIER not in off.get("/controleren").text
    assert "controlecode die op uw pdf staat" not in off.get("/privacy").text
    for answer in (off.get(PAPIER), off.post(PAPIER, code="0000-0000-0000-0000")):
        assert answer.status_code == 404
        assert "Papier kunnen wij hier niet nakijken" in answer.text
        assert "Vraag de inwoner om het bestand zelf" in answer.text


@pytest.mark.threat("T-47")
def test_the_database_holds_neither_the_code_nor_the_facts(web: WebSite) -> None:
    snapshot, code = printed(web)
    secrets = (code, code.replace("-", ""), BSN.digits, str(snapshot.overview.balance.amount))
    with web.site.database.read() as connection:
        for table in metadata.tables:
            found = str([tuple(row) for row in connection.execute(text(f"SELECT * FROM {table}"))])
            assert not [secret for secret in secrets if secret in found], table


@pytest.mark.threat("T-47")
def test_of_many_codes_at_once_few_wait_and_the_others_hear_so(web: WebSite) -> None:

    def attempt() -> tuple[int, str | None]:
        answered = web.browser().post(PAPIER, code="0000-0000-0000-0000")
        return answered.status_code, answered.headers.get("Retry-After")

    with ThreadPoolExecutor(MOST_TRIED + 1) as pool:
        with VAULT.turn:
            tried = [pool.submit(attempt) for _ in range(MOST_TRIED + 1)]
            first = wait(tried, PATIENCE_S, FIRST_COMPLETED).done
            assert [one.result() for one in first] == [(503, "10")]
        assert sorted(one.result()[0] for one in tried) == [404] * MOST_TRIED + [503]


@pytest.mark.threat("T-16")
def test_whoever_guesses_often_must_wait_and_reads_so(tmp_path: Path) -> None:
    limits = RateLimits({Pace.SECRET: Rate(2, 300)}, os.urandom(32))
    web = make_web_site(tmp_path, with_paper=VAULT, rate_limits=limits)
    answers = [web.browser().post(PAPIER, code="0000-0000-0000-0000") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [404, 404, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert "U moet even wachten" in answers[-1].text
    web.site.database.close()


def test_whoever_looks_gets_no_cookie_and_the_code_stands_in_no_address(web: WebSite) -> None:
    _, code = printed(web)
    browser = web.browser()
    answer = browser.post(PAPIER, code=code)
    assert browser.client.get_cookie(COOKIE, domain="schulden.example") is None
    assert code not in answer.request.url
    assert answer.headers["Cache-Control"] == "no-store"
    assert not re.search(rf'(?:href|action)="[^"]*{code}', answer.text)
