"""W3C Trace Context (www.w3.org/TR/trace-context): the header `traceparent` ties what a source logs of a question to the row in
our audit log. Random numbers, other ones for each question: nothing of the citizen, and nothing of their session, is in it.

Beside the transport on purpose: that knows nothing of who asks, and for what.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from sources.config import SourceConfig
from sources.spans import Fact, Ids, Kind, Span, span

HEADER = "traceparent"
_NONE: Mapping[str, str] = {}
_of_sources: ContextVar[Mapping[str, str]] = ContextVar("traceparents", default=_NONE)
_of_this: ContextVar[str | None] = ContextVar("traceparent", default=None)


@contextmanager
def asking_as(traceparents: Mapping[str, str]) -> Iterator[None]:
    """Inside, in the thread that gathers, each source is asked under its own `traceparent`, by source id."""
    token = _of_sources.set(traceparents)
    try:
        yield
    finally:
        _of_sources.reset(token)


@contextmanager
def asked(source_id: str) -> Iterator[Span]:
    """Inside, in the thread that asks, questions are for this source. The span is the one that its `traceparent` names."""
    traceparent = _of_sources.get().get(source_id)
    token = _of_this.set(traceparent)
    try:
        with span("ask source", Kind.CLIENT, _ids_in(traceparent)) as one:
            one.note(Fact.SOURCE, source_id)
            yield one
    finally:
        _of_this.reset(token)


def _ids_in(traceparent: str | None) -> Ids | None:
    return None if traceparent is None else Ids(*traceparent.split("-")[1:3])


class TracedHeaders(Mapping[str, str]):
    """The fixed headers of a stanza, and `traceparent` while somebody asks under one."""

    def __init__(self, fixed: Mapping[str, str]) -> None:
        self._fixed = fixed

    def _now(self) -> Mapping[str, str]:
        traceparent = _of_this.get()
        return self._fixed if traceparent is None else {**self._fixed, HEADER: traceparent}

    def __getitem__(self, name: str) -> str:
        return self._now()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._now())

    def __len__(self) -> int:
        return len(self._now())


def traced(config: SourceConfig) -> SourceConfig:
    """The same stanza, of which every question carries the trace."""
    return config.model_copy(update={"headers": TracedHeaders(config.headers)})
