"""Pages that everybody may see and that need nothing but texts."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from app.documents import formatting
from app.http.public_address import origin_of
from app.language import ngettext
from app.web.access import Pages, View
from app.web.services import WebServices
from app.web.words import word_list
from claims.organisation import ContactKind


@dataclass(frozen=True)
class PublicPages:
    services: WebServices

    def register(self, pages: Pages) -> None:
        pages.public("/", "start", self.start)
        pages.public("/bronnen", "sources", self.sources)
        pages.public("/hulp", "help", _plain("pages/help.html"))
        pages.public("/woorden", "words", self.words)
        pages.public("/toegankelijkheid", "accessibility", self.accessibility)
        pages.public("/privacy", "privacy", _plain("pages/privacy.html"))
        pages.public("/.well-known/security.txt", "security", self.security)

    def start(self) -> ResponseReturnValue:
        connected = sum(is_connected for _, is_connected in self.services.collections.known_sources)
        offer = ngettext(
            "Wat u moet betalen bij %(number)s organisatie, met de datum en het telefoonnummer.",
            "Wat u moet betalen bij %(number)s afdelingen en organisaties, met de datum en het telefoonnummer.",
            connected,
        )
        phones = (c.value for c in self.services.texts.contact if c.kind is ContactKind.PHONE)
        return render_template("pages/start.html", offer=offer, phone_number=next(phones, None))

    def words(self) -> ResponseReturnValue:
        return render_template("pages/words.html", words=word_list())

    def sources(self) -> ResponseReturnValue:
        known = self.services.collections.known_sources
        return render_template(
            "pages/sources.html",
            connected=[source for source, is_connected in known if is_connected],
            not_connected=[source for source, is_connected in known if not is_connected],
        )

    def accessibility(self) -> ResponseReturnValue:
        agreed = self.services.texts.statement
        return render_template(
            "pages/accessibility.html",
            agreed=agreed,
            agreed_day=formatting.day(agreed.agreed_on) if agreed else "",
        )

    def security(self) -> ResponseReturnValue:
        """Where to report a leak (RFC 9116)."""
        texts = self.services.texts
        lines = (
            f"Contact: {texts.security_contact}",
            f"Expires: {texts.security_contact_until.isoformat()}T00:00:00Z",
            "Preferred-Languages: nl, en",
            f"Canonical: {origin_of(texts.base_address)}/.well-known/security.txt",
        )
        return Response("\n".join(lines) + "\n", mimetype="text/plain")


def _plain(template: str) -> View:
    return lambda: render_template(template)
