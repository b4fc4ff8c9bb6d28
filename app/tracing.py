"""Traces for OpenTelemetry, off unless the standard variables ask for them: docs/monitoring.md.

Whatever is wrong with them, the service works: there is a line in the log, and there are no traces.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping

import structlog

from app.observability import mask_text
from sources.spans import Caller, Fact, Ids, Kind, Span, Work, begin, look_with
from sources.spans import inside as inside

_log = structlog.stdlib.get_logger(__name__)
_TRIES = 20
_TRACEPARENT = re.compile(
    r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?P<more>-.*)?"
)
_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")


def new_trace_id() -> str:
    """16 random bytes in hexadecimal; by preference such that no filter of logs sees the number of a person in them."""
    for _ in range(_TRIES):
        number = secrets.token_hex(16)
        if mask_text(number) == number:
            break
    return number


def caller_of(traceparent: str | None, *, is_trusted: bool) -> Caller | None:
    """What the header says (W3C Trace Context, 3.2); None when it is not there, is malformed, or could hold a BSN."""
    found = _TRACEPARENT.fullmatch(traceparent or "")
    if found is None or (found["more"] and found[0].startswith("00")) or mask_text(found[0]) != found[0]:
        return None
    return Caller(Ids(found[1], found[2]), bool(int(found[3], 16) & 1), is_trusted)


def begin_request(trace_id: str, caller: Caller | None) -> Span:
    """Ends when the whole answer has been read."""
    return begin(Work("request", Kind.SERVER, Ids(trace_id, secrets.token_hex(8)), caller))


def note_answer(span: Span, asked: tuple[str, str | None], status: int) -> None:
    """`asked`: method, and the rule of the address where there is one, never the address."""
    method, rule = asked
    span.rename(method if rule is None else f"{method} {rule}")
    span.note(Fact.METHOD, method)
    span.note(Fact.STATUS, status)
    if rule is not None:
        span.note(Fact.ROUTE, rule)
    if status >= 500:
        span.note(Fact.ERROR, str(status))


def start_tracing(environ: Mapping[str, str]) -> bool:
    """Whether this process sends spans from now on. Raises nothing."""
    exporter = _wanted_exporter(environ)
    if exporter is None:
        return False
    reason = _refusal(exporter, environ)
    if reason is not None:
        _log.warning("traces_off", reason=reason)
        return False
    try:
        from app.tracing_sdk import SdkSpans

        look_with(SdkSpans.sending())
    except ImportError:
        _log.warning("traces_off", reason="the packages of the extra `traces` are not installed")
        return False
    except Exception as error:  # noqa: BLE001 -- the text may hold an address with a password
        _log.warning("traces_off", reason=type(error).__name__)
        return False
    _log.info("traces_on")
    return True


def _wanted_exporter(environ: Mapping[str, str]) -> str | None:
    """OpenTelemetry's own default is to send to this machine; ours is to send nothing."""
    if environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return None
    named = environ.get("OTEL_TRACES_EXPORTER", "").strip().lower()
    if not named and any(environ.get(name) for name in _ENDPOINTS):
        named = "otlp"
    return named if named not in {"", "none"} else None


def _refusal(exporter: str, environ: Mapping[str, str]) -> str | None:
    if exporter != "otlp":
        return "OTEL_TRACES_EXPORTER is not otlp or none"
    protocol = next((environ[name] for name in _PROTOCOLS if environ.get(name)), "http/protobuf")
    return None if protocol == "http/protobuf" else "the protocol is not http/protobuf"
