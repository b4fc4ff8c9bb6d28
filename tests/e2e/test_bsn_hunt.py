"""No citizen service number anywhere but in the sealed files and on the page of the simulated DigiD.

Whole journeys at log level DEBUG; then a search through everything that they left behind.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from simulators.digid.citizens import read_citizens
from simulators.organisations.data_files import load_organisations
from tests.e2e import watched_journeys
from tests.e2e.watched_demo import WatchedDemo, run_watched
from tests.support.hunt import Hunt, hunt_for, shapes
from tests.support.visitor import Visitor

LOGGED_IN = [citizen.bsn for citizen in read_citizens()]
# The number of a partner stands in an answer over SuwiML, and nowhere after that.
PARTNER = "999991954"
NUMBERS = sorted(
    {*LOGGED_IN, "999990019", PARTNER, *(c.bsn for o in load_organisations() for c in o.citizens)}
)
SPANS = (
    "GET /inloggen/terug",
    "log-in exchange",
    "gather",
    "ask source",
    "seal",
    "verify own seal",
    "verify",
    "job",
)
PLACES = (
    "logs",
    "database files",
    "database dump",
    "addresses and referrers",
    "cookies",
    "request headers",
    "answer headers",
    "pages",
    "error pages",
    "answers to troublemakers",
    "process arguments",
    "process environments",
    "temporary files",
    "what commands said",
    "traces",
)


@dataclass(frozen=True)
class Evidence:
    """`places`: what is left of the journeys, by place. `sealed`: a file that was handed out. `statuses`: of all answers.
    `memory_dumps`: what was there after every program had crashed."""

    places: dict[str, bytes]
    sealed: bytes
    files_handed_out: int
    digid_page: bytes
    statuses: frozenset[int]
    memory_dumps: list[Path]


@pytest.fixture(scope="module")
def evidence(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    with run_watched(tmp_path_factory.mktemp("hunt")) as demo:
        downloads = tmp_path_factory.mktemp("downloads")
        sealed, owner = watched_journeys.every_citizen(demo)
        watched_journeys.slow_upload(demo, sealed)
        watched_journeys.slow_download(demo, owner, sealed)
        while_open = demo.database_files()
        answers = watched_journeys.troublemaker(demo, LOGGED_IN)
        addresses, cookies = watched_journeys.in_a_browser(browser, demo, downloads)
        digid = Visitor()
        page = digid.get(digid.get(f"{demo.instance.url}/inloggen").location)
        said = watched_journeys.ended_by_an_operator(demo, LOGGED_IN[0])
        demo.watch.look()
        for name in SPANS:
            demo.collector.wait_for(name)
        dumps = demo.crash()
        found = _left_behind(demo)
    found["addresses and referrers"] = "\n".join(addresses).encode()
    found["cookies"] = "\n".join(cookies).encode()
    found["answers to troublemakers"] = answers
    found["database files"] += while_open
    found["what commands said"] = said
    statuses = frozenset(int(answer.split()[0]) for answer in demo.wire.answers)
    return Evidence(found, sealed, demo.wire.files_handed_out, page.body, statuses, dumps)


def _left_behind(demo: WatchedDemo) -> dict[str, bytes]:
    wire, watch = demo.wire, demo.watch
    temporary = [file.read_bytes() for file in demo.temporary.rglob("*") if file.is_file()]
    return {
        "logs": demo.logs(),
        "database files": demo.database_files(),
        "database dump": demo.database_dump(),
        "request headers": b"\n".join(wire.requests),
        "answer headers": b"\n".join(wire.answers),
        "pages": b"\n".join(wire.pages),
        "error pages": b"\n".join(wire.error_pages),
        "process arguments": b"\n".join(watch.arguments),
        "process environments": b"\n".join(watch.environments),
        "traces": b"\n".join([*demo.collector.bodies, *(repr(one).encode() for one in demo.collector.spans)]),
        "temporary files": b"\n".join([*temporary, *watch.files.values(), *map(str.encode, watch.files)]),
    }


@pytest.fixture(scope="module")
def hunt() -> Hunt:
    return hunt_for(NUMBERS)


def test_the_journeys_did_deal_with_the_numbers(evidence: Evidence, hunt: Hunt) -> None:
    """Or finding nothing means nothing."""
    payload = json.loads(evidence.sealed)["payload"]
    assert hunt.find(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert hunt.find(evidence.sealed), "also as it is sent: in base64"
    assert evidence.files_handed_out >= 2 * len(LOGGED_IN)
    assert len(hunt.find(evidence.digid_page)) == len(LOGGED_IN)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.threat("T-24")
def test_the_hunt_finds_every_shape_of_every_number_in_a_copy(
    evidence: Evidence, hunt: Hunt, place: str
) -> None:
    data = evidence.places[place]
    assert data, "an empty place proves nothing"
    for bsn in NUMBERS:
        for shape, planted in shapes(bsn).items():
            middle = len(data) // 2
            copy = data[middle - 100 : middle] + planted + data[middle : middle + 100]
            found = hunt.find(copy)
            assert [f for f in found if f.startswith(f"BSN ending in {bsn[-4:]}")], f"{bsn} as {shape}"


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.threat("T-24")
def test_no_number_was_left_in(evidence: Evidence, hunt: Hunt, place: str) -> None:
    assert hunt.find(evidence.places[place]) == []


def test_the_processes_were_seen(evidence: Evidence) -> None:
    for words in (b"simulators.demo.wsgi", b"simulators.demo.worker", b"simulators.digid"):
        assert words in evidence.places["process arguments"]
    assert b"BLAUWE_KNOP_SETTINGS" in evidence.places["process environments"]


def test_every_kind_of_error_page_was_seen(evidence: Evidence) -> None:
    assert evidence.statuses >= {400, 401, 403, 404, 413, 500, 503}
    assert b" 405 " in evidence.places["answers to troublemakers"]


@pytest.mark.threat("T-24")
def test_the_crash_of_every_program_left_no_memory_dump(evidence: Evidence) -> None:
    assert evidence.memory_dumps == []


def test_the_log_is_at_its_most_talkative(evidence: Evidence) -> None:
    assert b'"level": "debug"' in evidence.places["logs"] or b"[DEBUG]" in evidence.places["logs"]
    assert b"answered" in evidence.places["logs"]
    assert b"Traceback" in evidence.places["logs"], "of the failures that the journeys caused"
