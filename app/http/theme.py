"""The look of one municipality: a few colours, a radius, letters and a logo, that only exist when they can be read.

A theme is values and never style rules, so that it cannot hide a total or fetch anything from elsewhere. What it makes of the
design tokens of NL Design System stands in `app.http.theme_css`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.http.contrast import GRAPHICS, TEXT, mixed, ratio

LARGEST_RADIUS = 24


class Letters(StrEnum):
    """`DEVICE`: what the visitor's own device has; nothing is fetched."""

    NOTO_SANS = "noto-sans"
    DEVICE = "device"


@dataclass(frozen=True, slots=True, kw_only=True)
class Colours:
    """All as # and six digits. `brand`: buttons, links and the line under the header; `on_brand`: words on it; `line` only
    divides, `border` shows where a control is. The second part means the same in every municipality and is no choice."""

    brand: str
    brand_strong: str
    brand_soft: str
    on_brand: str = "#ffffff"
    background: str = "#ffffff"
    surface: str = "#f5f7fa"
    text: str = "#1b2430"
    text_soft: str = "#4a5563"
    line: str = "#d3dae3"
    border: str = "#667384"
    header: str = "#ffffff"
    header_text: str = "#1b2430"
    focus: str = "#1b2430"

    danger: str = "#a4161a"
    danger_soft: str = "#fdecec"
    warning: str = "#6f4400"
    warning_soft: str = "#fff5df"
    success: str = "#14602f"
    success_soft: str = "#e7f5ec"


@dataclass(frozen=True, slots=True)
class Logo:
    """`content` as it is served, with its media type; `text` says what a sighted person reads in it."""

    content: bytes
    media_type: str
    text: str


@dataclass(frozen=True, slots=True)
class Theme:
    """Raises ValueError for a combination below WCAG 2.2 AA: which, and what is needed."""

    colours: Colours
    radius: int = 6
    letters: Letters = Letters.NOTO_SANS
    logo: Logo | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.radius <= LARGEST_RADIUS:
            raise ValueError(f"radius must be 0 to {LARGEST_RADIUS} pixels")
        low = [pair for pair in pairs(self.colours) if not pair.is_enough]
        if low:
            raise ValueError("; ".join(pair.words for pair in low))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two colours that stand together on a page, each with its name, and what WCAG asks of them."""

    front: str
    back: str
    measured: float
    needed: float

    @property
    def is_enough(self) -> bool:
        return self.measured >= self.needed

    @property
    def words(self) -> str:
        """Rounded down: 4.49 must never look like 4.5."""
        return (
            f"{self.front} on {self.back}: contrast {int(self.measured * 100) / 100:.2f} to 1, "
            f"at least {self.needed} to 1 is needed (WCAG 2.2 AA)"
        )


_PAGES = ("background", "surface", "brand_soft")
_MESSAGES = ("danger_soft", "warning_soft", "success_soft")
_TOGETHER = (
    *(
        (front, back, TEXT)
        for front in ("text", "text_soft", "brand", "brand_strong")
        for back in (*_PAGES, *_MESSAGES)
    ),
    *((front, f"{front}_soft", TEXT) for front in ("danger", "warning", "success")),
    *((front, back, TEXT) for front in ("danger", "success") for back in ("background", "surface")),
    ("on_brand", "brand", TEXT),
    ("on_brand", "brand_strong", TEXT),
    ("header_text", "header", TEXT),
    *(("border", back, GRAPHICS) for back in _PAGES),
    *(("focus", back, GRAPHICS) for back in (*_PAGES, *_MESSAGES)),
)


def pairs(colours: Colours) -> Iterator[Pair]:
    """Every two colours that stand together."""
    for front, back, needed in _TOGETHER:
        ink, paper = getattr(colours, front), getattr(colours, back)
        yield Pair(f"{front} {ink}", f"{back} {paper}", ratio(ink, paper), needed)


def colours_around(brand: str, **chosen: str) -> Colours:
    """The other shades of the brand are made from it, unless they are chosen."""
    made = {"brand_strong": mixed(brand, "#000000", 0.3), "brand_soft": mixed(brand, "#ffffff", 0.92)}
    return Colours(brand=brand, **{**made, **chosen})


def readable_brand(brand: str, **chosen: str) -> str | None:
    """The same brand, only so much darker that everybody can read what it is used for; None when it is not the brand that
    fails."""
    for percent in range(0, 100, 2):
        darker = mixed(brand, "#000000", percent / 100)
        if all(pair.is_enough for pair in pairs(colours_around(darker, **chosen))):
            return darker if percent else None
    return None


DEFAULT = Theme(colours_around("#0b5cad"))
