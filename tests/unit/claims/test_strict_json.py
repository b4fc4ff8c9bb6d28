"""JSON from outside has one reading or none."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.strict_json import StrictJsonError, canonical_json, loads_strict

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(values)
def test_what_we_write_is_what_we_read(value: object) -> None:
    assert loads_strict(canonical_json(value), max_bytes=10**6) == value


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b'{"a":1,"a":2}',
        b"NaN",
        b"[Infinity]",
        b"-Infinity",
        b"1.5",
        b"1e3",
        b"9" * 5000,
        b"\xff\xfe",
        b'\xef\xbb\xbf{"a":1}',
        b'"\\ud800"',
        b'{"\\udfff":1}',
        b'"abc',
        b'"\\"\\"\\',
        b"[1,]",
        b"1 2",
        "\ud800",
        b'{"a":1,"\\u0061":2}',
        b'{"":1,"":2}',
        b'{"a":{"b":1,"b":1}}',
        b"[1.0]",
        b"[-0.0]",
        b"[1E400]",
        b"[-NaN]",
        b"1" * 21,
        b"-" + b"1" * 20,
        b"01",
        b"+1",
        b".5",
        b"1.",
        b"0x1",
        b"-",
        "[\u0967]".encode(),
        "\ufeff{}",
        b"{\x00}\x00",
        b"[1]\x00",
        b"\xa0[]",
        "\u2028[]".encode(),
        b'"\t"',
        b'"\\x41"',
        b'"\xed\xa0\x80"',
        b'"\xc0\x80"',
        b'"\\ude00\\ud83d"',
        b"{'a':1}",
        b"[1]//x",
        b"[1,,2]",
        b'{"a":1}{"b":2}',
    ],
)
def test_doubtful_json_is_refused(data: bytes | str) -> None:
    with pytest.raises(StrictJsonError):
        loads_strict(data, max_bytes=10_000)


def test_a_million_levels_deep_is_refused_quietly() -> None:
    for data in (b"[" * 10**6, b'{"a":' * 10**6, b"[" * 10**6 + b"]" * 10**6):
        with pytest.raises(StrictJsonError, match="deep"):
            loads_strict(data, max_bytes=10**7)


@pytest.mark.parametrize(
    "data",
    [b'"' + b'\\"' * 10**6, b'"' * 10**6, b"\\" * 10**6, b'"' + b"\\" * 10**6, b"-" * 10**6, b"9" * 10**6],
)
def test_a_million_of_one_sign_is_refused_without_looking_twice(data: bytes) -> None:
    """A pattern that goes back and forth would need hours here; the suite ends a test after two minutes."""
    with pytest.raises(StrictJsonError):
        loads_strict(data, max_bytes=10**7)


@pytest.mark.parametrize("piece", [b"{},", b"[],", b"1,", b'"",'])
def test_countless_tiny_values_are_refused_before_they_take_memory(piece: bytes) -> None:
    data = b"[" + piece * 10**6 + b"1]"
    tracemalloc.start()
    try:
        with pytest.raises(StrictJsonError, match="items"):
            loads_strict(data, max_bytes=10**7, max_items=1000)
        assert tracemalloc.get_traced_memory()[1] < 3 * len(data)
    finally:
        tracemalloc.stop()


def test_the_longest_number_and_a_pair_of_surrogates_are_taken() -> None:
    assert loads_strict(b"9" * 20, max_bytes=100) == 10**20 - 1
    assert loads_strict(b'"\\ud83d\\ude00"', max_bytes=100) == "\N{GRINNING FACE}"


def test_brackets_inside_text_are_not_depth() -> None:
    assert loads_strict(b'["[[[[[[\\"[["]', max_bytes=100, max_depth=1) == ['[[[[[["[[']


def test_limits_are_exact() -> None:
    assert loads_strict(b"[[1]]", max_bytes=5, max_depth=2, max_items=2) == [[1]]
    for max_bytes, max_depth, max_items in ((4, 2, 2), (5, 1, 2), (5, 2, 1)):
        with pytest.raises(StrictJsonError):
            loads_strict(b"[[1]]", max_bytes, max_depth, max_items)


def test_fractions_only_where_told_and_never_infinite() -> None:
    assert loads_strict(b"1.5", max_bytes=10, floats=True) == 1.5
    with pytest.raises(StrictJsonError):
        loads_strict(b"1e999", max_bytes=10, floats=True)


def test_an_error_never_holds_content() -> None:
    with pytest.raises(StrictJsonError) as refused:
        loads_strict('{"bsn":"999993549",}', max_bytes=100)
    assert "999993549" not in str(refused.value)
    assert refused.value.__cause__ is None
