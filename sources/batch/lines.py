"""The lines of a file, plain or gzip, one at a time: memory does not grow with the file."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from sources.ports import DeliveryRefused

_GZIP = b"\x1f\x8b"
Progress = Callable[[int, int], None]


class LinesOfFile:
    """`digest` is of the unpacked content; it and `ends_well` mean something once all lines were read."""

    def __init__(self, path: Path, max_file_bytes: int, max_record_bytes: int, progress: Progress) -> None:
        """`progress` gets how many bytes of the file were read and how many it has."""
        self._path = path
        self._max_file, self._max_line = max_file_bytes, max_record_bytes
        self._progress = progress
        self._hash = hashlib.sha256()
        self._total = 0
        self.ends_well = False

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()

    def __iter__(self) -> Iterator[bytes]:
        """Raises DeliveryRefused when the file cannot be read, is cut off, or is larger than it may be."""
        try:
            with self._path.open("rb") as file:
                size = self._path.stat().st_size
                packed = file.peek(2)[:2] == _GZIP
                stream: BinaryIO = gzip.GzipFile(fileobj=file) if packed else file  # type: ignore[assignment]
                while line := stream.readline(self._max_line + 1):
                    yield self._checked(line)
                    self._progress(file.tell(), size)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            raise DeliveryRefused("the gzip file is cut off or damaged") from None
        except OSError as error:
            raise DeliveryRefused(f"the file cannot be read ({error.strerror})") from None

    def _checked(self, line: bytes) -> bytes:
        if len(line) > self._max_line:
            raise DeliveryRefused(f"a line is longer than {self._max_line} bytes")
        self._total += len(line)
        if self._total > self._max_file:
            raise DeliveryRefused(f"the file is larger than {self._max_file} bytes, unpacked")
        self._hash.update(line)
        self.ends_well = line.endswith(b"\n")
        return line.rstrip(b"\r\n")
