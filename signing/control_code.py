"""The control code: a short fingerprint of the JSON record, printed on the page for comparison by eye.

First 80 bits of SHA-256 over the exact bytes, as 16 characters of Crockford's base 32
(https://www.crockford.com/base32.html: no I, L, O, U) in four groups of four, such as `3F7K-9QWE-0ZTB-A1C2`.
The bytes hold a random nonce of 128 bits, so that amounts cannot be guessed from the code.
"""

import hashlib

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHARACTERS = 16
_GROUP = 4


def control_code(payload: bytes) -> str:
    """The code of these bytes: 19 characters, of which three are hyphens."""
    number = int.from_bytes(hashlib.sha256(payload).digest()[:10], "big")
    letters = [_ALPHABET[(number >> (5 * place)) & 31] for place in reversed(range(_CHARACTERS))]
    groups = ("".join(letters[start : start + _GROUP]) for start in range(0, _CHARACTERS, _GROUP))
    return "-".join(groups)
