"""The list of registered apps, for operators."""

from dataclasses import replace
from pathlib import Path

from app.persistence.client_store import SqlClientStore
from app.ports.clients import ClientKind
from tests.support.apps import REDIRECT, App
from tests.support.operator_site import OperatorSite, make_operator_site


def test_every_app_is_listed_as_it_was_registered(tmp_path: Path) -> None:
    site = make_operator_site(tmp_path)
    store, app = SqlClientStore(site.database), App(site.clock).client()
    browser = site.browser()
    browser.log_in()
    assert "Er is nog niets geregistreerd." in browser.get("/apps").text
    store.add(replace(app, purpose="<b>doel</b>"), None, replace=False)
    gateway = replace(
        app, client_id="poort", name="Poort", kind=ClientKind.GATEWAY, redirect_uris=(), scopes=frozenset()
    )
    store.add(gateway, None, replace=False)
    text = browser.get("/apps").text
    for words in (
        "2 geregistreerd",
        "Mijn Schuldhulp",
        REDIRECT,
        "eigen poort",
        "&lt;b&gt;doel",
        "sleutels: een",
    ):
        assert words in text, words
    assert 'href="/apps"' in browser.get("/").text
    site.database.close()


def test_without_a_table_api_there_is_no_such_page(tmp_path: Path) -> None:
    site: OperatorSite = make_operator_site(tmp_path, apps=None)
    browser = site.browser()
    browser.log_in()
    assert browser.get("/apps").status_code == 404
    assert 'href="/apps"' not in browser.get("/").text
    site.database.close()
