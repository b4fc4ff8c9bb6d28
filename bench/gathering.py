"""Asking all sources at once, against the slowest of them alone and against as many bare HTTPS calls in threads.

The sources are simulated organisations with real mutual TLS in another process; a new connection for every question,
for the bare calls too. The simulated sources use the same processors: beside "the slowest alone" stand as many bare calls,
which pay for that too.
"""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import requests
import urllib3

from bench.measure import Operation, Ratio, compare, measure
from bench.sizes import Plan, Sizes
from bench.slow_town import FILE, READY
from claims.identity import Bsn
from claims.outcome import SourceAnswer
from sources.adapter import SourceAdapter
from sources.config import SourceConfig, load_sources
from sources.gather import GatherTimes, gather
from sources.municipal_rest.client import PATH
from sources.ports import SourcePorts, SystemClock
from sources.registry import build_sources
from sources.workers import SourcePools

BSN = Bsn("111111110")
_ALLOWED_SECONDS = 0.03  # the goal is 1.05 times the slowest, plus this
_TIMES = GatherTimes(source_seconds=60, total_seconds=60)  # on a busy machine nothing may end early


def run(sizes: Sizes) -> list[Ratio]:
    """Every town as it is, and once more with sources that answer at once, so that our own work shows."""
    ratios = []
    for latencies in sizes.towns:
        count = len(latencies)
        slow = f"{count} sources, {latencies[0]} - {latencies[-1]} s each"
        ratios += _in_town(slow, latencies, sizes.gatherings)
        ratios += _in_town(f"{count} sources that answer at once", (0.0,) * count, sizes.gatherings)
    return ratios


def _in_town(subject: str, latencies: Sequence[float], plan: Plan) -> list[Ratio]:
    with _town(latencies) as configs:
        operations = _operations(configs)
        waiting = measure(operations, plan, time.perf_counter)
        working = measure(operations, plan, time.process_time)
    ours, with_urllib3, with_requests, slowest = operations
    less = f"{ours} less {_ALLOWED_SECONDS * 1000:.0f} ms"
    waiting[less] = [seconds - _ALLOWED_SECONDS for seconds in waiting[ours]]
    return [
        compare(f"gather, {subject}: waiting", waiting, ours, slowest),
        compare(f"gather, {subject}: waiting", waiting, less, slowest),
        compare(f"gather, {subject}: waiting", waiting, ours, with_urllib3),
        compare(f"gather, {subject}: processor time", working, ours, with_urllib3),
        compare(f"gather, {subject}: processor time", working, ours, with_requests),
    ]


def _operations(configs: Sequence[SourceConfig]) -> dict[str, Operation]:
    adapters = build_sources(configs, SourcePorts(SystemClock()))
    pools = SourcePools()
    calls = [_BareCall(config) for config in configs]
    threads = ThreadPoolExecutor(len(calls))
    return {
        "gather": Operation(lambda _: _gather(adapters, pools)),
        "bare urllib3 calls in threads": Operation(lambda _: list(threads.map(_BareCall.make, calls))),
        "bare requests calls in threads": Operation(lambda _: list(threads.map(_bare_requests, configs))),
        "bare call to the slowest source": Operation(lambda _: calls[-1].make()),
    }


def _gather(adapters: Sequence[SourceAdapter], pools: SourcePools) -> None:
    for outcome in gather(adapters, BSN, _TIMES, SystemClock(), pools):
        if not isinstance(outcome, SourceAnswer):
            raise RuntimeError(f"{outcome.source.source_id} did not answer: {outcome.kind.value}")


class _BareCall:
    """The same question without any of our checks: a new TLS connection, the answer parsed as JSON."""

    def __init__(self, config: SourceConfig) -> None:
        assert config.url
        assert config.client_certificate_file
        self._url = config.url + PATH
        self._context = ssl.create_default_context(cafile=str(config.ca_file))
        self._context.load_cert_chain(config.client_certificate_file, config.client_key_file)

    def make(self) -> object:
        with urllib3.PoolManager(ssl_context=self._context, retries=False) as manager:
            response = manager.request("POST", self._url, json={"bsn": BSN.digits}, headers=_HEADERS)
            if response.status != 200:
                raise RuntimeError(f"status {response.status}")
            return json.loads(response.data)


def _bare_requests(config: SourceConfig) -> object:
    """The same with `requests`, as its documentation does it: no session, so it reads the files every time."""
    assert config.url
    files = (str(config.client_certificate_file), str(config.client_key_file))
    question = {"bsn": BSN.digits}
    url, anchors = config.url + PATH, str(config.ca_file)
    response = requests.post(url, json=question, headers=_HEADERS, cert=files, verify=anchors, timeout=60)
    response.raise_for_status()
    return response.json()


_HEADERS = {"Content-Type": "application/json", "Connection": "close"}


@contextmanager
def _town(latencies: Sequence[float]) -> Iterator[tuple[SourceConfig, ...]]:
    with TemporaryDirectory() as name:
        command = [sys.executable, "-m", "bench.slow_town", name, *map(str, latencies)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            assert process.stdin
            if process.stdout.readline().strip() != READY:
                raise RuntimeError("the simulated town did not start")
            try:
                yield load_sources(Path(name) / FILE)
            finally:
                process.stdin.close()
                process.wait(timeout=30)
