"""Text on pages: styles, line breaking, page breaks, and every piece of content with its tag.

Coordinates are points from the lower left corner; `y` is the top of the free space on the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import accumulate

from reportlab.lib.rl_accel import fp_str
from reportlab.pdfgen.canvas import Canvas

from app.documents import pdf_bidi, pdf_fonts, pdf_script
from app.documents.pdf_bidi import DUTCH_BEGINS, Run
from app.documents.pdf_fonts import BOLD, REGULAR
from app.documents.pdf_tags import Element, TagTree
from app.language import direction, isolated

PAGE_WIDTH, PAGE_HEIGHT = 595.276, 841.89
MARGIN = 62.4  # 22 mm
LEFT, RIGHT = MARGIN, PAGE_WIDTH - MARGIN
TEXT_WIDTH = RIGHT - LEFT
TOP, BOTTOM = PAGE_HEIGHT - 56.7, 85.0

Colour = tuple[float, float, float]
BLACK: Colour = (0.0, 0.0, 0.0)
GREY: Colour = (0.33, 0.33, 0.33)
BLUE: Colour = (0.082, 0.259, 0.451)
PALE_BLUE: Colour = (0.933, 0.953, 0.976)
PALE_YELLOW: Colour = (1.0, 0.957, 0.863)
AMBER: Colour = (0.71, 0.38, 0.0)
RULE: Colour = (0.75, 0.79, 0.84)


@dataclass(frozen=True, slots=True)
class Style:
    size: float = 10.5
    leading: float = 15.0
    face: str = REGULAR
    colour: Colour = BLACK
    after: float = 5.0


BODY = Style()
STRONG = Style(face=BOLD)
SMALL = Style(8.5, 12.0, after=2.0)
SMALL_STRONG = Style(8.5, 12.0, BOLD, after=2.0)
FOOT = Style(8.0, 11.0, colour=GREY, after=0.0)
FOOT_STRONG = Style(8.0, 11.0, BOLD, after=0.0)
TITLE = Style(20.0, 26.0, BOLD, BLUE, 8.0)
HEADINGS = {2: Style(13.5, 19.0, BOLD, BLUE, 5.0), 3: Style(11.0, 15.5, BOLD, BLUE, 3.0)}
TALLEST_HEADING = 300.0  # points; a title can come from a source and be longer than a page
SPACE_ABOVE = {2: 14.0, 3: 11.0}


def wrap(value: str, style: Style, width: float) -> list[str]:
    """Lines that fit in `width`. A softly broken line ends with a space: without it a screen reader, or somebody who
    copies text, gets two words glued together. A word that is too long by itself is cut, never lost."""
    whole = _in_direction(pdf_fonts.clean(value).replace("€ ", "€\xa0"))
    if pdf_fonts.width(whole, style.face, style.size) <= width:  # most texts: do not measure word by word
        return [whole]
    words = whole.split(" ")
    lines: list[str] = []
    line = ""
    for word in words:
        longer = f"{line} {word}" if line else word
        if pdf_fonts.width(longer, style.face, style.size) <= width:
            line = longer
            continue
        if line:
            lines.append(line + " ")
        *cut, line = _cut(word, style, width)
        lines += cut
    return pdf_bidi.balanced([*lines, line])


def wrap_each(value: str, style: Style, width: float) -> list[str]:
    """Each line of the value is wrapped by itself: a cell may hold a title and a smaller fact below it. They too end
    with a space, except the last, so that nobody hears the last word of one and the first of the next as one word."""
    *before, last = [wrap(part, style, width) for part in value.split("\n")]
    return [line for lines in before for line in (*lines[:-1], f"{lines[-1]} ")] + last


def _in_direction(text: str) -> str:
    """Where pages run from right to left: a text without a word of that script keeps its own direction."""
    is_plain = direction() == "ltr" or pdf_bidi.has_own_script(text)
    return text if is_plain else isolated(text)


def _cut(word: str, style: Style, width: float) -> list[str]:
    """Pieces of one word, each as long as fits; an amount that is too wide leaves only its euro sign behind."""
    if pdf_fonts.width(word, style.face, style.size) <= width:
        return [word]
    first, _, rest = word.partition("\xa0")
    if rest:
        return [*_cut(first, style, width), *_cut(rest, style, width)]
    pieces, piece = [], ""
    for character in word:
        if piece and pdf_fonts.width(piece + character, style.face, style.size) > width:
            pieces.append(piece)
            piece = ""
        piece += character
    return [*pieces, piece]


@dataclass(frozen=True, slots=True)
class Bookmark:
    page: int
    title: str
    level: int
    top: float


@dataclass(slots=True)
class Sheet:
    """The pages under construction. Pages are kept as code until the end, because the footer names their number."""

    canvas: Canvas
    tags: TagTree
    y: float = TOP
    finished: list[list[str]] = field(default_factory=list)
    bookmarks: list[Bookmark] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tags.begin_page()

    @property
    def page(self) -> int:
        """Index of the newest page, from 0."""
        return len(self.finished)

    @property
    def room(self) -> float:
        """Free height in points."""
        return self.y - BOTTOM

    def new_page(self) -> None:
        self.finish_page()
        self.tags.begin_page()
        self.y = TOP

    def finish_page(self) -> None:
        self.finished.append(self.canvas._code)
        self.canvas._restartAccumulators()
        self.canvas.init_graphics_state()

    def ensure(self, height: float) -> None:
        """Begin a new page unless this much is free; nothing is taller than a page."""
        if height > self.room and self.y < TOP:
            self.new_page()

    def skip(self, height: float) -> None:
        """Leave white, but not at the top of a page."""
        if self.y < TOP:
            self.y -= height

    @contextmanager
    def tagged(self, element: Element) -> Iterator[None]:
        """What is drawn inside belongs to this element."""
        self.canvas._code.append(f"/{element.kind} <</MCID {self.tags.mark(element)}>> BDC")
        yield
        self.canvas._code.append("EMC")

    @contextmanager
    def artifact(self, kind: str = "/Type /Layout") -> Iterator[None]:
        """What is drawn inside is decoration, or repeats what stands elsewhere: assistive technology skips it."""
        self.canvas._code.append(f"/Artifact <<{kind}>> BDC")
        yield
        self.canvas._code.append("EMC")

    def line(self, value: str, x: float, baseline: float, style: Style) -> None:
        """Draw one line that `wrap` or `clean` made; `x` is where it begins on a page that runs from left to right.
        ReportLab's `drawString` takes three times as long."""
        self.canvas.setFillColorRGB(*style.colour)
        if not self.from_right and DUTCH_BEGINS not in value:
            self._show(value, x, baseline, style)
            return
        runs = pdf_bidi.runs(value, from_right=self.from_right)
        widths = [pdf_fonts.width(run.text, style.face, style.size) for run in runs]
        begin = PAGE_WIDTH - x - sum(widths) if self.from_right else x
        places = accumulate(widths, initial=begin)
        placed = list(zip(runs, places, strict=False))
        for run, place in reversed(placed) if self.from_right else placed:  # in the order of reading
            self._run(run, place, baseline, style)

    def _run(self, run: Run, x: float, baseline: float, style: Style) -> None:
        """Part of a line in one direction and language (ISO 32000-1, 14.8.2.3.3 and 14.9.2.2)."""
        marks = ["/Span <</Lang (nl-NL)>> BDC"] * run.is_dutch + ["/ReversedChars BMC"] * run.from_right
        self.canvas._code += marks
        self._show(pdf_script.from_left(run.text) if run.from_right else run.text, x, baseline, style)
        self.canvas._code += ["EMC"] * len(marks)

    def _show(self, value: str, x: float, baseline: float, style: Style) -> None:
        shown = pdf_fonts.show_operators(self.canvas._doc, value, style.face, style.size)
        self.canvas._code.append(f"BT 1 0 0 1 {fp_str(x, baseline)} Tm {shown} ET")

    @property
    def from_right(self) -> bool:
        """Whether pages run from right to left. All places are given as on a page that does not, and mirrored."""
        return direction() == "rtl"

    def mirrored(self, x: float, width: float) -> float:
        """Where something of this width begins on the page, that begins at `x` on a page from left to right."""
        return PAGE_WIDTH - x - width if self.from_right else x

    def lines(self, lines: list[str], x: float, style: Style) -> None:
        """Draw lines below each other on this page and move down."""
        for line in lines:
            self.line(line, x, self.y - style.size, style)
            self.y -= style.leading

    def paragraph(self, parent: Element, value: str, style: Style = BODY, kind: str = "P") -> None:
        """A text block over the whole width, continued on the next page where needed."""
        self.block(parent.add(kind), wrap(value, style, TEXT_WIDTH), LEFT, style)

    def block(self, element: Element, lines: list[str], x: float, style: Style) -> None:
        """Lines of one element; at least two (or all) stay together at the foot of a page."""
        rest = lines
        self.ensure(min(len(rest), 2) * style.leading)
        while rest:
            fitting = max(1, int(self.room / style.leading))
            with self.tagged(element):
                self.lines(rest[:fitting], x, style)
            rest = rest[fitting:]
            if rest:
                self.new_page()
        self.y -= style.after

    def heading(self, parent: Element, level: int, value: str, keep: float = 60.0) -> None:
        """A heading with a bookmark; it stays with at least `keep` points of what follows."""
        style = HEADINGS[level]
        lines = wrap(value, style, TEXT_WIDTH)
        self.skip(SPACE_ABOVE[level])
        self.ensure(min(TALLEST_HEADING, len(lines) * style.leading) + style.after + keep)
        self.bookmarks.append(Bookmark(self.page, pdf_fonts.plain(value), level - 2, self.y))
        self.block(parent.add(f"H{level}"), lines, LEFT, style)

    def fill(
        self, box: tuple[float, float, float, float], colour: Colour, edge: Colour | None = None
    ) -> None:
        """A coloured rectangle (x, y, width, height), as decoration."""
        with self.artifact():
            self.canvas.setFillColorRGB(*colour)
            if edge:
                self.canvas.setStrokeColorRGB(*edge)
            x, y, width, height = box
            self.canvas.rect(self.mirrored(x, width), y, width, height, stroke=1 if edge else 0, fill=1)

    def rule(self, baseline: float, colour: Colour = RULE, thickness: float = 0.5) -> None:
        """A horizontal line over the whole width, as decoration."""
        with self.artifact():
            self.canvas.setStrokeColorRGB(*colour)
            self.canvas.setLineWidth(thickness)
            self.canvas.line(LEFT, baseline, RIGHT, baseline)
