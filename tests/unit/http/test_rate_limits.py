"""Who comes too often is told to wait; nobody else notices."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from app.http.rate_limits import Rate, RateLimiter, RateLimits
from app.http.rate_memory import MemoryRateCounter
from app.http.routes import Pace
from app.persistence.rate_counts import SqlRateCounter
from app.ports.rates import RateCounter
from app.ports.storage import StorageUnavailable
from tests.support.clock import FrozenClock
from tests.support.web_site import WebSite, make_web_site

RATES = {
    Pace.PAGES: Rate(4, 60),
    Pace.LOG_IN: Rate(2, 300),
    Pace.UPLOAD: Rate(3, 300),
    Pace.SECRET: Rate(1, 300),
    Pace.NOTICES: Rate(2, 300),
}
SECRET = b"s" * 32
Ask = Callable[..., TestResponse]


@pytest.fixture
def web(tmp_path: Path) -> Iterator[WebSite]:
    made = make_web_site(tmp_path, rate_limits=RateLimits(RATES, SECRET))
    yield made
    made.site.database.close()


@pytest.fixture
def ask(web: WebSite) -> Ask:
    def send(path: str, address: str = "192.0.2.1", method: str = "GET", **headers: str) -> TestResponse:
        return web.site.app.test_client().open(
            path,
            method=method,
            base_url=web.site.base_url,
            environ_overrides={"REMOTE_ADDR": address},
            headers=headers,
        )

    return send


def test_the_page_says_to_wait_and_how_long(ask: Ask, web: WebSite) -> None:
    assert [ask("/inloggen").status_code for _ in range(2)] == [302, 302]
    answer = ask("/inloggen")
    assert answer.status_code == 429
    assert "U moet even wachten" in answer.text
    assert "Bel ons en noem dit nummer" in answer.text
    wait = int(answer.headers["Retry-After"])
    assert 0 < wait <= 301
    web.site.clock.advance(wait)
    assert ask("/inloggen").status_code == 302


def test_a_program_gets_the_same_as_problem_json(ask: Ask) -> None:
    for _ in range(2):
        ask("/inloggen")
    answer = ask("/inloggen", Accept="application/json")
    assert (answer.status_code, answer.mimetype) == (429, "application/problem+json")
    assert "Retry-After" in answer.headers
    problem = answer.get_json()
    assert (problem["status"], problem["title"]) == (429, "U moet even wachten")
    assert len(problem["referentienummer"]) == 10
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.threat("T-16")
def test_logout_notices_of_one_address_are_limited_and_those_of_another_go_on(ask: Ask) -> None:
    sent = [ask("/uitloggen/melding", method="POST").status_code for _ in range(3)]
    assert sent == [400, 400, 429]
    assert ask("/uitloggen/melding", "192.0.2.2", method="POST").status_code == 400


def test_another_address_and_another_kind_of_page_go_on(ask: Ask) -> None:
    for _ in range(3):
        ask("/inloggen")
    assert ask("/inloggen", "192.0.2.2").status_code == 302
    assert ask("/hulp").status_code == 200


def test_pages_that_do_not_exist_count_as_pages(ask: Ask) -> None:
    answers = [ask(f"/wp-login-{number}.php").status_code for number in range(5)]
    assert answers == [404] * 4 + [429]
    assert ask("/").status_code == 429


def test_health_and_static_files_are_never_refused(ask: Ask) -> None:
    for path in ("/_health/live", "/static/site.css"):
        assert 429 not in {ask(path).status_code for _ in range(9)}


@pytest.mark.threat("T-16")
def test_an_upload_is_refused_before_its_body_is_read(ask: Ask, web: WebSite) -> None:
    answers = [ask("/controleren", method="POST").status_code for _ in range(4)]
    assert answers == [400, 400, 400, 429]
    assert web.verifier.seen == []


def limiter(counter: RateCounter | None = None) -> RateLimiter:
    return RateLimiter(RateLimits(RATES, SECRET, counter), FrozenClock())


@pytest.mark.parametrize(
    ("one", "other", "are_one"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("unknown", "", True),
    ],
)
def test_a_household_of_ipv6_counts_as_one_visitor(one: str, other: str, are_one: bool) -> None:
    limits = limiter()
    assert limits.wait_seconds(Pace.SECRET, one) == 0
    assert (limits.wait_seconds(Pace.SECRET, other) > 0) is are_one


class Away:
    def hit(self, key: str, ends_at: datetime) -> int:
        raise StorageUnavailable("away")


@pytest.mark.threat("T-16")
def test_a_database_that_is_away_does_not_open_the_door() -> None:
    limits = limiter(Away())
    assert [limits.wait_seconds(Pace.SECRET, "192.0.2.1") > 0 for _ in range(3)] == [False, True, True]


class Listed:
    def __init__(self, count: int = 1) -> None:
        self.keys: list[str] = []
        self.count = count

    def hit(self, key: str, ends_at: datetime) -> int:
        self.keys.append(key)
        return self.count


@pytest.mark.threat("T-16")
def test_a_flood_is_no_flood_of_writes() -> None:
    counter, clock = Listed(count=99), FrozenClock()
    limits = RateLimiter(RateLimits(RATES, SECRET, counter), clock)
    for _ in range(5):
        assert limits.wait_seconds(Pace.LOG_IN, "192.0.2.1") > 0
    assert len(counter.keys) == 1
    limits.wait_seconds(Pace.LOG_IN, "192.0.2.2")
    clock.advance(300)
    limits.wait_seconds(Pace.LOG_IN, "192.0.2.1")
    assert len(counter.keys) == 3


def test_what_is_counted_tells_no_address_and_differs_per_window_kind_and_key() -> None:
    counter, clock = Listed(), FrozenClock()
    limits = RateLimiter(RateLimits(RATES, SECRET, counter), clock)
    other_key = RateLimiter(RateLimits(RATES, b"t" * 32, counter), clock)
    limits.wait_seconds(Pace.LOG_IN, "192.0.2.1")
    limits.wait_seconds(Pace.SECRET, "192.0.2.1")
    other_key.wait_seconds(Pace.LOG_IN, "192.0.2.1")
    clock.advance(300)
    limits.wait_seconds(Pace.LOG_IN, "192.0.2.1")
    assert len(set(counter.keys)) == 4
    assert all(len(key) == 64 and "192" not in key[:3] for key in counter.keys)
    limits.wait_seconds(Pace.PAGES, "192.0.2.1")
    assert len(counter.keys) == 4  # plain pages write nothing


def test_the_memory_of_counts_has_an_end() -> None:
    clock = FrozenClock()
    counter = MemoryRateCounter(clock, most_keys=10)
    for number in range(30):
        counter.hit(str(number), clock.now() + timedelta(seconds=60))
    assert 9 <= len(counter) <= 10
    assert counter.hit("29", clock.now() + timedelta(seconds=60)) == 2
    clock.advance(61)
    counter.hit("new", clock.now() + timedelta(seconds=60))
    assert len(counter) == 1


def test_limits_never_print_their_key() -> None:
    assert "sss" not in repr(RateLimits(RATES, SECRET))


@pytest.mark.threat("T-16")
def test_two_processes_count_together_in_the_database(web: WebSite) -> None:
    clock, counter = web.site.clock, SqlRateCounter(web.site.database)
    one, two = (RateLimiter(RateLimits(RATES, SECRET, counter), clock) for _ in range(2))
    waits = [each.wait_seconds(Pace.UPLOAD, "192.0.2.1") > 0 for each in (one, two, one, two)]
    assert waits == [False, False, False, True]
    assert counter.purge(datetime.fromtimestamp(0, UTC)) == 0
    assert counter.purge(clock.now() + timedelta(seconds=300)) == 1
    assert one.wait_seconds(Pace.UPLOAD, "192.0.2.1") == 0
