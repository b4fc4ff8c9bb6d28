"""The number of a case at the organisation from whose site a citizen came: what a link says, and nobody verified."""

from __future__ import annotations

import re
from dataclasses import dataclass

from claims.identity import Bsn

LONGEST = 40
# A number and no sentence: no spaces, so that nobody can have words of theirs sealed.
_FORM = re.compile(r"(?=.*[0-9])[A-Za-z0-9]([A-Za-z0-9._/-]*[A-Za-z0-9])?", re.ASCII)
# As people write a BSN: in one piece (the first zero may be missing), 123.456.789 and 1234.56.789, with any sign between.
_RUNS = re.compile(
    r"(?<![0-9])(?:[0-9]{8,9}|[0-9]{3}([._/ -])[0-9]{3}\1[0-9]{3}|[0-9]{4}([._/ -])[0-9]{2}\2[0-9]{3})(?![0-9])"
)


class LooksLikeBsn(ValueError):
    """It may be the number of a person. The message holds nothing of it."""


@dataclass(frozen=True, slots=True)
class CaseReference:
    """At most 40 letters, digits and `. _ / -`, with a digit in it. Raises ValueError, without the text, for anything else and
    LooksLikeBsn for what may be a BSN. Its text form hides it: it may be a person's file number."""

    text: str

    def __post_init__(self) -> None:
        if len(self.text) > LONGEST or not _FORM.fullmatch(self.text):
            raise ValueError("this is no case reference")
        if holds_bsn(self.text):
            raise LooksLikeBsn("this may be a BSN")

    def __repr__(self) -> str:
        return "CaseReference(…)"


def holds_bsn(text: str) -> bool:
    """Whether any number of eight or nine digits in it passes the eleven-test."""
    return any(_is_bsn(found.group()) for found in _RUNS.finditer(text))


def _is_bsn(run: str) -> bool:
    digits = "".join(character for character in run if character.isdigit())
    try:
        Bsn(digits.zfill(9))
    except ValueError:
        return False
    return True
