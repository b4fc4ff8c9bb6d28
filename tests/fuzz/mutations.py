"""Changes that any input may undergo, and the words to do it with. Everything is drawn from the given Random."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from tests.fuzz.watch import CANARY, ME, OTHER, STRANGER

Change = Callable[[bytes, Random], bytes]

WORDS = (
    ME, OTHER, STRANGER, CANARY, "", " ", "0", "-0", "-1", "1", "00", "1e5", "1.5", "12,50", "-12,05", "1.234,56",
    "100000000000000", "99999999999999999999999", "20260401", "00000000", "99991231", "20260231", "2026-02-30",
    "31-02-2026", "2026-04-01T00:00:00Z", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00",
    "2026-04-01T00:00:00+02:00", "true", "EUR", "USD", "+", "PW", "é", "\u202e", "\u0661", "\ufeff", "'", '"', "<", "&", "\\",
)  # fmt: skip
BYTES = (
    b"\x00", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xc0\xaf", b"\r\n", b"\n", b"\t", b"\x1e", b"\x85",
    b'"', b"'", b";", b",", b"{", b"}", b"[", b"]", b":", b"<", b">", b"&", b"/", b"\\", b"\\u0000", b"\\ud800", b"#einde",
    b"null", b"true", b"NaN", b"1e999", b"-0", b"0.1", CANARY.encode(), ME.encode(), OTHER.encode(),
)  # fmt: skip


def change_bytes(data: bytes, random: Random, pieces: Sequence[bytes] = BYTES) -> bytes:
    """Insert, remove, overwrite or repeat a few bytes somewhere."""
    start = random.randint(0, len(data))
    end = min(len(data), start + random.choice((0, 1, 1, 2, 9, 40)))
    kind = random.randrange(5)
    if kind == 0:
        new = random.choice(pieces)
    elif kind == 1:
        new = random.randbytes(random.randint(0, 4))
    elif kind == 2:
        new = data[start:end] * random.choice((2, 3, 20))
    elif kind == 3:
        new = b""
    else:
        other = random.randint(0, len(data))
        new = data[other : other + random.choice((1, 8, 60, 400))]
    return data[:start] + new + data[end:]


def re_encode(data: bytes, random: Random) -> bytes:
    """The same text in another encoding, or text that is taken for another encoding."""
    text = data.decode("utf-8", "replace")
    return text.encode(
        random.choice(("utf-16", "utf-16-le", "utf-7", "cp1252", "utf-32", "utf-8-sig")), "replace"
    )


def cut_off(data: bytes, random: Random) -> bytes:
    return data[: random.randint(0, len(data))]


def any_bytes(data: bytes, random: Random) -> bytes:
    """One change that knows nothing of the format."""
    kind = random.randrange(20)
    if kind == 0:
        return re_encode(data, random)
    return cut_off(data, random) if kind == 1 else change_bytes(data, random)


def with_bytes_now_and_then(change: Change, share: float = 0.15) -> Change:
    """`change` one to four times; a small share of all cases gets a change of bytes on top of it."""

    def mutate(data: bytes, random: Random) -> bytes:
        for _ in range(random.choice((1, 1, 1, 2, 2, 3, 4))):
            data = change(data, random)
        return any_bytes(data, random) if random.random() < share else data

    return mutate
