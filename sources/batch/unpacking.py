"""A delivered file, plain, gzip or zip, unpacked as it is read: nothing is written to disk, memory does not grow.

Limits count the bytes that really come out; what the headers of an archive promise is not believed.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from sources.ports import DeliveryRefused

Progress = Callable[[int, int], None]

LARGEST_RATIO = 200
"""A list of claims packs 5 to 50 times; deflate can do 1,032 times, which only empty noise does."""
_RATIO_COUNTS_FROM = 10_000_000
# Bits that must be zero (RFC 1952, 2.3.1.2: anything else is to be refused), and the checksum of the header, which no
# program writes and which our library does not check.
_STRANGE_FLAGS = 0xE2
_GZIP, _ZIP = b"\x1f\x8b", (b"PK\x03\x04", b"PK\x05\x06")
_BUFFER = 65_536
_LARGEST_DIRECTORY = 1_000_000
_TELL_EVERY = 262_144
_ENCRYPTED = 0x1
_DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, NotImplementedError)


@dataclass(frozen=True, slots=True)
class FileLimits:
    """In bytes, unpacked."""

    file: int
    record: int


class DeliveryFile:
    """`digest` is of the unpacked content; it means something once all was read."""

    def __init__(self, packed: BinaryIO, content: BinaryIO, limits: FileLimits, progress: Progress) -> None:
        self.limits = limits
        self._packed, self._content = packed, content
        self._progress = progress
        self._size = os.fstat(packed.fileno()).st_size
        self._hash = hashlib.sha256()
        self._total = self._told = 0

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()

    def read(self, size: int) -> bytes:
        """At most `size` bytes, nothing at the end. Raises DeliveryRefused for what is damaged or too large."""
        return self._counted(self._content.read, size)

    def readline(self) -> bytes:
        """With its end of line; nothing at the end of the file. Raises DeliveryRefused."""
        line = self._counted(self._content.readline, self.limits.record + 1)
        if len(line) > self.limits.record:
            raise DeliveryRefused(f"a line is longer than {self.limits.record} bytes (max_record_bytes)")
        return line

    def _counted(self, read: Callable[[int], bytes], size: int) -> bytes:
        try:
            data = read(size)
        except _DAMAGED:
            raise DeliveryRefused("the archive is cut off or damaged: ask for the file again") from None
        except OSError as error:
            raise DeliveryRefused(f"the file cannot be read ({error.strerror})") from None
        self._hash.update(data)
        self._total += len(data)
        if self._total > self.limits.file:
            raise DeliveryRefused(
                f"the file is larger than {self.limits.file} bytes, unpacked (max_file_bytes)"
            )
        if not data or self._total - self._told >= _TELL_EVERY:
            self._tell(at_end=not data)
        return data

    def _tell(self, *, at_end: bool) -> None:
        self._told = self._total
        done = self._packed.tell()
        if self._total > max(_RATIO_COUNTS_FROM, LARGEST_RATIO * done):
            raise DeliveryRefused(
                f"the archive is larger than {LARGEST_RATIO} times its packed size: a bomb?"
            )
        self._progress(self._size if at_end else done, self._size)


@contextmanager
def open_delivery(path: Path, limits: FileLimits, progress: Progress) -> Iterator[DeliveryFile]:
    """`progress` gets how many bytes of the file were read and how many it has. Raises DeliveryRefused when the file is
    not there, or is an archive that we do not take."""
    try:
        packed = path.open("rb")
    except OSError as error:
        raise DeliveryRefused(f"the file cannot be read ({error.strerror})") from None
    with packed, _content_of(packed) as content:
        yield DeliveryFile(packed, content, limits, progress)


def _content_of(packed: io.BufferedReader) -> BinaryIO:
    head = packed.peek(4)[:4]
    if head.startswith(_GZIP):
        if len(head) == 4 and head[3] & _STRANGE_FLAGS:
            raise DeliveryRefused("the start of the gzip file has marks that we do not know: pack it again")
        return io.BufferedReader(gzip.GzipFile(fileobj=packed), _BUFFER)
    if head in _ZIP:
        return io.BufferedReader(_only_member(packed), _BUFFER)
    return packed


def _only_member(packed: io.BufferedReader) -> zipfile.ZipExtFile:
    """Of a zip. Its name means nothing to us, but one that points somewhere is no honest file."""
    try:
        archive = zipfile.ZipFile(_SmallReads(packed))
        members = archive.infolist()
        if len(members) != 1:
            raise DeliveryRefused(f"the zip holds {len(members)} files and must hold exactly one")
        _check_member(members[0])
        return cast("zipfile.ZipExtFile", archive.open(members[0]))
    except (*_DAMAGED, ValueError, OSError, RuntimeError):
        raise DeliveryRefused("the zip is cut off or damaged: ask for the file again") from None


def _check_member(member: zipfile.ZipInfo) -> None:
    if member.flag_bits & _ENCRYPTED:
        raise DeliveryRefused("the zip has a password: protect the file on its way, not in itself")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise DeliveryRefused("the zip is packed in a way that we do not read: use deflate")
    if (
        not member.filename
        or member.is_dir()
        or set(member.orig_filename) & set("/\\:\0")
        or member.header_offset != 0
    ):
        raise DeliveryRefused("the zip must hold one plain file, without folders or anything before it")


class _SmallReads(io.RawIOBase):
    """The list of contents of a zip is read in one go: a list of gigabytes is refused."""

    def __init__(self, file: io.BufferedReader) -> None:
        self._file = file

    def read(self, size: int = -1) -> bytes:
        """Without a size only the last 64 kB are wanted, after a seek."""
        if size > _LARGEST_DIRECTORY:
            raise DeliveryRefused("the zip holds far too many files and must hold exactly one")
        return self._file.read(_LARGEST_DIRECTORY if size < 0 else size)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True
