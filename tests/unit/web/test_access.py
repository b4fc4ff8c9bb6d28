"""Every route has an access rule, and the rule is kept."""

from app.http.routes import Access, rules_of
from tests.support.web_site import WebSite
from tests.unit.web.conftest import MakeSite


def rules(web: WebSite) -> dict[str, Access]:
    return {endpoint: rule.access for endpoint, rule in rules_of(web.site.app).items()}


def test_every_route_of_the_site_has_an_access_rule(make: MakeSite) -> None:
    web = make()
    assert {rule.endpoint for rule in web.site.app.url_map.iter_rules()} == set(rules(web))


def test_the_pages_about_a_person_are_only_for_that_person(make: MakeSite) -> None:
    private = {name.removeprefix("web.") for name, rule in rules(make()).items() if rule is Access.LOGGED_IN}
    files = {f"{kind}{step}" for kind in ("pdf", "json", "csv") for step in ("", "_confirmed", "_done")}
    pages = {"claim", "gather", "progress", "stream", "retry", "overview", "my_data", "end_sessions"}
    links = {"take_case", "leave_case"}
    reports = {"report", "report_step", "reported"}
    assert private == pages | links | reports | {"log_out", "session", "stay", "session_state"} | files


def test_a_stranger_gets_the_log_in_page_for_each_private_address(make: MakeSite) -> None:
    web = make()
    private = [r for r in web.site.app.url_map.iter_rules() if rules(web).get(r.endpoint) is Access.LOGGED_IN]
    assert private
    for rule in private:
        address = rule.rule.replace("<collection_id>", "x").replace("<source_id>", "y")
        if "GET" in (rule.methods or ()):
            answer = web.browser().get(address)
            assert answer.status_code == 401
            assert "U bent niet ingelogd" in answer.text


def test_a_form_without_our_token_is_refused(make: MakeSite) -> None:
    browser = make().browser()
    browser.log_in()
    for address in ("/ophalen", "/ophalen/a/b", "/uitloggen", "/overzicht/pdf"):
        assert browser.post(address).status_code == 400


def test_one_citizen_never_reaches_the_collection_of_another(make: MakeSite) -> None:
    web = make()
    mine, other = web.browser(), web.browser()
    address = mine.log_in().headers["Location"]
    other.log_in("111111110")
    assert "Dit overzicht is er niet meer" in other.get(address).text
    assert other.post(f"{address}/belastingen", token_from="/uitloggen").status_code == 404
    assert web.collections.retried == []
