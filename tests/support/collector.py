"""A collector of OpenTelemetry: OTLP over HTTP on loopback, that decodes what comes in."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.trace.v1 import trace_pb2

from app.tracing import start_tracing
from app.tracing_sdk import SdkSpans
from sources.spans import Nobody, look_with
from tests.support.waiting import wait_until


@dataclass(frozen=True)
class SeenSpan:
    """Ids in hexadecimal; `parent` empty: none. `linked`: trace ids that are only mentioned."""

    name: str
    kind: str
    trace: str
    span: str
    parent: str
    linked: tuple[str, ...]
    attributes: dict[str, str | int]
    is_error: bool


@dataclass
class Collector:
    """`bodies`: as they came; `services`: the names that senders gave themselves."""

    port: int = 0
    bodies: list[bytes] = field(default_factory=list)
    spans: list[SeenSpan] = field(default_factory=list)
    services: set[str] = field(default_factory=set)

    @property
    def environment(self) -> dict[str, str]:
        """The standard variables of a program that sends here, soon."""
        return {
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{self.port}",
            "OTEL_BSP_SCHEDULE_DELAY": "100",
        }

    def take(self, body: bytes) -> None:
        message = ExportTraceServiceRequest.FromString(body)
        self.bodies.append(body)
        for one in message.resource_spans:
            self.services.add(str(_values(list(one.resource.attributes))["service.name"]))
            self.spans += [_seen(span) for scope in one.scope_spans for span in scope.spans]

    def named(self, name: str) -> list[SeenSpan]:
        return [one for one in self.spans if one.name == name]

    def wait_for(self, name: str) -> SeenSpan:
        """The first of that name."""
        return (
            wait_until(lambda: next(iter(self.named(name)), None), f"no span {name}") or self.named(name)[0]
        )


@contextmanager
def run_collector() -> Iterator[Collector]:
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            is_ours = (self.path, self.headers["Content-Type"]) == ("/v1/traces", "application/x-protobuf")
            collector.take(self.rfile.read(int(self.headers["Content-Length"])))
            answer = ExportTraceServiceResponse().SerializeToString()
            self.send_response(200 if is_ours else 404)
            self.send_header("Content-Type", "application/x-protobuf")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        collector.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield collector
        server.shutdown()


@contextmanager
def spans_seen(monkeypatch: pytest.MonkeyPatch, **variables: str) -> Iterator[Callable[[], list[SeenSpan]]]:
    """This process sends its spans to a collector; what is given sends what is left and tells all that came."""
    with run_collector() as collector:
        for name, value in {**collector.environment, **variables}.items():
            monkeypatch.setenv(name, value)
        before = look_with(Nobody())
        assert start_tracing(os.environ)
        looks = look_with(before)
        assert isinstance(looks, SdkSpans)
        look_with(looks)

        def all_sent() -> list[SeenSpan]:
            assert looks.provider.force_flush()
            return collector.spans

        try:
            yield all_sent
        finally:
            look_with(before)
            looks.provider.shutdown()


def _seen(span: trace_pb2.Span) -> SeenSpan:
    return SeenSpan(
        span.name,
        trace_pb2.Span.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_").lower(),
        span.trace_id.hex(),
        span.span_id.hex(),
        span.parent_span_id.hex(),
        tuple(link.trace_id.hex() for link in span.links),
        _values(list(span.attributes)),
        span.status.code == trace_pb2.Status.STATUS_CODE_ERROR,
    )


def _values(attributes: list[KeyValue]) -> dict[str, str | int]:
    return {
        one.key: one.value.int_value if one.value.HasField("int_value") else one.value.string_value
        for one in attributes
    }
