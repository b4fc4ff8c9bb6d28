"""Behind an FSC outway, and behind an ESB that wants access tokens: everything that holds directly, holds there too."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from claims.outcome import FailureCause, PartialReason
from simulators.gateway import Gateway
from simulators.organisations import Behaviour, Simulation
from simulators.organisations.server import Exchange, TlsServer
from sources.config import SourceConfig
from tests.integration.sources.contract import SourceContract
from tests.integration.sources.gateways import (
    GRANT,
    GatewayTown,
    a_key,
    access,
    listening,
    server_context,
    upstream,
)
from tests.integration.sources.support import Town, answer_of, ask, cause_of

REST, FCID = "zonnedael-belastingen", "waterschap-zonnedelta"
DEBTOR = "111111110"


@pytest.fixture(scope="module")
def outway(simulation: Simulation) -> Iterator[tuple[Gateway, int]]:
    """Chooses the service by the hash of a grant, as OpenFSC does, and knows us by where we stand."""
    gateway = Gateway(upstream(simulation, REST), required={"Fsc-Grant-Hash": GRANT})
    with listening(gateway, simulation) as server:
        yield gateway, server.port


@pytest.fixture
def town(simulation: Simulation, tmp_path: Path, outway: tuple[Gateway, int]) -> Iterator[Town]:
    gateway, port = outway
    changes = {
        "behind_gateway": True,
        "client_certificate_file": None,
        "client_key_file": None,
        "headers": {"Fsc-Grant-Hash": GRANT},
        "transaction_header": "Fsc-Transaction-Id",
    }
    yield GatewayTown(simulation, tmp_path, gateway, port, changes=changes)
    gateway.other_number = None
    simulation.switch(REST, None)


@pytest.fixture(scope="module")
def esb(
    simulation: Simulation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Gateway, int, dict[str, object]]]:
    key_file = a_key(tmp_path_factory.mktemp("token"), "p256")
    with access(simulation, key_file) as granted:
        gateway = Gateway(
            upstream(simulation, FCID), transaction_header="X-Request-Id", tokens=granted.endpoint
        )
        with listening(gateway, simulation) as server:
            yield gateway, server.port, granted.oauth


class TestMunicipalRestBehindAnOutway(SourceContract):
    source_id = REST
    other_debtor = "999990482"
    references = frozenset({"BEL-2026-0041873", "BEL-2026-0052210"})
    partial_reason = PartialReason.SOURCE_SAYS_SO


class TestFcidBehindAnEsb(SourceContract):
    source_id = FCID
    other_debtor = "999991553"
    references = frozenset({"WS-2026-771204"})
    partial_reason = PartialReason.SOURCE_SAYS_SO

    @pytest.fixture
    def town(
        self, simulation: Simulation, tmp_path: Path, esb: tuple[Gateway, int, dict[str, object]]
    ) -> Iterator[Town]:
        gateway, port, oauth = esb
        changes = {"oauth": oauth, "transaction_header": "X-Request-Id"}
        yield GatewayTown(simulation, tmp_path, gateway, port, "/fcid", changes)
        simulation.switch(FCID, None)


def test_every_page_has_a_number_of_its_own_that_is_logged(town: GatewayTown) -> None:
    town.simulation.switch(REST, Behaviour.HUGE)
    town.gateway.seen.clear()
    with capture_logs() as logs:
        assert answer_of(town.ask(REST, DEBTOR)).is_full
    sent = [headers["fsc-transaction-id"] for headers in town.gateway.seen]
    lines = [line for line in logs if line["event"] == "source_message"]
    assert len(set(sent)) == len(sent) == 4
    assert all(UUID(number).version == 7 for number in sent)
    assert [line["transaction"] for line in lines] == sent
    assert all((line["source"], line["status"], line["returned"]) == (REST, 200, "same") for line in lines)


@pytest.mark.parametrize(
    ("returned", "logged"),
    [
        ("5f0c1d6e-0d7e-4a7b-9d57-0f5a3ab4c001", "5f0c1d6e-0d7e-4a7b-9d57-0f5a3ab4c001"),
        ("ESB:A17.b", "ESB:A17.b"),
        (f"bsn={DEBTOR}", "not logged"),
        (f"x.{DEBTOR[:3]}.{DEBTOR[3:6]}.{DEBTOR[6:]}", "not logged"),
    ],
)
def test_the_number_that_a_gateway_uses_instead_is_logged_when_it_can_be_no_person(
    town: GatewayTown, returned: str, logged: str
) -> None:
    town.gateway.other_number = returned
    with capture_logs() as logs:
        answer_of(town.ask(REST, DEBTOR))
    [line] = [line for line in logs if line["event"] == "source_message"]
    assert line["returned"] == logged


def test_the_code_of_a_gateway_is_logged_with_its_refusal(town: GatewayTown) -> None:
    config = town.config(REST).model_copy(update={"headers": {"Fsc-Grant-Hash": "$1$4$other"}})
    with capture_logs() as logs:
        assert cause_of(ask(config, DEBTOR)) is FailureCause.MISCONFIGURED
    [line] = [line for line in logs if line["event"] == "source_message"]
    assert (line["status"], line["gateway_error"]) == (404, "ERROR_CODE_SERVICE_NOT_FOUND")


def test_a_secret_of_a_header_comes_from_its_file_and_can_change_while_we_run(town: GatewayTown) -> None:
    secret = town.folder / "grant"
    secret.write_text(GRANT + "\n", encoding="ascii")
    change = {"headers": {}, "header_files": {"Fsc-Grant-Hash": secret}}
    config = town.config(REST).model_copy(update=change)
    assert answer_of(ask(config, DEBTOR)).claims
    secret.write_text("two\nlines\n", encoding="ascii")
    assert cause_of(ask(config, DEBTOR)) is FailureCause.MISCONFIGURED
    secret.unlink()
    assert cause_of(ask(config, DEBTOR)) is FailureCause.MISCONFIGURED


def test_the_gateway_keeps_its_own_headers_to_itself(town: GatewayTown) -> None:
    """Else the contract suite would prove nothing about headers."""
    town.gateway.passed_on.clear()
    answer_of(town.ask(REST, DEBTOR))
    assert [set(headers) for headers in town.gateway.passed_on] == [
        {"Content-Type", "Accept", "Accept-Encoding"}
    ]


def test_without_the_base_path_there_is_no_service(town: GatewayTown) -> None:
    config = town.config(REST).model_copy(update={"url": f"https://127.0.0.1:{town.port}"})
    assert cause_of(ask(config, DEBTOR)) is FailureCause.MISCONFIGURED


def test_all_lines_about_one_question_have_the_same_number_and_those_of_another_do_not(
    town: GatewayTown,
) -> None:
    town.simulation.switch(REST, Behaviour.HUGE)
    numbers = []
    for _ in range(2):
        with capture_logs(processors=[merge_contextvars]) as logs:
            town.ask(REST, DEBTOR)
        assert [line["event"] for line in logs].count("source_message") == 4
        assert logs[-1]["event"] == "source_asked"
        numbers.append({line["question"] for line in logs})
    assert all(len(found) == 1 for found in numbers)
    assert numbers[0] != numbers[1]


def test_in_soap_the_number_is_that_of_the_message_itself(town: GatewayTown, simulation: Simulation) -> None:
    heard: list[tuple[str | None, bytes]] = []

    def respond(exchange: Exchange) -> None:
        body = exchange.rfile.read(int(exchange.headers["Content-Length"]))
        heard.append((exchange.headers["X-Request-Id"], body))
        exchange.send(503, b"")

    folder = simulation.credentials.ca_file.parent
    context = server_context(simulation.credentials, folder)
    server = TlsServer("soap", ("127.0.0.1", 0), context, respond)
    server.run_in_background()
    addresses = {"header_profile": "wsa", "from_address": "https://wij.invalid"}
    oins = {"from_oin": "00000001900000010000", "to_oin": "00000001900000021000"}
    config = SourceConfig.model_validate(
        {
            "source_id": "sociaal",
            "organisation": "Gemeente Voorbeeld",
            "protocol": "dkd",
            "url": f"https://127.0.0.1:{server.port}/Bijstandsregelingen-v0500/",
            "ca_file": simulation.credentials.ca_file,
            "behind_gateway": True,
            "transaction_header": "X-Request-Id",
            "dkd": addresses | oins,
        }
    )
    try:
        with capture_logs() as logs:
            assert cause_of(ask(config, DEBTOR)) is FailureCause.UNREACHABLE
    finally:
        server.stop()
    [(number, body)] = heard
    assert number is not None
    assert f"urn:uuid:{number}<".encode() in body
    assert [line["transaction"] for line in logs if line["event"] == "source_message"] == [number]
