"""Requests per second of the API, beside an empty Flask route under a gunicorn with the same arguments.

The whole demo runs: its service, database and examiner. A few connections that stay open ask as fast as they get answers, for one
kind of request at a time, in turn. Tokens are real, and the proofs of all requests of a turn are signed before it begins: the
work of an app does not count. The file that is verified is the shortest that the product makes (three pages), sealed by the
service itself.
"""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.measure import Ratio, spread
from bench.sizes import Sizes
from simulators.demo.instance import Instance
from simulators.demo.processes import Processes
from tests.support.demo import free_port_range, run_demo
from tests.support.demo_app import DemoApp
from tests.support.waiting import wait_until

FLOOR = "empty Flask route"
_OVERVIEWS = "/api/v1/schuldenoverzichten"
_FORMS = {"JSON": "application/json", "jose+json": "application/jose+json", "PDF": "application/pdf"}
_SECONDS = 120
_SUBJECT = "api"
Headers = Mapping[str, str]


@dataclass(frozen=True)
class Question:
    """One kind of request. `headers` makes those of the next one."""

    port: int
    path: str
    headers: Callable[[], Headers] = dict
    method: str = "GET"
    body: bytes | None = None

    def ask(self, line: http.client.HTTPConnection, headers: Headers) -> bytes:
        line.request(self.method, self.path, self.body, dict(headers))
        answer = line.getresponse()
        content = answer.read()
        if answer.status not in (200, 201):
            raise RuntimeError(f"{self.method} {self.path}: {answer.status}")
        return content


def run(sizes: Sizes) -> list[Ratio]:
    """Starts the demo."""
    with TemporaryDirectory() as folder, run_demo(Path(folder) / "demo") as demo:
        return run_on(DemoApp(demo), Path(folder), sizes)


def run_on(app: DemoApp, folder: Path, sizes: Sizes) -> list[Ratio]:
    """On a demo that runs already."""
    with _floor(app.demo.instance, folder) as port:
        questions = {FLOOR: Question(port, "/"), **_questions(app)}
        rates: dict[str, list[float]] = {name: [] for name in questions}
        for number in range(sizes.bursts.warm_ups + sizes.bursts.rounds):
            for name in _turned(list(questions), number):
                rate = _rate(questions[name], sizes.requests_per_burst)
                if number >= sizes.bursts.warm_ups:
                    rates[name].append(rate)
    ratios = []
    for name, found in rates.items():
        ratios.append(spread(_SUBJECT, f"requests of {name}", "one second", found))
        if name != FLOOR:
            slower = [empty / mine for empty, mine in zip(rates[FLOOR], found, strict=True)]
            ratios.append(spread(_SUBJECT, f"requests of {FLOOR}", f"one of {name}", slower))
    return ratios


def _questions(app: DemoApp) -> dict[str, Question]:
    port = app.demo.instance.port
    token, line = (
        app.token("schuldenoverzicht"),
        http.client.HTTPConnection("127.0.0.1", port, timeout=_SECONDS),
    )

    def of_app(path: str, accept: str, method: str = "GET") -> Question:
        url = app.demo.url + path
        return Question(port, path, lambda: {**app.app.headers(token, url, method), "Accept": accept}, method)

    def ask(question: Question) -> bytes:
        return question.ask(line, question.headers())

    made = json.loads(ask(of_app(_OVERVIEWS, "application/json", "POST")))
    one = f"{_OVERVIEWS}/{made['id']}"
    progress = of_app(f"{one}/voortgang", "application/json")
    wait_until(lambda: json.loads(ask(progress))["stand"] == "klaar", "all sources are done")
    found = {f"overview as {name}": of_app(one, form) for name, form in _FORMS.items()}
    sealed = ask(found["overview as PDF"])
    line.close()
    of_file = {"Content-Type": "application/pdf"}
    return {
        "verification": Question(port, "/api/v1/verificaties", lambda: of_file, "POST", sealed),
        "sources": Question(port, "/api/v1/bronnen"),
        **found,
    }


def _turned(names: list[str], number: int) -> list[str]:
    first = number % len(names)
    return names[first:] + names[:first]


@contextmanager
def _floor(instance: Instance, folder: Path) -> Iterator[int]:
    """The same workers and threads; gives the port."""
    port = free_port_range()
    arguments = [one.replace(f":{instance.port}", f":{port}") for one in instance.gunicorn_arguments[:-1]]
    processes = Processes(folder / "logs")
    try:
        processes.start("leeg", ["-m", "gunicorn", *arguments, "bench.empty:application"])
        processes.wait_until_ready("leeg", f"http://127.0.0.1:{port}/")
        yield port
    finally:
        processes.stop()


def _rate(question: Question, count: int) -> float:
    """Answers per second."""
    lines = 4
    headers = [[question.headers() for _ in range(count)] for _ in range(lines)]
    connections = [
        http.client.HTTPConnection("127.0.0.1", question.port, timeout=_SECONDS) for _ in range(lines)
    ]

    def ask_all(place: int) -> None:
        for one in headers[place]:
            question.ask(connections[place], one)

    started = time.perf_counter()
    with ThreadPoolExecutor(lines) as pool:
        list(pool.map(ask_all, range(lines)))
    seconds = time.perf_counter() - started
    for connection in connections:
        connection.close()
    return lines * count / seconds
