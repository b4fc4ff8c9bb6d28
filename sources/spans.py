"""Spans: which work was done within which, and how long it took (OpenTelemetry's word), for whoever wants to see that.

Nobody looks unless `app.tracing` says so with `look_with`: then beginning a span costs nothing worth measuring. A span holds
words of ours and counts, never anything of a citizen: what may be noted of it stands in `Fact`. In the room of the sources,
because they make spans too; uses nothing but the standard library and the context of log lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Protocol

from structlog.contextvars import bound_contextvars, get_contextvars


class Kind(Enum):
    """Who asks whom: a visitor us, we another, or nobody."""

    SERVER = "server"
    CLIENT = "client"
    INTERNAL = "internal"


class Fact(StrEnum):
    """Everything that may be noted of a span; names without our own prefix are those of OpenTelemetry."""

    METHOD = "http.request.method"
    ROUTE = "http.route"
    STATUS = "http.response.status_code"
    ERROR = "error.type"
    SOURCE = "blauwe_knop.source"
    SOURCES = "blauwe_knop.sources"
    OUTCOME = "blauwe_knop.outcome"
    CAUSE = "blauwe_knop.cause"
    LEVEL = "blauwe_knop.level"
    FINDING = "blauwe_knop.finding"
    VERDICT = "blauwe_knop.verdict"
    JOB = "blauwe_knop.job"
    HANDLED = "blauwe_knop.handled"


@dataclass(frozen=True, slots=True)
class Ids:
    """W3C Trace Context: 16 and 8 bytes in hexadecimal."""

    trace_id: str
    span_id: str


@dataclass(frozen=True, slots=True)
class Caller:
    """Who says to have called us. `is_trusted`: ours is a part of theirs; else theirs is only mentioned."""

    ids: Ids
    is_sampled: bool
    is_trusted: bool


@dataclass(frozen=True, slots=True)
class Work:
    """`ids` None: by chance."""

    name: str
    kind: Kind = Kind.INTERNAL
    ids: Ids | None = None
    caller: Caller | None = None


class Span(Protocol):
    """Work that goes on. Nothing here raises."""

    def note(self, fact: Fact, value: str | int) -> None: ...

    def rename(self, name: str) -> None: ...

    def end(self) -> None: ...


class Looks(Protocol):
    """Who wants to see spans."""

    def begin(self, work: Work, within: Span | None) -> Span: ...


class _Unseen:
    def note(self, fact: Fact, value: str | int) -> None:
        pass

    def rename(self, name: str) -> None:
        pass

    def end(self) -> None:
        pass


class Nobody:
    """Implements Looks."""

    def begin(self, work: Work, within: Span | None) -> Span:  # noqa: ARG002
        return _UNSEEN


_UNSEEN = _Unseen()
_looks: Looks = Nobody()
_current: ContextVar[Span | None] = ContextVar("span", default=None)


def look_with(looks: Looks) -> Looks:
    """From now on, in this whole process; gives who looked before."""
    global _looks
    before, _looks = _looks, looks
    return before


def begin(work: Work) -> Span:
    """For work that ends elsewhere. Belongs to the span in which we are, unless it has a caller."""
    return _looks.begin(work, None if work.kind is Kind.SERVER else _current.get())


@contextmanager
def inside(span: Span | None) -> Iterator[None]:
    """Spans that begin in here belong to this one."""
    token = _current.set(span)
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def span(name: str, kind: Kind = Kind.INTERNAL, ids: Ids | None = None) -> Iterator[Span]:
    """The work in the block. Of what it raises only the name of the type is noted."""
    one = begin(Work(name, kind, ids))
    try:
        with inside(one):
            yield one
    except BaseException as error:
        one.note(Fact.ERROR, type(error).__name__)
        raise
    finally:
        one.end()


def carried(task: Callable[[], None]) -> Callable[[], None]:
    """The task for another thread: its log lines and spans belong to the request that began it. Nothing else of the request
    goes along."""
    bound, around = get_contextvars(), _current.get()

    def run() -> None:
        with bound_contextvars(**bound), inside(around):
            task()

    return run
