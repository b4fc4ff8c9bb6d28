"""An app asks, the citizen decides: the pages, the session that opens nothing else, and the endpoints for programs."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from app.http.session_interface import COOKIE
from app.oauth.metadata import AUTHORIZE, INTROSPECT, KEYS, METADATA, PAR, REVOKE, TOKEN
from app.ports.consents import principal_members
from app.ports.data_subject import Representative
from app.ports.grants import TokenRefused
from app.ports.login import (
    ActingForAnother,
    LevelTooLow,
    LoginCancelled,
    LoginError,
    LoginRefused,
    Principal,
    ProviderUnavailable,
    ReplayedCallback,
)
from claims.identity import Bsn
from tests.support.apps import API_URL, ISSUER, REDIRECT, App, Bench, answer_in
from tests.support.audit import words_of
from tests.support.web_site import BSN, Browser, WebSite, make_web_site

CONSENT = "/oauth/toestemming"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebSite]:
    made = make_web_site(tmp_path_factory.mktemp("apps"), with_apps=True)
    yield made
    made.site.database.close()


@pytest.fixture
def web(site: WebSite) -> WebSite:
    """Nothing is left of the test before but its rows in the audit log."""
    assert site.apps is not None
    site.apps.grants.purge(site.site.clock.now() + timedelta(days=1))
    site.login.refusal = site.login.at_start = site.login.representative = None
    site.login.step_ups.clear()
    site.collections.started = 0
    site.collections.forgotten.clear()
    return site


@pytest.fixture
def bench(web: WebSite) -> Bench:
    assert web.apps is not None
    return web.apps


def post(web: WebSite, path: str, form: dict[str, str], **headers: str) -> TestResponse:
    """As a program does: no cookies, no form token."""
    client = web.site.app.test_client()
    return client.post(path, base_url=ISSUER, data=form, headers=headers)


def authorize_address(web: WebSite, app: App, **changes: str | None) -> str:
    answer = post(web, PAR, app.identified(app.push_form(**changes)))
    assert answer.status_code == 201, answer.text
    assert answer.json is not None
    return f"{AUTHORIZE}?client_id={app.client_id}&request_uri={answer.json['request_uri']}"


def asked(web: WebSite, app: App, browser: Browser) -> TestResponse:
    """The page with the question."""
    away = browser.get(authorize_address(web, app))
    assert away.headers["Location"].startswith("https://digid.example/")
    back = browser.get(f"/inloggen/terug?state={BSN}&code=abc")
    assert back.headers["Location"] == CONSENT
    return browser.get(CONSENT)


def test_without_apps_there_is_no_address_for_them(tmp_path: Path) -> None:
    web = make_web_site(tmp_path)
    for path in (METADATA, KEYS, AUTHORIZE, CONSENT, "/oauth/logo/x"):
        assert web.browser().get(path).status_code == 404
    for path in (PAR, TOKEN, INTROSPECT, REVOKE):
        assert web.browser().get(path).status_code == 404
    assert not any("oauth" in rule.rule for rule in web.site.app.url_map.iter_rules())
    assert "Als een app u om toestemming vraagt" not in web.browser().get("/privacy").text
    web.site.database.close()


def test_the_page_says_who_what_why_how_long_and_what_a_no_means(web: WebSite, bench: Bench) -> None:
    text = asked(web, bench.new_app(), web.browser()).text
    for words in (
        'Mag <bdi translate="no">Mijn Schuldhulp</bdi> uw gegevens zien?',
        "00000001900000010000",
        "uw schuldenoverzicht",
        "De app maakt een plan om uw schulden af te betalen.",
        "15 minuten lang",
        "Dan delen wij niets",
    ):
        assert words in text, words
    assert "welke apps van u toestemming hebben" not in text
    assert text.count('class="nl-button nl-button--secondary" type="submit" name="besluit"') == 2
    assert "checked" not in text
    assert BSN not in text


def test_a_yes_goes_back_with_a_code_and_leaves_no_session(web: WebSite, bench: Bench) -> None:
    app, browser = bench.new_app(), web.browser()
    page = asked(web, app, browser)
    assert "form-action 'self' https://app.example;" in page.headers["Content-Security-Policy"]
    assert "form-action 'self';" in browser.get("/hulp").headers["Content-Security-Policy"]
    answer = browser.post(CONSENT, CONSENT, besluit="ja")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(f"{REDIRECT}?code=")
    got = answer_in(answer.headers["Location"])
    assert (got["state"], got["iss"]) == (app.state, ISSUER)
    assert browser.client.get_cookie(COOKIE, domain="schulden.example") is None
    assert browser.get(CONSENT).status_code == 401
    tokens = post(web, TOKEN, app.identified(app.token_form(got["code"])), DPoP=app.proof(ISSUER + TOKEN))
    assert tokens.status_code == 200
    assert tokens.json is not None
    assert tokens.json["token_type"] == "DPoP"
    assert tokens.headers["Cache-Control"] == "no-store"
    assert words_of(web.book)[-3:] == [
        ("logged_in", "", "http://eidas.europa.eu/LoA/substantial"),
        ("consent_given", app.client_id, "schuldenoverzicht"),
        ("token_issued", app.client_id, "schuldenoverzicht"),
    ]


@pytest.mark.threat("T-35")
def test_a_yes_is_to_what_stood_on_the_page(web: WebSite, bench: Bench) -> None:
    """An operator may change who asks, and what for, while the citizen reads."""
    app, browser = bench.new_app(), web.browser()
    [token] = re.findall(r'name="csrf_token" value="([^"]+)"', asked(web, app, browser).text)
    before = bench.clients.find(app.client_id)
    assert before is not None
    later = before.registered_at + timedelta(seconds=1)
    other = replace(before, name="Incasso BV", purpose="Wij innen schulden.", registered_at=later)
    bench.clients.change(other, None, before.registered_at)
    headers = {"Referer": ISSUER + CONSENT}
    yes = {"besluit": "ja", "csrf_token": token}
    again = browser.client.post(CONSENT, base_url=ISSUER, data=yes, headers=headers)
    assert again.status_code == 200
    assert "Incasso BV" in again.text
    assert bench.clients.allowed_now(app.client_id, web.site.clock.now()) == 0
    done = browser.client.post(CONSENT, base_url=ISSUER, data=yes, headers=headers)
    assert done.headers["Location"].startswith(f"{REDIRECT}?code=")


def test_the_privacy_page_says_when_an_app_gets_something(web: WebSite) -> None:
    assert "Als een app u om toestemming vraagt" in web.browser().get("/privacy").text


def test_a_no_goes_back_without_anything(web: WebSite, bench: Bench) -> None:
    app, browser = bench.new_app(), web.browser()
    asked(web, app, browser)
    answer = browser.post(CONSENT, CONSENT, besluit="nee")
    assert answer_in(answer.headers["Location"]) == {
        "error": "access_denied",
        "state": app.state,
        "iss": ISSUER,
    }
    assert words_of(web.book)[-1] == ("consent_refused", app.client_id, "schuldenoverzicht")
    assert browser.get(CONSENT).status_code == 401


def test_what_is_no_clear_answer_changes_nothing(web: WebSite, bench: Bench) -> None:
    browser = web.browser()
    asked(web, bench.new_app(), browser)
    assert browser.post(CONSENT, CONSENT, besluit="misschien").status_code == 400
    assert browser.post(CONSENT, CONSENT).status_code == 400
    assert browser.post(CONSENT, besluit="ja").status_code == 400, "without the token of the form"
    assert browser.get(CONSENT).status_code == 200
    assert words_of(web.book)[-1][0] == "logged_in"


@pytest.mark.threat("T-15")
def test_the_session_for_a_question_opens_no_other_page(web: WebSite, bench: Bench) -> None:
    browser = web.browser()
    asked(web, bench.new_app(), browser)
    for path in ("/overzicht", "/mijn-gegevens", "/overzicht/pdf"):
        assert browser.get(path).status_code == 401
    assert web.collections.started == 0
    assert "Uitloggen" not in browser.get(CONSENT).text


def test_a_question_ends_who_was_logged_in_before(web: WebSite, bench: Bench) -> None:
    browser = web.browser()
    browser.log_in("111111110")
    asked(web, bench.new_app(), browser)
    assert browser.get("/overzicht").status_code == 401
    assert len(web.collections.forgotten) == 1


def test_an_ordinary_log_in_after_a_question_is_an_ordinary_log_in(web: WebSite, bench: Bench) -> None:
    browser = web.browser()
    browser.get(authorize_address(web, bench.new_app()))
    assert "/ophalen/" in browser.log_in().headers["Location"]
    assert browser.get(CONSENT).status_code == 401


def test_a_question_always_asks_digid_again(web: WebSite, bench: Bench) -> None:
    web.browser().get(authorize_address(web, bench.new_app()))
    assert web.login.step_ups == [True]


@pytest.mark.threat("T-36")
def test_a_representative_cannot_let_an_app_look(web: WebSite, bench: Bench) -> None:
    app, browser = bench.new_app(), web.browser()
    browser.get(authorize_address(web, app))
    web.login.representative = Representative(Bsn("999996356"))
    answer = browser.get(f"/inloggen/terug?state={BSN}&code=abc")
    assert answer_in(answer.headers["Location"])["error"] == "access_denied"
    assert words_of(web.book)[-1] == ("login_refused", "", "representation_for_app")
    assert browser.get(CONSENT).status_code == 401
    with pytest.raises(ValueError, match="no consent"):
        principal_members(Principal(Bsn(BSN), "", web.book.clock.now(), None, web.login.representative))


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (LoginCancelled(), "access_denied"),
        (LevelTooLow(), "unmet_authentication_requirements"),
        (ProviderUnavailable(), "temporarily_unavailable"),
        (ActingForAnother(), "access_denied"),
        (LoginRefused("signature"), "access_denied"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_a_log_in_that_fails_is_told_to_the_app_in_one_word(
    web: WebSite, bench: Bench, error: LoginError, told: str
) -> None:
    app, browser = bench.new_app(), web.browser()
    browser.get(authorize_address(web, app))
    web.login.refusal = error
    answer = browser.get(f"/inloggen/terug?state={BSN}&code=abc")
    assert answer.headers["Location"].startswith(REDIRECT)
    assert answer_in(answer.headers["Location"]) == {"error": told, "state": app.state, "iss": ISSUER}
    assert words_of(web.book)[-1][0] == "login_refused"


def test_a_provider_that_is_away_is_told_to_the_app(web: WebSite, bench: Bench) -> None:
    app = bench.new_app()
    web.login.at_start = ProviderUnavailable()
    answer = web.browser().get(authorize_address(web, app))
    assert answer_in(answer.headers["Location"])["error"] == "temporarily_unavailable"


def test_a_callback_of_another_browser_sends_nobody_to_an_app(web: WebSite, bench: Bench) -> None:
    browser = web.browser()
    browser.get(authorize_address(web, bench.new_app()))
    web.login.refusal = ReplayedCallback()
    answer = browser.get(f"/inloggen/terug?state={BSN}&code=abc")
    assert (answer.status_code, answer.headers.get("Location")) == (400, None)


@pytest.mark.threat("T-34")
def test_a_browser_is_sent_nowhere_for_a_request_that_we_do_not_know(web: WebSite, bench: Bench) -> None:
    """No open redirect: what stands in the address itself counts for nothing."""
    app = bench.new_app()
    good = authorize_address(web, app)
    plain = f"{AUTHORIZE}?client_id={app.client_id}&redirect_uri={REDIRECT}&response_type=code&scope=schuldenoverzicht"
    for address in (
        AUTHORIZE,
        plain,
        good.replace("voorbeeld-app", "andere-app"),
        good + "x",
        f"{good}&request_uri=x",
    ):
        answer = web.browser().get(address)
        assert (answer.status_code, answer.headers.get("Location")) == (400, None), address
        assert "Deze vraag van een app werkt niet meer" in answer.text
    browser = web.browser()
    assert browser.get(good).status_code == 302
    assert browser.get(good).status_code == 400


def test_nothing_goes_to_an_app_that_was_removed_meanwhile(web: WebSite, bench: Bench) -> None:
    app, browser = bench.new_app(), web.browser()
    asked(web, app, browser)
    token = browser.get(CONSENT).text.split('name="csrf_token" value="')[1].split('"')[0]
    bench.clients.remove(app.client_id)
    headers = {"Referer": ISSUER + CONSENT}
    data = {"csrf_token": token, "besluit": "ja"}
    answer = browser.client.post(CONSENT, base_url=ISSUER, data=data, headers=headers)
    assert answer_in(answer.headers["Location"])["error"] == "unauthorized_client"


def test_programs_get_json_that_says_what_is_wrong_and_a_nonce(web: WebSite, bench: Bench) -> None:
    app = bench.new_app()
    refused = post(web, PAR, app.push_form())
    assert (refused.status_code, refused.mimetype) == (401, "application/json")
    assert refused.json is not None
    assert refused.json["error"] == "invalid_client"
    assert refused.headers["DPoP-Nonce"] == bench.server.nonces.current()
    assert refused.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in refused.headers
    app.nonce = None
    form = app.identified(app.push_form(dpop_jkt=None))
    without = post(web, PAR, form, DPoP=app.proof(ISSUER + PAR))
    assert without.json is not None
    assert (without.status_code, without.json["error"]) == (400, "use_dpop_nonce")
    app.nonce = without.headers["DPoP-Nonce"]
    again = app.identified(app.push_form(dpop_jkt=None))
    assert post(web, PAR, again, DPoP=app.proof(ISSUER + PAR)).status_code == 201


def test_a_parameter_counts_once_and_only_in_the_body(web: WebSite, bench: Bench) -> None:
    app = bench.new_app()
    form = app.identified(app.push_form())
    client = web.site.app.test_client()
    doubled = {**form, "scope": ["schuldenoverzicht", "toestemmingen"]}
    json = client.post(PAR, base_url=ISSUER, json=form)
    for answer in (
        client.post(PAR, base_url=ISSUER, data=doubled),
        client.post(f"{PAR}?scope=toestemmingen", base_url=ISSUER, data=form),
        json,
        post(web, PAR, app.identified(app.push_form())),
    ):
        good = answer.status_code == 201
        assert good or (answer.status_code, answer.json["error"]) == (400, "invalid_request")  # type: ignore[index]
    assert good


def test_what_everybody_may_know_can_be_kept_and_holds_no_private_key(web: WebSite, bench: Bench) -> None:
    described, keys = web.browser().get(METADATA), web.browser().get(KEYS)
    assert described.json is not None
    assert keys.json is not None
    assert described.json["token_endpoint"] == ISSUER + TOKEN
    assert described.json["jwks_uri"] == ISSUER + KEYS
    assert [sorted(key) for key in keys.json["keys"]] == [["alg", "crv", "kid", "kty", "use", "x", "y"]]
    assert "public" in described.headers["Cache-Control"]


def test_a_gateway_asks_and_an_app_gives_back(web: WebSite, bench: Bench) -> None:
    app = bench.new_app()
    gateway = bench.new_app("poort", kind="gateway")
    token = bench.token(app)
    answer = post(web, INTROSPECT, gateway.identified({"token": token}))
    assert answer.json is not None
    assert answer.json["active"] is True
    gone = post(web, REVOKE, app.identified({"token": token}))
    assert (gone.status_code, gone.data) == (200, b"")
    answer = post(web, INTROSPECT, gateway.identified({"token": token}))
    assert answer.json == {"active": False}
    assert post(web, INTROSPECT, gateway.identified({})).status_code == 400


def test_a_logo_is_shown_where_there_is_one(web: WebSite, bench: Bench) -> None:
    app = bench.new_app()
    assert web.browser().get("/oauth/logo/voorbeeld-app").status_code == 404
    assert "app-logo" not in asked(web, app, web.browser()).text
    bench.clients.add(app.client(), b"\x89PNG...", replace=True)
    logo = web.browser().get("/oauth/logo/voorbeeld-app")
    assert (logo.mimetype, logo.data) == ("image/png", b"\x89PNG...")
    page = asked(web, app, web.browser()).text
    assert 'src="/oauth/logo/voorbeeld-app" alt="Logo van Mijn Schuldhulp"' in page


def test_a_citizen_sees_what_apps_may_do_and_did_and_withdraws(web: WebSite, bench: Bench) -> None:
    app, browser, other = bench.new_app(), web.browser(), web.browser()
    token = bench.token(app)
    browser.log_in()
    other.log_in("999990019")
    page = browser.get("/mijn-gegevens").text
    assert "Apps die nu bij uw gegevens kunnen" in page
    assert "U hebt Mijn Schuldhulp toestemming gegeven." in page
    assert "Mijn Schuldhulp kreeg toegang tot wat u toestond." in page
    address = (
        "/mijn-gegevens/toestemmingen/" + page.split('action="/mijn-gegevens/toestemmingen/')[1].split('"')[0]
    )
    assert "Mijn Schuldhulp" not in other.get("/mijn-gegevens").text
    assert other.post(address, "/uitloggen").status_code == 404
    assert browser.post(address, "/mijn-gegevens").status_code == 303
    assert browser.post(address, "/uitloggen").status_code == 404
    page = browser.get("/mijn-gegevens").text
    assert "Apps die nu bij uw gegevens kunnen" not in page
    assert "U hebt de toestemming van Mijn Schuldhulp ingetrokken." in page
    bench.clients.remove(app.client_id)
    assert "een app die niet meer meedoet (voorbeeld-app)" in browser.get("/mijn-gegevens").text.lower()
    gateway = bench.new_app("poort", kind="gateway")
    assert bench.look(gateway, token) == {"active": False}


def allowed(web: WebSite, app: App) -> str:
    """The token after a citizen logged in, said yes, and the back end exchanged the code."""
    browser = web.browser()
    asked(web, app, browser)
    code = answer_in(browser.post(CONSENT, CONSENT, besluit="ja").headers["Location"])["code"]
    form = app.identified(app.token_form(code))
    answer = post(web, TOKEN, form, DPoP=app.proof(ISSUER + TOKEN))
    assert answer.json is not None
    return str(answer.json["access_token"])


@pytest.mark.threat("T-35")
def test_a_log_out_at_the_provider_ends_what_an_app_may_do(web: WebSite, bench: Bench) -> None:
    """DigiD data may be used within the session only, and nobody else ends this one: the browser has no session any more."""
    app = bench.new_app()
    token = allowed(web, app)
    assert bench.server.access.caller("GET", API_URL, app.headers(token), None)
    told = post(web, "/uitloggen/melding", {"logout_token": "111111110"})
    assert told.status_code == 200
    assert bench.server.access.caller("GET", API_URL, app.headers(token), None)
    assert post(web, "/uitloggen/melding", {"logout_token": BSN}).status_code == 200
    with pytest.raises(TokenRefused, match="revoked"):
        bench.server.access.caller("GET", API_URL, app.headers(token), None)
    assert words_of(web.book)[-1] == ("token_revoked", app.client_id, "provider")
    browser = web.browser()
    browser.log_in()
    assert (
        "Mijn Schuldhulp kan niets meer: DigiD gaf aan ons door dat u uitlogde."
        in browser.get("/mijn-gegevens").text
    )


def test_a_program_that_asks_in_the_wrong_way_is_told_what_is_right(web: WebSite, bench: Bench) -> None:
    for path in (PAR, TOKEN, INTROSPECT, REVOKE):
        answer = web.site.app.test_client().get(path, base_url=ISSUER)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
        assert "Hier kan alleen: POST." in answer.text
        assert "/api/v1/documentatie" in answer.text
    client = web.site.app.test_client()
    for name, said in (("redirect_uri", "redirect_uri"), ("999993549", "A parameter")):
        twice = client.post(PAR, base_url=ISSUER, data={name: ["a", "b"]})
        assert twice.json is not None
        assert twice.json["error_description"] == f"{said} comes more than once."
