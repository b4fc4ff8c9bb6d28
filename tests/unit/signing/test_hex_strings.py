"""Hexadecimal strings of a PDF are read as pyHanko reads them, only faster."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfReadError

from signing.verifying import hex_strings
from signing.verifying.pdf_file import PdfFile, Unreadable

PIECES = st.lists(
    st.sampled_from([*"0123456789abcdefABCDEF", "FEFF", " ", "\n", "%x\n", ">", "<", "g", "\x00", "é"])
)


def read(function: object, stream: BytesIO) -> object:
    """Value, kind and place afterwards; or which mistake."""
    assert callable(function)
    try:
        value = function(stream)
    except (PdfReadError, ValueError) as error:
        return type(error), str(error)
    return type(value), value, stream.tell()


@given(PIECES, st.binary(max_size=3))
def test_every_string_is_read_as_pyhanko_reads_it(pieces: list[str], before: bytes) -> None:
    data = before + b"<" + "".join(pieces).encode() + b"> /Next"
    streams = BytesIO(data), BytesIO(data)
    for stream in streams:
        stream.seek(len(before))
    ours, theirs = streams
    assert read(hex_strings.read_hex_string, ours) == read(hex_strings._one_by_one, theirs)


@pytest.mark.parametrize("written", ["<>", "<4>", "<48656C6C6F>", "<FEFF00E9>", "<48 65>", "<4x>", "<48"])
def test_odd_ones_too(written: str) -> None:
    data = written.encode()
    assert read(hex_strings.read_hex_string, BytesIO(data)) == read(hex_strings._one_by_one, BytesIO(data))


def test_pyhanko_reads_with_it_whenever_we_read_a_file() -> None:
    with pytest.raises(Unreadable):
        PdfFile(b"no file at all")
    assert generic.read_hex_string_from_stream is hex_strings.read_hex_string
    assert generic.read_object.__globals__["read_hex_string_from_stream"] is hex_strings.read_hex_string
