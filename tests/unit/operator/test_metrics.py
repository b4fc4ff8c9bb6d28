"""/metrics is for a program with the token, and for nobody else."""

import pytest

from tests.support.operator_site import METRICS_TOKEN, OperatorSite
from tests.unit.operator.conftest import MakeOperatorSite


def test_the_token_opens_it_without_log_in(site: OperatorSite) -> None:
    answer = site.browser().get("/metrics", Authorization=f"Bearer {METRICS_TOKEN}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        f"Bearer {METRICS_TOKEN[:-1]}",
        f"Bearer {METRICS_TOKEN}x",
        METRICS_TOKEN,
        f"Basic {METRICS_TOKEN}",
        f"Bearer  {METRICS_TOKEN}",
        "Bearer \u00e9",
    ],
)
def test_anything_else_does_not(site: OperatorSite, header: str) -> None:
    answer = site.browser().get("/metrics", Authorization=header)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.text == "token needed\n"


def test_being_logged_in_is_not_enough(site: OperatorSite) -> None:
    browser = site.browser()
    browser.log_in()
    assert browser.get("/metrics").status_code == 401


def test_without_a_configured_token_the_page_does_not_exist(make: MakeOperatorSite) -> None:
    browser = make(metrics_token=None).browser()
    for header in ("", "Bearer ", "Bearer None"):
        assert browser.get("/metrics", Authorization=header).status_code == 404
