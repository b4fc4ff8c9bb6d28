"""The button for a municipality's own site: plain HTML and CSS to copy, for this installation. No script, nothing fetched.

It is a button in the style of the municipality: it shows neither the official artwork of the Blauwe Knop nor the DigiD logo.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

from app.language import LANGUAGES

CASE_PLACE = "ZAAKNUMMER"  # the form or the case system puts the number of the case here
LABEL = "Bekijk wat u moet betalen"

CSS = """\
.bk-knop {
  box-sizing: border-box;
  display: inline-block;
  min-height: 44px;
  max-width: 100%;
  padding: 10px 20px;
  border: 2px solid transparent;
  border-radius: var(--bk-knop-hoeken, 6px);
  background-color: var(--bk-knop-kleur, #0b5cad);
  color: var(--bk-knop-tekst, #ffffff);
  font: inherit;
  font-weight: 700;
  line-height: 1.25;
  text-align: center;
  text-decoration: none;
  overflow-wrap: break-word;
}
.bk-knop:hover { background-color: var(--bk-knop-kleur-donker, #084079); text-decoration: underline; }
.bk-knop:focus-visible { outline: 3px solid var(--bk-knop-rand, #1b2430); outline-offset: 3px; }
.bk-blok {
  box-sizing: border-box;
  max-width: 38em;
  padding: 20px;
  border: 1px solid var(--bk-blok-lijn, #667384);
  border-radius: var(--bk-knop-hoeken, 6px);
  background-color: var(--bk-blok-kleur, #f5f7fa);
  color: var(--bk-blok-tekst, #1b2430);
}
.bk-blok > :first-child { margin-top: 0; }
.bk-blok > :last-child { margin-bottom: 0; }
.bk-blok a:not(.bk-knop) { color: var(--bk-blok-link, #0b5cad); }
.bk-talen a { display: inline-block; min-width: 24px; padding: 10px 12px 10px 0; }
@media (forced-colors: active) { .bk-knop { border-color: ButtonText; } }
@media print { .bk-knop::after { content: " (" attr(href) ")"; font-weight: 400; } }"""


@dataclass(frozen=True, slots=True)
class Installation:
    """`address`: the public address of the service. `organisation`: whose service it is. `back`: where people come back to on the
    site with the button. `takes_cases`: whether links may bring a case reference."""

    address: str
    organisation: str
    back: str | None = None
    theme: str | None = None
    takes_cases: bool = False

    def link(self, *, language: str | None = None, with_case: bool = False) -> str:
        """As it stands in HTML."""
        stated = {"taal": language, "thema": self.theme, "terug": self.back}
        given = {name: value for name, value in stated.items() if value is not None}
        if with_case and self.takes_cases:
            given["zaak"] = CASE_PLACE
        query = f"?{urlencode(given)}" if given else ""
        return escape(f"{self.address}/start{query}")


def button(at: Installation) -> str:
    return f'<a class="bk-knop" href="{at.link()}">{LABEL}</a>'


def explained(at: Installation) -> str:
    """With what people want to know before they press, and the other languages."""
    return f"""\
<div class="bk-blok">
  <p><strong>Weet u niet meer wat u aan wie moet betalen?</strong></p>
  <p>Log in met DigiD. U ziet op één plek wat u moet betalen. Het is gratis en er verandert niets als u kijkt.</p>
  <p>{button(at)}</p>
  <p>Dit is een dienst van {escape(at.organisation)}.
    Liever hulp van een mens? Bel gratis <a href="tel:08008115">0800-8115</a>.</p>
  <p class="bk-talen">{_languages(at)}</p>
</div>"""


def _languages(at: Installation) -> str:
    others = [(code, name) for code, name in LANGUAGES.items() if code != "nl"]
    return "\n    ".join(
        f'<a lang="{code}" hreflang="{code}" href="{at.link(language=code)}">{name}</a>'
        for code, name in others
    )


def in_form(at: Installation) -> str:
    """A new tab, and said so: what somebody typed into the form must not be lost."""
    return f"""\
<div class="bk-blok">
  <p><strong>Hebt u een overzicht van uw schulden nodig voor dit formulier?</strong></p>
  <p>Haal het op en sla het bestand op. Kom daarna terug naar dit formulier en voeg het bestand toe.</p>
  <p><a class="bk-knop" href="{at.link(with_case=True)}"
    target="_blank" rel="noopener">Haal uw overzicht op (opent in een nieuw tabblad)</a></p>
</div>"""


def in_mail(at: Installation) -> str:
    """Nothing that a mail program throws away. Who gets a mail is taught to type, and not to press."""
    return f"""\
<p>U kunt zien wat u moet betalen. Ga naar de site van {escape(at.organisation)} en kies daar ‘{LABEL}’.
  Of typ dit adres in uw browser: <strong>{escape(at.address.removeprefix("https://"))}</strong>.</p>
<p>Wij vragen nooit om uw DigiD of uw pincode in een e-mail.</p>"""


VARIANTS = {"knop": button, "uitleg": explained, "formulier": in_form, "mail": in_mail}
