"""What stands on the pages of a document, as a tree of tags with their texts: for renderers of others, so that they set the
same words in the same tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from app.documents.pdf_layout import Sheet, Style
from app.documents.pdf_tags import Element, TagTree
from app.ports.snapshot import Snapshot
from bench.overviews import Material
from tests.support.sealing import ConstantSeal

Outline = tuple[str, str, list[Any]]
"""Tag, its own text, and the outlines below it."""


@dataclass(slots=True)
class _Listener(Sheet):
    """Draws as ever, and remembers which element got which text."""

    heard: dict[int, str] = field(default_factory=dict)
    speaking: list[Element] = field(default_factory=list)

    @contextmanager
    def tagged(self, element: Element) -> Iterator[None]:
        self.speaking.append(element)
        with Sheet.tagged(self, element):
            yield
        self.speaking.pop()

    def line(self, value: str, x: float, baseline: float, style: Style) -> None:
        if self.speaking:
            place = id(self.speaking[-1])
            self.heard[place] = self.heard.get(place, "") + value
        Sheet.line(self, value, x, baseline, style)


def outline(source: Material) -> Outline:
    """Of all pages; without footers, which are no content."""
    found: list[Outline] = []

    def listen(sheet: Sheet, snapshot: Snapshot, payload: bytes) -> None:
        listener = _Listener(sheet.canvas, TagTree())
        source.draw(listener, snapshot, payload)
        found.append(_outline(listener.tags.root, listener.heard))

    replace(source, draw=listen).write(ConstantSeal())
    return found[0]


def _outline(element: Element, heard: dict[int, str]) -> Outline:
    kids = [_outline(kid, heard) for kid in element.kids if isinstance(kid, Element)]
    return element.kind, heard.get(id(element), "").strip(), kids
