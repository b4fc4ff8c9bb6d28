"""What about a source asks for attention, the same on page, command line and metrics.

Each has a fixed English name for programs; the Dutch words stand in `monitor_words`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

from app.ports.monitor import SourceFigures
from app.services.source_state import SourceState, expiring, judge


class Concern(StrEnum):
    """In order of how much it matters."""

    CIRCUIT_OPEN = "circuit_open"
    FAILS = "fails"
    DELIVERY_MISSING = "delivery_missing"
    CERTIFICATE_EXPIRED = "certificate_expired"
    DELIVERY_STALE = "delivery_stale"
    PARTIAL = "partial"
    UNEVEN = "uneven"
    CERTIFICATE_ENDS_SOON = "certificate_ends_soon"
    INDEX_MISSING = "index_missing"
    INDEX_STALE = "index_stale"


_STATES = {
    SourceState.FAILS: Concern.FAILS,
    SourceState.PARTIAL: Concern.PARTIAL,
    SourceState.UNEVEN: Concern.UNEVEN,
}


def concerns(figures: SourceFigures, now: datetime) -> tuple[Concern, ...]:
    """Empty for a source that is not connected: nobody expects anything of it yet."""
    if not figures.source.connected:
        return ()
    found = set(_found(figures, now))
    return tuple(concern for concern in Concern if concern in found)


def _found(figures: SourceFigures, now: datetime) -> Iterator[Concern]:
    if figures.circuit.open_in:
        yield Concern.CIRCUIT_OPEN
    state = judge(figures, now).state
    if state in _STATES:
        yield _STATES[state]
    for certificate in expiring(figures.certificates, now):
        ended = certificate.expires_at <= now
        yield Concern.CERTIFICATE_EXPIRED if ended else Concern.CERTIFICATE_ENDS_SOON
    yield from _of_files(figures, now)


def _of_files(figures: SourceFigures, now: datetime) -> Iterator[Concern]:
    """Without a fresh index everybody is asked: no debt is hidden, but it is not how it was meant."""
    source = figures.source
    if source.batch_name is not None:
        if figures.batch_as_of is None:
            yield Concern.DELIVERY_MISSING
        elif is_stale(figures, figures.batch_as_of, now):
            yield Concern.DELIVERY_STALE
    if source.index_name is not None:
        if figures.index_as_of is None:
            yield Concern.INDEX_MISSING
        elif is_stale(figures, figures.index_as_of, now):
            yield Concern.INDEX_STALE


def is_stale(figures: SourceFigures, as_of: datetime, now: datetime) -> bool:
    """By the settings of the source: from that age on answers are incomplete, or the index is not used."""
    stale_after = figures.source.stale_after
    return stale_after is not None and now - as_of > stale_after
