"""One person, several browsers: each log-in stands by itself."""

import pytest

from tests.support.web_site import BSN
from tests.unit.web.conftest import MakeSite, make

__all__ = ["make"]


def test_two_browsers_of_one_person_do_not_end_or_see_each_other(make: MakeSite) -> None:
    web = make()
    phone, laptop = web.browser(), web.browser()
    first = phone.log_in(BSN).headers["Location"]
    second = laptop.log_in(BSN).headers["Location"]
    assert first != second
    assert phone.get("/overzicht").status_code == laptop.get("/overzicht").status_code == 200
    assert phone.get(second).status_code == 404
    phone.post("/uitloggen", "/uitloggen")
    assert phone.get("/overzicht").status_code == 401
    assert laptop.get("/overzicht").status_code == 200


@pytest.mark.threat("T-06")
def test_a_new_log_in_in_one_browser_ends_the_session_before_it(make: MakeSite) -> None:
    web = make()
    browser = web.browser()
    first = browser.log_in(BSN).headers["Location"]
    cookie = browser.client.get_cookie("__Host-bk_sessie", domain="schulden.example")
    assert cookie is not None
    browser.log_in("111111110")
    assert browser.get(first).status_code == 404
    old = web.browser()
    old.client.set_cookie("__Host-bk_sessie", cookie.value, domain="schulden.example")
    assert old.get("/overzicht").status_code == 401
    assert len(web.collections.forgotten) == 1
