"""The control code is printed on paper: it may never change for the same bytes."""

import base64
import hashlib

from hypothesis import given
from hypothesis import strategies as st

from signing.control_code import control_code

RFC_4648 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@given(st.binary())
def test_it_is_the_first_80_bits_of_sha256_in_crockfords_alphabet(payload: bytes) -> None:
    standard = base64.b32encode(hashlib.sha256(payload).digest()[:10]).decode()
    assert control_code(payload).replace("-", "") == standard.translate(str.maketrans(RFC_4648, CROCKFORD))


def test_it_has_four_groups_of_four() -> None:
    # SHA-256 of nothing starts with e3b0c44298fc1c149afb.
    assert control_code(b"") == "WERC-8GMR-ZGE1-96QV"
