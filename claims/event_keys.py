"""A stable key for an event that came without one (FCID, "gebeurteniskenmerk": a deterministic hash is allowed)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from claims.strict_json import canonical_json


def event_key(content: Mapping[str, object], owner: str = "") -> str:
    """SHA-256 in hex over everything the event says and whose it is (`owner`: the OIN, where keys of several owners meet), so
    that the same event has the same key on every day that we ask."""
    return hashlib.sha256(canonical_json({"owner": owner, "content": dict(content)})).hexdigest()
