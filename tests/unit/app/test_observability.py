import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from app.observability import configure_logging, mask_text, new_reference
from tests.support.log_lines import Lines, logged

BSN = "111111110"


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Log lines written so far, as objects."""
    with logged("DEBUG") as written:
        yield written


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (BSN, "*********"),
        ("bsn=999993653.", "bsn=*********."),
        ("1111.11.110 en 111 111 110 en 111-111-110", "********* en ********* en *********"),
        ("123456789", "123456789"),
        ("000000000", "000000000"),
        ("00000001900000010000", "00000001900000010000"),
        (f"1{BSN}", f"1{BSN}"),
        ("2026-11-22 10:00", "2026-11-22 10:00"),
    ],
)
def test_only_numbers_that_pass_the_eleven_test_are_hidden(text: str, masked: str) -> None:
    assert mask_text(text) == masked


def test_a_bsn_is_hidden_wherever_it_stands_in_an_event(lines: Any) -> None:
    structlog.contextvars.bind_contextvars(bound=BSN)
    structlog.get_logger("x").info(
        f"event {BSN}", number=int(BSN), deep={"list": [(BSN,)], BSN: 1}, raw=BSN.encode(), thing={BSN}
    )
    (line,) = lines()
    assert BSN not in json.dumps(line)
    assert line["number"] == "*********"
    assert line["level"] == "info"
    assert line["timestamp"].endswith("Z")


def test_libraries_and_exceptions_are_masked_too(lines: Any) -> None:
    try:
        raise ValueError(f"no answer about {BSN}")
    except ValueError:
        logging.getLogger("some.library").exception("failed for %s", BSN)
        structlog.get_logger("ours").exception("failed")
    logging.getLogger("some.library").info("done", extra={"reason": f"about {BSN}"})
    first, second, third = lines()
    assert first["event"] == "failed for *********"
    assert third["reason"] == "about *********"
    for line in (first, second):
        assert "ValueError: no answer about *********" in line["exception"]
        assert BSN not in json.dumps(line)


def test_the_web_server_logs_through_us() -> None:
    server = logging.getLogger("gunicorn.error")
    server.propagate = False
    server.addHandler(logging.StreamHandler(io.StringIO()))
    stream, root = io.StringIO(), logging.getLogger()
    before = root.handlers[:]
    try:
        configure_logging("INFO", stream)
        server.warning("Invalid request: %s", BSN)
    finally:
        root.handlers[:] = before
        structlog.reset_defaults()
    assert server.handlers == []
    assert json.loads(stream.getvalue())["event"] == "Invalid request: *********"


def test_local_variables_are_not_in_a_traceback(lines: Any) -> None:
    def fail() -> None:
        secret = "-".join(["for", "my", "eyes"])
        raise ValueError(len(secret))

    with pytest.raises(ValueError, match="11") as caught:
        fail()
    structlog.get_logger("x").error("failed", exc_info=caught.value)
    assert "for-my-eyes" not in json.dumps(lines())


@pytest.mark.parametrize("name", ["authlib", "urllib3", "urllib3.connectionpool", "requests"])
def test_libraries_that_print_bodies_are_quiet_at_debug(lines: Any, name: str) -> None:
    logging.getLogger(name).debug("GET /callback?code=secret")
    logging.getLogger("other").debug("seen")
    assert [line["event"] for line in lines()] == ["seen"]


def test_references_differ_and_have_no_look_alikes() -> None:
    made = {new_reference() for _ in range(200)}
    assert len(made) == 200
    assert not set("".join(made)) & set("ILOU")
    assert {len(one) for one in made} == {10}
