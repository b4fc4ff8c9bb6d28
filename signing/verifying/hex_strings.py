"""Reading hexadecimal strings of a PDF at once (ISO 32000-2, 7.3.4.3), in place of pyHanko's reader of single characters.

A seal with a time-stamp is 21,000 digits, which took a third of an examination; a hostile file can hold millions. Only the
plain form, `<` digits `>`, is read here, everything else (white space, comments, mistakes) by pyHanko as before.
"""

import re
from binascii import unhexlify
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic

_PLAIN = re.compile(rb"<([0-9a-fA-F]*)>")
_one_by_one = generic.read_hex_string_from_stream


def read_hex_string(stream: Any) -> Any:
    """What pyHanko's function of this name gives; afterwards the stream stands behind the `>`."""
    found = _PLAIN.match(stream.getbuffer(), stream.tell()) if isinstance(stream, BytesIO) else None
    if found is None:
        return _one_by_one(stream)
    stream.seek(found.end())
    digits = found[1]
    return generic.pdf_string(unhexlify(digits + b"0" * (len(digits) % 2)))


def install() -> None:
    """For this whole process; pyHanko looks the function up at every string."""
    generic.read_hex_string_from_stream = read_hex_string
