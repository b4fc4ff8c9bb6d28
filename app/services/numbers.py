"""Numbers of documents: random, and of a form that nobody misreads."""

from __future__ import annotations

import secrets

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
NUMBER_LENGTH = 10
SUMMARY = "BS"


def new_number(year: int, kind: str = "BK") -> str:
    """BK-YYYY- and ten random Crockford base-32 characters (50 bits): says nothing about the person or the order."""
    return f"{kind}-{year}-" + "".join(secrets.choice(CROCKFORD) for _ in range(NUMBER_LENGTH))
