"""A person is warned before a session ends, can go on, and nothing that opens by itself makes it longer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from tests.support.clock import FrozenClock
from tests.support.operator_site import OperatorBrowser, make_operator_site
from tests.support.web_site import Browser, make_web_site


class Visit:
    """A logged-in person on one of the sites."""

    def __init__(self, browser: Browser | OperatorBrowser, clock: FrozenClock) -> None:
        self.browser, self.clock = browser, clock
        browser.log_in()

    def after(self, minutes: float, path: str = "/sessie") -> TestResponse:
        self.clock.advance(minutes * 60)
        return self.browser.get(path)

    def state(self, minutes: float) -> dict[str, object]:
        found: dict[str, object] = self.after(minutes, "/sessie/stand").get_json()
        return found


@pytest.fixture(params=["public", "operator"])
def visit(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Visit]:
    if request.param == "public":
        web = make_web_site(tmp_path)
        yield Visit(web.browser(), web.site.clock)
        web.site.database.close()
    else:
        site = make_operator_site(tmp_path)
        yield Visit(site.browser(), site.clock)
        site.database.close()


def home(visit: Visit) -> str:
    return "/overzicht" if isinstance(visit.browser, Browser) else "/"


def test_the_page_warns_two_minutes_before_with_the_time_on_the_clock(visit: Visit) -> None:
    page = visit.after(13).text
    assert "U wordt zo uitgelogd" in page
    assert "10.15 uur" in page
    assert "Ingelogd blijven" in page


@pytest.mark.threat("T-06")
def test_looking_at_the_warning_makes_a_session_no_longer(visit: Visit) -> None:
    for _ in range(7):
        assert visit.after(2).status_code == 200
    assert visit.after(1).status_code == 401


def test_the_question_of_the_script_makes_a_session_no_longer_either(visit: Visit) -> None:
    assert visit.state(5) == {
        "waarschuwen_over": 480,
        "eindigt_over": 600,
        "om": "10.15 uur",
        "laatste": False,
    }
    assert visit.state(9) == {"waarschuwen_over": 0, "eindigt_over": 60, "om": "10.15 uur", "laatste": False}
    assert visit.after(1, "/sessie/stand").status_code == 401


def test_pressing_the_button_is_enough_to_stay(visit: Visit) -> None:
    visit.clock.advance(14 * 60)
    answer = visit.browser.post("/sessie", "/sessie")
    assert (answer.status_code, answer.headers["Location"]) == (303, home(visit))
    assert visit.after(14).status_code == 200


def test_the_button_needs_our_form_token(visit: Visit) -> None:
    assert visit.browser.post("/sessie").status_code == 400


def test_every_page_goes_to_the_warning_by_itself_without_a_script(visit: Visit) -> None:
    page = visit.browser.get("/uitloggen").text
    assert '<noscript><meta http-equiv="refresh" content="780;url=/sessie"></noscript>' in page
    assert 'data-session="/sessie" data-warn-in="780" data-ends-in="900"' in page
    assert 'content="61"' in visit.after(14).text  # from the warning to the page that says that you are out


def test_after_the_end_the_page_says_so_and_shows_nothing(visit: Visit) -> None:
    answer = visit.after(15)
    assert answer.status_code == 401
    assert "U bent niet ingelogd" in answer.text
    assert "refresh" not in answer.text
    assert "session.js" not in answer.text


def test_whoever_is_not_logged_in_is_not_warned(tmp_path: Path) -> None:
    web = make_web_site(tmp_path)
    assert "/sessie" not in web.browser().get("/").text
    web.site.database.close()


def test_the_last_end_cannot_be_put_off_and_the_page_says_so(visit: Visit) -> None:
    for _ in range(4):
        visit.after(10, "/uitloggen")
        assert visit.browser.post("/sessie", "/sessie").status_code == 303
    visit.after(10, "/uitloggen")
    assert visit.state(0) == {
        "waarschuwen_over": 480,
        "eindigt_over": 600,
        "om": "11.00 uur",
        "laatste": True,
    }
    page = visit.after(9).text
    assert "Om <strong data-session-time>11.00 uur</strong> loggen wij u uit" in page
    assert "Ingelogd blijven" not in page
    visit.browser.post("/sessie", "/sessie")
    assert visit.after(1).status_code == 401
