"""`sources check` over real TLS: every protocol, every failure, and never a number or a secret in what it says."""

import re
import socket
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from simulators.authority import create_authority
from simulators.organisations import Behaviour, Simulation, start
from simulators.organisations.data_files import DATA_FOLDER
from sources.checking.steps import NOT_LOOKED_AT, Mark
from sources.config import SourceConfig
from tests.integration.sources.support import PATIENT, SHORT, Town
from tests.integration.sources.test_transport import OK, Stage
from tests.support.checks import TEST_PERSON, check, secrets_in, write_test_bsn

REST, FCID, DKD = "zonnedael-belastingen", "kredietbank-rivierenstreek", "zonnedael-sociaal"
BY_KEY, BY_PASSWORD = "zonnedael-parkeren", "zonnedael-adressen"
EVERY_PROTOCOL = [REST, FCID, DKD]
TALKATIVE = (
    Behaviour.WRONG_CITIZEN,
    Behaviour.UNREADABLE,
    Behaviour.MALFORMED,
    Behaviour.REFUSED,
    Behaviour.FAULT,
)
CONNECTION_STEPS = ["naam", "verbinding", "TLS", "certificaat", "ons certificaat"]


@pytest.fixture(scope="module")
def simulation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulation]:
    """All organisations of both folders."""
    folder = tmp_path_factory.mktemp("check")
    both = folder / "data"
    both.mkdir()
    for file in [*DATA_FOLDER.glob("*.toml"), *(DATA_FOLDER.parent / "dkd_data").glob("*.toml")]:
        (both / file.name).write_bytes(file.read_bytes())
    with start(create_authority(folder / "authority"), folder, data=both) as running:
        yield running


def config_of(town: Town, source_id: str, settings: str = PATIENT) -> SourceConfig:
    file = write_test_bsn(town.folder)
    return town.config(source_id, settings).model_copy(update={"test_bsn_file": file})


@pytest.mark.parametrize("source_id", [*EVERY_PROTOCOL, BY_KEY, BY_PASSWORD])
def test_all_hold_for_a_source_that_works(town: Town, source_id: str) -> None:
    walked = check(config_of(town, source_id))
    assert walked.all_hold, walked
    names = [step.name for step in walked.steps]
    assert names[:3] == ["instellingen", "bestanden", "eigen sleutels"]
    assert names[3:8] == CONNECTION_STEPS
    assert names[8:11] == ["HTTP", "toegang", "soort antwoord"]
    takes_reports = source_id in {REST, BY_KEY}
    assert names[-3:] == (
        ["schema", "test-bsn", "meldingen"] if takes_reports else [*names[-3:-2], "schema", "test-bsn"]
    )
    assert ("handtekening" in names) is (source_id == DKD)


def test_what_came_back_is_told_in_shape_and_not_in_content(town: Town) -> None:
    told = check(config_of(town, DKD)).text("test-bsn")
    assert told.startswith("2 vorderingen, volledig, uit een aangeleverd bestand, stand van ")
    assert told.endswith("; bevindingen: amount_missing 1×, balance_date_assumed 1×")
    town.simulation.switch(REST, Behaviour.PARTIAL)
    assert (
        check(config_of(town, REST))
        .text("test-bsn")
        .startswith("2 vorderingen, gedeeltelijk (source_says_so)")
    )
    stranger = write_test_bsn(town.folder, "999993549")
    empty = check(town.config(REST, PATIENT).model_copy(update={"test_bsn_file": stranger}))
    assert empty.text("test-bsn").endswith("; let op: zonder vorderingen geldt dat als geen antwoord")


@pytest.mark.parametrize("source_id", EVERY_PROTOCOL)
@pytest.mark.parametrize(
    ("behaviour", "step", "words"),
    [
        (Behaviour.DOWN, "HTTP", "verbroken voordat er een antwoord was"),
        (Behaviour.CUT_OFF, "HTTP", "halverwege afgebroken"),
        (Behaviour.REDIRECT, "HTTP", "status 307: de bron stuurt door"),
        (Behaviour.NOT_FOUND, "HTTP", "status 404: dit adres is er niet"),
        (Behaviour.SERVER_ERROR, "HTTP", "status 503: nu even niet"),
        (Behaviour.REFUSED, "toegang", "status 403"),
        (Behaviour.HTML_ERROR, "soort antwoord", "text/html in plaats van"),
        (Behaviour.COMPRESSED, "soort antwoord", "gecomprimeerd"),
        (Behaviour.MALFORMED, "schema", "niet wat het koppelvlak belooft"),
        (Behaviour.WRONG_CITIZEN, "test-bsn", "over iemand anders"),
        (Behaviour.NO_CITIZEN, "test-bsn", "over iemand anders"),
    ],
)
def test_the_first_step_that_fails_is_named(
    town: Town, source_id: str, behaviour: Behaviour, step: str, words: str
) -> None:
    town.simulation.switch(source_id, behaviour)
    walked = check(config_of(town, source_id))
    assert walked.failed.name == step
    assert words in walked.failed.found.text
    assert walked.steps[-1].found.text == NOT_LOOKED_AT or step == "test-bsn"


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        (Behaviour.SLOW, "geen antwoord binnen de tijd"),
        (Behaviour.DRIP, "niet heel binnen de tijd"),
    ],
)
def test_a_slow_source_ends_at_its_time(town: Town, behaviour: Behaviour, words: str) -> None:
    town.simulation.switch(REST, behaviour)
    failed = check(config_of(town, REST, SHORT)).failed
    assert failed.name == "HTTP"
    assert words in failed.found.text
    assert failed.milliseconds >= 2900


