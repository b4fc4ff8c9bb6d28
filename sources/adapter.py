"""What every source looks like to the code that asks: one citizen in, one answer out, before a deadline."""

from __future__ import annotations

from typing import Protocol

from claims.identity import Bsn
from claims.outcome import Source, SourceAnswer
from sources.deadline import Deadline
from sources.errors import SourceError


class SourceAdapter(Protocol):
    """One configured source. `connected` False: it is listed but never asked."""

    @property
    def source(self) -> Source: ...

    @property
    def connected(self) -> bool: ...

    def ask(self, bsn: Bsn, deadline: Deadline) -> SourceAnswer:
        """Ask for all claims on this person. Raises a `sources.errors.SourceError`; must end at the deadline."""
        ...


class UnconnectedSource:
    """An organisation that belongs in the list but cannot be asked yet."""

    connected = False

    def __init__(self, source: Source) -> None:
        self.source = source

    def ask(self, bsn: Bsn, deadline: Deadline) -> SourceAnswer:  # noqa: ARG002
        raise TypeError("a source that is not connected is never asked")


class FailingSource:
    """Somebody who must be shown as "no answer", because we cannot ask as we should."""

    connected = True

    def __init__(self, source: Source, error: type[SourceError], phrase: str) -> None:
        self.source = source
        self._error, self._phrase = error, phrase

    def ask(self, bsn: Bsn, deadline: Deadline) -> SourceAnswer:  # noqa: ARG002
        raise self._error(self._phrase)
