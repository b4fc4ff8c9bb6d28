"""The logo of an app: a small PNG and nothing else, because it stands on a page where people must trust what they see."""

from __future__ import annotations

import zlib

from app.oauth.faults import (
    LARGEST_LOGO_KB,
    LARGEST_SIDE,
    SMALLEST_SIDE,
    Fault,
    Field,
    Problem,
    RegistrationRefused,
)

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_SHOWN = (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS")


def clean_logo(data: bytes) -> bytes:
    """The same picture without any text, dates, place or colour profile in it. Raises RegistrationRefused for anything but a
    whole PNG (ISO/IEC 15948) of 32 to 512 pixels wide and high and at most 64 kB."""
    if len(data) > LARGEST_LOGO_KB * 1024 or not data.startswith(_SIGNATURE):
        raise _refused(Problem.LOGO_FORM)
    chunks = _chunks(data)
    if [kind for kind, _ in chunks][:1] != [b"IHDR"] or chunks[-1][0] != b"IEND":
        raise _refused(Problem.LOGO_BROKEN)
    header = chunks[0][1]
    sides = [int.from_bytes(header[at : at + 4], "big") for at in (0, 4)]
    if not all(SMALLEST_SIDE <= side <= LARGEST_SIDE for side in sides):
        raise _refused(Problem.LOGO_SIZE)
    return _SIGNATURE + b"".join(_chunk(kind, body) for kind, body in chunks if kind in _SHOWN)


def _chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    """Kind and body of each, up to the end of the file."""
    found, at = [], len(_SIGNATURE)
    while at < len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        checksum = data[at + 8 + length : at + 12 + length]
        if len(kind) != 4 or checksum != zlib.crc32(kind + body).to_bytes(4, "big"):
            raise _refused(Problem.LOGO_BROKEN)
        found.append((kind, body))
        at += 12 + length
    return found


def _chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")


def _refused(problem: Problem) -> RegistrationRefused:
    return RegistrationRefused(Fault(Field.LOGO, problem))
