"""Reading JSON from outside without surprises, and one canonical way of writing it.

`json` of the standard library silently keeps the last of two equal keys, accepts NaN, and fails with a
RecursionError on deep nesting. A sealed or signed document must not have two readings (RFC 8259, section 4).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

_DIGITS_OF_A_SANE_NUMBER = 20
# Strings are skipped whole (also an unfinished last one, so that scanning stays linear); the rest is structure.
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[{]|[\]}]|,', re.DOTALL)


class StrictJsonError(ValueError):
    """The text is not JSON that we accept. The message never holds any of the content."""


@dataclass(frozen=True, slots=True)
class JsonLimits:
    """`max_bytes` counts UTF-8 bytes, `max_items` all members and elements together (None: no limit)."""

    max_bytes: int
    max_depth: int = 32
    max_items: int | None = None
    floats: bool = False


def loads_strict(
    data: bytes | str,
    max_bytes: int,
    max_depth: int = 32,
    max_items: int | None = None,
    floats: bool = False,
) -> object:
    """Parse JSON (RFC 8259). Raises StrictJsonError for anything doubtful: too large, too deep, too many items,
    not UTF-8, lone surrogates, two equal keys, NaN or infinity, absurdly long numbers, and (unless `floats`)
    any number with a fraction or exponent."""
    limits = JsonLimits(max_bytes, max_depth, max_items, floats)
    text = _decode(data, limits)
    _check_structure(text, limits)
    try:
        value: object = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_refuse_constant,
            parse_int=_integer,
            parse_float=_fraction if floats else _refuse_float,
        )
    except StrictJsonError:
        raise
    except (ValueError, RecursionError):
        raise StrictJsonError("not JSON") from None
    _refuse_lone_surrogates(value)
    return value


def canonical_json(value: object) -> bytes:
    """Sorted keys, no spaces, UTF-8: equal values give equal bytes. Raises TypeError or ValueError for a value
    that JSON cannot hold."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8")


def _decode(data: bytes | str, limits: JsonLimits) -> str:
    try:
        raw = data.encode("utf-8") if isinstance(data, str) else data
        if len(raw) > limits.max_bytes:
            raise StrictJsonError("too large")
        return raw.decode("utf-8")
    except UnicodeError:
        raise StrictJsonError("not UTF-8") from None


def _check_structure(text: str, limits: JsonLimits) -> None:
    depth = items = 0
    for match in _TOKEN.finditer(text):
        piece = match[0]
        if piece in "[{":
            depth += 1
            items += 1
        elif piece in "]}":
            depth -= 1
        elif piece == ",":
            items += 1
        if depth > limits.max_depth:
            raise StrictJsonError("nested too deep")
        if limits.max_items is not None and items > limits.max_items:
            raise StrictJsonError("too many items")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise StrictJsonError("two members with the same name")
    return members


def _refuse_constant(_name: str) -> object:
    raise StrictJsonError("not a number")


def _refuse_float(_text: str) -> object:
    raise StrictJsonError("a number with a fraction")


def _integer(text: str) -> int:
    if len(text) > _DIGITS_OF_A_SANE_NUMBER:
        raise StrictJsonError("a number of absurd length")
    return int(text)


def _fraction(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise StrictJsonError("a number out of range")
    return number


def _refuse_lone_surrogates(value: object) -> None:
    """`\\ud800` alone is a valid escape but not a character; it would fail much later, on writing."""
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeError:
        raise StrictJsonError("not UTF-8") from None
