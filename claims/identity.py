"""Who a claim is about (Bsn) and which organisation speaks (Oin)."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass

_BSN_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_OIN = re.compile(r"[0-9]{20}")
_NAMES_OF_A_PERSON = frozenset({"bsn", "burgerservicenummer"})


class Bsn:
    """A citizen service number that passes the eleven-test. Its text forms hide the digits on purpose."""

    __slots__ = ("__digits",)

    def __init__(self, digits: str) -> None:
        """Raises ValueError, without the digits, unless `digits` is nine digits that pass the eleven-test."""
        if not (isinstance(digits, str) and len(digits) == 9 and digits.isascii() and digits.isdigit()):
            raise ValueError("a BSN has nine digits")
        weighted = sum(weight * int(digit) for weight, digit in zip(_BSN_WEIGHTS, digits, strict=True))
        if weighted % 11 or digits == "000000000":
            raise ValueError("the BSN fails the eleven-test")
        self.__digits = digits

    @classmethod
    def parse(cls, text: str) -> Bsn:
        """Read a BSN from outside; the same errors as the constructor."""
        return cls(text)

    @property
    def digits(self) -> str:
        """All nine digits. Only for messages to sources and the sealed JSON."""
        return self.__digits

    @property
    def last_three(self) -> str:
        """What may stand on paper."""
        return self.__digits[-3:]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Bsn) and hmac.compare_digest(self.__digits, other.__digits)

    def __hash__(self) -> int:
        return hash(self.__digits)

    def __repr__(self) -> str:
        return "Bsn(*********)"

    __str__ = __repr__

    def __reduce__(self) -> str:
        raise TypeError("a BSN is not pickled")


def names_somebody_else(unverified: object, bsn: Bsn) -> bool:
    """True when this object has a member for a BSN, in whatever capitals, that says something else than this one.
    Whatever is no object names nobody."""
    if not isinstance(unverified, Mapping):
        return False
    stated = [value for name, value in unverified.items() if name.casefold() in _NAMES_OF_A_PERSON]
    return any(value is not None and value != bsn.digits for value in stated)


@dataclass(frozen=True, slots=True)
class Oin:
    """Organisatie-identificatienummer: 20 digits (Logius, OIN-stelsel)."""

    digits: str

    def __post_init__(self) -> None:
        """Raises ValueError unless there are exactly twenty digits."""
        if not _OIN.fullmatch(self.digits):
            raise ValueError("an OIN has twenty digits")

    def __str__(self) -> str:
        return self.digits
