"""Reports about files that nobody looked into. Apart from the examination: who passes files on to a child process has no use
for its libraries, and starts in half the time."""

from signing.report import CheckId, Finding, SealReport
from signing.verifying.look import kind_of
from signing.verifying.record import Record


def not_sealed(data: bytes, reason: str) -> SealReport:
    """The report about something that nobody needs to look into."""
    return _without_look(data, Finding.NOT_SEALED, reason)


def unexamined(data: bytes, reason: str) -> SealReport:
    """The report when we could not do our work."""
    return _without_look(data, Finding.UNEXAMINED, reason)


def _without_look(data: bytes, finding: Finding, reason: str) -> SealReport:
    record = Record.of(data, kind_of(data))
    record.not_done(CheckId.READABLE, reason)
    return record.report(finding)
