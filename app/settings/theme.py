"""The file with the look of a municipality, or one clear line why it cannot be used. See docs/theming.md."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationError

from app.http.contrast import colour
from app.http.theme import LARGEST_RADIUS, Letters, Logo, Theme, colours_around, readable_brand
from app.settings.kinds import Part, Text

LARGEST_LOGO = 100_000
_SIGNATURES = {b"\x89PNG\r\n\x1a\n": "image/png"}
# A picture needs none of these. Shown in <img> they do nothing, but somebody may open the address itself.
_ACTIVE = re.compile(
    rb"<\s*(script|foreignobject|iframe|embed|object|!doctype|!entity|\?xml-stylesheet)"
    rb"|\son[a-z]+\s*=|javascript:|(href|src)\s*=\s*[\"']\s*(?!#)|@import|url\(\s*[\"']?\s*(?!#)",
    re.IGNORECASE,
)

_Colour = Annotated[str, AfterValidator(colour)]


class _ColourTable(Part):
    """As `app.http.theme.Colours`; what is not chosen keeps the value that is made for it."""

    brand: _Colour
    brand_strong: _Colour | None = None
    brand_soft: _Colour | None = None
    on_brand: _Colour | None = None
    background: _Colour | None = None
    surface: _Colour | None = None
    text: _Colour | None = None
    text_soft: _Colour | None = None
    line: _Colour | None = None
    border: _Colour | None = None
    header: _Colour | None = None
    header_text: _Colour | None = None
    focus: _Colour | None = None


class _LogoTable(Part):
    """`text`: what stands in the picture, for who cannot see it; mostly the name of the municipality."""

    file: Path
    text: Text


class _ThemeFile(Part):
    colours: _ColourTable
    radius: Annotated[int, Field(ge=0, le=LARGEST_RADIUS)] = 6
    letters: Letters = Letters.NOTO_SANS
    logo: _LogoTable | None = None


def load_theme(path: Path) -> Theme:
    """Raises ValueError with one line: the file is not there or not as it must be, or cannot be read by everybody."""
    try:
        stated = _ThemeFile.model_validate(tomllib.loads(path.read_text("utf-8")))
        colours = colours_around(**stated.colours.model_dump(exclude_none=True))
        return Theme(colours, stated.radius, stated.letters, _logo(stated.logo, path.parent))
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise ValueError(f"{path}: {place}: {first['msg'].removeprefix('Value error, ')}") from None
    except OSError as error:
        raise ValueError(f"{path}: cannot be read ({error.strerror})") from None
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None


def readable_brand_for(path: Path) -> str | None:
    """A brand with which this file would pass; None when another brand would not help."""
    try:
        stated = _ThemeFile.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (OSError, ValueError):
        return None
    return readable_brand(**stated.colours.model_dump(exclude_none=True))


def _logo(stated: _LogoTable | None, folder: Path) -> Logo | None:
    if stated is None:
        return None
    try:
        content = (folder / stated.file).read_bytes()
    except OSError as error:
        raise ValueError(f"logo.file cannot be read ({error.strerror})") from None
    if len(content) > LARGEST_LOGO:
        raise ValueError(f"logo.file is larger than {LARGEST_LOGO // 1000} kB")
    return Logo(content, _media_type(content), stated.text)


def _media_type(content: bytes) -> str:
    found = next((kind for start, kind in _SIGNATURES.items() if content.startswith(start)), None)
    if found is not None:
        return found
    if not re.match(rb"\s*(<\?xml[^>]*\?>\s*)?(<!--.*?-->\s*)*<svg[\s>]", content, re.DOTALL):
        raise ValueError("logo.file is no SVG or PNG picture")
    if _ACTIVE.search(content):
        raise ValueError(
            "logo.file holds a script, a style from elsewhere or an address: save it as plain SVG"
        )
    return "image/svg+xml"
