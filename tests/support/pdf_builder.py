"""A very small PDF writer that leaves room for a seal, so that tests can make every good and bad file byte by byte.

It is no second implementation of the product's PDF: one page, no text, but the same seal structure
(signature dictionary, field, DocMDP, attachment, Info entry) in one single revision.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from signing.control_code import control_code
from signing.sealing.pdf import LongTermData, PdfSeal

PAYLOAD = b'{"nummer":"BK-2026-TEST000001","nonce":"00112233445566778899aabbccddeeff","bedrag":12345}'


@dataclass(frozen=True)
class PdfPlan:
    """What the file says; the defaults make a good one."""

    payload: bytes = PAYLOAD
    attachments: tuple[str, ...] = ("schuldenoverzicht.json",)
    other_name: str | None = None
    other_embedded: str = ""
    printed_code: str | None = None
    field_name: str = "Zegel"
    permission: int | None = 1
    certifies: bool = True
    sub_filter: str = "ETSI.CAdES.detached"
    sealed_at: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))
    reserved_size: int = 6000
    level: str | None = None
    long_term: LongTermData | None = None
    junk_pages: int = 0


def build_pdf(plan: PdfPlan, cms: Callable[[bytes], bytes] | None) -> bytes:
    """The file, sealed with `cms` (digest to CMS); without it the file has no signature at all."""
    objects = _objects(plan, sealed=cms is not None)
    unsealed = _serialise(objects)
    return _seal(unsealed, cms, plan.reserved_size) if cms else unsealed


def build_changed(plan: PdfPlan, cms: Callable[[bytes], bytes], change: tuple[bytes, bytes]) -> bytes:
    """The file with a text replaced before it was sealed."""
    old, new = change
    objects = _objects(plan, sealed=True)
    assert any(old in one for one in objects)
    return _seal(_serialise([one.replace(old, new) for one in objects]), cms, plan.reserved_size)


def build_at_level(plan: PdfPlan, seal: PdfSeal) -> bytes:
    """The file at the level of this seal."""
    plan = replace(plan, level=seal.level, long_term=seal.long_term, reserved_size=seal.reserved_size)
    return build_pdf(plan, seal.cms)


def _objects(plan: PdfPlan, *, sealed: bool) -> list[bytes]:
    code = plan.printed_code if plan.printed_code is not None else control_code(plan.payload)
    pages = [f"{10 + number} 0 R" for number in range(plan.junk_pages)]
    names = " ".join(f"({name}) 6 0 R" for name in plan.attachments)
    catalog = f"/Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [{names}] >> >>"
    if sealed:
        catalog += " /AcroForm << /Fields [4 0 R] /SigFlags 3 >>"
        catalog += " /Perms << /DocMDP 5 0 R >>" if plan.permission and plan.certifies else ""
    stored = _stored(plan)
    if plan.long_term is not None:
        catalog += f" /DSS {10 + plan.junk_pages + len(stored)} 0 R"
    stream = b"<< /Type /EmbeddedFile /Length %d >>\nstream\n%s\nendstream" % (
        len(plan.payload),
        plan.payload,
    )
    widget = f"/Type /Annot /Subtype /Widget /FT /Sig /T ({plan.field_name}) /F 132 /Rect [0 0 0 0] /P 3 0 R /V 5 0 R"
    page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 9 0 R %s>>"
    file_name = plan.attachments[0] if plan.attachments else "niets"
    return [
        _dictionary(catalog),
        _dictionary(f"/Type /Pages /Count {1 + len(pages)} /Kids [3 0 R {' '.join(pages)}]"),
        (page % ("/Annots [4 0 R] " if sealed else "")).encode(),
        _dictionary(widget) if sealed else b"null",
        _signature(plan) if sealed else b"null",
        _dictionary(
            f"/Type /Filespec /F ({file_name}) /UF ({plan.other_name or file_name}) "
            f"/EF << /F 7 0 R {plan.other_embedded} >> /AFRelationship /Source"
        ),
        stream,
        _dictionary(
            f"/Controlecode ({code}) /Title (Schuldenoverzicht)"
            + (f" /Zegelniveau ({plan.level})" if plan.level else "")
        ),
        b"<< /Length 0 >>\nstream\n\nendstream",
        *[(page % "").encode()] * len(pages),
        *stored,
        *([_store(plan)] if plan.long_term else []),
    ]


def _stored(plan: PdfPlan) -> list[bytes]:
    data = plan.long_term or LongTermData()
    items = (*data.certificates, *data.crls)
    return [b"<< /Length %d >>\nstream\n%s\nendstream" % (len(item), item) for item in items]


def _store(plan: PdfPlan) -> bytes:
    """The document security store; its streams stand before it."""
    data = plan.long_term or LongTermData()
    first = 10 + plan.junk_pages
    lists = first + len(data.certificates)
    certs = " ".join(f"{number} 0 R" for number in range(first, lists))
    crls = " ".join(f"{number} 0 R" for number in range(lists, lists + len(data.crls)))
    return _dictionary(f"/Certs [{certs}] /CRLs [{crls}]")


def _signature(plan: PdfPlan) -> bytes:
    reference = ""
    if plan.permission:
        reference = (
            "/Reference [<< /Type /SigRef /TransformMethod /DocMDP "
            f"/TransformParams << /Type /TransformParams /P {plan.permission} /V /1.2 >> >>] "
        )
    text = f"/Type /Sig /Filter /Adobe.PPKLite /SubFilter /{plan.sub_filter} "
    text += f"/M (D:{plan.sealed_at:%Y%m%d%H%M%S}Z) {reference}/ByteRange [{'0 ':<43}] /Contents <"
    return b"<< " + text.encode() + b"0" * (2 * plan.reserved_size) + b"> >>"


def _dictionary(content: str) -> bytes:
    return f"<< {content} >>".encode("latin-1")


def _serialise(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info 8 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return bytes(out)


def _seal(unsealed: bytes, cms: Callable[[bytes], bytes], reserved_size: int) -> bytes:
    before = unsealed.index(b"/Contents <") + len(b"/Contents ")
    after = before + 2 * reserved_size + 2
    ranges = b"[%-43s]" % (b"0 %d %d %d" % (before, after, len(unsealed) - after))
    ready = unsealed.replace(b"[%-43s]" % b"0 ", ranges, 1)
    seal = cms(hashlib.sha256(ready[:before] + ready[after:]).digest())
    return ready[: before + 1] + seal.hex().encode().ljust(2 * reserved_size, b"0") + ready[after - 1 :]
