"""What one case, and the process that reads it, may take at most."""

from __future__ import annotations

import resource
from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Of one case and of the process that reads it. Generous: a machine may be busy, a hang is far over it."""

    case_seconds: int = 60
    megabytes: int = 700
    longest_input: int = 16_000


USUAL = Limits()


def bound_address_space(gigabytes: int = 3) -> None:
    """For the worst: the limit in `Limits` is on memory that is really used."""
    most = gigabytes * 1024**3
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
