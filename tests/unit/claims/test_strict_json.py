"""JSON from outside has one reading or none."""

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
    ],
)
def test_doubtful_json_is_refused(data: bytes | str) -> None:
    with pytest.raises(StrictJsonError):
        loads_strict(data, max_bytes=10_000)


def test_a_million_levels_deep_is_refused_quietly() -> None:
    for data in (b"[" * 10**6, b'{"a":' * 10**6, b"[" * 10**6 + b"]" * 10**6):
        with pytest.raises(StrictJsonError, match="deep"):
            loads_strict(data, max_bytes=10**7)


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
