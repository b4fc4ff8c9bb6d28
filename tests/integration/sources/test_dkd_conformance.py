"""What the simulated social services really send, and what we send, judged by the original message definitions.

Those are of v0500. v0400 is not public; by all that is known it differs in names only, so its messages are judged after
putting in the names of v0500.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from claims.identity import Bsn
from claims.outcome import FailureCause, SourceAnswer, SourceFailure, SourceOutcome
from simulators.authority import create_authority
from simulators.organisations import Behaviour, Simulation, start
from simulators.organisations.data_files import load_organisations
from simulators.organisations.dkd import FWI, OLDER_FWI, SERVICE
from sources.config import SourceConfig
from sources.deadline import Deadline
from sources.dkd.client import DkdClient
from sources.errors import SourceError
from sources.ports import SystemClock
from sources.transport.http import HttpTransport, Question, Reply, settings_of
from sources.transport.soap import build_element
from sources.transport.xml_schema import SchemaReport
from tests.integration.sources.support import PATIENT, Town, answer_of, ask
from tests.support.dkd import body_element, body_schema, schema_folder

pytestmark = pytest.mark.conformance

DATA = Path(__file__).parents[3] / "simulators" / "organisations" / "dkd_data" / "zonnedael-sociaal.toml"
SOURCE = "zonnedael-sociaal"
BAD = "999990238"
SCENARIOS: dict[str, int | FailureCause] = {
    "111111110": 2,
    "999993549": 1,
    "999990019": 0,  # nobody knows this person
    "999998493": 0,
    "999991322": 0,
    "999999990": FailureCause.SOURCE_ERROR,
    "999991000": FailureCause.SOURCE_ERROR,
    "999991012": FailureCause.UNREACHABLE,
    BAD: 1,
    "999991024": FailureCause.WRONG_PERSON,
    "999991036": 1,  # slow, but not too slow here
    "999991048": FailureCause.UNREACHABLE,
    "999991061": FailureCause.MALFORMED,
    "999991073": FailureCause.MALFORMED,
    "999991085": 2000,
    "999991097": 3,
    "999991103": 1,
    "999991115": 1,
}
NO_MESSAGE = {"999991048", "999991061"}  # a page in HTML, and a DOCTYPE: refused before anything is read


@pytest.fixture(scope="module", params=["v0500", "v0400"])
def simulation(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Simulation]:
    """The same municipality in either version: nothing but its settings, and ours, differs."""
    folder = tmp_path_factory.mktemp(request.param)
    data = folder / "data"
    data.mkdir()
    text = DATA.read_text(encoding="utf-8").replace('versie = "v0500"', f'versie = "{request.param}"')
    (data / DATA.name).write_text(text, encoding="utf-8")
    with start(create_authority(folder / "authority"), folder, data=data, slow_seconds=0.1) as running:
        yield running


class Recorder(HttpTransport):
    """The real transport, and it keeps what went out and came in."""

    def __init__(self, config: SourceConfig) -> None:
        super().__init__(settings_of(config))
        self.received: list[bytes] = []
        self.sent: list[bytes] = []

    def post(self, path: str, question: Question, deadline: Deadline) -> Reply:
        self.sent.append(question.body or b"")
        reply = super().post(path, question, deadline)
        self.received.append(reply.body)
        return reply


def record(config: SourceConfig, bsn: str) -> Recorder:
    recorder = Recorder(config)
    assert config.dkd is not None
    assert config.url is not None
    client = DkdClient(recorder, config.dkd, config.url)
    with suppress(SourceError):
        client.ask(Bsn(bsn), SystemClock().now(), Deadline.after(30))
    return recorder


def as_v0500(raw: bytes) -> bytes:
    names = {f"{SERVICE}/v0400": f"{SERVICE}/v0500", OLDER_FWI: FWI}
    for old, new in names.items():
        raw = raw.replace(old.encode(), new.encode())
    return raw


def result_of(outcome: SourceOutcome) -> int | FailureCause:
    if isinstance(outcome, SourceFailure):
        return outcome.cause
    assert isinstance(outcome, SourceAnswer)
    return len(outcome.claims)


def judged(content: Any) -> bool:
    """Valid by the schema of the answer, or of the message in a fault."""
    if not content.tag.endswith("}Fault"):
        return SchemaReport(body_schema("BodyReaction")).findings(content) == ()
    detail = content.find("detail")
    own = [child for child in detail if "bkwi.nl" in child.tag]
    report = SchemaReport(schema_folder() / "FWI" / "v0205" / "FWI.xsd")
    return all(report.findings(child) == () for child in own)


@pytest.mark.parametrize("bsn", SCENARIOS)
def test_every_scenario_ends_as_it_should_and_its_message_is_valid(town: Town, bsn: str) -> None:
    assert result_of(town.ask(SOURCE, bsn)) == SCENARIOS[bsn]
    received = record(town.config(SOURCE), bsn).received
    if bsn not in NO_MESSAGE:
        assert judged(body_element(as_v0500(received[0]))) is (bsn != BAD)


@pytest.mark.parametrize(
    "behaviour",
    [
        Behaviour.NORMAL,
        Behaviour.PARTIAL,
        Behaviour.NOTED,
        Behaviour.FUNCTIONAL_ERROR,
        Behaviour.FAULT,
        Behaviour.GATEWAY_FAULT,
        Behaviour.UNSIGNED_FAULT,
        Behaviour.HUGE,
    ],
)
def test_whatever_happens_the_message_stays_valid(town: Town, behaviour: Behaviour) -> None:
    town.simulation.switch(SOURCE, behaviour)
    [received] = record(town.config(SOURCE), "111111110").received
    assert judged(body_element(as_v0500(received)))


def test_the_names_on_the_wire_are_of_the_version(town: Town) -> None:
    config = town.config(SOURCE)
    assert config.dkd is not None
    version = config.dkd.version
    town.simulation.switch(SOURCE, Behaviour.PARTIAL)
    recorder = record(config, "111111110")
    [sent], [received] = recorder.sent, recorder.received
    for raw in (sent, received):
        assert f"{SERVICE}/{version}".encode() in raw
        assert f"{SERVICE}-{version}/".encode() in raw
    assert (OLDER_FWI.encode() in received) is (version == "v0400")


def test_our_question_is_valid(town: Town) -> None:
    [sent] = record(town.config(SOURCE), "999993549").sent
    assert SchemaReport(body_schema("BodyAction")).findings(body_element(as_v0500(sent))) == ()
    wrong = build_element(f"{SERVICE}/v0500", "BijstandsregelingenInfo", Burgerservicenr="99999354")
    assert SchemaReport(body_schema("BodyAction")).findings(wrong) != ()


def test_deviations_from_the_schema_are_findings_beside_the_claims(town: Town) -> None:
    """The schema is of v0500; over v0400 there is no report, because everything would deviate."""
    config = town.config(SOURCE, PATIENT)
    assert config.dkd is not None
    with_schema = config.dkd.model_copy(update={"schema_folder": schema_folder()})
    config = config.model_copy(update={"dkd": with_schema})
    good, bad = (answer_of(ask(config, bsn)) for bsn in ("111111110", BAD))
    assert good.findings == ()
    reported = {"schema_deviation"} if with_schema.version == "v0500" else set()
    assert {finding.code for finding in bad.findings} == reported
    assert len(bad.claims) == 1


def test_every_scenario_of_the_simulator_is_here() -> None:
    [organisation] = [o for o in load_organisations(DATA.parent) if o.source_id == SOURCE]
    assert {citizen.bsn for citizen in organisation.citizens} | {"999990019"} == set(SCENARIOS)
