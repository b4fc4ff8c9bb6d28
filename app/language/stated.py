"""Words of somebody else inside a sentence of ours: a name, a title, opening hours. They stay Dutch, and a page that is not in
Dutch marks them so that a screen reader says them right (WCAG 2.2, 3.1.2). Elsewhere such a text is a text like any other.
"""

from __future__ import annotations

from collections.abc import Iterable


class Stated(str):
    """As somebody else states it."""

    __slots__ = ()


class Told(str):
    """A text that holds such words. `parts`: all of it, in order."""

    parts: tuple[str, ...]


def parts_of(text: str) -> tuple[str, ...]:
    return text.parts if isinstance(text, Told) else (text,)


def put_together(parts: Iterable[str]) -> str:
    """One text of several, that still knows which of its words are somebody else's."""
    every = tuple(one for part in parts for one in parts_of(part) if one)
    text = "".join(every)
    if not any(isinstance(one, Stated) for one in every):
        return text
    told = Told(text)
    told.parts = every
    return told


def in_a_row(texts: Iterable[str]) -> str:
    """Sentences one after the other; those that are empty are left out."""
    parts: list[str] = []
    for text in texts:
        if text:
            parts += [" ", text] if parts else [text]
    return put_together(parts)
