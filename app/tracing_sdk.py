"""Spans to a collector by OTLP over HTTP, with OpenTelemetry's own SDK. Imported only when somebody wants that.

The SDK reads the standard variables itself: address and headers of the collector (OTEL_EXPORTER_OTLP_*), how many requests
(OTEL_TRACES_SAMPLER), names (OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES), buffers (OTEL_BSP_*), limits (OTEL_SPAN_*).
"""

from __future__ import annotations

import re
from contextvars import ContextVar

from opentelemetry import trace as otel
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import Link, NonRecordingSpan, SpanContext, SpanKind, TraceFlags

from app.observability import mask_text
from sources.spans import Caller, Fact, Ids, Kind, Span, Work

_OUR_NAME = "blauwe-knop"
_KINDS = {Kind.SERVER: SpanKind.SERVER, Kind.CLIENT: SpanKind.CLIENT, Kind.INTERNAL: SpanKind.INTERNAL}
_WORDS = re.compile(r"[A-Za-z0-9_.:/<>-]{1,100}")
_NOT_NOTED = "not noted"
_chosen: ContextVar[Ids | None] = ContextVar("ids of the next span", default=None)


class _ChosenIds(RandomIdGenerator):
    """The audit log and the sources know the id of a span before it begins."""

    def generate_trace_id(self) -> int:
        ids = _chosen.get()
        return super().generate_trace_id() if ids is None else int(ids.trace_id, 16)

    def generate_span_id(self) -> int:
        ids = _chosen.get()
        return super().generate_span_id() if ids is None else int(ids.span_id, 16)


class SdkSpan:
    """Implements sources.spans.Span. The second line of defence: only words of few letters leave, and no BSN."""

    def __init__(self, span: otel.Span) -> None:
        self.span = span

    def note(self, fact: Fact, value: str | int) -> None:
        self.span.set_attribute(fact.value, harmless(value))
        if fact is Fact.ERROR:
            self.span.set_status(otel.StatusCode.ERROR)

    def rename(self, name: str) -> None:
        self.span.update_name(" ".join(str(harmless(word)) for word in name.split(" ")))

    def end(self) -> None:
        self.span.end()


class SdkSpans:
    """Implements sources.spans.Looks."""

    def __init__(self, provider: TracerProvider) -> None:
        self.provider = provider
        self._tracer = provider.get_tracer(_OUR_NAME)

    @classmethod
    def sending(cls) -> SdkSpans:
        """To the collector of the environment, from a thread of its own; what is left is sent when the process ends. Raises
        ValueError and the like when the variables make no sense."""
        resource = Resource.create()
        if str(resource.attributes.get(SERVICE_NAME, "")).startswith("unknown_service"):
            resource = resource.merge(Resource({SERVICE_NAME: _OUR_NAME}))
        provider = TracerProvider(resource=resource, id_generator=_ChosenIds())
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        return cls(provider)

    def begin(self, work: Work, within: Span | None) -> Span:
        token = _chosen.set(work.ids)
        try:
            return SdkSpan(
                self._tracer.start_span(
                    work.name, _context(work, within), _KINDS[work.kind], links=_links(work.caller)
                )
            )
        finally:
            _chosen.reset(token)


def harmless(value: str | int) -> str | int:
    """The value, when it is a number below a hundred million or a word of ours in which no BSN can stand."""
    if isinstance(value, int):
        return value if abs(value) < 100_000_000 else _NOT_NOTED
    return value if _WORDS.fullmatch(value) and mask_text(value) == value else _NOT_NOTED


def _context(work: Work, within: Span | None) -> Context:
    """Never the one that happens to be around."""
    if isinstance(within, SdkSpan):
        return otel.set_span_in_context(within.span, Context())
    if work.caller is not None and work.caller.is_trusted:
        return otel.set_span_in_context(NonRecordingSpan(_remote(work.caller)), Context())
    return Context()


def _links(caller: Caller | None) -> tuple[Link, ...]:
    return () if caller is None or caller.is_trusted else (Link(_remote(caller)),)


def _remote(caller: Caller) -> SpanContext:
    flags = TraceFlags(TraceFlags.SAMPLED if caller.is_sampled else TraceFlags.DEFAULT)
    return SpanContext(int(caller.ids.trace_id, 16), int(caller.ids.span_id, 16), True, flags)
