"""Packed files: unpacked, changed and packed again, so that changes get past the check sum; or spoilt as they are."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from random import Random

from tests.fuzz.mutations import Change, any_bytes, change_bytes

_GZIP, _ZIP = b"\x1f\x8b", b"PK"
_LARGEST = 100_000


def zipped(content: bytes, name: str = "bestand", times: int = 1) -> bytes:
    """The same bytes for the same content."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(times):
            archive.writestr(zipfile.ZipInfo(name + "x" * number, (2026, 4, 1, 0, 0, 0)), content)
    return target.getvalue()


def unpacked(data: bytes) -> bytes:
    """What is in it, at most 100 kB; plain data as they are. Raises ValueError."""
    try:
        if data[:2] == _GZIP:
            return zlib.decompressobj(31).decompress(data, _LARGEST)
        if data[:2] == _ZIP:
            archive = zipfile.ZipFile(io.BytesIO(data))
            with archive.open(archive.infolist()[0]) as member:
                return member.read(_LARGEST)
    except (
        zlib.error,
        zipfile.BadZipFile,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,
        IndexError,
    ) as error:
        raise ValueError("damaged") from error
    return data


def packed(change: Change) -> Change:
    """`change` of what is in the file, whatever the file is packed in; sometimes packed another way."""

    def mutate(data: bytes, random: Random) -> bytes:
        kind = data[:2] if data[:2] in (_GZIP, _ZIP) else b""
        if kind and random.random() < 0.2:
            return change_bytes(data, random)
        try:
            changed = change(unpacked(data), random)
        except ValueError:
            return any_bytes(data, random)
        if random.random() < 0.03:
            kind = random.choice((_GZIP, _ZIP, b""))
        if kind == _ZIP:
            name = random.choice(("bestand", "bestand", "bestand", "../x", "map/", "/etc/x", ""))
            return zipped(changed, name, random.choice((1, 1, 1, 1, 1, 1, 2)))
        return gzip.compress(changed, mtime=0) if kind == _GZIP else changed

    return mutate
