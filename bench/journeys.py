"""What citizens do, for locust (started by bench/load.py, on loopback only): whole journeys, as browsers make them.

Log in at the simulated DigiD, wait on the stream (or, when there is no place, look again as app/static/progress.js does), read
the overview, take PDF and JSON, verify the PDF, log out. Requests at DigiD itself are not counted.

BENCH_URL: the service. BENCH_CITIZENS: places in the list of test citizens. BENCH_PAUSE: seconds of reading at a page, at most.
BENCH_FLOOR: instead of journeys only this address, again and again.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable

from locust import User, constant, task

from tests.support.visitor import Answer, Visitor

_URL, _FLOOR = os.environ["BENCH_URL"], os.environ.get("BENCH_FLOOR", "")
_CITIZENS = [int(word) for word in os.environ.get("BENCH_CITIZENS", "0").split()]
_PAUSE = float(os.environ.get("BENCH_PAUSE", "0"))
_LOOK_AGAIN_S = 10.0
if not (_FLOOR or _URL).startswith("http://127.0.0.1:"):
    raise SystemExit("only on loopback")


class Unexpected(Exception):
    """An answer that this journey does not know."""


class Citizen(User):  # type: ignore[misc]  # locust is in an environment of its own
    wait_time = constant(0)

    @task  # type: ignore[untyped-decorator]
    def go(self) -> None:
        if _FLOOR:
            self._timed("empty Flask route", lambda: Visitor().get(_FLOOR))
            return
        begun = time.perf_counter()
        try:
            self._journey(Visitor())
        except Unexpected as error:
            self._tell("journey", begun, error)
        else:
            self._tell("journey", begun, None)

    def _journey(self, browser: Visitor) -> None:
        progress = self._log_in(browser)
        begun = time.perf_counter()
        self._wait(browser, progress)
        self._tell("until the overview can be read", begun, None)
        self._timed("overview", lambda: browser.get(f"{_URL}/overzicht"))
        self._read()
        pdf = self._timed("PDF", lambda: browser.get(f"{_URL}/overzicht/pdf"))
        self._timed("JSON", lambda: browser.get(f"{_URL}/overzicht/json"))
        self._read()
        self._timed("verify", lambda: Visitor().upload(f"{_URL}/controleren", "bestand", pdf.body))
        token = self._timed("log-out page", lambda: browser.get(f"{_URL}/uitloggen")).hidden("csrf_token")
        self._timed("log-out", lambda: browser.post(f"{_URL}/uitloggen", {"csrf_token": token}))

    def _log_in(self, browser: Visitor) -> str:
        self._timed("start page", lambda: browser.get(f"{_URL}/"))
        self._read()
        start = self._timed("to DigiD", lambda: browser.get(f"{_URL}/inloggen"), 302)
        back = _at_digid(browser, start.location)
        self._read()
        return self._timed("log-in", lambda: browser.get(back), 302, 303).location

    def _wait(self, browser: Visitor, progress: str) -> None:
        """Until the progress leads to the overview."""
        while True:
            page = self._timed("progress page", lambda: browser.get(progress), 200, 302, 303)
            if page.status != 200:
                return
            if self._timed("stream", lambda: browser.get(f"{progress}/stroom"), 200, 204).status == 204:
                time.sleep(_LOOK_AGAIN_S)

    def _timed(self, name: str, ask: Callable[[], Answer], *statuses: int) -> Answer:
        begun = time.perf_counter()
        try:
            answer = ask()
        except OSError as error:
            self._tell(name, begun, error)
            raise Unexpected(name) from None
        if answer.status not in (statuses or (200,)):
            failure = Unexpected(f"{name}: {answer.status}")
            self._tell(name, begun, failure)
            raise failure
        self._tell(name if name != "stream" else f"stream, {answer.status}", begun, None)
        return answer

    def _tell(self, name: str, begun: float, error: Exception | None) -> None:
        milliseconds = (time.perf_counter() - begun) * 1000
        self.environment.events.request.fire(
            request_type="",
            name=name,
            response_time=milliseconds,
            response_length=0,
            exception=error,
            context={},
        )

    def _read(self) -> None:
        if _PAUSE:
            time.sleep(random.uniform(_PAUSE / 2, _PAUSE))


def _at_digid(browser: Visitor, address: str) -> str:
    """Where DigiD sends the citizen back to."""
    digid = address.partition("/authorize")[0]
    form = {"page": browser.get(address).hidden("page"), "niveau": "substantieel"}
    decided = browser.post(f"{digid}/authorize", {**form, "burger": str(random.choice(_CITIZENS))})
    if decided.status == 200:  # DigiD Machtigen asks for whom
        decided = browser.post(f"{digid}/namens", {"page": decided.hidden("page"), "namens": "0"})
    return decided.location
