"""The tag tree as assistive technology walks it, read by other people's programs (PDF/UA-1, Matterhorn protocol)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from app.documents import pdf
from app.documents.json import write_payload
from claims.outcome import SourceOutcome
from tests.support import snapshots
from tests.support.pdf_reading import plain_text, tag_tree
from tests.support.sealing import ConstantSeal

CASES: dict[str, tuple[SourceOutcome, ...]] = {
    "none": snapshots.many_outcomes(0),
    "full": snapshots.full_outcomes(),
    "partial": snapshots.partial_outcomes(),
    "arabic": snapshots.arabic_outcomes(),
    "dense": snapshots.many_outcomes(100),
}


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    made = {name: snapshots.snapshot(outcomes) for name, outcomes in CASES.items()}
    return {name: pdf.write(one, write_payload(one), ConstantSeal()) for name, one in made.items()}


@pytest.fixture(params=CASES)
def opened(request: pytest.FixtureRequest, files: dict[str, bytes]) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(BytesIO(files[request.param])) as one:
        yield one


def children(element: Any) -> list[Any]:
    kids = element.get("/K", [])
    kids = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    return [kid for kid in kids if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]


def walk(element: Any) -> Iterator[Any]:
    """Every element below this one, in reading order."""
    for child in children(element):
        yield child
        yield from walk(child)


def all_of(opened: pikepdf.Pdf, *kinds: str) -> list[Any]:
    return [one for one in walk(opened.Root.StructTreeRoot) if str(one.S)[1:] in kinds]


def attribute(element: Any, name: str) -> str:
    attributes = element.get("/A", {})
    parts = list(attributes) if isinstance(attributes, pikepdf.Array) else [attributes]
    return next((str(part[name]) for part in parts if name in part), "")


def test_one_document_with_one_title_and_no_heading_level_left_out(opened: pikepdf.Pdf) -> None:
    [document] = children(opened.Root.StructTreeRoot)
    assert str(document.S) == "/Document"
    levels = [int(str(one.S)[2:]) for one in all_of(opened, "H1", "H2", "H3", "H4", "H5", "H6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_heading_below_the_title_has_a_bookmark_of_its_level(opened: pikepdf.Pdf) -> None:
    def levels(items: Any, depth: int) -> Iterator[int]:
        for item in items:
            yield depth
            yield from levels(item.children, depth + 1)

    marks = list(levels(opened.open_outline().root, 2))
    assert marks == [int(str(one.S)[2:]) for one in all_of(opened, "H2", "H3")]


def test_every_table_has_headers_with_a_direction_and_a_summary(opened: pikepdf.Pdf) -> None:
    tables = all_of(opened, "Table")
    assert tables
    for table in tables:
        assert attribute(table, "/Summary")
        headers = [cell for cell in walk(table) if str(cell.S) == "/TH"]
        assert headers
        assert all(attribute(cell, "/Scope") in {"/Row", "/Column"} for cell in headers)


def test_every_row_of_a_table_has_as_many_cells(opened: pikepdf.Pdf) -> None:
    for table in all_of(opened, "Table"):
        rows = [one for one in walk(table) if str(one.S) == "/TR"]
        spans = [sum(int(attribute(cell, "/ColSpan") or 1) for cell in children(row)) for row in rows]
        assert len(set(spans)) == 1


def test_pictures_and_the_seal_have_words(opened: pikepdf.Pdf) -> None:
    assert all(str(one.get("/Alt", "")) for one in all_of(opened, "Figure"))
    [form] = all_of(opened, "Form")
    [field] = opened.Root.AcroForm.Fields
    assert str(field.TU)
    assert str(form.get("/Alt", field.TU))


def test_the_language_is_said_and_the_tab_order_follows_the_tags(opened: pikepdf.Pdf) -> None:
    assert str(opened.Root.Lang) == "nl-NL"
    assert all(str(page.obj.Tabs) == "/S" for page in opened.pages)


def test_all_that_is_drawn_is_tagged_or_marked_as_decoration(opened: pikepdf.Pdf) -> None:
    """Text outside of both is read aloud in an order that nobody chose, or not at all."""
    for page in opened.pages:
        depth = 0
        for instruction in pikepdf.parse_content_stream(page):
            operator = str(instruction.operator)
            depth += {"BDC": 1, "BMC": 1, "EMC": -1}.get(operator, 0)
            assert depth in (0, 1)
            if operator in {"Tj", "TJ", "f", "F", "S", "s", "B", "f*", "Do"}:
                assert depth == 1, operator


def test_a_head_that_repeats_on_the_next_page_is_decoration(files: dict[str, bytes]) -> None:
    with pikepdf.open(BytesIO(files["dense"])) as one:
        table = max(all_of(one, "Table"), key=lambda table: len(list(walk(table))))
        assert [str(kid.S) for kid in children(table)].count("/THead") == 1
        pages = [page.Contents.read_bytes() for page in one.pages]
        assert sum(b"/Subtype /Header" in page for page in pages) > 1


@pytest.mark.parametrize("name", CASES)
def test_no_two_words_are_glued_where_a_line_breaks(
    files: dict[str, bytes], name: str, tmp_path: Path
) -> None:
    """A word of the tag tree that does not stand on the pages is two words read as one."""
    file = tmp_path / "o.pdf"
    file.write_bytes(files[name])
    told = set(re.sub(r'"\s*"', "", " ".join(re.findall(r'"(.*)"$', tag_tree(file), re.MULTILINE))).split())
    assert len(told) > 100
    assert told - set(plain_text(file).split()) == set()
