"""In a real browser: from an app to DigiD, to the question, and back to the app, also without JavaScript.

Only a browser knows whether its policies let the answer of our form go to another site.
"""

from __future__ import annotations

import json
import urllib.request
from datetime import UTC, datetime
from urllib.parse import urlencode

from joserfc.jwk import ECKey
from playwright.sync_api import Browser, Page, Route, expect

from app.oauth.metadata import AUTHORIZE, PAR
from simulators.demo.example_app import CLIENT_ID, KEY
from tests.e2e import steps
from tests.support.apps import App, answer_in
from tests.support.demo import RunningDemo


class Now:
    """Implements app.ports.clock.Clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def question_address(demo: RunningDemo) -> str:
    """As the back end of the example app gets it."""
    key = ECKey.import_key((demo.instance.app_folder / KEY).read_text("ascii"))
    app = App(Now(), CLIENT_ID, key)
    form = app.push_form(redirect_uri=demo.instance.app_redirect_uri)
    form |= {**app.identified({}), "client_assertion": app.assertion(aud=demo.url)}
    with urllib.request.urlopen(demo.url + PAR, urlencode(form).encode(), timeout=120) as answer:
        name = json.loads(answer.read())["request_uri"]
    return f"{demo.url}{AUTHORIZE}?{urlencode({'client_id': CLIENT_ID, 'request_uri': name})}"


def be_the_app(page: Page, demo: RunningDemo) -> None:
    def answer(route: Route) -> None:
        route.fulfill(body="<h1>Terug in de app</h1>", content_type="text/html")

    page.route(f"{demo.instance.app_redirect_uri}*", answer)


def ask(page: Page, demo: RunningDemo) -> None:
    be_the_app(page, demo)
    page.goto(question_address(demo))
    page.get_by_role("button", name=steps.ANNA).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        "Mag Voorbeeld-app Schuldhulp uw gegevens zien?"
    )


def test_a_no_brings_the_browser_back_to_the_app(page: Page, demo: RunningDemo) -> None:
    ask(page, demo)
    assert not steps.has_sideways_scroll(page)
    logo = page.get_by_role("img", name="Logo van Voorbeeld-app Schuldhulp")
    expect(logo).to_have_js_property("naturalWidth", 96, timeout=steps.BROWSER_MS)
    yes, no = (page.get_by_role("button", name=name) for name in ("Ja, de app", "Nee, de app"))
    look = "button => ['color', 'backgroundColor', 'fontSize', 'fontWeight'].map(n => getComputedStyle(button)[n])"
    assert yes.evaluate(look) == no.evaluate(look)
    no.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Terug in de app")
    assert answer_in(page.url)["error"] == "access_denied"
    page.goto(f"{demo.url}/overzicht")
    expect(page.get_by_role("heading", level=1)).to_have_text("U bent niet ingelogd")


def test_a_yes_does_so_too_without_javascript(browser: Browser, demo: RunningDemo) -> None:
    context = steps.new_context(browser, demo.url, java_script_enabled=False)
    page = context.new_page()
    ask(page, demo)
    page.get_by_role("button", name="Ja, de app mag dit zien").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Terug in de app")
    assert "code" in answer_in(page.url)
    context.close()
