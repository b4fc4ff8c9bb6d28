"""Every route of every site declares who may use it, and is tried without and with the wrong session."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import Client, TestResponse

from app.http.routes import Access, RouteRule, rules_of
from app.http.session_interface import COOKIE, OPERATOR_COOKIE
from tests.support.counsel_site import BANK, CounselSite, make_counsel_site
from tests.support.operator_site import BASE, METRICS_TOKEN, OperatorBrowser, OperatorSite, make_operator_site
from tests.support.pages import error_number
from tests.support.web_site import Browser, WebSite, make_web_site

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
DONE = {"", 'event: klaar\ndata: ""\n\n'}  # a stream that ends at once, and HEAD of it
FORM_TOKEN = re.compile(r'name="csrf_token" value="[^"]+"')  # another one each second
ACCESS_PAGE = (Path(__file__).parents[3] / "docs" / "access.md").read_text("utf-8")
VALUES = {"filename": "site.css", "source_id": "belastingen", "organisation_id": "stadsbank"}
HEADINGS = {
    "public": "The public site",
    "counsel": "The pages for counsellors",
    "operator": "The operator site",
}


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebSite]:
    web = make_web_site(
        tmp_path_factory.mktemp("public"), with_apps=True, with_sharing=True, organisations=(BANK,)
    )
    yield web
    web.site.database.close()


@pytest.fixture(scope="module")
def operator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OperatorSite]:
    site = make_operator_site(tmp_path_factory.mktemp("operator"))
    yield site
    site.database.close()


@pytest.fixture(scope="module")
def counsel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CounselSite]:
    site = make_counsel_site(tmp_path_factory.mktemp("counsel"))
    yield site
    site.close()


@pytest.fixture(scope="module", params=list(HEADINGS))
def app(request: pytest.FixtureRequest) -> Flask:
    site = request.getfixturevalue(request.param)
    found: Flask = site.site.app if isinstance(site, WebSite) else site.app
    return found


def which(app: Flask) -> str:
    rules = rules_of(app)
    return next(name for name in HEADINGS if f"{'web' if name == 'public' else name}.log_in" in rules)


def base_of(app: Flask) -> str:
    return BASE if which(app) == "operator" else "https://schulden.example"


class Routes:
    """The routes of one application with a certain rule; ids in an address are those of `collection`."""

    def __init__(self, app: Flask, collection: str = "x") -> None:
        self._app = app
        self._rules = rules_of(app)
        self._collection = collection

    def with_access(self, access: Access) -> list[tuple[str, str, RouteRule]]:
        """(method, address, rule)"""
        found = []
        adapter = self._app.url_map.bind("host")
        for route in self._app.url_map.iter_rules():
            rule = self._rules[route.endpoint]
            values = {name: VALUES.get(name, self._collection) for name in route.arguments}
            if rule.access is access:
                address = adapter.build(route.endpoint, values, method=next(iter(route.methods or ())))
                found += [(method, address, rule) for method in sorted(route.methods or ())]
        assert found
        return found


def ask(client: Client, method: str, address: str, base: str, **headers: str) -> TestResponse:
    """As a server does: read the answer to its end and close it. A stream keeps its place until then."""
    answer = client.open(
        address, method=method, base_url=base, headers={"Referer": base + address, **headers}
    )
    answer.get_data()
    answer.close()
    return answer


def test_every_route_has_a_rule_and_every_rule_a_route(app: Flask) -> None:
    assert {route.endpoint for route in app.url_map.iter_rules()} == set(rules_of(app))


def test_the_document_tells_for_every_address_who_may_use_it(app: Flask) -> None:
    rules, found = rules_of(app), dict[tuple[str, str], set[str]]()
    for route in app.url_map.iter_rules():
        methods = (route.methods or set()) - {"HEAD", "OPTIONS"}
        found.setdefault((route.rule, rules[route.endpoint].access.value), set()).update(methods)
    chapter = ACCESS_PAGE.split(f"## {HEADINGS[which(app)]}\n", 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\| `([^`]+)` \| ([A-Z, ]+) \| (\w+) \|$", chapter, re.M)
    assert {(rule, who): set(methods.split(", ")) for rule, methods, who in rows} == found


# Of answers to questions as a browser asks them. Nothing else is ever sent, least of all something a browser has to guess.
KINDS = {
    *("text/html", "text/plain", "text/css", "text/csv", "text/event-stream"),
    *("application/json", "application/problem+json", "application/pdf", "application/toml"),
    *("application/pkix-cert", "application/x-pem-file", "application/jwk-set+json"),
}


def visitor(made: WebSite | OperatorSite | CounselSite) -> Browser | OperatorBrowser:
    return made.web.browser() if isinstance(made, CounselSite) else made.browser()


@pytest.mark.parametrize("logged_in", [False, True])
def test_every_answer_says_what_it_is_and_text_in_which_letters(
    request: pytest.FixtureRequest, app: Flask, logged_in: bool
) -> None:
    made, base = request.getfixturevalue(which(app)), base_of(app)
    browser = made.counsellor() if isinstance(made, CounselSite) and logged_in else visitor(made)
    collection = "x"
    if logged_in and not isinstance(made, CounselSite):
        collection = browser.log_in().headers["Location"].rsplit("/", 1)[1] or "x"
    for access in {rule.access for rule in rules_of(app).values()}:
        for method, address, _ in Routes(app, collection).with_access(access):
            if method not in {"GET", "POST"} or address in {"/uitloggen", "/inloggen"}:
                continue
            answer = ask(browser.client, method, address, base)
            said = answer.headers.get("Content-Type", "")
            assert said or not answer.data, address
            kind = said.partition(";")[0]
            assert kind in KINDS, (address, said)
            if kind.startswith("text/"):
                assert "charset=utf-8" in said, (address, said)


@pytest.mark.threat("T-15")
def test_a_route_without_a_rule_is_refused_to_everybody(tmp_path: Path) -> None:
    counsel = make_counsel_site(tmp_path / "counsel")
    counsel.app.add_url_rule("/vergeten", "forgotten", lambda: "geheim")
    answer = counsel.counsellor().get("/voor-hulpverleners/vergeten")
    assert (answer.status_code, "geheim" in answer.text) == (403, False)
    counsel.close()
    web, operator = make_web_site(tmp_path / "web"), make_operator_site(tmp_path / "operator")
    for made, browser in ((web.site.app, web.browser()), (operator.app, operator.browser())):
        made.add_url_rule("/vergeten", "forgotten", lambda: "geheim")
        browser.log_in()
        answer = browser.get("/vergeten")
        assert (answer.status_code, "geheim" in answer.text) == (403, False)
    web.site.database.close()
    operator.database.close()


def test_no_address_takes_a_method_that_it_did_not_declare(app: Flask) -> None:
    base = base_of(app)
    declared: dict[str, set[str]] = {}
    for access in {rule.access for rule in rules_of(app).values()}:
        for method, address, _ in Routes(app).with_access(access):
            declared.setdefault(address, set()).add(method)
    for address, allowed in declared.items():
        for method in set(METHODS) - allowed - ({"OPTIONS"} if address.startswith("/_health") else set()):
            status = ask(app.test_client(), method, address, base).status_code
            # A form without our token is refused before anybody looks at the method.
            assert status == 405 or (status == 400 and method in {"PUT", "PATCH", "DELETE", "POST"}), address


def refused_to(client: Client, routes: Routes, access: Access, base: str) -> int:
    """Try every route of this access; how many were tried."""
    tried = routes.with_access(access)
    for method, address, rule in tried:
        status = ask(client, method, address, base).status_code
        assert status == (400 if method == "POST" and rule.terms.own_form else 401), (method, address)
    return len(tried)


@pytest.mark.parametrize("cookie", [None, "A" * 43, "x"])
@pytest.mark.threat("T-15")
def test_a_citizens_page_is_closed_without_a_session_of_a_citizen(
    public: WebSite, operator: OperatorSite, cookie: str | None
) -> None:
    base = public.site.base_url
    client = public.site.app.test_client()
    if cookie:
        client.set_cookie(COOKIE, cookie, domain="schulden.example", path="/")
    assert refused_to(client, Routes(public.site.app), Access.LOGGED_IN, base) > 12
    employee = operator.browser()
    employee.log_in()
    stolen = employee.client.get_cookie(OPERATOR_COOKIE, domain="beheer.example")
    assert stolen is not None
    for name in (COOKIE, OPERATOR_COOKIE):
        client.set_cookie(name, stolen.value, domain="schulden.example", path="/")
    assert refused_to(client, Routes(public.site.app), Access.LOGGED_IN, base) > 12


@pytest.mark.parametrize("cookie", [None, "A" * 43, "x"])
@pytest.mark.threat("T-15")
def test_an_operators_page_is_closed_without_a_session_of_an_employee(
    public: WebSite, operator: OperatorSite, cookie: str | None
) -> None:
    client = operator.app.test_client()
    if cookie:
        client.set_cookie(OPERATOR_COOKIE, cookie, domain="beheer.example", path="/")
    assert refused_to(client, Routes(operator.app), Access.OPERATOR, BASE) >= 6
    citizen = public.browser()
    citizen.log_in()
    stolen = citizen.client.get_cookie(COOKIE, domain="schulden.example")
    assert stolen is not None
    for name in (COOKIE, OPERATOR_COOKIE):
        client.set_cookie(name, stolen.value, domain="beheer.example", path="/")
    assert refused_to(client, Routes(operator.app), Access.OPERATOR, BASE) >= 6


def _without_random(page: str) -> str:
    return FORM_TOKEN.sub("", page).replace(error_number(page) or "no number", "")


@pytest.mark.threat("T-01")
def test_the_session_of_another_citizen_opens_nothing_of_mine(public: WebSite) -> None:
    mine, other = public.browser(), public.browser()
    collection = mine.log_in().headers["Location"].rsplit("/", 1)[1]
    other.log_in("111111110")
    routes, unknown = (Routes(public.site.app, id_) for id_ in (collection, "bestaat-niet"))
    pairs = list(
        zip(routes.with_access(Access.LOGGED_IN), unknown.with_access(Access.LOGGED_IN), strict=True)
    )
    tried = 0
    for (method, address, _), (_, elsewhere, _) in pairs:
        if collection in address:
            answers = [send(other, method, one) for one in (address, elsewhere)]
            assert answers[0].status_code == answers[1].status_code, address
            mine_text, unknown_text = (_without_random(answer.text) for answer in answers)
            assert mine_text.replace(collection, "bestaat-niet") == unknown_text, address
            assert answers[0].status_code == 404 or answers[0].text in DONE, address
            tried += 1
    assert tried >= 4
    assert mine.get("/overzicht").status_code == 200


def send(browser: Browser, method: str, address: str) -> TestResponse:
    if method == "POST":
        return browser.post(address, "/uitloggen")
    return ask(browser.client, method, address, browser.base_url)


@pytest.mark.parametrize("site", ["public", "operator"])
def test_a_form_needs_the_token_of_its_own_session(site: str, request: pytest.FixtureRequest) -> None:
    made = request.getfixturevalue(site)
    app, base = (made.app, BASE) if site == "operator" else (made.site.app, made.site.base_url)
    mine, other = made.browser(), made.browser()
    mine.log_in()
    other.log_in("111111110")
    page = other.get("/uitloggen").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    forms = [
        address
        for access in {rule.access for rule in rules_of(app).values()}
        for method, address, rule in Routes(app).with_access(access)
        if method == "POST" and rule.terms.own_form
    ]
    assert "/uitloggen" in forms
    for address in forms:
        for data in ({}, {"csrf_token": "x"}, {"csrf_token": token}):
            headers = {"Referer": base + address}
            answer = mine.client.post(address, base_url=base, data=data, headers=headers)
            assert answer.status_code == 400, (address, data)
        foreign = {"Referer": "https://evil.example/"}
        good = mine.get("/uitloggen").text.split('name="csrf_token" value="')[1].split('"')[0]
        answer = mine.client.post(address, base_url=base, data={"csrf_token": good}, headers=foreign)
        assert answer.status_code == 400, address


def test_a_page_for_programs_wants_its_token_and_no_session(operator: OperatorSite) -> None:
    browser = operator.browser()
    browser.log_in()
    for method, address, _ in Routes(operator.app).with_access(Access.TOKEN):
        for header in ("", "Bearer x", "Basic x", f"Bearer {METRICS_TOKEN}x", f"Bearer {METRICS_TOKEN[:-1]}"):
            answer = ask(browser.client, method, address, BASE, Authorization=header)
            assert answer.status_code == 401, (method, address, header)
        answer = ask(
            operator.app.test_client(), method, address, BASE, Authorization=f"Bearer {METRICS_TOKEN}"
        )
        assert answer.status_code == 200


def test_an_address_for_apps_wants_proof_of_who_calls_and_no_session(public: WebSite) -> None:
    browser, base = public.browser(), public.site.base_url
    browser.log_in()
    tried = Routes(public.site.app).with_access(Access.TOKEN)
    for method, address, _ in tried:
        form = {"client_id": "voorbeeld-app", "token": "x", "client_secret": "x"}
        answer = browser.client.open(address, method=method, base_url=base, data=form)
        assert (answer.status_code, answer.json) == (
            401,
            {"error": "invalid_client", "error_description": "The client could not be authenticated."},
        )
    assert len(tried) == 4


def test_what_is_public_says_nothing_about_a_person_and_asks_no_log_in(app: Flask) -> None:
    base = base_of(app)
    for method, address, _ in Routes(app).with_access(Access.PUBLIC):
        if method in {"GET", "HEAD"}:
            assert ask(app.test_client(), method, address, base).status_code not in {401, 403}, address
