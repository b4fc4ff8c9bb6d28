"""Answers of a provider that are meant to hurt: without end, without order, or of a kind that no library expects."""

import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from flask import Flask, Response

from app.oidc.transport import MAX_BYTES
from app.ports.login import LoginError, LoginRefused, ProviderUnavailable
from simulators.digid.provider import Provider
from tests.integration.oidc import misbehaving as wrong
from tests.integration.oidc.support import log_in, relying_party, running, serving
from tests.support.waiting import PATIENCE_S

Drip = Callable[[], Iterator[bytes]]


@pytest.fixture
def drip() -> Iterator[Drip]:
    """A byte now and then until the end of the test."""
    hold = threading.Event()

    def bytes_without_end() -> Iterator[bytes]:
        while not hold.wait(0.02):
            yield b" "

    yield bytes_without_end
    hold.set()


@pytest.mark.threat("T-32")
def test_an_answer_that_never_ends_is_hung_up(drip: Drip) -> None:
    app = Flask(__name__)
    app.add_url_rule("/.well-known/openid-configuration", view_func=lambda: Response(drip()))
    with serving(app) as address, pytest.raises(ProviderUnavailable) as caught:
        relying_party(address, read_timeout_s=0.3).start("http://127.0.0.1:1/")
    assert caught.value.reason == "timeout"


@contextmanager
def answering_raw(pieces: Drip) -> Iterator[str]:
    """A listener that begins an answer and goes on with its first header."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            with suppress(OSError), listener.accept()[0] as line:
                line.recv(65536)
                line.sendall(b"HTTP/1.1 200 OK\r\nX:")
                for piece in pieces():
                    line.sendall(piece)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.threat("T-32")
def test_headers_that_never_end_are_hung_up(drip: Drip) -> None:
    with answering_raw(drip) as address, pytest.raises(ProviderUnavailable) as caught:
        relying_party(address, read_timeout_s=0.3).start("http://127.0.0.1:1/")
    assert caught.value.reason == "timeout"


def tokens(answer: Any) -> type[Provider]:
    """A provider whose token endpoint says this, whatever it was asked."""

    class OddTokens(Provider):
        def redeem(self, _form: object) -> Any:
            return answer

    return OddTokens


ODD: list[tuple[type[Provider], type[LoginError], str]] = [
    (tokens([]), ProviderUnavailable, "token_endpoint"),
    (tokens(5), ProviderUnavailable, "token_endpoint"),
    (tokens(None), ProviderUnavailable, "token_endpoint"),
    (tokens({"error": ["invalid_grant"]}), LoginRefused, "token_error"),
    (wrong.token_answer_with(filling="x" * MAX_BYTES), ProviderUnavailable, "token_endpoint"),
]


@pytest.mark.threat("T-32")
@pytest.mark.parametrize(("kind", "error", "reason"), ODD, ids=range(len(ODD)))
def test_an_odd_answer_is_a_failed_log_in_and_no_fault_of_ours(
    kind: type[Provider], error: type[LoginError], reason: str
) -> None:
    with running(kind) as provider, pytest.raises(error) as caught:
        log_in(relying_party(provider.issuer))
    assert caught.value.reason == reason


@pytest.mark.threat("T-32")
def test_an_odd_expiry_is_not_looked_at() -> None:
    """Access tokens are used once, at once."""
    with running(wrong.token_answer_with(expires_in=[float("inf")])) as provider:
        assert log_in(relying_party(provider.issuer)).bsn.digits == "111111110"


@pytest.mark.threat("T-32")
def test_a_slow_provider_holds_up_one_visitor_and_not_every_thread() -> None:
    hold, asked = threading.Event(), threading.Semaphore(0)
    app = Flask(__name__)

    @app.get("/.well-known/openid-configuration")
    def silent() -> str:
        asked.release()
        hold.wait(PATIENCE_S)
        return ""

    def start(read_timeout_s: float) -> str:
        """Each with metadata of its own: none waits for another."""
        with pytest.raises(ProviderUnavailable) as caught:
            relying_party(address, read_timeout_s=read_timeout_s).start("http://127.0.0.1:1/")
        return caught.value.reason

    with serving(app) as address, ThreadPoolExecutor() as pool:
        assert start(0.2) == "timeout"
        assert asked.acquire(timeout=PATIENCE_S)
        waiting = pool.submit(start, PATIENCE_S)
        assert asked.acquire(timeout=PATIENCE_S)
        assert [start(PATIENCE_S) for _ in range(5)] == ["slow"] * 5
        hold.set()
        assert waiting.result(PATIENCE_S) == "not_json"
