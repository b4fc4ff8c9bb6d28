"""Two processes and a restart: page, command and metrics tell the same, and it is what citizens were shown."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.bootstrap import build_monitor, open_storage
from app.cli.source_status import as_members, as_table
from app.ports.clock import SystemClock
from app.ports.monitor import MonitorFigures, SourceFigures
from app.services.monitor_words import RESULT_WORDS
from app.settings import load_settings
from simulators.demo.instance import Instance
from simulators.demo.processes import Processes
from simulators.demo.programs import whole_sources
from simulators.digid.citizens import read_citizens
from simulators.organisations.behaviour import Behaviour, Switches
from sources.events import AskResult, CertificateRole
from tests.support.demo import prepare_patient
from tests.support.hunt import hunt_for
from tests.support.operator_site import METRICS_TOKEN, OperatorSite, make_operator_site
from tests.support.waiting import PATIENCE_S, wait_until

ROOT = Path(__file__).parents[3]
CITIZENS = [citizen.bsn for citizen in read_citizens()][:4]
DOWN, SLOW = "zonnedael-parkeren", "waterschap-zonnedelta"
FAILURES = 3  # after which a process leaves a source alone
BEHAVIOURS = {
    DOWN: Behaviour.DOWN,
    "zonnedael-belastingen": Behaviour.WRONG_CITIZEN,
    "zonnedael-handhaving": Behaviour.MALFORMED,
    "kredietbank-rivierenstreek": Behaviour.REFUSED,
    "zonnedael-werk-en-inkomen": Behaviour.NORMAL,  # otherwise slow for one citizen
}
Shown = Counter[tuple[str, str]]


@dataclass(frozen=True)
class Told:
    """What citizens were shown, and what the three places say afterwards. `logs`: all output of the processes."""

    instance: Instance
    shown: Shown
    logs: bytes
    figures: MonitorFigures
    command: Any
    metrics: bytes
    pages: dict[str, str]

    @property
    def connected(self) -> list[SourceFigures]:
        return [source for source in self.figures.sources if source.source.connected]

    def of(self, source_id: str) -> dict[str, int]:
        """How questions to one source ended, by the use case."""
        [source] = [one for one in self.figures.sources if one.source.source_id == source_id]
        return {result.value: count for result, count in source.total.results.items()}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    instance = prepare_patient(tmp_path_factory.mktemp("monitor") / "instance")
    use_https(instance)
    processes = Processes(instance.folder / "logs")
    try:
        processes.start("organisaties", ["-m", "simulators.organisations", *instance.organisations_arguments])
        wait_for_sources(instance)
        ask_and_restart(instance)
        yield Told(instance, read_shown(instance), read_logs(instance), *three_places(instance))
    finally:
        processes.stop()


def use_https(instance: Instance) -> None:
    """The command takes no plain http, and nothing here needs the sites themselves."""
    text = instance.settings_file.read_text("utf-8")
    instance.settings_file.write_text(text.replace("http://", "https://"), "utf-8")


def wait_for_sources(instance: Instance) -> None:
    """The program writes the file when all organisations listen. Its limit of failures is for the demo."""
    text = wait_until(lambda: whole_sources(instance))
    assert "circuit_failures = 100" in text
    instance.sources_file.write_text(
        text.replace("circuit_failures = 100", f"circuit_failures = {FAILURES}"), "utf-8"
    )


def ask_and_restart(instance: Instance) -> None:
    switches = Switches(instance.sources_file.parent / "gedrag.json")
    for source_id, behaviour in BEHAVIOURS.items():
        switches.set(source_id, behaviour)
    together = [start(instance, name, "ask", *CITIZENS) for name in ("one", "two")]
    assert [process.wait(PATIENCE_S) for process in together] == [0, 0]
    for source_id in BEHAVIOURS:
        switches.set(source_id, None)
    switches.set(SLOW, Behaviour.SLOW)
    assert start(instance, "one", "forget", CITIZENS[0]).wait(PATIENCE_S) == 0


def start(instance: Instance, name: str, *arguments: str) -> subprocess.Popen[bytes]:
    program = [sys.executable, "-m", "tests.integration.app.asking_process", *arguments]
    environment = {**os.environ, "BLAUWE_KNOP_SETTINGS": str(instance.settings_file)}
    with (instance.folder / "logs" / f"{name}.log").open("ab") as log:
        return subprocess.Popen(program, cwd=ROOT, env=environment, stdout=log, stderr=log)


def read_shown(instance: Instance) -> Shown:
    """Log lines have more than two words."""
    logs = [(instance.folder / "logs" / f"{name}.log").read_text("utf-8") for name in ("one", "two")]
    lines = [line.split() for log in logs for line in log.splitlines()]
    return Shown((words[0], words[1]) for words in lines if len(words) == 2)


def read_logs(instance: Instance) -> bytes:
    return b"".join(file.read_bytes() for file in sorted((instance.folder / "logs").iterdir()))


def three_places(instance: Instance) -> tuple[MonitorFigures, Any, bytes, dict[str, str]]:
    settings = load_settings(instance.settings_file)
    monitor, clock = build_monitor(settings, open_storage(settings)), SystemClock()
    figures = monitor.figures(clock.now(), 31)
    site = make_operator_site(instance.folder / "site", monitor=monitor, clock=clock)
    metrics = site.browser().get("/metrics", Authorization=f"Bearer {METRICS_TOKEN}").data
    return figures, json.loads(run_command(instance)), metrics, read_pages(site, figures)


def read_pages(site: OperatorSite, figures: MonitorFigures) -> dict[str, str]:
    """The page of each source, by its id."""
    browser = site.browser()
    browser.log_in()
    names = [source.source.source_id for source in figures.sources]
    return {name: browser.get(f"/bronnen/{name}").text for name in names}


def run_command(instance: Instance) -> bytes:
    environment = {**os.environ, "BLAUWE_KNOP_SETTINGS": str(instance.settings_file)}
    program = [sys.executable, "-m", "app.cli", "sources", "status", "--json"]
    return subprocess.run(program, cwd=ROOT, env=environment, capture_output=True, check=True).stdout


def samples(metrics: bytes) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    return {
        (sample.name.removeprefix("blauwe_knop_source_"), frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(metrics.decode())
        for sample in family.samples
    }


def test_the_figures_tell_what_citizens_were_shown(told: Told) -> None:
    counted = Shown()
    for source in told.figures.sources:
        for result, count in source.total.results.items():
            cause = AskResult.UNREACHABLE if result is AskResult.CIRCUIT_OPEN else result
            counted[source.source.source_id, cause.value] += count
    cancelled = {key: count for key, count in counted.items() if key[1] == AskResult.CANCELLED}
    assert cancelled == {(SLOW, "cancelled"): 1}
    assert counted - Shown(cancelled) == told.shown


def test_every_question_counts_once(told: Told) -> None:
    collections = 2 * len(CITIZENS) + 1
    for source in told.figures.sources:
        expected = collections if source.source.connected else 0
        assert (source.total.questions, source.window.questions) == (expected, expected)


def test_what_went_wrong_is_told_apart(told: Told) -> None:
    """Each of two processes had its own circuit breakers; the restarted one began with closed circuits."""
    down = told.of(DOWN)
    alone = 2 * (len(CITIZENS) - FAILURES)
    assert (down["unreachable"], down["circuit_open"]) == (2 * FAILURES, alone)
    assert sum(down.values()) == 2 * len(CITIZENS) + 1
    for source_id, result in (
        ("zonnedael-belastingen", "wrong_person"),
        ("zonnedael-handhaving", "malformed"),
        ("kredietbank-rivierenstreek", "refused"),
    ):
        assert told.of(source_id)[result] == 2 * len(CITIZENS)


def test_the_command_tells_the_same_as_the_use_case(told: Told) -> None:
    expected = json.loads(json.dumps(as_members(told.figures)))
    assert told.command["bronnen"] == expected["bronnen"]
    assert told.command["processen"] == expected["processen"] == 0


def test_prometheus_is_told_the_same(told: Told) -> None:
    found = samples(told.metrics)
    for source in told.connected:
        label = ("source", source.source.source_id)
        for result in AskResult:
            count = found["questions_total", frozenset({label, ("result", result.value)})]
            assert count == source.total.results.get(result, 0)
        for rule, count in source.total.findings.items():
            assert found["findings_total", frozenset({label, ("rule", rule)})] == count
        for certificate in source.certificates:
            key = frozenset({label, ("role", certificate.role.value)})
            expires_at = found["certificate_expiry_timestamp_seconds", key]
            assert expires_at == certificate.expires_at.timestamp()
        durations = source.total.durations
        assert found["duration_seconds_count", frozenset({label})] == durations.questions
        assert found["duration_seconds_sum", frozenset({label})] == pytest.approx(durations.total_seconds)
        good = found.get(("last_good_answer_timestamp_seconds", frozenset({label})))
        at = source.last_good_answer_at
        assert good == (None if at is None else pytest.approx(at.timestamp()))


def test_the_operator_site_tells_the_same(told: Told) -> None:
    number = r"\s*<td[^>]*>(\d+)</td>"
    row = re.compile(rf'<th scope="row">([^<]+)</th>{number}{number}{number}')
    for source in told.connected:
        counts = {RESULT_WORDS[result]: str(count) for result, count in source.total.results.items()}
        found = {
            unescape(words): numbers for words, *numbers in row.findall(told.pages[source.source.source_id])
        }
        assert found == {words: [count] * 3 for words, count in counts.items()}


def test_certificates_of_both_sides_are_watched(told: Told) -> None:
    roles = {one.role for source in told.figures.sources for one in source.certificates}
    assert {CertificateRole.SERVER, CertificateRole.CLIENT} <= roles
    for source in told.connected:
        assert CertificateRole.SERVER in {one.role for one in source.certificates}
        assert all(one.expires_at > told.figures.made_at for one in source.certificates)


def test_no_citizen_is_anywhere_in_it(told: Told) -> None:
    hunt = hunt_for(CITIZENS)
    stored = b"".join(file.read_bytes() for file in told.instance.folder.glob("*.sqlite3*"))
    assert hunt.find(CITIZENS[0].encode()), "or the search finds nothing at all"
    places = {"database": stored, "logs": told.logs, "metrics": told.metrics}
    places["command"] = json.dumps(told.command).encode()
    places["page"] = "".join(told.pages.values()).encode()
    places["table"] = "\n".join(as_table(told.figures, 31)).encode()
    for name, data in places.items():
        assert DOWN.encode() in data, f"{name} was searched for nothing"
        assert hunt.find(data) == [], name
