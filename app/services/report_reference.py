"""What a citizen reads over the phone about a report: "M-7K3M-Q2ZD". It opens nothing, so it need not be unguessable."""

from __future__ import annotations

import hashlib

from app.services.share_code import ALPHABET, check_symbol, grouped

_SYMBOLS = 7  # 35 bits: two reports of one organisation hardly ever have the same, and their ids never


def reference_of(report_id: str) -> str:
    """Of the id, so that the same report has the same reference. The last symbol finds a slip of the tongue."""
    number = int.from_bytes(hashlib.sha256(report_id.encode()).digest()[:8])
    body = "".join(ALPHABET[(number >> 5 * place) % len(ALPHABET)] for place in range(_SYMBOLS))
    return "M-" + grouped(body + check_symbol(body))
