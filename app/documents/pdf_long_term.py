"""The document security store: what lets the seal be checked long after, in the same revision and under the seal.

ETSI EN 319 142-1, 5.4. No /VRI: the store is about this one seal.
"""

from __future__ import annotations

from reportlab.pdfbase.pdfdoc import PDFDocument

from app.documents.pdf_objects import array, dictionary, reserve, stream
from app.ports.seals import LongTerm

_EXTENSION = b"<</ESIC <</BaseVersion /1.7 /ExtensionLevel 1>>>>"


def store(document: PDFDocument, data: LongTerm) -> None:
    """Put the store into the catalog, with the extension that names it."""
    certificates, lists = (
        array([reserve(document, stream({}, item)).reference for item in items])
        for items in (data.certificates, data.crls)
    )
    catalog = document.Catalog
    catalog.__NoDefault__ = [*catalog.__NoDefault__, "DSS", "Extensions"]
    catalog.DSS = reserve(document, dictionary({"Certs": certificates, "CRLs": lists})).reference
    catalog.Extensions = _EXTENSION
