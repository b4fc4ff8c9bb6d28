"""Sealed PDFs that somebody edited: incremental updates as editors write them, shadow attacks, files saved anew."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any, Literal

import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from tests.corpus.case import Case, Group, given
from tests.corpus.world import World
from tests.support import tampering

UPDATED, SHADOW = Group("updated", 3), Group("shadow", 3)
SAVED, ENCRYPTED, SIGNED = Group("saved-anew", 3), Group("encrypted", 2), Group("signed-again", 3)
Edit = Callable[[Any], None]
_STRENGTHS: tuple[Literal[4, 6], ...] = (4, 6)  # revisions of the standard security handler
_dictionary: Any = generic.DictionaryObject  # the library leaves these two without types
_number: Any = generic.NumberObject


def cases() -> Iterator[Case]:
    yield UPDATED.case("white-box", "a white box over an amount", lambda w: tampering.white_box(w.overview()))
    yield UPDATED.case("title", "another title", lambda w: tampering.change_title(w.overview()))
    for name, (why, edit) in _EDITS.items():
        yield UPDATED.case(name, why, _edited(edit))
    for level in ("B-T", "B-LT"):
        why = f"a white box over a file at level {level}"
        yield UPDATED.case(
            f"white-box-{level.lower()}",
            why,
            given(lambda w, n: tampering.white_box(w.overview("p256", n)), level),
        )
    for name, (why, edit) in _SHADOWS.items():
        yield SHADOW.case(name, why, _edited(edit))
    yield from _saved()
    yield from _encrypted()
    yield from _signed_again()


def _edited(edit: Edit) -> Callable[[World], bytes]:
    def build(world: World) -> bytes:
        writer: Any = IncrementalPdfFileWriter(io.BytesIO(world.overview()), strict=False)
        edit(writer)
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()

    return build


def _nothing(writer: Any) -> None:
    writer.update_root()


def _annotation(kind: str, **more: Any) -> Edit:
    def edit(writer: Any) -> None:
        note = _dictionary(
            {
                pdf_name("/Type"): pdf_name("/Annot"),
                pdf_name("/Subtype"): pdf_name(kind),
                pdf_name("/Rect"): generic.ArrayObject(map(_number, (100, 600, 300, 640))),
                pdf_name("/Contents"): generic.TextStringObject("€ 0,00"),
                **{pdf_name(f"/{key}"): value for key, value in more.items()},
            }
        )
        page = _first_page(writer)
        page[pdf_name("/Annots")] = generic.ArrayObject([writer.add_object(note)])
        writer.update_container(page)

    return edit


def _first_page(writer: Any) -> Any:
    return writer.root["/Pages"]["/Kids"][0].get_object()


def _root_entry(key: str, value: Callable[[], Any]) -> Edit:
    def edit(writer: Any) -> None:
        writer.root[pdf_name(key)] = value()
        writer.update_root()

    return edit


def _without_root_entry(key: str) -> Edit:
    def edit(writer: Any) -> None:
        del writer.root[key]
        writer.update_root()

    return edit


def _script() -> Any:
    return _dictionary(
        {pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): generic.TextStringObject("app.alert('0')")}
    )


def _swapped_attachment(writer: Any) -> None:
    file = writer.root["/Names"]["/EmbeddedFiles"]["/Names"][1].get_object()
    stream = writer.add_object(generic.StreamObject(stream_data=b'{"schuldenoverzicht": []}'))
    file["/EF"] = _dictionary({pdf_name("/F"): stream, pdf_name("/UF"): stream})
    writer.update_container(file)


def _second_attachment(writer: Any) -> None:
    names = writer.root["/Names"]["/EmbeddedFiles"]["/Names"]
    names.append(generic.TextStringObject("bijlage.json"))
    names.append(names[1])
    writer.update_container(names)


def _other_control_code(writer: Any) -> None:
    writer.trailer["/Info"][pdf_name("/Controlecode")] = generic.TextStringObject("AAAA-AAAA-AAAA-AAAA")
    writer.update_container(writer.trailer["/Info"])


def _fewer_pages(writer: Any) -> None:
    pages = writer.root["/Pages"]
    pages[pdf_name("/Kids")] = generic.ArrayObject([pages["/Kids"].raw_get(0)])
    pages[pdf_name("/Count")] = _number(1)
    writer.update_container(pages)


def _more_pages(writer: Any) -> None:
    pages = writer.root["/Pages"]
    pages["/Kids"].append(pages["/Kids"].raw_get(0))
    pages[pdf_name("/Count")] = _number(len(pages["/Kids"]))
    writer.update_container(pages)


def _no_contents(writer: Any) -> None:
    """Everything on the first page disappears."""
    page = _first_page(writer)
    page[pdf_name("/Contents")] = writer.add_object(generic.StreamObject(stream_data=b""))
    writer.update_container(page)


def _other_font(writer: Any) -> None:
    """The same codes, drawn with other letters."""
    fonts = _first_page(writer)["/Resources"]["/Font"]
    plain = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/ZapfDingbats"}
    for key in list(fonts):
        fonts[key] = _dictionary({pdf_name(k): pdf_name(v) for k, v in plain.items()})
    writer.update_container(fonts)


def _emptied_field(writer: Any) -> None:
    [field] = writer.root["/AcroForm"]["/Fields"]
    del field.get_object()["/V"]
    writer.update_container(field.get_object())


def _moved_field(writer: Any) -> None:
    """Another appearance over the visible seal."""
    [field] = writer.root["/AcroForm"]["/Fields"]
    field.get_object()[pdf_name("/Rect")] = generic.ArrayObject(map(_number, (0, 0, 595, 842)))
    writer.update_container(field.get_object())


def _text_field(writer: Any) -> None:
    entries = {"/FT": pdf_name("/Tx"), "/T": generic.TextStringObject("bedrag")}
    field = _dictionary({pdf_name(k): v for k, v in entries.items()})
    writer.root["/AcroForm"]["/Fields"].append(writer.add_object(field))
    writer.update_container(writer.root["/AcroForm"])


def _second_seal_field(writer: Any) -> None:
    """A second field that points to the same signature."""
    [field] = writer.root["/AcroForm"]["/Fields"]
    double = _dictionary(field.get_object())
    double[pdf_name("/T")] = generic.TextStringObject("Zegel2")
    writer.root["/AcroForm"]["/Fields"].append(writer.add_object(double))
    writer.update_container(writer.root["/AcroForm"])


def _hidden_layer() -> Any:
    """An optional-content group that is off: what it holds is not shown."""
    off = _dictionary({pdf_name("/BaseState"): pdf_name("/OFF")})
    return _dictionary({pdf_name("/OCGs"): generic.ArrayObject(), pdf_name("/D"): off})


_EDITS: dict[str, tuple[str, Edit]] = {
    "nothing": ("an update that changes nothing", _nothing),
    "free-text": ("a text put over the page", _annotation("/FreeText")),
    "stamp": ("a stamp put on the page", _annotation("/Stamp")),
    "highlight": ("a line marked", _annotation("/Highlight")),
    "link": ("a link over the page", _annotation("/Link")),
    "script": ("a script that runs at opening", _root_entry("/OpenAction", _script)),
    "extra-page": ("the first page once more at the end", _more_pages),
    "fewer-pages": ("all pages but the first taken out", _fewer_pages),
    "attachment": ("the attached record swapped", _swapped_attachment),
    "second-attachment": ("a second attachment", _second_attachment),
    "no-attachment": ("the attached record taken out", _without_root_entry("/Names")),
    "control-code": ("another control code", _other_control_code),
    "form-field": ("a field to fill in", _text_field),
    "second-seal-field": ("a second field with the same signature", _second_seal_field),
    "empty-seal-field": ("the signature taken out of its field", _emptied_field),
    "no-form": ("the form with the seal taken out", _without_root_entry("/AcroForm")),
    "no-permissions": ("the mark taken out that forbids changes", _without_root_entry("/Perms")),
    "long-term-data": ("long-term data added afterwards", _root_entry("/DSS", _dictionary)),
    "language": ("another language", _root_entry("/Lang", lambda: generic.TextStringObject("en"))),
    "no-tags": ("the reading order taken out", _without_root_entry("/StructTreeRoot")),
}  # fmt: skip
_SHADOWS: dict[str, tuple[str, Edit]] = {
    "hide-contents": ("hide: the contents of a page emptied", _no_contents),
    "hide-layer": ("hide: layers switched off", _root_entry("/OCProperties", _hidden_layer)),
    "replace-font": ("replace: the same codes in another font", _other_font),
    "replace-seal-look": ("replace: the visible seal over the whole page", _moved_field),
    "hide-and-replace": ("hide and replace: another catalog", _root_entry("/Pages", lambda: _no_pages())),
}  # fmt: skip


def _no_pages() -> Any:
    entries = {"/Type": pdf_name("/Pages"), "/Kids": generic.ArrayObject(), "/Count": _number(0)}
    return _dictionary({pdf_name(key): value for key, value in entries.items()})


def _saved() -> Iterator[Case]:
    yield SAVED.case("pikepdf", "opened and saved", lambda w: tampering.save_again(w.overview()))
    yield SAVED.case("linearized", "made ready for the web", lambda w: _saved_as(w, linearize=True))
    yield SAVED.case("uncompressed", "all streams unpacked", _uncompressed)
    yield SAVED.case(
        "without-seal", "the seal taken out of its form", lambda w: tampering.without_signature(w.overview())
    )


def _saved_as(world: World, **options: Any) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(world.overview())) as document:
        document.save(out, **options)
    return out.getvalue()


def _uncompressed(world: World) -> bytes:
    modes = {"object_stream_mode": pikepdf.ObjectStreamMode.disable}
    return _saved_as(
        world, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.all, **modes
    )


def _encrypted() -> Iterator[Case]:
    for name, why, keys in (
        ("password", "a password to open it", ("geheim", "geheim")),
        ("permissions", "no password to open it, but permissions", ("", "geheim")),
    ):
        for strength in _STRENGTHS:
            yield ENCRYPTED.case(
                f"{name}-r{strength}", f"encrypted again: {why} (revision {strength})",
                given(_encrypted_again, (*keys, strength)),
            )  # fmt: skip


def _encrypted_again(world: World, how: tuple[str, str, Literal[4, 6]]) -> bytes:
    user, owner, strength = how
    return tampering.save_again(world.overview(), pikepdf.Encryption(user=user, owner=owner, R=strength))


def _signed_again() -> Iterator[Case]:
    def twice(identity: Callable[[World], Any], level: str = "B-B") -> Callable[[World], bytes]:
        return lambda w: tampering.sign_again(w.small_at_level(level, permission=2), identity(w))

    yield SIGNED.case("by-ourselves", "a second signature with our own key", twice(lambda w: w.town.identity))
    yield SIGNED.case(
        "by-a-stranger", "a second signature of a stranger", twice(lambda w: w.stranger.identity)
    )
    yield SIGNED.case(
        "b-t", "a second signature behind a time-stamp", twice(lambda w: w.town.identity, "B-T")
    )
    yield SIGNED.case(
        "second-revision", "the only signature, but in a second revision",
        lambda w: tampering.sign_again(w.unsealed(), w.town.identity, "Zegel"),
    )  # fmt: skip
    yield SIGNED.case(
        "own-over-foreign", "our signature behind that of a stranger",
        lambda w: tampering.sign_again(w.small(w.stranger, permission=2), w.town.identity),
    )  # fmt: skip
