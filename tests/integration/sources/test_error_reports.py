"""Reports reach the organisation over real TLS or as a real encrypted file: once each, and never lost on the way."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import RSAKey
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import validate
from openapi_spec_validator.readers import read_from_filename
from prometheus_client.parser import text_string_to_metric_families

from app.persistence.cipher import KeyRing, new_key_line
from app.persistence.engine import open_database
from app.persistence.error_report_store import SqlErrorReportStore
from app.ports.error_reports import KnownReport, Matter, NewReport, Reason, ReportState
from app.services.report_delivery import HELD_FOR, STUCK_AFTER, ReportDelivery, is_stuck
from app.services.report_metrics import render_report_metrics
from app.services.report_reference import reference_of
from claims.identity import Bsn
from simulators.organisations.behaviour import Behaviour
from simulators.organisations.reports import ReportDesk, key_files
from sources.config import SourceConfig
from sources.error_reports.report import ErrorReport, report_of
from sources.error_reports.ways import ReportWay, build_ways
from sources.ports import NoEvents
from tests.integration.sources.support import Town
from tests.support.audit import BRAM, Logbook, make_logbook, words_of
from tests.support.clock import FrozenClock
from tests.support.databases import migrated_sqlite
from tests.support.waiting import PATIENCE_S

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PARKING, TAXES = "zonnedael-parkeren", "zonnedael-belastingen"
TEXT = "Ik betaalde op 3 juni € 12,50.\nKijk het na."
ROOT = Path(__file__).parents[3]
SCHEMA = json.loads((ROOT / "docs" / "schemas" / "melding-v1.json").read_text("utf-8"))
MATTER = Matter(
    organisation="Parkeren",
    title="Naheffing",
    claim_reference="P-1",
    reason=Reason.ALREADY_PAID,
    call="Parkeren",
)


@dataclass
class Outbox:
    """An outbox with one worker, whose clock a test moves. `desk`: what the organisation has."""

    store: SqlErrorReportStore
    clock: FrozenClock
    book: Logbook
    configs: list[SourceConfig]
    desk: ReportDesk

    def worker(self, ways: dict[str, ReportWay] | None = None) -> ReportDelivery:
        ways = build_ways(self.configs, NoEvents()) if ways is None else ways
        return ReportDelivery(self.store, ways, (self.clock, self.book.audit))

    def run(self) -> int:
        return self.worker().run(self.clock.now())

    def wait(self, time: timedelta) -> None:
        self.clock.advance(time.total_seconds())

    def report(self, number: int = 1, source_id: str = PARKING) -> str:
        report_id = f"{number:032x}"
        message = ErrorReport(
            report_id=report_id,
            reference=reference_of(report_id),
            reported_at=self.clock.now(),
            bsn=Bsn("111111110"),
            claim_reference="P-1",
            balance_cents=None,
            as_of=self.clock.now(),
            reason=Reason.ALREADY_PAID,
            text=TEXT,
        )
        new = NewReport(
            report_id=report_id,
            reference=message.reference,
            subject=self.book.pseudonyms.of_citizen(BRAM),
            source_id=source_id,
            matter=MATTER,
            content=message.as_json(),
            reported_at=self.clock.now(),
            give_up_at=self.clock.now() + timedelta(days=7),
        )
        assert self.store.add(new)
        return report_id

    def state(self) -> KnownReport:
        return self.store.of_person([self.book.pseudonyms.of_citizen(BRAM)])[0]

    def switch(self, town: Town, behaviour: Behaviour | None) -> None:
        town.simulation.switches.set(f"{PARKING}/meldingen", behaviour)


@pytest.fixture
def outbox(town: Town, tmp_path: Path) -> Iterator[Outbox]:
    database = open_database(migrated_sqlite(tmp_path / "outbox.sqlite3"))
    clock = FrozenClock(NOW)
    desk = next(one.desk for one in town.simulation.running if one.desk is not None)
    for old in (*desk.folder.glob("*.json"), *files_of(town)[0].iterdir()):
        old.unlink()
    yield Outbox(
        SqlErrorReportStore(database, KeyRing.parse(new_key_line("one"))),
        clock,
        make_logbook(database, tmp_path, clock),
        [town.config(PARKING), town.config(TAXES)],
        desk,
    )
    town.simulation.switches.set(f"{PARKING}/meldingen", None)
    database.close()


def test_the_organisation_gets_what_the_schema_says(outbox: Outbox) -> None:
    report_id = outbox.report()
    assert outbox.run() == 1
    [report] = outbox.desk.taken()
    Draft202012Validator(SCHEMA, format_checker=FormatChecker()).validate(report)
    assert (report["melding_id"], report["toelichting"], report["saldo"]) == (report_id, TEXT, None)
    assert set(SCHEMA["properties"]["reden"]["enum"]) == {reason.value for reason in Reason}
    assert outbox.state().state is ReportState.DELIVERED
    assert words_of(outbox.book) == [("report_delivered", report["referentie"], "")]


@pytest.mark.threat("T-41")
@pytest.mark.parametrize(
    "trouble", [Behaviour.DOWN, Behaviour.SERVER_ERROR, Behaviour.REFUSED, Behaviour.MALFORMED]
)
def test_while_the_organisation_is_down_nothing_is_lost(
    outbox: Outbox, town: Town, trouble: Behaviour
) -> None:
    outbox.report()
    outbox.switch(town, trouble)
    for minutes in (1, 2, 4):
        assert outbox.run() == 0
        assert outbox.state().state is ReportState.WAITING
        outbox.wait(timedelta(minutes=minutes))
    outbox.switch(town, None)
    assert outbox.run() == 1
    assert len(outbox.desk.taken()) == 1
    assert outbox.state().ended_at == outbox.clock.now()


@pytest.mark.threat("T-41")
def test_a_report_of_which_the_answer_was_lost_comes_again_under_the_same_id(
    outbox: Outbox, town: Town
) -> None:
    report_id = outbox.report()
    outbox.switch(town, Behaviour.CUT_OFF)
    assert outbox.run() == 0
    assert [one["melding_id"] for one in outbox.desk.taken()] == [report_id]
    outbox.switch(town, None)
    outbox.wait(timedelta(minutes=1))
    assert outbox.run() == 1
    assert [one["melding_id"] for one in outbox.desk.taken()] == [report_id]


def test_a_worker_that_dies_after_sending_is_followed_by_one_that_sends_the_same_again(
    outbox: Outbox,
) -> None:
    class Dies(BaseException):
        pass

    class LastDeed:
        def __init__(self, way: ReportWay) -> None:
            self.way = way

        def deliver(self, report: ErrorReport) -> None:
            self.way.deliver(report)
            raise Dies

    outbox.report()
    ways: dict[str, ReportWay] = {PARKING: LastDeed(build_ways(outbox.configs, NoEvents())[PARKING])}
    with pytest.raises(Dies):
        outbox.worker(ways).run(NOW)
    assert outbox.run() == 0
    outbox.wait(HELD_FOR)
    assert outbox.run() == 1
    assert len(outbox.desk.taken()) == 1
    assert outbox.state().state is ReportState.DELIVERED


@pytest.mark.threat("T-41")
def test_two_workers_at_once_deliver_each_report_once(outbox: Outbox) -> None:
    for number in range(6):
        outbox.report(number)
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda _: outbox.run(), range(2)))
    assert sum(done) == 6
    assert len(outbox.desk.taken()) == 6
    assert [event for event, _, _ in words_of(outbox.book)] == ["report_delivered"] * 6


def test_a_source_that_is_down_is_tried_once_a_round_and_costs_the_others_nothing(
    outbox: Outbox, town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(3):
        outbox.report(number)
    outbox.report(9, TAXES)
    outbox.switch(town, Behaviour.DOWN)
    assert outbox.run() == 1
    said = capsys.readouterr().out
    assert said.count("report_not_delivered") == 1
    assert TEXT[:10] not in said
    assert "111111110" not in said


def test_after_its_time_it_is_given_up_and_everybody_can_see_that(outbox: Outbox, town: Town) -> None:
    outbox.report()
    outbox.switch(town, Behaviour.DOWN)
    assert outbox.run() == 0
    [waiting] = outbox.store.figures()
    assert (waiting.waiting, waiting.oldest_at, waiting.problem) == (1, NOW, "unreachable")
    assert not is_stuck(waiting, NOW + STUCK_AFTER)
    assert is_stuck(waiting, NOW + STUCK_AFTER + timedelta(seconds=1))
    outbox.wait(timedelta(days=7))
    assert outbox.run() == 0
    assert outbox.state().state is ReportState.GIVEN_UP
    [over] = outbox.store.figures()
    assert (over.waiting, over.given_up, is_stuck(over, outbox.clock.now())) == (0, 1, True)
    families = text_string_to_metric_families(render_report_metrics([over]).decode())
    assert {sample.value for one in families if one.name.endswith("given_up") for sample in one.samples} == {
        1
    }
    [(event, _, _)] = words_of(outbox.book)
    assert event == "report_given_up"


def test_a_report_under_a_lost_storage_key_is_given_up_and_the_citizen_is_told(outbox: Outbox) -> None:
    outbox.report()
    others = SqlErrorReportStore(outbox.book.database, KeyRing.parse(new_key_line("two")))
    after = replace(outbox, store=others)
    assert after.run() == 0
    assert outbox.desk.taken() == []
    assert after.state().state is ReportState.GIVEN_UP
    assert after.state().matter is None, "what it was about is lost too"
    assert [one.given_up for one in others.figures()] == [1]


def test_a_source_whose_table_was_taken_away_does_not_keep_it_for_ever(outbox: Outbox) -> None:
    outbox.report()
    assert outbox.worker({}).run(NOW) == 0
    assert outbox.store.figures()[0].problem == "misconfigured"
    outbox.wait(timedelta(days=7))
    assert outbox.worker({}).run(outbox.clock.now()) == 0
    assert outbox.state().state is ReportState.GIVEN_UP


def files_of(town: Town) -> tuple[Path, Path]:
    """The folder, and the private key of the receiver."""
    folder = town.simulation.credentials.ca_file.parent / "meldingen"
    return folder / TAXES, key_files(TAXES, folder)[0]


def opened(key: Path, file: Path) -> dict[str, Any]:
    """By the program that the documentation gives to the receiver."""
    program: list[str | Path] = [sys.executable, ROOT / "examples" / "open_error_report.py", key, file]
    done = subprocess.run(program, capture_output=True, check=True, timeout=PATIENCE_S)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.threat("T-40")
def test_a_file_is_for_the_receiver_alone_and_delivering_again_makes_no_second(
    outbox: Outbox, town: Town
) -> None:
    report_id = outbox.report(7, TAXES)
    assert outbox.run() == 1
    folder, key = files_of(town)
    assert [file.name for file in folder.iterdir()] == [f"melding-{report_id}.jwe"]
    [file] = folder.iterdir()
    assert b"111111110" not in file.read_bytes()
    report = opened(key, file)
    Draft202012Validator(SCHEMA, format_checker=FormatChecker()).validate(report)
    assert (report["bsn"], report["toelichting"]) == ("111111110", TEXT)
    build_ways(outbox.configs, NoEvents())[TAXES].deliver(report_of(json.dumps(report).encode()))
    assert list(folder.iterdir()) == [file]
    assert opened(key, file) == report


def test_a_receiver_with_an_rsa_key_and_a_key_that_is_not_there(
    outbox: Outbox, town: Town, tmp_path: Path
) -> None:
    key = RSAKey.generate_key(3072)
    secret, public = tmp_path / "geheim.pem", tmp_path / "open.jwk"
    secret.write_bytes(key.as_pem(private=True))
    reports = outbox.configs[1].reports
    assert reports is not None
    changed = reports.model_copy(update={"outbox_folder": tmp_path / "uit", "receiver_file": public})
    outbox.configs[1] = outbox.configs[1].model_copy(update={"reports": changed})
    outbox.report(8, TAXES)
    for ready in ("no key", "private key", "no folder"):
        assert outbox.run() == 0, ready
        assert outbox.store.figures()[0].problem == "misconfigured"
        public.write_text(json.dumps(key.as_dict(private=ready == "no key")))
        outbox.wait(timedelta(hours=1))
    (tmp_path / "uit").mkdir()
    assert outbox.run() == 1
    [file] = (tmp_path / "uit").iterdir()
    assert opened(secret, file)["melding_id"] == f"{8:032x}"


def test_the_interface_is_valid_openapi() -> None:
    file = ROOT / "docs" / "interfaces" / "meldingen.yaml"
    interface = dict(read_from_filename(str(file))[0])
    validate(interface, base_uri=file.as_uri())
    operation = interface["paths"]["/meldingen"]["post"]
    [example] = operation["requestBody"]["content"]["application/json"]["examples"].values()
    Draft202012Validator(SCHEMA, format_checker=FormatChecker()).validate(example["value"])
