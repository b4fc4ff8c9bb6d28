"""The control code is printed on paper: it may never change for the same bytes."""

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing.control_code import control_code, read_control_code

RFC_4648 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@given(st.binary())
def test_it_is_the_first_80_bits_of_sha256_in_crockfords_alphabet(payload: bytes) -> None:
    standard = base64.b32encode(hashlib.sha256(payload).digest()[:10]).decode()
    assert control_code(payload).replace("-", "") == standard.translate(str.maketrans(RFC_4648, CROCKFORD))


def test_it_has_four_groups_of_four() -> None:
    # SHA-256 of nothing starts with e3b0c44298fc1c149afb.
    assert control_code(b"") == "WERC-8GMR-ZGE1-96QV"


@given(st.binary())
def test_what_is_printed_is_read_back(payload: bytes) -> None:
    assert read_control_code(control_code(payload)) == control_code(payload)


@pytest.mark.parametrize(
    "typed",
    [
        "werc8gmrzge196qv",
        " WERC 8GMR ZGE1 96QV ",
        "werc\u20118gmr \u2013 zge1.96qv",
        "WERC-8GMR-ZGEI-96QV",
        "WERC-8GMR-ZGEl-96QV",
        "\uff37ERC\u00a08GMR\u00ad-ZGE1-96QV\t",
    ],
)
def test_it_is_read_as_people_type_it(typed: str) -> None:
    assert read_control_code(typed) == "WERC-8GMR-ZGE1-96QV"


def test_the_letter_o_is_a_zero() -> None:
    assert read_control_code("OOOO-oooo-0000-OOOO") == "0000-0000-0000-0000"


@pytest.mark.parametrize("typed", ["", "W" * 5000, "WERC-8GMR-ZGE1-96Q", "WERC-8GMR-ZGE1-96QVA"])
@pytest.mark.parametrize("odd", ["", "U", "\u00d8", "\u0661"])
def test_what_cannot_be_a_code_is_none(typed: str, odd: str) -> None:
    assert read_control_code(typed + odd) is None
