"""Set an outline with a renderer of others, and print how many processor seconds and pages that took.

Usage: python -m bench.renderers_child RENDERER FONT_FOLDER, in the environment of that renderer: nothing else of ours is
imported. One outline per line of stdin (JSON, see `bench.outline`), one answer per line. Turning the outline into the
renderer's own language comes before the measurement. All ask for the PDF/A-3a or PDF/UA-1 that they offer.
"""

from __future__ import annotations

import gc
import html
import io
import json
import sys
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

Outline = Any
_HTML = {
    "Table": "table",
    "TBody": "tbody",
    "THead": "thead",
    "TR": "tr",
    "TH": "th",
    "TD": "td",
    "L": "ul",
    "LI": "li",
}
_HTML |= {
    "H1": "h1",
    "H2": "h2",
    "H3": "h3",
    "P": "p",
    "LBody": "span",
    "Sect": "section",
    "Document": "main",
}
_STYLE = "@page{size:A4;margin:22mm}body{font:10.5pt/15pt NotoSans}table{width:100%;font-size:8.5pt;text-align:left}"


def as_html(outline: Outline, fonts: Path) -> str:
    """A page for WeasyPrint."""
    face = f"@font-face{{font-family:NotoSans;src:url('{(fonts / 'NotoSans-Regular.ttf').as_uri()}')}}"
    bold = f"@font-face{{font-family:NotoSans;font-weight:bold;src:url('{(fonts / 'NotoSans-Bold.ttf').as_uri()}')}}"
    head = f"<title>Schuldenoverzicht</title><style>{face}{bold}{_STYLE}</style>"
    return f"<!doctype html><html lang=nl><head>{head}</head><body>{_element(outline)}</body></html>"


def _element(outline: Outline) -> str:
    kind, text, kids = outline
    if kind in ("Lbl", "Figure", "Form"):  # labels make themselves; pictures and seals are ours alone
        return ""
    name = _HTML[kind]
    return f"<{name}>{html.escape(text)}{''.join(map(_element, kids))}</{name}>"


def as_typst(outline: Outline) -> str:
    """A document for typst."""
    head = '#set page(paper: "a4", margin: 22mm)\n#set text(font: "Noto Sans", size: 10.5pt, lang: "nl")\n'
    return f'#set document(title: "Schuldenoverzicht")\n{head}{"".join(_block(outline))}'


def _block(outline: Outline) -> Iterator[str]:
    kind, text, kids = outline
    match kind:
        case "H1" | "H2" | "H3":
            yield f"#heading(level: {kind[1]}, {_string(text)})\n"
        case "P":
            yield f"#par(text({_string(text)}))\n"
        case "LBody":
            yield f"#list.item(text({_string(text)}))\n"
        case "Table":
            rows = list(_rows(outline))
            cells = ", ".join(_string(cell) for row in rows for cell in row)
            yield f"#table(columns: {max(map(len, rows))}, {cells})\n"
        case _:
            for kid in kids:
                yield from _block(kid)


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _rows(table: Outline) -> Iterator[list[str]]:
    """Texts of the cells; a cell over several columns is followed by empty ones."""
    for kind, _, kids in walk(table):
        if kind == "TR":
            yield [text for _, text, _ in kids]


def walk(outline: Outline) -> Iterator[Outline]:
    """It, and all below it in reading order."""
    yield outline
    for kid in outline[2]:
        yield from walk(kid)


def weasyprint(outline: Outline, fonts: Path) -> Callable[[], bytes]:
    import weasyprint

    page = as_html(outline, fonts)
    return lambda: bytes(weasyprint.HTML(string=page).write_pdf(pdf_variant="pdf/a-3a"))


def typst(outline: Outline, fonts: Path) -> Callable[[], bytes]:
    """The fonts are looked up once. What it keeps of earlier documents is its own affair; they differ."""
    import typst

    source, known = as_typst(outline).encode(), _typst_fonts(fonts)
    return lambda: bytes(typst.compile(source, font_paths=known, pdf_standards=["a-3a", "ua-1"]))


@cache
def _typst_fonts(folder: Path) -> Any:
    import typst

    return typst.Fonts(include_system_fonts=False, font_paths=[str(folder)])


def platypus(outline: Outline, fonts: Path) -> Callable[[], bytes]:
    """ReportLab's own way of making documents; it has no tags at all."""
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

    pdfmetrics.registerFont(TTFont("NotoSans", str(fonts / "NotoSans-Regular.ttf")))
    style = ParagraphStyle("body", fontName="NotoSans", fontSize=10.5, leading=15)

    def blocks(one: Outline) -> Iterator[Any]:
        kind, text, kids = one
        if kind == "Table":
            yield Table([[Paragraph(html.escape(cell), style) for cell in row] for row in _rows(one)])
            return
        if text and kind != "Lbl":
            yield Paragraph(html.escape(text), style)
        for kid in kids:
            yield from blocks(kid)

    def render() -> bytes:
        output = io.BytesIO()
        SimpleDocTemplate(output).build(list(blocks(outline)))
        return output.getvalue()

    return render


RENDERERS = {"WeasyPrint": weasyprint, "typst": typst, "platypus": platypus}


def main() -> None:
    name, fonts = sys.argv[1], Path(sys.argv[2])
    for line in sys.stdin:
        render = RENDERERS[name](json.loads(line), fonts)
        gc.collect()
        started = time.process_time()
        data = render()
        seconds = time.process_time() - started
        print(json.dumps({"seconds": seconds, "bytes": len(data)}), flush=True)


if __name__ == "__main__":
    main()
