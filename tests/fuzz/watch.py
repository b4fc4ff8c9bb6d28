"""What no reader may ever do with its input: write it down where an operator or a browser can see it."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator

import structlog
from structlog.typing import EventDict

from claims.financial_claim import Finding
from sources.errors import CAUSES, SourceError

ME, OTHER, STRANGER = "111111110", "999993549", "999998493"
CANARY = "Kanarie"
SECRETS = (CANARY.casefold(), ME, OTHER, STRANGER)


class Broken(AssertionError):
    """A promise was broken. What was wrong, for whoever reads the output of the fuzzer."""


class Watch(logging.Handler):
    """Keeps every line that our code or a library logs while one input is read."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self._lines: list[str] = []

    def install(self) -> None:
        """Listen to everything in this process, at the most talkative level."""
        logging.basicConfig(level=logging.DEBUG, handlers=[self], force=True)
        structlog.configure(processors=[self._keep], cache_logger_on_first_use=False)

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(self.format(record))

    def _keep(self, _logger: object, _method: str, event: EventDict) -> EventDict:
        self._lines.append(repr(event))
        raise structlog.DropEvent

    def check(self) -> None:
        """Raises Broken when a line since the last check holds a secret."""
        lines, self._lines = self._lines, []
        for line in lines:
            require_no_secret(line, "a log line")


def require_no_secret(text: str, where: str) -> None:
    folded = text.casefold()
    for secret in SECRETS:
        if secret in folded:
            raise Broken(f"{where} holds a part of the input: {text!r}")


def require_foreseen(error: SourceError) -> None:
    """One of the kinds that the table knows; neither it nor what it stands on holds anything of the input."""
    if type(error) not in CAUSES:
        raise Broken(f"{type(error).__name__} has no cause")
    require_silent(error)


def require_silent(error: BaseException) -> None:
    for part in _chain(error):
        require_no_secret(f"{part} {part!r}", "the text of an error")


def require_silent_findings(findings: Iterable[Finding]) -> None:
    """A finding may name a member or element of the source, but only when that can hold no number (`Place`)."""
    for finding in findings:
        require_no_secret(
            f"{finding.code} {finding.detail}".casefold().replace(CANARY.casefold(), ""), "a finding"
        )


def _chain(error: BaseException) -> Iterator[BaseException]:
    """What a traceback of this error would show."""
    yield error
    behind = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if behind is not None:
        yield from _chain(behind)
