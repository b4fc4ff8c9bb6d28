"""The tag tree: what each piece of a page is, in reading order (ISO 32000-1, 14.7 and 14.8; PDF/UA-1)."""

from __future__ import annotations

from dataclasses import dataclass, field

from reportlab.pdfbase.pdfdoc import PDFDocument

from app.documents import pdf_fonts
from app.documents.pdf_objects import Slot, array, dictionary, number, reserve, text

ROW_HEADER = b"<</O /Table /Scope /Row>>"
COLUMN_HEADER = b"<</O /Table /Scope /Column>>"
NUMBERED = b"<</O /List /ListNumbering /Decimal>>"
BULLETED = b"<</O /List /ListNumbering /Disc>>"


def summary(words: str) -> bytes:
    """The attribute that tells what a table holds."""
    return b"<</O /Table /Summary " + text(pdf_fonts.plain(words)) + b">>"


def bounding_box(box: tuple[float, float, float, float]) -> bytes:
    """The attribute of a figure that says where it stands."""
    return b"<</O /Layout /BBox " + array([number(side) for side in box]) + b">>"


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of marked content: `identifier` is the MCID on page `page` (from 0)."""

    page: int
    identifier: int


@dataclass(slots=True)
class Element:
    """A structure element. `kids` are elements, marks, or object numbers of annotations, in reading order."""

    kind: str
    attributes: bytes | None = None
    alternative: str | None = None
    kids: list[Element | Mark | int] = field(default_factory=list)
    slot: Slot | None = None

    def add(self, kind: str, attributes: bytes | None = None, alternative: str | None = None) -> Element:
        child = Element(kind, attributes, alternative)
        self.kids.append(child)
        return child


class TagTree:
    """Collects elements and marks while pages are drawn; writes them when every page has its object number."""

    def __init__(self) -> None:
        self.root = Element("Document")
        self._marked: list[list[Element]] = []
        self._annotations: list[Element] = []

    def begin_page(self) -> None:
        self._marked.append([])

    def mark(self, element: Element) -> int:
        """Give the next piece of content on the newest page to this element; returns its MCID."""
        page = len(self._marked) - 1
        identifier = len(self._marked[page])
        self._marked[page].append(element)
        element.kids.append(Mark(page, identifier))
        return identifier

    def add_annotation(self, element: Element, object_number: int) -> int:
        """Put an annotation under this element; returns its key for StructParent."""
        element.kids.append(object_number)
        self._annotations.append(element)
        return len(self._marked) + len(self._annotations) - 1

    def write(self, document: PDFDocument, pages: list[bytes]) -> bytes:
        """Write the tree. `pages` are references of the pages in order. Returns the reference of the root."""
        root, parents = reserve(document), reserve(document)
        elements = list(_walk(self.root))
        for element in elements:
            element.slot = reserve(document)
        _Writer(pages, root.reference).fill(self.root, root.reference)
        parents.fill(dictionary({"Nums": array(self._parent_entries())}))
        next_key = len(self._marked) + len(self._annotations)
        root.fill(
            dictionary(
                {
                    "Type": b"/StructTreeRoot",
                    "K": array([_reference(self.root)]),
                    "ParentTree": parents.reference,
                    "ParentTreeNextKey": b"%d" % next_key,
                }
            )
        )
        return root.reference

    def _parent_entries(self) -> list[bytes]:
        pages = [array([_reference(element) for element in marked]) for marked in self._marked]
        values = [*pages, *(_reference(element) for element in self._annotations)]
        return [b"%d %s" % entry for entry in enumerate(values)]


def _walk(element: Element) -> list[Element]:
    found = [element]
    for kid in element.kids:
        if isinstance(kid, Element):
            found += _walk(kid)
    return found


def _reference(element: Element) -> bytes:
    if element.slot is None:
        raise ValueError("an element outside the tree was used")
    return element.slot.reference


@dataclass(frozen=True, slots=True)
class _Writer:
    pages: list[bytes]
    root: bytes

    def fill(self, element: Element, parent: bytes) -> None:
        if element.slot is None:
            raise ValueError("an element outside the tree was used")
        home = next((kid.page for kid in element.kids if isinstance(kid, Mark)), None)
        entries = {"Type": b"/StructElem", "S": b"/" + element.kind.encode("ascii"), "P": parent}
        if home is not None:
            entries["Pg"] = self.pages[home]
        if element.attributes:
            entries["A"] = element.attributes
        if element.alternative:
            entries["Alt"] = text(element.alternative)
        entries["K"] = array([self._kid(kid, home) for kid in element.kids])
        element.slot.fill(dictionary(entries))
        for kid in element.kids:
            if isinstance(kid, Element):
                self.fill(kid, element.slot.reference)

    def _kid(self, kid: Element | Mark | int, home: int | None) -> bytes:
        if isinstance(kid, Element):
            return _reference(kid)
        if isinstance(kid, int):
            last = self.pages[-1]
            return dictionary({"Type": b"/OBJR", "Obj": b"%d 0 R" % kid, "Pg": last})
        if kid.page == home:
            return b"%d" % kid.identifier
        return dictionary({"Type": b"/MCR", "Pg": self.pages[kid.page], "MCID": b"%d" % kid.identifier})
