"""What is no sealed overview: ordinary files that people bring by mistake, and files that are made to hurt a reader."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace

import pikepdf

from tests.corpus.case import Case, Group, Suffix, given
from tests.corpus.world import World
from tests.support.pdf_builder import PdfPlan, build_pdf
from tests.support.tampering import without_signature

PDF, JSON = Group("foreign-pdf", 2), Group("foreign-json", 2, "json")
OTHER = Group("foreign-file", 2)
BOMB, JSON_BOMB = Group("bomb-pdf", 2), Group("bomb-json", 2, "json")
_MEGABYTE = 1024 * 1024
_PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(13)

_JSON: dict[str, tuple[str, bytes]] = {
    "empty-object": ("an empty object", b"{}"),
    "open": ("one bracket", b"{"),
    "other": ("another record", b'{"vorderingen": []}'),
    "list": ("a list", b"[1, 2, 3]"),
    "payload-only": ("only a payload", b'{"payload":"abc"}'),
    "nan": ("a number that is none", b'{"a":NaN}'),
    "not-utf-8": ("no UTF-8", b'{"a":"\xff"}'),
}
_OTHER: dict[str, tuple[str, Suffix, bytes]] = {
    "nothing": ("an empty file", "pdf", b""),
    "picture": ("a picture", "png", _PNG),
    "photo-called-pdf": ("a photo that is called pdf", "pdf", b"\xff\xd8\xff\xe0" + bytes(1000)),
    "page": ("a saved web page", "html", b"<html>schuldenoverzicht</html>"),
    "text": ("a text", "csv", b"schuldeiser;bedrag\nGemeente;12,00\n"),
    "noise": ("noise behind a PDF's first line", "pdf", b"%PDF-1.7\n" + bytes(range(256)) * 40),
    "first-line": ("a PDF's first line only", "pdf", b"%PDF-1.7"),
}


def cases() -> Iterator[Case]:
    yield PDF.case("letter", "an ordinary PDF", lambda w: w.unsealed())
    yield PDF.case(
        "printed-again", "our overview without its seal, as a printer driver makes it", _printed_again
    )
    yield PDF.case("empty-field", "a PDF with a signature field in which nobody signed", _empty_field)
    yield PDF.case(
        "five-thousand-pages", "an ordinary PDF of 5,000 pages", lambda w: w.unsealed(junk_pages=4999)
    )
    for name, (why, data) in _JSON.items():
        yield JSON.case(name, why, given(lambda w, d: d, data))
    yield JSON.case("record", "our record without seal", lambda w: w.record)
    for name, (why, suffix, data) in _OTHER.items():
        yield replace(OTHER.case(name, why, given(lambda w, d: d, data)), suffix=suffix, judged=False)
    yield replace(OTHER.case("zip", "our overview in a zip file", _zipped), suffix="zip", judged=False)
    for case in (*_bombs(), *_json_bombs()):
        yield replace(case, hostile=True, judged=False)


def _printed_again(world: World) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as document, pikepdf.open(io.BytesIO(without_signature(world.overview()))) as source:
        document.pages.extend(source.pages)
        document.save(out)
    return out.getvalue()


def _empty_field(world: World) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(world.unsealed())) as document:
        field = pikepdf.Dictionary(FT=pikepdf.Name.Sig, T="Zegel")
        document.Root.AcroForm = pikepdf.Dictionary(Fields=[document.make_indirect(field)])
        document.save(out)
    return out.getvalue()


def _zipped(world: World) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("schuldenoverzicht.pdf", world.overview())
    return out.getvalue()


def _bombs() -> Iterator[Case]:
    yield BOMB.case("flate-once", "an attachment that unpacks to a gigabyte", lambda w: _packed(1))
    yield BOMB.case("flate-thrice", "an attachment packed three times", lambda w: _packed(3))
    yield BOMB.case("index-loop", "an index that follows itself", _index_loop)
    yield BOMB.case("page-loop", "a page tree that is its own child", _page_loop)
    yield BOMB.case(
        "deep-array", "a hundred thousand brackets", lambda w: _object(b"[" * 100_000 + b"]" * 100_000)
    )
    yield BOMB.case(
        "deep-dictionary", "fifty thousand dictionaries in each other", lambda w: _object(b"<</A" * 50_000)
    )
    yield BOMB.case("long-number", "a number of a million digits", lambda w: _object(b"9" * 1_000_000))
    yield BOMB.case("long-name", "a name of five megabytes", lambda w: _object(b"/" + b"a" * 5_000_000))
    yield BOMB.case("huge-size", "an index that claims a billion objects", _huge_size)
    yield BOMB.case("many-objects", "a hundred thousand objects", lambda w: w.unsealed(junk_pages=100_000))
    yield BOMB.case("too-large", "larger than we take", lambda w: b"%PDF-1.7\n" + bytes(11 * _MEGABYTE))
    why = "a sealed file, made too large by what was put behind it"
    yield BOMB.case("sealed-too-large", why, lambda w: w.overview() + bytes(11 * _MEGABYTE))


def _json_bombs() -> Iterator[Case]:
    for name, why, data in (
        ("deep-objects", "half a million objects in each other", b'{"a":' * 500_000),
        ("deep-lists", "a million lists in each other", b'{"a":' + b"[" * 1_000_000),
        ("long-number", "a number of a hundred thousand digits", b'{"a":' + b"9" * 100_000 + b"}"),
        ("long-text", "a text of nine megabytes", b'{"a":"' + b"x" * 9_000_000 + b'"}'),
        ("many-members", "a million members", b"{" + b",".join(b'"%d":1' % n for n in range(500_000)) + b"}"),
        ("too-large", "larger than we take", b'{"a":"' + b"x" * 11 * _MEGABYTE + b'"}'),
    ):
        yield JSON_BOMB.case(name, why, given(lambda w, d: d, data))


def _packed(times: int) -> bytes:
    compressor = zlib.compressobj(9)
    content = b"".join(compressor.compress(bytes(_MEGABYTE)) for _ in range(1024)) + compressor.flush()
    for _ in range(times - 1):
        content = zlib.compress(content, 9)
    filters = b"/FlateDecode " * times
    stream = b"<< /Type /XRef /Length %d /Filter [%s] /Size 9 /W [1 2 1] /Root 1 0 R >>" % (
        len(content),
        filters,
    )
    body = b"%PDF-1.7\n"
    return body + b"1 0 obj\n%s\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (
        stream,
        content,
        len(body),
    )


def _object(content: bytes) -> bytes:
    """An unsigned PDF with one strange object, which is its form."""
    plain = build_pdf(PdfPlan(), None)
    start = int(plain.rsplit(b"startxref\n", 1)[1].split()[0])
    body = plain[:start]
    place = len(body)
    body += (
        b"20 0 obj\n%s\nendobj\n21 0 obj\n<< /Type /Catalog /Pages 2 0 R /AcroForm 20 0 R >>\nendobj\n"
        % content
    )
    catalog = body.rindex(b"21 0 obj")
    index = b"xref\n20 2\n%010d 00000 n \n%010d 00000 n \n" % (place, catalog)
    trailer = b"trailer\n<< /Size 22 /Root 21 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (
        start + len(body) - place,
        len(body) + len(plain) - start,
    )
    moved = plain[start:]
    return body + moved + index + trailer


def _index_loop(world: World) -> bytes:
    data = world.unsealed()
    start = data.rsplit(b"startxref\n", 1)[1].split()[0]
    return data.replace(b"/Info 8 0 R", b"/Prev %s" % start)


def _page_loop(world: World) -> bytes:
    return world.unsealed().replace(b"/Kids [3 0 R ]", b"/Kids [2 0 R ]")


def _huge_size(world: World) -> bytes:
    return world.unsealed().replace(b"xref\n0 10\n", b"xref\n0 999999999\n")
