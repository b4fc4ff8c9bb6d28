"""Look for citizen service numbers in bytes, in every shape in which they could leak."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


def shapes(bsn: str) -> dict[str, bytes]:
    """Name of the shape -> the bytes to look for. Hashes are the unsalted ones: guessed back within minutes."""
    dotted = f"{bsn[:4]}.{bsn[4:6]}.{bsn[6:]}"
    found = {
        "plain": bsn.encode(),
        "in threes": f"{bsn[:3]}.{bsn[3:6]}.{bsn[6:]}".encode(),
        "in threes with spaces": f"{bsn[:3]} {bsn[3:6]} {bsn[6:]}".encode(),
        "with dots": dotted.encode(),
        "with spaces": dotted.replace(".", " ").encode(),
        "with hyphens": dotted.replace(".", "-").encode(),
        "reversed": bsn[::-1].encode(),
        "hexadecimal": bsn.encode().hex().encode(),
        "UTF-16": bsn.encode("utf-16-le"),
        "JSON escapes": "".join(f"\\u{ord(digit):04x}" for digit in bsn).encode(),
        "percent escapes": "".join(f"%{ord(digit):02X}" for digit in bsn).encode(),
        "HTML escapes": "".join(f"&#{ord(digit)};" for digit in bsn).encode(),
    }
    return found | dict(_base64(bsn)) | dict(_hashes(bsn))


def _base64(bsn: str) -> Iterator[tuple[str, bytes]]:
    """Inside a longer text base64 has three shapes, by where the number begins. The characters at both ends, which
    depend on the neighbours too, are left out."""
    for offset in range(3):
        padded = b"\0" * offset + bsn.encode()
        whole = len(padded) // 3 * 4
        yield f"base64 at {offset}", base64.b64encode(padded)[4 if offset else 0 : whole]


def _hashes(bsn: str) -> Iterator[tuple[str, bytes]]:
    for name in ("md5", "sha1", "sha256"):
        digest = hashlib.new(name, bsn.encode()).digest()
        yield f"{name} raw", digest
        yield f"{name} hexadecimal", digest.hex().encode()
        yield f"{name} base64", base64.b64encode(digest).rstrip(b"=")
        yield f"{name} base64url", base64.urlsafe_b64encode(digest).rstrip(b"=")


@dataclass(frozen=True)
class Hunt:
    """Looks for all numbers at once, in small and in capital letters alike."""

    pattern: re.Pattern[bytes]
    names: dict[bytes, str]

    def find(self, data: bytes) -> list[str]:
        """What was found, as "BSN ending in ...: shape"."""
        return sorted({self.names[match.lower()] for match in self.pattern.findall(data)})


def hunt_for(numbers: Iterable[str]) -> Hunt:
    names = {
        data.lower(): f"BSN ending in {bsn[-4:]}: {shape}"
        for bsn in numbers
        for shape, data in shapes(bsn).items()
    }
    longest_first = sorted(names, key=len, reverse=True)
    return Hunt(re.compile(b"|".join(map(re.escape, longest_first)), re.IGNORECASE), names)