@pytest.mark.parametrize(
    ("behaviour", "step"),
    [
        (Behaviour.UNSIGNED, "handtekening"),
        (Behaviour.BROKEN_SIGNATURE, "handtekening"),
        (Behaviour.OTHER_SIGNER, "handtekening"),
        (Behaviour.FAULT, "test-bsn"),
        (Behaviour.UNSIGNED_FAULT, "test-bsn"),
        (Behaviour.GATEWAY_FAULT, "test-bsn"),
        (Behaviour.FUNCTIONAL_ERROR, "test-bsn"),
        (Behaviour.OTHER_QUESTION, "schema"),
    ],
)
def test_what_only_suwiml_can_do_wrong(town: Town, behaviour: Behaviour, step: str) -> None:
    town.simulation.switch(DKD, behaviour)
    assert check(config_of(town, DKD)).failed.name == step


@pytest.mark.parametrize(("source_id", "key"), [(BY_KEY, "api_key_file"), (BY_PASSWORD, "basic_file")])
def test_a_wrong_key_is_told_with_the_setting_that_holds_it(town: Town, source_id: str, key: str) -> None:
    file = town.folder / "wrong"
    file.touch(mode=0o600)
    file.write_text("blauwe-knop:fout", encoding="ascii")
    failed = check(config_of(town, source_id).model_copy(update={key: file})).failed
    assert failed.name == "toegang"
    assert failed.found.text == "status 401: de bron weet niet wie wij zijn"
    assert key in str(failed.found.advice)


def test_without_a_test_person_the_address_is_tried_with_an_empty_question(town: Town) -> None:
    for source_id in EVERY_PROTOCOL:
        walked = check(town.config(source_id, PATIENT).model_copy(update={"test_bsn_file": None}))
        assert walked.marks()["HTTP"] is Mark.HOLDS
        assert walked.marks()["toegang"] is Mark.SKIPPED
        assert walked.text("test-bsn") == "geen test_bsn_file ingesteld"


def test_an_empty_question_already_shows_a_wrong_address_and_a_wrong_key(town: Town) -> None:
    config = town.config(BY_KEY, PATIENT).model_copy(update={"test_bsn_file": None})
    elsewhere = config.model_copy(update={"url": f"{config.url}/elders"})
    assert check(elsewhere).failed.found.text == "status 404: dit adres is er niet"
    wrong = config.model_copy(update={"api_key_file": write_test_bsn(town.folder, "x")})
    assert check(wrong).failed.name == "toegang"


def test_nothing_counts_as_a_citizens_question_and_no_circuit_opens(town: Town) -> None:
    """Those are what `gather` and the circuit breaker write in the log; the check passes by both."""
    town.simulation.switch(REST, Behaviour.DOWN)
    config = config_of(town, REST, PATIENT).model_copy(update={"circuit_failures": 1})
    with capture_logs() as logs:
        for _ in range(3):
            assert check(config).failed.name == "HTTP"
    assert logs == []


def test_the_hunt_finds_what_is_planted() -> None:
    assert secrets_in(f"een regel met {TEST_PERSON}", [TEST_PERSON])
    assert secrets_in("een regel met geheim", [TEST_PERSON], ["geheim"]) == ["geheim"]
    assert not secrets_in("een regel met niets", [TEST_PERSON], ["geheim"])


@pytest.mark.parametrize("source_id", [*EVERY_PROTOCOL, BY_KEY])
def test_no_number_and_no_secret_is_in_what_it_says(
    town: Town, source_id: str, caplog: pytest.LogCaptureFixture
) -> None:
    numbers = {c.bsn for r in town.simulation.running for c in r.organisation.citizens} | {TEST_PERSON}
    with caplog.at_level("DEBUG"):
        for behaviour in (None, *TALKATIVE):
            town.simulation.switch(source_id, behaviour)
            said = repr([asdict(step) for step in check(config_of(town, source_id)).steps])
            assert not secrets_in(said, numbers, [town.simulation.credentials.api_key])
    assert not secrets_in(caplog.text, numbers, [town.simulation.credentials.api_key])


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    yield made
    made.server.stop()


