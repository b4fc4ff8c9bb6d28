"""A code that is read over the phone: slips are found, and nothing in it can be guessed."""

from __future__ import annotations

import pytest

from app.services.share_code import ALPHABET, new_code, read_code


def test_codes_are_long_and_never_the_same() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(len(code.replace("-", "")) == 12 for code in codes)
    assert len(ALPHABET) ** 11 >= 2**50


def test_every_wrong_symbol_is_found() -> None:
    code = new_code()
    for place, right in enumerate(code):
        for wrong in ALPHABET if right != "-" else "":
            changed = code[:place] + wrong + code[place + 1 :]
            assert (read_code(changed) is None) is (wrong != right)


def test_two_neighbours_that_changed_places_are_found_except_0_and_z() -> None:
    for _ in range(50):
        symbols = new_code().replace("-", "")
        for place in range(11):
            a, b = symbols[place], symbols[place + 1]
            swapped = symbols[:place] + b + a + symbols[place + 2 :]
            if {a, b} != {"0", "Z"} and a != b:
                assert read_code(swapped) is None, symbols


def test_it_is_read_as_people_type_it() -> None:
    code = next(one for one in iter(new_code, None) if "0" in one and "1" in one)
    for typed in (
        code.lower(),
        code.replace("-", " "),
        code.replace("-", ""),
        code.replace("0", "o").replace("1", "l"),
    ):
        assert read_code(f"  {typed} ") == code


@pytest.mark.parametrize(
    "typed", ["", "kort", "7K3M-Q2ZD-9T4", "U" * 12, "A" * 10_000, "\0" * 12, "ÄÖÜ-ÄÖÜ-ÄÖÜ"]
)
def test_whatever_is_no_code_is_none(typed: str) -> None:
    assert read_code(typed) is None
