"""Traces: off unless asked for, nothing of a citizen in them, and nobody outside decides what we keep: by a real collector."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
import structlog

from app.http.proxy import TrustedProxies
from app.observability import mask_text
from app.persistence.engine import open_database
from app.persistence.jobs import SqlJobLedger
from app.services.background import Job, run_due
from app.tracing import caller_of, new_trace_id, start_tracing
from app.tracing_sdk import harmless
from sources.spans import Fact, carried, span
from tests.support.clock import FrozenClock
from tests.support.collector import SeenSpan, spans_seen
from tests.support.databases import migrated_sqlite
from tests.support.log_lines import logged
from tests.support.site import Site, make_site

THEIRS = "4bf92f3577b34da6a3ce929d0e0e4736"
CALLER = f"00-{THEIRS}-00f067aa0ba902b7-01"
BSN = "111111110"
All = Callable[[], list[SeenSpan]]
OUR_PROXY = TrustedProxies(1, (ip_network("127.0.0.1"),), continues_traces=True)


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[All]:
    with spans_seen(monkeypatch) as seen:
        yield seen


def a_site(folder: Path, proxies: TrustedProxies = OUR_PROXY) -> Site:
    site = make_site(folder, proxies=proxies)

    @site.app.get("/zaak/<number>")
    def case(number: str) -> str:
        with span("seal") as one:
            one.note(Fact.LEVEL, number)
        return "ok"

    return site


def get(site: Site, path: str, traceparent: str | None = None) -> int:
    headers = {} if traceparent is None else {"traceparent": traceparent}
    with site.app.test_client().get(path, base_url=site.base_url, headers=headers) as answer:
        answer.get_data()
        return answer.status_code


@pytest.mark.parametrize(
    ("variables", "reason"),
    [
        ({}, None),
        ({"OTEL_SERVICE_NAME": "x"}, None),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "OTEL_TRACES_EXPORTER": "none"}, None),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "OTEL_SDK_DISABLED": "TRUE"}, None),
        ({"OTEL_TRACES_EXPORTER": "console"}, "OTEL_TRACES_EXPORTER is not otlp or none"),
        (
            {"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"},
            "the protocol is not http/protobuf",
        ),
    ],
)
def test_without_the_variables_or_with_others_nothing_is_sent(
    variables: dict[str, str], reason: str | None
) -> None:
    with logged("INFO") as lines:
        assert not start_tracing(variables)
        assert [line["reason"] for line in lines() if line["event"] == "traces_off"] == (
            [] if reason is None else [reason]
        )


def test_variables_that_make_no_sense_cost_the_traces_and_not_the_service(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OTEL_BSP_MAX_QUEUE_SIZE", "-1")
    with logged("INFO") as lines:
        assert not start_tracing({"OTEL_TRACES_EXPORTER": "otlp"})
        assert [line["reason"] for line in lines()] == ["ValueError"]


def test_a_request_and_what_is_done_in_it_are_one_trace_which_the_log_lines_name(
    spans: All, tmp_path: Path
) -> None:
    with logged("INFO") as lines:
        get(a_site(tmp_path), "/zaak/B-LT?code=geheim")
        (answered,) = [line for line in lines() if line["event"] == "answered"]
    inner, request = spans()
    assert (request.name, request.kind, request.parent) == ("GET /zaak/<number>", "server", "")
    assert request.attributes == {
        "http.request.method": "GET",
        "http.route": "/zaak/<number>",
        "http.response.status_code": 200,
    }
    assert (inner.name, inner.trace, inner.parent) == ("seal", request.trace, request.span)
    assert answered["trace_id"] == request.trace
    assert "geheim" not in repr(spans())


@pytest.mark.threat("T-24")
@pytest.mark.parametrize(
    ("value", "noted"),
    [
        ("B-LT", "B-LT"),
        (BSN, "not noted"),
        (int(BSN), "not noted"),
        (f"x-{BSN}-y", "not noted"),
        ("111.11.1110", "not noted"),
        ("een schuld van Anna", "not noted"),
        ("https://x/?code=1", "not noted"),
        ("", "not noted"),
        (500, 500),
    ],
)
def test_only_words_and_small_numbers_leave(value: str | int, noted: str | int) -> None:
    assert harmless(value) == noted


@pytest.mark.threat("T-24")
def test_a_bsn_in_an_address_or_an_exception_does_not_leave(spans: All, tmp_path: Path) -> None:
    get(a_site(tmp_path), f"/zaak/{BSN}?bsn={BSN}", f"00-{'a' * 12}{BSN}{'b' * 11}-00f067aa0ba902b7-01")
    with suppress(KeyError), span("verify"):
        raise KeyError(BSN)
    assert BSN not in repr(spans())
    (failed,) = [one for one in spans() if one.name == "verify"]
    assert (failed.attributes, failed.is_error) == ({"error.type": "KeyError"}, True)
    assert all(one.linked == () for one in spans())


@pytest.mark.threat("T-24")
@pytest.mark.parametrize("method", ["ANNAJANSE", "SCHULD", "GÉT", "X" * 40])
def test_a_method_that_a_visitor_makes_up_is_repeated_nowhere(
    spans: All, tmp_path: Path, method: str
) -> None:
    with logged("INFO") as lines:
        site = a_site(tmp_path)
        with site.app.test_client().open("/zaak/a", method=method, base_url=site.base_url) as answer:
            answer.get_data()
        assert [line["method"] for line in lines() if line["event"] == "answered"] == ["?"]
    assert spans()[-1].attributes["http.request.method"] == "not noted"
    assert method not in repr(spans())


@pytest.mark.threat("T-24")
def test_a_visitor_is_mentioned_but_decides_neither_the_trace_nor_whether_it_is_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    site = a_site(tmp_path, replace(OUR_PROXY, continues_traces=False))
    with spans_seen(monkeypatch) as spans:
        get(site, "/zaak/a", CALLER)
        request = spans()[-1]
        assert (request.trace == THEIRS, request.parent, request.linked) == (False, "", (THEIRS,))
    with spans_seen(monkeypatch, OTEL_TRACES_SAMPLER="parentbased_always_off") as spans:
        get(site, "/zaak/a", CALLER)
        assert spans() == []


def test_of_our_own_proxy_the_trace_goes_on(spans: All, tmp_path: Path) -> None:
    with logged("INFO") as lines:
        get(a_site(tmp_path), "/zaak/a", CALLER)
        assert {line["trace_id"] for line in lines()} == {THEIRS}
    assert {(one.trace, one.linked) for one in spans()} == {(THEIRS, ())}
    assert spans()[-1].parent == "00f067aa0ba902b7"


def test_that_of_somebody_who_is_not_the_proxy_does_not(spans: All, tmp_path: Path) -> None:
    elsewhere = replace(OUR_PROXY, networks=(ip_network("10.0.0.0/8"),))
    get(a_site(tmp_path, elsewhere), "/zaak/a", CALLER)
    assert spans()[-1].trace != THEIRS


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        CALLER.upper(),
        CALLER[:-1],
        f"{CALLER}-more",
        f"ff{CALLER[2:]}",
        f"00-{'0' * 32}-00f067aa0ba902b7-01",
        f"00-{THEIRS}-{'0' * 16}-01",
        f"00-{'a' * 12}{BSN}{'b' * 11}-00f067aa0ba902b7-01",
        f"01-{THEIRS}-00f067aa0ba902b7-01-{BSN}",
    ],
)
def test_what_is_not_a_traceparent_is_nobody(header: str | None) -> None:
    assert caller_of(header, is_trusted=True) is None


def test_a_later_version_is_read_as_far_as_we_know_it() -> None:
    caller = caller_of(f"cc-{THEIRS}-00f067aa0ba902b7-03-more", is_trusted=False)
    assert caller is not None
    assert (caller.ids.trace_id, caller.is_sampled) == (THEIRS, True)


def test_another_thread_goes_on_under_the_same_trace(spans: All) -> None:
    seen: list[object] = []

    def task() -> None:
        seen.append(structlog.contextvars.get_contextvars()["trace_id"])
        with span("gather"):
            pass

    with structlog.contextvars.bound_contextvars(trace_id="t"), span("request"):
        thread = threading.Thread(target=carried(task))
    thread.start()
    thread.join()
    gathering, request = sorted(spans(), key=lambda one: one.name)
    assert gathering.parent == request.span
    assert seen == ["t"]


def test_a_job_is_a_trace_of_its_own_which_its_log_lines_name(spans: All, tmp_path: Path) -> None:
    database = open_database(migrated_sqlite(tmp_path / "jobs.sqlite3"))
    with logged("INFO") as lines:
        run_due([Job("purge", timedelta(minutes=1), lambda _now: 3)], SqlJobLedger(database), FrozenClock())
        (done,) = [line for line in lines() if line["event"] == "job done"]
    database.close()
    (one,) = spans()
    assert (one.name, one.attributes) == ("job", {"blauwe_knop.job": "purge", "blauwe_knop.handled": 3})
    assert done["trace_id"] == one.trace


def test_no_filter_of_logs_sees_a_person_in_the_id_of_a_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter([f"{'a' * 12}{BSN}{'b' * 11}", THEIRS])
    monkeypatch.setattr(secrets, "token_hex", lambda _size: next(drawn))
    assert new_trace_id() == THEIRS
    assert mask_text(CALLER) == CALLER