def stage_config(stage: Stage, **more: object) -> SourceConfig:
    key = stage.folder / "api-key"
    key.touch(mode=0o600)
    key.write_text("geheim-van-de-bron", encoding="ascii")
    values: dict[str, object] = {
        "source_id": "podium",
        "organisation": "Gemeente Podium",
        "protocol": "municipal_rest",
        "url": f"https://127.0.0.1:{stage.server.port}",
        "ca_file": stage.authority.write_tls_root(stage.folder / "root.pem"),
        "api_key_file": key,
        "test_bsn_file": write_test_bsn(stage.folder),
        "total_seconds": 30,
        "connect_seconds": 30,
    }
    return SourceConfig.model_validate(values | more)


def echo(status: str, media_type: str, body: str) -> bytes:
    """A source that repeats who was asked about, and the key, wherever it can."""
    both = f"{TEST_PERSON} geheim-van-de-bron"
    head = (
        f"HTTP/1.1 {status} {both}\r\nContent-Type: {media_type}\r\nServer: {both}\r\n"
        f"Location: https://elders.invalid/{TEST_PERSON}\r\nWWW-Authenticate: Basic realm={both}\r\n"
    )
    return f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()


@pytest.mark.parametrize(
    ("status", "media_type", "body"),
    [
        ("403", "application/problem+json", f'{{"detail": "geen toegang tot {TEST_PERSON}"}}'),
        ("307", "text/html", TEST_PERSON),
        ("500", "application/json", f'{{"fout": "{TEST_PERSON}"}}'),
        ("200", f"text/{TEST_PERSON}", TEST_PERSON),
        ("200", f"application/json; charset={TEST_PERSON}", TEST_PERSON),
        ("200", "application/json", f'{{"bsn": "{TEST_PERSON}", "vorderingen": "geheim-van-de-bron"}}'),
        ("200", "application/json", f'{{"bsn": "{TEST_PERSON}", "{TEST_PERSON}": 1.5}}'),
        ("200", "application/json", '{"bsn": "999993549"}'),
    ],
)
def test_a_source_that_repeats_everything_is_not_repeated(
    stage: Stage, status: str, media_type: str, body: str
) -> None:
    stage.reply = echo(status, media_type, body)
    walked = check(stage_config(stage))
    assert walked.failed.name in {"HTTP", "toegang", "soort antwoord", "schema", "test-bsn"}
    assert not secrets_in(repr(walked), [TEST_PERSON, "999993549"], ["geheim-van-de-bron", "elders.invalid"])


@pytest.mark.parametrize(
    ("minutes", "words"), [(5, "seconden voor op de onze"), (-5, "seconden achter op de onze")]
)
def test_a_clock_that_differs_more_than_a_minute_is_told(stage: Stage, minutes: int, words: str) -> None:
    moment = datetime.now(UTC) + timedelta(minutes=minutes)
    date = f"Date: {format_datetime(moment, usegmt=True)}\r\n".encode()
    stage.reply = OK + date + b"Content-Length: 2\r\n\r\n{}"
    told = check(stage_config(stage)).text("HTTP")
    match = re.fullmatch(r"status 200; let op: de klok van de bron loopt ([0-9]+) (.+)", told)
    assert match is not None
    assert match[2] == words
    assert 240 < int(match[1]) < 360


@pytest.mark.parametrize("date", [b"", b"Date: gisteren\r\n", b"Date: Sun, 99 Foo 2026 00:00:00 GMT\r\n"])
def test_a_source_without_a_readable_clock_is_no_trouble(stage: Stage, date: bytes) -> None:
    stage.reply = OK + date + b"Content-Length: 2\r\n\r\n{}"
    assert check(stage_config(stage)).text("HTTP") == "status 200"


def test_something_that_is_not_http_is_told(stage: Stage) -> None:
    stage.reply = b"220 mail.voorbeeld.invalid ESMTP\r\n"
    failed = check(stage_config(stage)).failed
    assert (failed.name, failed.found.text) == ("HTTP", "het antwoord is geen HTTP")


def test_an_answer_that_is_too_large_is_told(stage: Stage) -> None:
    stage.reply = OK + b"Content-Length: 99999\r\n\r\n{}"
    failed = check(stage_config(stage, max_bytes=1000)).failed
    assert (failed.name, failed.found.text) == ("HTTP", "het antwoord is groter dan max_bytes")


def test_an_unusable_test_bsn_is_told_without_repeating_it(stage: Stage) -> None:
    config = stage_config(stage)
    write_test_bsn(stage.folder, "123456789")
    failed = check(config).failed
    assert (failed.name, failed.found.text) == ("bestanden", "test_bsn_file bevat geen bsn")
    assert not secrets_in(repr(failed), ["123456789"])


def test_a_closed_port_and_an_unknown_host_are_told_apart(stage: Stage) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        closed = check(stage_config(stage, url=f"https://127.0.0.1:{taken.getsockname()[1]}")).failed
    assert closed.name == "verbinding"
    assert closed.found.text.endswith("127.0.0.1 weigert (daar luistert niets)")
    unknown = check(stage_config(stage, url="https://bestaat-niet.invalid/vorderingen")).failed
    assert unknown.name == "naam"
    assert unknown.found.text.startswith("bestaat-niet.invalid")
