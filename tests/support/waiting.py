"""Waiting for what another thread or process does: for as long as a busy machine may need, never for a fixed pause."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")

# Only a hang takes this long. Also for the time-outs of connections and processes in tests.
PATIENCE_S = 300.0
_LOOK_EVERY_S = 0.05


def wait_until(look: Callable[[], Result], what: str = "it did not happen") -> Result:
    """Look again and again until there is something to see, and give that. AssertionError with `what` after PATIENCE_S."""
    end = time.monotonic() + PATIENCE_S
    while not (seen := look()):
        assert time.monotonic() < end, what
        time.sleep(_LOOK_EVERY_S)
    return seen
