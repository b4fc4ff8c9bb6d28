"""The theme as a browser gets it."""

from __future__ import annotations

from pathlib import Path

from flask import render_template_string

from app.http.theme import Logo, Theme, colours_around
from tests.support.site import make_site

LOGO = Logo(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", "Gemeente Waterdam")


def test_theme_and_logo_are_served_with_every_header_and_an_address_that_changes_with_them(
    tmp_path: Path,
) -> None:
    site = make_site(tmp_path, theme=Theme(colours_around("#00677a"), logo=LOGO))
    with site.app.test_request_context("/", base_url=site.base_url):
        shown = render_template_string("{{ theme_address }} {{ logo.address }} {{ logo.text }}")
    style, logo, text = shown.split(" ", 2)
    assert text == "Gemeente Waterdam"
    browser = site.app.test_client()
    for address, kind in ((style, "text/css; charset=utf-8"), (logo, "image/svg+xml; charset=utf-8")):
        assert "?v=" in address
        answer = browser.get(address, base_url=site.base_url)
        assert answer.content_type == kind
        assert answer.headers["Cache-Control"] == "public, max-age=31536000"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert b":#00677a;" in browser.get(style, base_url=site.base_url).data
    site.database.close()


def test_without_a_logo_there_is_none(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    assert site.app.test_client().get("/logo", base_url=site.base_url).status_code == 404
    with site.app.test_request_context("/", base_url=site.base_url):
        assert render_template_string("{{ logo }}") == "None"
    site.database.close()
