"""Objects that several resources of the API have in them."""

from __future__ import annotations

from typing import Any

from claims.organisation import Organisation
from claims.record.shapes import ORGANISATION


def organisation(stated: Organisation) -> dict[str, Any]:
    """As in the sealed record (docs/schemas/schuldenoverzicht-v1.json)."""
    return ORGANISATION.write(stated)
