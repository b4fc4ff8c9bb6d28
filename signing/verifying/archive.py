"""An archived copy: the handed-out file, and behind it nothing but sections of the archive command."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from asn1crypto import parser
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from signing.archive_section import Items, NotASection, read_section, write_section
from signing.time_stamp import NotATimeStamp, TimeStamp, read_time_stamp
from signing.verifying.pdf_file import OverLimits, PdfFile, Unreadable
from signing.verifying.proof import Evidence

_RANGE = re.compile(rb"/ByteRange \[0 (\d{1,10}) (\d{1,10}) (\d{1,10}) *\]")
_FILE_END = b"%%EOF\n"
_MOST = 30


class Broken(Exception):
    """It begins as an archived copy, but what follows is not exactly what we append."""


@dataclass(frozen=True)
class ArchivedCopy:
    """`original` is the file as it was handed out; `evidence` is what the appended sections prove."""

    original: PdfFile
    evidence: Evidence


def read_archived_copy(data: bytes) -> ArchivedCopy | None:
    """The parts of an archived copy, or None when it does not look like one at all. Raises Broken or OverLimits."""
    start = _end_of_original(data)
    if start is None:
        return None
    files: list[PdfFile] = []
    stamps: list[TimeStamp] = []
    items: list[Items] = []
    while start < len(data):
        if len(stamps) == _MOST:
            raise OverLimits
        try:
            files.append(PdfFile(data[:start]))
            section, added, stamp = _section(data, files[-1])
        except NotASection:
            if not stamps:
                return None
            raise Broken from None
        except (NotATimeStamp, Unreadable, ValueError) as error:
            raise Broken from error
        stamps.append(stamp)
        items.append(added)
        start += len(section)
    certificates = tuple(one for added in items for one in added.certificates)
    crls = tuple(one for added in items for one in added.crls)
    return ArchivedCopy(files[0], Evidence(tuple(stamps), certificates, crls, is_archived=True))


def _end_of_original(data: bytes) -> int | None:
    """Where the file ended that was handed out, by what its seal says it covers."""
    covered = _RANGE.search(data)
    if covered is None:
        return None
    end = int(covered[2]) + int(covered[3])
    return end if end < len(data) and data[:end].endswith(_FILE_END) else None


def _section(data: bytes, file: PdfFile) -> tuple[bytes, Items, TimeStamp]:
    """The section that was appended to `file`, written once more and compared."""
    start, before = len(file.data), file.before_section()
    items, padded = read_section(data, start, before)
    _check_items(items)
    token = padded[: parser.peek(padded)]
    stamp = read_time_stamp(token)
    section = write_section(file.data, before, items, _only_over(stamp, token))
    if data[start : start + len(section)] != section or not stamp.is_in_our_spelling:
        raise Broken
    return section, items, stamp


def _only_over(stamp: TimeStamp, token: bytes) -> Callable[[bytes], bytes]:
    def give(digest: bytes) -> bytes:
        if digest != stamp.digest:
            raise Broken
        return token

    return give


def _check_items(items: Items) -> None:
    """Only certificates and revocation lists, in one spelling: nothing can be hidden in them. Raises ValueError."""
    for one in items.certificates:
        if x509.load_der_x509_certificate(one).public_bytes(Encoding.DER) != one:
            raise ValueError
    for one in items.crls:
        if x509.load_der_x509_crl(one).public_bytes(Encoding.DER) != one:
            raise ValueError
