"""Every address of the operator site is closed, unless a rule opens it."""

from pathlib import Path

import pytest
from werkzeug.routing import Rule

from app.http.routes import Access, rules_of
from tests.support.operator_site import OperatorSite

OPEN = {
    "static",
    "theme.css",
    "theme.logo",
    "health.live",
    "health.ready",
    "log_in",
    "log_in_return",
    "log_out_now",
    "logout_notice",
    "client_keys",
}


def rules(site: OperatorSite) -> dict[str, Access]:
    return {endpoint: rule.access for endpoint, rule in rules_of(site.app).items()}


def address(rule: Rule) -> str:
    return rule.rule.replace("<source_id>", "belastingen").replace("<path:filename>", "site.css")


def routes(site: OperatorSite) -> list[Rule]:
    return list(site.app.url_map.iter_rules())


def test_every_route_of_the_site_has_a_rule_and_every_rule_a_route(site: OperatorSite) -> None:
    assert {rule.endpoint for rule in routes(site)} == set(rules(site))


def test_only_what_is_needed_to_log_in_is_open(site: OperatorSite) -> None:
    found = {name.removeprefix("operator.") for name, rule in rules(site).items() if rule is Access.PUBLIC}
    assert found == OPEN
    assert [name for name, rule in rules(site).items() if rule is Access.TOKEN] == ["operator.metrics"]


def test_a_stranger_gets_nothing_at_any_other_address(site: OperatorSite) -> None:
    tried = 0
    for rule in routes(site):
        if rules(site)[rule.endpoint] is Access.PUBLIC:
            continue
        for method in (rule.methods or set()) - {"POST"}:
            answer = site.app.test_client().open(
                address(rule), base_url="https://beheer.example", method=method
            )
            assert answer.status_code == 401, (rule.rule, method)
            tried += 1
    assert tried >= 6


def test_a_page_that_somebody_forgot_a_rule_for_is_refused_to_everybody(site: OperatorSite) -> None:
    site.app.add_url_rule("/vergeten", "forgotten", lambda: "geheim")
    browser = site.browser()
    browser.log_in()
    for visitor in (browser, site.browser()):
        answer = visitor.get("/vergeten")
        assert answer.status_code == 403
        assert "geheim" not in answer.text


def test_nothing_of_the_public_site_is_served(site: OperatorSite) -> None:
    browser = site.browser()
    browser.log_in()
    for path in ("/overzicht", "/controleren", "/bronnen", "/hulp", "/ophalen/x"):
        assert browser.get(path).status_code == 404, path


def test_the_answers_carry_the_same_security_headers(site: OperatorSite) -> None:
    browser = site.browser()
    browser.log_in()
    for path in ("/", "/inloggen", "/metrics", "/bestaat-niet"):
        headers = browser.get(path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("host", ["https://schulden.example", "https://127.0.0.1"])
def test_it_answers_to_its_own_name_only(site: OperatorSite, host: str) -> None:
    assert site.app.test_client().get("/inloggen", base_url=host).status_code == 400


def test_no_template_of_the_operator_site_has_a_script_or_a_style_of_its_own() -> None:
    for file in (Path(__file__).parents[3] / "templates" / "operator").glob("*.html"):
        text = file.read_text("utf-8")
        assert "<style" not in text, file
        assert "style=" not in text, file
        assert "<script" not in text, file
