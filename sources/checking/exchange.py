"""One question to the source, and what its answer says about each step: status, access, kind, signature, schema,
person. The question is about the test person, or about nobody when there is none."""

from __future__ import annotations

from dataclasses import dataclass, field

from claims.outcome import SourceAnswer
from sources.adapter import SourceAdapter
from sources.checking.person import read_test_bsn
from sources.checking.wires import Wire
from sources.config import SourceConfig
from sources.deadline import Deadline
from sources.errors import SourceError
from sources.ports import NoEvents
from sources.transport.assemble import transport_of
from sources.transport.http import settings_of
from sources.transport.watching import AnswerHead, watch_answers


@dataclass(frozen=True)
class Exchange:
    """`heads` are those of all answers of the source itself, in order; `answer` or `error` is how asking about the test
    person ended. Without a test person `error` says no more than that an empty question got no data."""

    heads: tuple[AnswerHead, ...]
    about_somebody: bool
    answer: SourceAnswer | None = field(default=None, repr=False)
    error: SourceError | None = None

    @property
    def head(self) -> AnswerHead | None:
        return self.heads[-1] if self.heads else None


def exchange(config: SourceConfig, adapter: SourceAdapter, wire: Wire) -> Exchange:
    """Ask once, within `total_seconds`. What fails is in the result; raises Misconfigured for an unusable test BSN."""
    if config.test_bsn_file is None:
        return _ask_about_nobody(config, wire)
    bsn = read_test_bsn(config.test_bsn_file)
    deadline = Deadline.after(config.total_seconds)
    with watch_answers() as heads:
        try:
            answer = adapter.ask(bsn, deadline)
        except SourceError as error:
            return Exchange(_own(config, heads), True, error=error)
    return Exchange(_own(config, heads), True, answer)


def _ask_about_nobody(config: SourceConfig, wire: Wire) -> Exchange:
    transport = transport_of(config, NoEvents())
    with watch_answers() as heads:
        try:
            transport.post(wire.path, wire.question, Deadline.after(config.total_seconds))
        except SourceError as error:
            return Exchange(_own(config, heads), False, error=error)
    return Exchange(_own(config, heads), False)


def _own(config: SourceConfig, heads: list[AnswerHead]) -> tuple[AnswerHead, ...]:
    """Without those of the token endpoint, which has a step of its own."""
    address = settings_of(config).address
    return tuple(head for head in heads if head.address == address)
