"""What is fuzzed: one reader, and how to change its input."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.fuzz.mutations import Change, any_bytes
from tests.fuzz.self_test import PROMISE_BREAKERS

Check = Callable[[bytes], bool | None]  # true when the input was believed


@dataclass(frozen=True)
class Target:
    """`make` gives the function that reads one input and raises when a promise is broken."""

    make: Callable[[], Check]
    mutate: Change


def any_target(name: str) -> Target:
    """Also those that exist to be found out: they need none of the libraries of the readers. Raises KeyError."""
    breaker = PROMISE_BREAKERS.get(name)
    if breaker is not None:
        return Target(lambda: breaker, any_bytes)
    from tests.fuzz.targets import TARGETS

    return TARGETS[name]
