"""What a file says about itself: PDF/A-3a and PDF/UA-1 identification, colour space, and the attached record."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from xml.sax.saxutils import escape

from reportlab.pdfbase.pdfdoc import PDFDocument

from app.documents.pdf_fonts import FONT_FOLDER
from app.documents.pdf_objects import PreparedObject, array, date, dictionary, reserve, stream, text
from app.language import DUTCH, _, current

ATTACHMENT = "schuldenoverzicht.json"
TOOL = "Blauwe Knop"


@dataclass(frozen=True, slots=True)
class Description:
    """Title and the like, the same in the information dictionary and in XMP. Never personal data."""

    title: str
    author: str
    subject: str
    control_code: str
    made_at: datetime
    level: str


class InfoObject(PreparedObject):
    """The information dictionary, in place of ReportLab's: that one cannot hold our control code."""

    invariant = 1

    def __init__(self, about: Description) -> None:
        moment = date(about.made_at)
        super().__init__(
            dictionary(
                {
                    "Title": text(about.title),
                    "Author": text(about.author),
                    "Subject": text(about.subject),
                    "Creator": text(TOOL),
                    "Producer": text(TOOL),
                    "CreationDate": moment,
                    "ModDate": moment,
                    "Controlecode": text(about.control_code),
                    "Zegelniveau": text(about.level),
                }
            )
        )

    def digest(self, _hash: object) -> None:
        """ReportLab asks for this to make a file identifier; ours comes from the payload."""


def tag(language: str) -> str:
    """The language tag of a document (BCP 47)."""
    return "nl-NL" if language == DUTCH else language


def write_xmp(document: PDFDocument, about: Description) -> bytes:
    """The metadata stream (ISO 16684-1); returns its reference. Uncompressed, as archives like it."""
    packet = _XMP.format(
        title=escape(about.title),
        author=escape(about.author),
        subject=escape(about.subject),
        tool=escape(TOOL),
        language=tag(current()),
        moment=f"{about.made_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}+00:00",
    ).encode("utf-8")
    return reserve(document, stream({"Type": b"/Metadata", "Subtype": b"/XML"}, packet)).reference


@cache
def _profile() -> bytes:
    content = zlib.compress((FONT_FOLDER / "sRGB.icc").read_bytes())
    return stream({"N": b"3", "Filter": b"/FlateDecode"}, content)


def write_output_intent(document: PDFDocument) -> bytes:
    """What our colours mean: sRGB. Returns the array for the catalog."""
    profile = reserve(document, _profile()).reference
    condition = b"(sRGB IEC61966-2.1)"
    intent = {
        "Type": b"/OutputIntent",
        "S": b"/GTS_PDFA1",
        "OutputConditionIdentifier": condition,
        "Info": condition,
        "DestOutputProfile": profile,
    }
    return array([reserve(document, dictionary(intent)).reference])


def write_attachment(
    document: PDFDocument, payload: bytes, made_at: datetime, file_name: str = ATTACHMENT
) -> bytes:
    """Attach the record from which the pages were made; returns the reference of the file specification."""
    # nosemgrep: no-weak-hash -- ISO 32000-2, table 45 wants MD5 as CheckSum; it protects nothing here either
    checksum = hashlib.md5(payload, usedforsecurity=False).hexdigest().encode("ascii")
    parameters = {"Size": b"%d" % len(payload), "ModDate": date(made_at), "CheckSum": b"<" + checksum + b">"}
    entries = {
        "Type": b"/EmbeddedFile",
        "Subtype": b"/application#2Fjson",
        "Params": dictionary(parameters),
        "Filter": b"/FlateDecode",
    }
    embedded = reserve(document, stream(entries, zlib.compress(payload))).reference
    name = b"(" + file_name.encode("ascii") + b")"
    specification = {
        "Type": b"/Filespec",
        "F": name,
        "UF": name,
        "Desc": text(_("Dezelfde gegevens voor computers (JSON)")),
        "AFRelationship": b"/Source",
        "EF": dictionary({"F": embedded, "UF": embedded}),
    }
    return reserve(document, dictionary(specification)).reference


def attachment_names(specification: bytes, file_name: str = ATTACHMENT) -> bytes:
    """The name tree of the catalog with our one attachment."""
    entry = array([b"(" + file_name.encode("ascii") + b")", specification])
    return dictionary({"EmbeddedFiles": dictionary({"Names": entry})})


_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>{tool}</xmp:CreatorTool>
<xmp:CreateDate>{moment}</xmp:CreateDate>
<xmp:ModifyDate>{moment}</xmp:ModifyDate>
<xmp:MetadataDate>{moment}</xmp:MetadataDate>
<pdf:Producer>{tool}</pdf:Producer>
<pdfaid:part>3</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the file conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>
"""
