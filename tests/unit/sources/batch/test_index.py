"""A person who is not in a fresh index need not be asked about; any doubt about the index means asking."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from app.persistence.batch_store import SqlBatchStore
from app.persistence.cipher import KeyRing, new_key_line
from app.persistence.engine import open_database
from claims.identity import Bsn
from claims.outcome import BasisKind, FailureCause, OutcomeKind, SourceAnswer, SourceFailure
from sources.batch.importing import Report, Watcher, import_file
from sources.breaker import BreakerLimits, CircuitBreaker
from sources.config import SourceConfig
from sources.deadline import Deadline
from sources.errors import SourceUnavailable
from sources.gather import GatherTimes, gather
from sources.guarded import GuardedSource
from sources.indexed import Index, IndexedSource
from sources.ports import DeliveryRefused, NoBatchStore
from sources.registry import build_source
from sources.workers import SourcePools
from tests.support.clock import FrozenClock
from tests.unit.sources.batch.support import ME, NOW, OTHER, STRANGER, Town, packed
from tests.unit.sources.fakes import FunctionSource, a_claim, an_answer

AS_OF = NOW - timedelta(hours=2)
TIMES = GatherTimes(source_seconds=60, total_seconds=60)


def index_lines(*bsns: str, count: int | None = None, as_of: datetime = AS_OF) -> list[str]:
    return [*bsns, f"#einde;aantal={len(bsns) if count is None else count};peilmoment={as_of.isoformat()}"]


def stanza(folder: Path, **index: Any) -> SourceConfig:
    """A web service at an address where nobody listens, with an index beside it."""
    return SourceConfig.model_validate(
        {
            "source_id": "zonnedael",
            "organisation": "Gemeente Zonnedael",
            "protocol": "municipal_rest",
            "url": "https://127.0.0.1:1/",
            "ca_file": folder / "absent.pem",
            "api_key_file": folder / "absent.key",
            "index": index,
        }
    )


@dataclass
class Source:
    """A source with one claim on everybody, and the index of its municipality."""

    town: Town
    asked: list[str]
    settings: dict[str, Any]

    @property
    def config(self) -> SourceConfig:
        return stanza(self.town.folder, **self.settings)

    def deliver(self, content: Iterable[str] | bytes, **settings: Any) -> Report:
        path = self.town.folder / "index"
        whole = content if isinstance(content, bytes) else "".join(f"{line}\n" for line in content).encode()
        path.write_bytes(whole)
        self.settings |= settings
        watcher = Watcher(lambda _done, _size: None, lambda _place, _problem: None)
        return import_file(self.config, path, self.town.ports, watcher)

    def ask(self, bsn: str = ME) -> SourceAnswer:
        def respond(source: Any, asked: Bsn, _deadline: Deadline) -> SourceAnswer:
            self.asked.append(asked.digits)
            return an_answer(source, a_claim("live"))

        config = self.config
        assert config.stored_as
        assert config.index
        web_service = GuardedSource(FunctionSource("zonnedael", respond), CircuitBreaker(BreakerLimits()))
        index = Index(config.stored_as, config.index, self.town.store)
        return IndexedSource(web_service, index, self.town.clock).ask(Bsn(bsn), Deadline.after(60))

    def is_asked_about(self, bsn: str = ME) -> bool:
        self.asked.clear()
        answer = self.ask(bsn)
        assert (answer.basis.kind is BasisKind.INDEX) == (not self.asked)
        assert answer.kind is (OutcomeKind.CLAIMS if self.asked else OutcomeKind.NO_CLAIMS)
        return bool(self.asked)


@pytest.fixture
def source(town: Town) -> Source:
    return Source(town, [], {})


def test_who_is_not_in_a_fresh_index_is_not_asked_about_and_the_answer_says_so(source: Source) -> None:
    source.deliver(index_lines(OTHER))
    answer = source.ask(STRANGER)
    assert source.asked == []
    assert (answer.kind, answer.is_full) == (OutcomeKind.NO_CLAIMS, True)
    assert (answer.basis.kind, answer.basis.at, answer.answered_at) == (BasisKind.INDEX, AS_OF, NOW)


def test_who_is_in_the_index_is_asked_about(source: Source) -> None:
    source.deliver(index_lines(ME, OTHER, OTHER))
    assert source.is_asked_about(ME)
    assert source.is_asked_about(OTHER)
    assert not source.is_asked_about(STRANGER)


def test_without_an_index_everybody_is_asked_about(source: Source) -> None:
    assert source.is_asked_about()


def test_an_index_of_more_than_a_day_old_means_ask_anyway(source: Source) -> None:
    source.deliver(index_lines(OTHER))
    source.town.clock = FrozenClock(AS_OF + timedelta(hours=24))
    assert not source.is_asked_about()
    source.town.clock = FrozenClock(AS_OF + timedelta(hours=24, seconds=1))
    assert source.is_asked_about()


def test_how_old_an_index_may_be_is_a_setting_of_the_source(source: Source) -> None:
    source.deliver(index_lines(OTHER), max_age_hours=2)
    assert not source.is_asked_about()
    source.settings = {"max_age_hours": 1}
    assert source.is_asked_about()


def test_an_index_from_the_future_means_ask_anyway(source: Source) -> None:
    source.deliver(index_lines(OTHER))
    source.town.clock = FrozenClock(AS_OF - timedelta(minutes=6))
    assert source.is_asked_about()


@pytest.mark.parametrize("bad", ["11111111", "111111111", "onbekend", "111111110;x", '"'])
def test_a_line_that_could_be_anybody_means_ask_about_everybody(source: Source, bad: str) -> None:
    assert source.deliver(index_lines(OTHER, bad), max_bad_share=0.5).unplaced == 1
    assert source.is_asked_about(STRANGER)


def test_an_index_that_cannot_be_read_means_ask_anyway(source: Source) -> None:
    source.deliver(index_lines(OTHER))
    database = open_database(f"sqlite:///{source.town.folder / 'town.sqlite3'}")
    source.town.store = SqlBatchStore(database, KeyRing.parse(new_key_line("another")))
    with capture_logs() as logs:
        assert source.is_asked_about(STRANGER)
    assert [entry["event"] for entry in logs] == ["index_not_used"]
    database.close()
    broken = open_database(f"sqlite:///{source.town.folder / 'absent' / 'town.sqlite3'}")
    source.town.store = SqlBatchStore(broken, KeyRing.parse(new_key_line("another")))
    assert source.is_asked_about(STRANGER)


def test_a_program_without_a_store_asks_about_everybody(source: Source) -> None:
    config = source.config
    assert config.index
    assert Index("zonnedael#index", config.index, NoBatchStore()).unlisted_at(Bsn(ME), NOW) is None


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (index_lines(), "no records"),
        (index_lines(OTHER)[:-1], "closing line is missing"),
        (index_lines(OTHER, count=2), "must have 2"),
        (index_lines(OTHER, as_of=NOW + timedelta(hours=1)), "future"),
        (index_lines(OTHER, as_of=NOW - timedelta(days=8)), "older than delete_after_days"),
        (index_lines(OTHER, as_of=AS_OF - timedelta(seconds=1)), "older than the delivery"),
        (index_lines(ME, STRANGER), "before"),
        (index_lines(OTHER, "x"), "more than max_bad_share"),
        (b"", "closing line is missing"),
    ],
)
def test_an_index_that_is_not_right_changes_nothing(source: Source, content: Any, why: str) -> None:
    source.deliver(index_lines(ME, STRANGER))
    with pytest.raises(DeliveryRefused, match=why):
        source.deliver(content)
    assert source.is_asked_about(ME)
    assert not source.is_asked_about(OTHER)


def test_an_index_may_be_a_column_of_a_table_packed_and_in_cp1252(source: Source) -> None:
    lines = ["Naam;Bsn", f"Chloë;{ME}", *index_lines(count=1)]
    source.deliver("\r\n".join(lines).encode("cp1252"), column="Bsn", encoding="cp1252")
    assert source.is_asked_about(ME)
    assert not source.is_asked_about(OTHER)
    source.deliver(
        packed(["Naam,Bsn", f"x,{OTHER}", index_lines(count=1)[0].replace(";", ",")]), delimiter=","
    )
    assert source.is_asked_about(OTHER)
    assert not source.is_asked_about(ME)


def test_the_covering_letter_may_say_what_the_index_does_not(source: Source) -> None:
    source.deliver([OTHER], records=1, as_of=AS_OF)
    assert not source.is_asked_about(ME)


def test_claims_that_were_delivered_before_are_no_index(source: Source) -> None:
    """Whoever changes from files to a web service must not find old files used as a list of whom to ask about."""
    source.town.deliver(["BSN;Zaak;Open;Vervalt;Soort;Naam", f"{OTHER};Z;1;;;", *index_lines(count=1)])
    assert source.is_asked_about(STRANGER)


def test_an_index_on_trial_decides_nothing_and_tells_whom_it_missed(source: Source) -> None:
    source.deliver(index_lines(OTHER), ask_everyone=True)
    with capture_logs() as logs:
        assert source.is_asked_about(STRANGER)
        assert source.is_asked_about(OTHER)
    assert [entry["event"] for entry in logs] == ["index_missed_person"]
    assert [finding.code for finding in source.ask(STRANGER).findings] == ["index_missed_person"]
    assert source.ask(OTHER).findings == ()
    assert STRANGER not in repr(logs)


def test_the_registry_puts_the_index_before_the_web_service(source: Source) -> None:
    source.deliver(index_lines(OTHER))
    built = build_source(source.config, source.town.ports)
    for bsn, expected in ((STRANGER, OutcomeKind.NO_CLAIMS), (OTHER, OutcomeKind.NO_ANSWER)):
        [outcome] = gather([built], Bsn(bsn), TIMES, source.town.clock, SourcePools())
        assert outcome.kind is expected
    assert isinstance(outcome, SourceFailure)
    assert outcome.cause is FailureCause.MISCONFIGURED


def test_the_index_still_answers_while_the_circuit_is_open_and_does_not_close_it(source: Source) -> None:
    source.deliver(index_lines(OTHER))

    def fail(*_: object) -> SourceAnswer:
        raise SourceUnavailable("no connection")

    config = source.config
    assert config.index
    breaker = CircuitBreaker(BreakerLimits(failures=1))
    guarded = GuardedSource(FunctionSource("zonnedael", fail), breaker)
    built = IndexedSource(
        guarded, Index("zonnedael#index", config.index, source.town.store), source.town.clock
    )
    for bsn, kind in (
        (OTHER, OutcomeKind.NO_ANSWER),
        (STRANGER, OutcomeKind.NO_CLAIMS),
        (OTHER, OutcomeKind.NO_ANSWER),
    ):
        [outcome] = gather([built], Bsn(bsn), TIMES, source.town.clock, SourcePools())
        assert outcome.kind is kind
        assert breaker.refuses


def test_nothing_that_is_logged_or_shown_by_repr_names_the_citizen(source: Source) -> None:
    with capture_logs() as logs:
        source.deliver(index_lines(OTHER))
        source.ask(STRANGER)
    assert not {STRANGER, OTHER} & set(repr(logs).split('"'))
    assert OTHER not in repr(build_source(source.config, replace(source.town.ports)))


def test_an_index_is_deleted_in_time(source: Source) -> None:
    source.deliver(index_lines(OTHER))
    assert source.town.store.purge(AS_OF + timedelta(days=7) - timedelta(seconds=1)) == 0
    assert source.town.store.purge(AS_OF + timedelta(days=7)) == 1
