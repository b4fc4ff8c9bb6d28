"""The code with which somebody opens a shared overview: to be read over the phone, and not to be guessed.

Twelve symbols of Crockford's base 32 (no I, L, O and U): eleven random ones are 55 bits, the last one finds a slip of the
tongue (Luhn modulo 32: every wrong symbol, and two neighbours changed places, except 0 and Z).
"""

from __future__ import annotations

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RANDOM_SYMBOLS = 11
_GROUP = 4
_MEANT = str.maketrans(
    {"O": "0", "I": "1", "L": "1", " ": None, "-": None, "\t": None, "\u00a0": None, "\u2011": None}
)
_LONGEST_INPUT = 64


def new_code() -> str:
    """In three groups of four: "7K3M-Q2ZD-9T4X"."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(_RANDOM_SYMBOLS))
    return grouped(body + check_symbol(body))


def read_code(typed: str) -> str | None:
    """The code that was meant, in groups; None when it cannot be one: too short, too long, or a symbol is wrong."""
    if len(typed) > _LONGEST_INPUT:
        return None
    symbols = typed.upper().translate(_MEANT)
    if len(symbols) != _RANDOM_SYMBOLS + 1 or not set(symbols) <= set(ALPHABET):
        return None
    return grouped(symbols) if check_symbol(symbols[:-1]) == symbols[-1] else None


def grouped(symbols: str) -> str:
    return "-".join(symbols[start : start + _GROUP] for start in range(0, len(symbols), _GROUP))


def check_symbol(body: str) -> str:
    size = len(ALPHABET)
    total = 0
    for place, symbol in enumerate(reversed(body)):
        value = ALPHABET.index(symbol) * (2 if place % 2 == 0 else 1)
        total += value // size + value % size
    return ALPHABET[-total % size]
