"""A theme as design tokens of NL Design System, and the addresses at which a browser gets it.

Values only: every one is a colour of a fixed form, a number or a fixed word, so nothing in the file can become a rule.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from flask import Blueprint, Flask, Response, abort, request, session, url_for

from app.http.theme import Letters, Logo, Theme

_DEVICE = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
_FAMILIES = {Letters.NOTO_SANS: f'"Noto Sans", {_DEVICE}', Letters.DEVICE: _DEVICE}
CHOSEN = "theme"  # in the session: the name of another look, that a link asked for
NO_OTHERS: Mapping[str, Theme] = MappingProxyType({})
_PARAMETER = "thema"
_A_YEAR = 31_536_000

# Token of the design system, without "--basis-color-": the colour that it gets.
_COLOURS = {
    "default-bg-document": "background",
    "default-bg-subtle": "surface",
    "default-bg-default": "surface",
    "default-color-document": "text",
    "default-color-default": "text",
    "default-color-subtle": "text_soft",
    "default-border-subtle": "line",
    "default-border-default": "border",
    "action-1-color-default": "brand",
    "action-1-color-hover": "brand_strong",
    "action-1-color-active": "brand_strong",
    "action-1-border-default": "brand",
    "action-1-border-hover": "brand_strong",
    "action-1-border-active": "brand_strong",
    "action-1-bg-default": "brand_soft",
    "action-1-bg-hover": "brand_soft",
    "action-1-bg-active": "brand_soft",
    "action-1-inverse-bg-default": "brand",
    "action-1-inverse-bg-hover": "brand_strong",
    "action-1-inverse-bg-active": "brand_strong",
    "action-1-inverse-color-default": "on_brand",
    "action-1-inverse-color-hover": "on_brand",
    "action-1-inverse-color-active": "on_brand",
    "action-2-color-default": "brand",
    "action-2-color-hover": "brand_strong",
    "action-2-color-active": "brand_strong",
    "info-bg-default": "brand_soft",
    "info-border-default": "brand",
    "info-color-default": "brand_strong",
    "info-color-document": "text",
}
_MESSAGES = {"negative": "danger", "warning": "warning", "positive": "success"}


def theme_css(theme: Theme) -> str:
    """A style sheet with one rule, to be read after those of the design system and our own."""
    return ":root{" + ";".join(f"{name}:{value}" for name, value in _tokens(theme)) + "}\n"


def _tokens(theme: Theme) -> Iterator[tuple[str, str]]:
    colours, family = theme.colours, _FAMILIES[theme.letters]
    for token, name in _COLOURS.items():
        yield f"--basis-color-{token}", getattr(colours, name)
    for theirs, ours in _MESSAGES.items():
        yield f"--basis-color-{theirs}-color-default", getattr(colours, ours)
        yield f"--basis-color-{theirs}-border-default", getattr(colours, ours)
        yield f"--basis-color-{theirs}-bg-default", getattr(colours, f"{ours}_soft")
        yield f"--basis-color-{theirs}-color-document", colours.text
    yield "--basis-text-font-family-default", family
    yield "--basis-heading-font-family", family
    yield "--basis-focus-outline-color", colours.focus
    yield "--basis-border-radius-md", f"{theme.radius}px"
    yield "--basis-border-radius-sm", f"{min(theme.radius, 4)}px"
    yield "--basis-form-control-border-radius", f"{min(theme.radius, 4)}px"
    yield "--bk-header", colours.header
    yield "--bk-header-text", colours.header_text


def install(app: Flask, theme: Theme, others: Mapping[str, Theme] = NO_OTHERS) -> None:
    """Serve the themes, and let every template name that of this visitor: `theme_address`, and `logo` with `address` and `text`.
    `others`: by name, for who came by a link that asks for one."""
    looks = {name: _Look.of(one, name) for name, one in others.items()}
    usual = _Look.of(theme, None)

    def asked() -> _Look:
        return looks.get(request.args.get(_PARAMETER, ""), usual)

    def names() -> dict[str, Any]:
        chosen = session.get(CHOSEN, "") if looks else ""
        return looks.get(chosen, usual).names()

    blueprint = Blueprint("theme", __name__)
    blueprint.add_url_rule("/thema.css", "css", lambda: _public(asked().css, "text/css"))
    blueprint.add_url_rule("/logo", "logo", lambda: _logo(asked().logo))
    app.register_blueprint(blueprint)
    app.context_processor(names)


@dataclass(frozen=True, slots=True)
class _Look:
    """A theme as it is served. `name` None: the usual one."""

    name: str | None
    css: bytes
    logo: Logo | None

    @classmethod
    def of(cls, theme: Theme, name: str | None) -> _Look:
        return cls(name, theme_css(theme).encode(), theme.logo)

    def names(self) -> dict[str, Any]:
        css = url_for("theme.css", thema=self.name, v=_version(self.css))
        if self.logo is None:
            return {"theme_address": css, "logo": None}
        address = url_for("theme.logo", thema=self.name, v=_version(self.logo.content))
        return {"theme_address": css, "logo": {"address": address, "text": self.logo.text}}


def _version(content: bytes) -> str:
    """In the address: a browser may keep the old one for a year without ever showing it again."""
    return hashlib.sha256(content).hexdigest()[:12]


def _logo(logo: Logo | None) -> Response:
    return _public(logo.content, logo.media_type) if logo else abort(404)


def _public(content: bytes, media_type: str) -> Response:
    response = Response(content, mimetype=media_type)
    response.cache_control.public = True
    response.cache_control.max_age = _A_YEAR
    return response
