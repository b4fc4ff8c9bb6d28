"""How well two colours can be told apart (WCAG 2.2, "relative luminance" and "contrast ratio")."""

from __future__ import annotations

import re

_HEX = re.compile(r"#[0-9a-fA-F]{6}")
TEXT = 4.5  # success criterion 1.4.3, level AA
GRAPHICS = 3.0  # success criterion 1.4.11: borders of controls, and focus


def colour(written: str) -> str:
    """The colour in lower case. Raises ValueError for anything but # and six hexadecimal digits."""
    if not _HEX.fullmatch(written):
        raise ValueError(f"{written!r} is not a colour such as #0b5cad")
    return written.lower()


def ratio(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black and white)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mixed(one: str, other: str, share: float) -> str:
    """`share` of the other colour, from 0 to 1, in the first."""
    parts = zip(_parts(one), _parts(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in parts)


def _luminance(written: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(written))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _parts(written: str) -> tuple[int, int, int]:
    return int(written[1:3], 16), int(written[3:5], 16), int(written[5:7], 16)
