"""Label and value, the smallest piece of a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fact:
    """`is_code`: letters and digits that nobody may translate or break, such as an IBAN."""

    label: str
    value: str
    is_code: bool = False


def known(label: str, value: T | None, write: Callable[[T], str], *, is_code: bool = False) -> Iterator[Fact]:
    """The fact, or nothing when the source does not state it."""
    if value is not None:
        yield Fact(label, write(value), is_code)
