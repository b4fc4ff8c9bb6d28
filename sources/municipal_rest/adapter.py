"""A municipality that offers our own documented JSON interface."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from claims.identity import Bsn
from claims.outcome import PartialReason, Source, SourceAnswer
from sources.answers import moment_findings, require_bearable, too_old, without_repeats
from sources.config import SourceConfig
from sources.deadline import Deadline
from sources.errors import SourceError, WrongPerson
from sources.municipal_rest.client import PageLimits, ask_pages, next_page
from sources.municipal_rest.mapping import ReadPage, read_page
from sources.ports import SourcePorts
from sources.transport.assemble import transport_of

_FULL_PAGES = 4  # all pages together may be as large as so many pages of the largest size


class MunicipalRestSource:
    connected = True

    def __init__(self, config: SourceConfig, ports: SourcePorts) -> None:
        self.source: Source = config.source
        self._stale_after: timedelta = config.stale_after
        self._seconds = config.total_seconds
        self._transport = transport_of(config, ports.events)
        self._limits = PageLimits(bytes=_FULL_PAGES * config.max_bytes)
        self._clock = ports.clock

    @classmethod
    def build(cls, config: SourceConfig, ports: SourcePorts) -> MunicipalRestSource:
        return cls(config, ports)

    def ask(self, bsn: Bsn, deadline: Deadline) -> SourceAnswer:
        """All pages as one answer. Raises a SourceError."""
        pages, partial = self._read_pages(bsn, deadline.within(self._seconds))
        now = self._clock.now()
        basis = min((page.basis for page in pages), key=lambda basis: basis.at)
        claims, findings = without_repeats(claim for page in pages for claim in page.claims)
        partial |= {*too_old(basis, now, self._stale_after)}.union(*(page.partial for page in pages))
        return SourceAnswer(
            source=self.source,
            answered_at=now,
            basis=basis,
            claims=claims,
            partial=tuple(sorted(partial)),
            stated_name=pages[0].stated_name,
            findings=findings + moment_findings(basis, now),
        )

    def _read_pages(self, bsn: Bsn, deadline: Deadline) -> tuple[Sequence[ReadPage], set[PartialReason]]:
        """A later page that fails costs its own claims only. One about another person costs everything."""
        pages: list[ReadPage] = []
        more = False
        try:
            for page in ask_pages(self._transport, bsn, deadline, self._limits):
                read = read_page(page, bsn, self.source.organisation)
                require_bearable(len(read.claims) + sum(len(earlier.claims) for earlier in pages))
                pages.append(read)
                more = next_page(page) is not None
        except WrongPerson:
            raise
        except SourceError:
            if not pages:
                raise
            more = True
        return pages, {PartialReason.MORE_PAGES} if more else set()
