"""A cheap first look at bytes that nobody has checked yet: what could it be, and did it carry a seal once?

Only this look runs outside the limited child process. It scans for fixed texts and parses nothing.
"""

import re

from signing.report import Kind

_PDF_HEADER = b"%PDF-"
_HEADER_WITHIN = 1024
_ARCHIVE = b"PK\x03\x04"
_SEAL_IN_PDF = (b"/ByteRange", b"/ETSI.CAdES.detached", b"/adbe.pkcs7.detached", b"/TransformMethod /DocMDP")
_SEAL_IN_JSON = re.compile(rb'"(?:payload|protected|signature)"\s*:\s*"[A-Za-z0-9_-]{16}')
_JSON_START_WITHIN = 64


def kind_of(data: bytes) -> Kind | None:
    """What the first bytes look like, also when one byte of them is damaged; None for anything else."""
    if data.startswith(_ARCHIVE):
        return None  # a PDF may lie in it unpacked, but whoever brings it brings an archive
    if _PDF_HEADER in data[:_HEADER_WITHIN] or _nearly(data[: len(_PDF_HEADER)], _PDF_HEADER):
        return "pdf"
    start = data[:_HEADER_WITHIN].lstrip(b" \t\r\n")
    if start.startswith(b"{") or _SEAL_IN_JSON.search(start[:_JSON_START_WITHIN]):
        return "json"
    return None


def once_sealed(data: bytes, kind: Kind) -> bool:
    """Whether the raw bytes hold remains of a seal, also when the file as a whole cannot be read any more."""
    if kind == "pdf":
        return any(mark in data for mark in _SEAL_IN_PDF)
    return _SEAL_IN_JSON.search(data) is not None


def _nearly(start: bytes, header: bytes) -> bool:
    return len(start) == len(header) and sum(a != b for a, b in zip(start, header, strict=True)) <= 1
