"""Why asking a source failed. One class per cause; one table to the cause that citizens and operators see.

A message is a fixed phrase of ours. It never holds content of an answer, a URL, a secret or a BSN, so it may be logged.
"""

from __future__ import annotations

from claims.outcome import FailureCause


class SourceError(Exception):
    """Asking a source failed in a way that we foresaw. `str(error)` is a fixed phrase of ours."""


class SourceUnavailable(SourceError):
    """No connection, a broken connection, or the source says that it is out of order."""


class CircuitOpen(SourceError):
    """Not asked: the source failed several times just now."""


class TooSlow(SourceError):
    """The time for this source was over before the whole answer was there."""


class SourceRefused(SourceError):
    """The source answered that it does not want to answer us; `status` is its HTTP status, when it gave one."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class SourceMalformed(SourceError):
    """The answer is not what the interface promises; nothing in it can be relied on."""


class SourceReportedError(SourceError):
    """The source answered with an error message of its own instead of data."""


class SourceUntrusted(SourceError):
    """The answer is not proven to come from the source: a signature is missing, wrong, or of somebody else."""


class TooLarge(SourceError):
    """The answer is larger than we accept."""


class WrongPerson(SourceError):
    """The answer is about somebody else, or does not say about whom: it is dropped whole."""


class Misconfigured(SourceError):
    """Something on our side is wrong: a file, a certificate, an address."""


CAUSES: dict[type[SourceError], FailureCause] = {
    SourceUnavailable: FailureCause.UNREACHABLE,
    CircuitOpen: FailureCause.UNREACHABLE,
    TooSlow: FailureCause.TOO_SLOW,
    SourceRefused: FailureCause.REFUSED,
    SourceReportedError: FailureCause.SOURCE_ERROR,
    SourceMalformed: FailureCause.MALFORMED,
    SourceUntrusted: FailureCause.MALFORMED,
    TooLarge: FailureCause.TOO_LARGE,
    WrongPerson: FailureCause.WRONG_PERSON,
    Misconfigured: FailureCause.MISCONFIGURED,
}


def cause_of(error: SourceError) -> FailureCause:
    """The cause that belongs to an error; INTERNAL for a kind that the table does not know."""
    return CAUSES.get(type(error), FailureCause.INTERNAL)
