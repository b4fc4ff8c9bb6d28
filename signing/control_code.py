"""The control code: a short fingerprint of the JSON record, printed on the page for comparison by eye.

First 80 bits of SHA-256 over the exact bytes, as 16 characters of Crockford's base 32
(https://www.crockford.com/base32.html: no I, L, O, U) in four groups of four, such as `3F7K-9QWE-0ZTB-A1C2`.
The bytes hold a random nonce of 128 bits, so that amounts cannot be guessed from the code.
"""

import hashlib
import unicodedata

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHARACTERS = 16
_GROUP = 4
_LONGEST_INPUT = 64
_MEANT = str.maketrans("OIL", "011")  # as Crockford reads what people type


def control_code(payload: bytes) -> str:
    """The code of these bytes: 19 characters, of which three are hyphens."""
    number = int.from_bytes(hashlib.sha256(payload).digest()[:10], "big")
    letters = (_ALPHABET[(number >> (5 * place)) & 31] for place in reversed(range(_CHARACTERS)))
    return _grouped("".join(letters))


def read_control_code(typed: str) -> str | None:
    """The code that somebody meant who typed it from a page; None when it cannot be one.

    Capitals or not, O for 0, I and L for 1, and any spaces, hyphens and dots between.
    """
    if len(typed) > _LONGEST_INPUT:
        return None
    kept = (sign for sign in unicodedata.normalize("NFKC", typed) if not _stands_between(sign))
    letters = "".join(kept).upper().translate(_MEANT)
    if len(letters) != _CHARACTERS or not set(letters) <= set(_ALPHABET):
        return None
    return _grouped(letters)


def _stands_between(sign: str) -> bool:
    """Spaces, controls, hyphens and dashes of every kind, and full stops."""
    return sign.isspace() or unicodedata.category(sign) in {"Pd", "Cf", "Cc"} or sign in ".\u00b7\u2212"


def _grouped(letters: str) -> str:
    return "-".join(letters[start : start + _GROUP] for start in range(0, _CHARACTERS, _GROUP))
