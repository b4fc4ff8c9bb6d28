"""Genuine files of which the register of issued documents tells more (rows 1, 5, 6, 7 and 8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tests.corpus.case import Case, Group, Register

ROWS: dict[Register, tuple[int, str]] = {
    Register.OUT_OF_REACH: (1, "the register cannot be asked now"),
    Register.REVOKED: (5, "issued in error, and withdrawn by number"),
    Register.UNKNOWN: (6, "its number is not in the register"),
    Register.OTHER_CONTENT: (6, "its number is in the register with another content"),
    Register.SUPERSEDED: (7, "a newer overview of the same collection exists"),
    Register.OF_OTHERS: (8, "made by another organisation that we trust"),
    Register.KNOWN: (11, "its number is in the register"),
}


def cases() -> Iterator[Case]:
    for register, (row, why) in ROWS.items():
        name = register.name.lower().replace("_", "-")
        pdf = Group("register-pdf", row).case(name, why, lambda w: w.overview())
        json = Group("register-json", row, "json").case(name, why, lambda w: w.json())
        yield replace(pdf, register=register)
        yield replace(json, register=register)
