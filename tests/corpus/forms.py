"""Sealed with our own key, but not in the form of our documents: wrapped, doubled or odd signature fields and records.

Nobody but ourselves could make these; they must not be called genuine even so. And forged signature dictionaries, for
which no key is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tests.corpus.case import Case, Group, given
from tests.corpus.damaged import changed
from tests.corpus.world import World
from tests.corpus.wrapping import wrapped
from tests.support.pdf_builder import build_changed
from tests.support.tampering import cms_range

FORM, FIELDS, FORGED = Group("other-form", 3), Group("fields", 3), Group("forged-signature", 3)
FOREIGN_KIND = Group("foreign-kind", 4)

_PLANS: dict[str, tuple[str, dict[str, Any]]] = {
    "field-name": ("the field has another name", {"field_name": "Zegel2"}),
    "form-filling-allowed": ("forms may be filled in (DocMDP 2)", {"permission": 2}),
    "notes-allowed": ("notes may be added (DocMDP 3)", {"permission": 3}),
    "no-permission": ("changes are not forbidden", {"permission": None}),
    "not-certified": ("the catalog does not name the seal", {"certifies": False}),
    "pkcs7": ("the older kind of signature", {"sub_filter": "adbe.pkcs7.detached"}),
    "no-attachment": ("no attached record", {"attachments": ()}),
    "attachment-name": ("the record has another name", {"attachments": ("anders.json",)}),
    "attachment-twice": ("the record twice", {"attachments": ("schuldenoverzicht.json",) * 2}),
    "two-attachments": ("a second attachment", {"attachments": ("schuldenoverzicht.json", "bijlage.json")}),
    "two-contents": ("one attachment, two contents", {"other_embedded": "/UF 9 0 R"}),
    "two-names": ("one attachment, two names", {"other_name": "anders.json"}),
    "other-code": ("another control code than that of the record", {"printed_code": "AAAA-AAAA-AAAA-AAAA"}),
    "no-code": ("no control code", {"printed_code": ""}),
    "record-twice-member": ("a member occurs twice in the record", {"payload": b'{"a":1,"a":2}'}),
    "record-array": ("the record is a list", {"payload": b"[1]"}),
    "record-broken": ("the record is no JSON", {"payload": b"{"}),
    "record-not-utf-8": ("the record is not UTF-8", {"payload": b'{"a":"\xff"}'}),
    "record-nan": ("an amount that is no number", {"payload": b'{"bedrag":NaN}'}),
}
_FIELDS: dict[str, tuple[str, bytes, bytes]] = {
    "same-twice": ("the same field twice in the form", b"/Fields [4 0 R]", b"/Fields [4 0 R 4 0 R]"),
    "as-child": ("the field as child of another", b"/T (Zegel)", b"/T (Zegel) /Parent << /T (Blok) >>"),
    "dotted-name": ("a field name with a point", b"/T (Zegel)", b"/T (Zegel.1)"),
    "doubled-form": ("two forms in one catalog", b"/SigFlags 3", b"/SigFlags 3 >> /AcroForm << /Fields []"),
    "text-field": ("the signature in a text field", b"/FT /Sig", b"/FT /Tx"),
    "two-values": ("two signatures in one field", b"/V 5 0 R", b"/V 5 0 R /V 6 0 R"),
    "no-value": ("the field is empty, the signature is left behind", b"/V 5 0 R", b""),
    "value-elsewhere": ("the field points to something else", b"/V 5 0 R", b"/V 8 0 R"),
    "form-without-field": ("a form without the field", b"/Fields [4 0 R]", b"/Fields []"),
    "no-form": ("no form at all", b"/AcroForm", b"/AcroFoam"),
}
_FORGED: dict[str, tuple[str, bytes, bytes]] = {
    "no-ranges": ("does not say which bytes it covers", b"/ByteRange [", b"/BiteRange ["),
    "ranges-of-nothing": ("covers nothing", b"/ByteRange [0 ", b"/ByteRange [0 0 0 0] /Was [0 "),
    "negative-range": ("covers bytes before the file", b"/ByteRange [0 ", b"/ByteRange [-1 "),
    "one-range": ("covers one range only", b"/ByteRange [0 ", b"/ByteRange [0] /Was [0 "),
    "six-numbers": ("covers three ranges", b"/ByteRange [0 ", b"/ByteRange [0 0 0 0 0 "),
    "ranges-as-text": ("states its ranges in words", b"/ByteRange [0 ", b"/ByteRange (0) /Was [0 "),
    "no-contents": ("has no seal in it", b"/Contents <", b"/Contants <"),
    "not-a-signature": ("calls itself a time-stamp", b"/Type /Sig ", b"/Type /DocTimeStamp "),
    "no-kind": ("does not say its kind", b"/SubFilter /ETSI.CAdES.detached", b""),
    "unknown-kind": ("says an unknown kind", b"/ETSI.CAdES.detached", b"/ETSI.PAdES.secret"),
    "no-moment": ("does not say when", b"/M (D:", b"/Maan (D:"),
    "moment-without-zone": ("states a moment without time zone", b"Z) /Reference", b") /Reference"),
    "odd-moment": ("states a moment that does not exist", b"/M (D:2", b"/M (D:9999139"),
}  # fmt: skip
_FOREIGN_KINDS = ("ETSI.RFC3161", "adbe.pkcs7.sha1", "adbe.x509.rsa_sha1")


def cases() -> Iterator[Case]:
    for name, (why, plan) in _PLANS.items():
        yield FORM.case(name, f"sealed by ourselves: {why}", given(lambda w, p: w.small(**p), plan))
    for name, (why, old, new) in _FIELDS.items():
        yield FIELDS.case(name, f"sealed by ourselves: {why}", _prepared(old, new))
    for name, (why, old, new) in _FORGED.items():
        yield FORGED.case(name, f"signature dictionary {why}", _after_sealing(old, new))
    for kind in _FOREIGN_KINDS:
        name = kind.lower().replace(".", "-")
        yield FOREIGN_KIND.case(name, f"a kind of signature that we never use ({kind})", _of_kind(kind))
    for name, why, own in (("index", "a forged index", False), ("ranges", "a forged index and ranges", True)):
        yield FORGED.case(
            f"wrapped-{name}",
            f"wrapped signature: {why} between the parts that are signed",
            given(lambda w, o: wrapped(w.small(), with_own_ranges=o), own),
        )


def _prepared(old: bytes, new: bytes) -> Callable[[World], bytes]:
    """Changed before it was sealed, so that the seal covers the change."""
    return lambda world: build_changed(world.plan(), world.cms, (old, new))


def _after_sealing(old: bytes, new: bytes) -> Callable[[World], bytes]:
    """Changed after it was sealed; the room of the seal gives way, so that everything behind it stays in its place."""

    def build(world: World) -> bytes:
        data = changed(world.small(), old, new)
        surplus = len(new) - len(old)
        _, end = cms_range(data.replace(b"/Contants <", b"/Contents <"))
        return data[:end] + (data[end + surplus :] if surplus > 0 else b"0" * -surplus + data[end:])

    return build


def _of_kind(kind: str) -> Callable[[World], bytes]:
    return lambda world: world.small(sub_filter=kind)
