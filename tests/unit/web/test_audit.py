"""What a visitor does stands in the audit log; who cannot be written down is not let in."""

from app.ports.login import LevelTooLow, ReplayedCallback
from claims.identity import Bsn
from tests.support.audit import refuse_rows, rows_of, words_of
from tests.support.web_site import BSN
from tests.unit.web.conftest import MakeSite

LEVEL = "http://eidas.europa.eu/LoA/substantial"


def test_logging_in_and_out_is_written_down_under_a_pseudonym(make: MakeSite) -> None:
    web = make()
    visitor = web.browser()
    visitor.log_in()
    visitor.post("/uitloggen", token_from="/uitloggen")
    assert words_of(web.book) == [("logged_in", "", LEVEL), ("logged_out", "", "")]
    first, last = rows_of(web.book)
    assert first.subject == first.actor == last.subject == web.book.pseudonyms.of_citizen(Bsn(BSN)).value
    assert BSN not in repr(rows_of(web.book))


def test_a_refused_log_in_is_written_down_without_a_person(make: MakeSite) -> None:
    web = make()
    web.login.refusal = LevelTooLow()
    web.browser().log_in()
    assert words_of(web.book) == [("login_refused", "", "level_too_low")]
    assert rows_of(web.book)[0].subject is None


def test_a_callback_of_no_log_in_writes_nothing_so_that_nobody_can_flood_the_log(make: MakeSite) -> None:
    web = make()
    web.login.refusal = ReplayedCallback()
    assert web.browser().get(f"/inloggen/terug?state={BSN}&code=x").status_code == 400
    assert words_of(web.book) == []


def test_a_reason_that_is_no_short_word_is_not_written(make: MakeSite) -> None:
    web = make()
    web.login.refusal = LevelTooLow("tekst van een ander")
    web.browser().log_in()
    assert words_of(web.book) == [("login_refused", "", "other")]


def test_nobody_is_logged_in_who_cannot_be_written_down(make: MakeSite) -> None:
    web = make()
    refuse_rows(web.book)
    visitor = web.browser()
    answer = visitor.log_in()
    assert answer.status_code == 503
    assert "De dienst werkt nu even niet" in answer.text
    assert visitor.get("/overzicht").status_code == 401


def test_logging_out_works_without_the_audit_log(make: MakeSite) -> None:
    web = make()
    visitor = web.browser()
    visitor.log_in()
    refuse_rows(web.book)
    assert visitor.post("/uitloggen", token_from="/uitloggen").status_code == 200
    assert visitor.get("/overzicht").status_code == 401
