"""A code as it is read over the phone."""

from __future__ import annotations

_SPELLED = {
    "A": "Anton", "B": "Bernhard", "C": "Cornelis", "D": "Dirk", "E": "Eduard", "F": "Ferdinand", "G": "Gerard", "H": "Hendrik",
    "J": "Johan", "K": "Karel", "M": "Maria", "N": "Nico", "P": "Pieter", "Q": "Quotiënt", "R": "Rudolf", "S": "Simon",
    "T": "Teunis", "V": "Victor", "W": "Willem", "X": "Xantippe", "Y": "Ypsilon", "Z": "Zaandam",
}  # fmt: skip


def spelled(code: str) -> tuple[str, ...]:
    """One line per group: "7, K van Karel, 3, M van Maria"."""
    return tuple(", ".join(map(_symbol, group)) for group in code.split("-"))


def _symbol(symbol: str) -> str:
    return f"{symbol} van {_SPELLED[symbol]}" if symbol in _SPELLED else symbol
