"""`sources check` of a source that wants an access token: the way to the token endpoint has steps of its own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from simulators.gateway import Gateway
from simulators.organisations import Simulation
from simulators.organisations.server import Exchange
from sources.checking.steps import Mark
from sources.config import SourceConfig
from tests.integration.sources.gateways import Access, GatewayTown, a_key, access, listening, upstream
from tests.integration.sources.support import PATIENT
from tests.support.checks import TEST_PERSON, Walked, check, secrets_in, write_test_bsn

REST = "zonnedael-belastingen"


@dataclass(frozen=True)
class Scene:
    town: GatewayTown
    access: Access
    header: str | None = "Fsc-Transaction-Id"

    def check(self, with_person: bool = True, **oauth: Any) -> Walked:
        none = {"client_certificate_file": None, "client_key_file": None, "transaction_header": self.header}
        person = {"test_bsn_file": write_test_bsn(self.town.folder) if with_person else None}
        whole = (
            self.town.config(REST, PATIENT).model_dump()
            | none
            | person
            | {"oauth": self.access.oauth | oauth}
        )
        return check(SourceConfig.model_validate(whole))


@pytest.fixture(scope="module")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_key(tmp_path_factory.mktemp("key"))


@pytest.fixture
def scene(simulation: Simulation, tmp_path: Path, key_file: Path) -> Iterator[Scene]:
    with access(simulation, key_file) as granted:
        gateway = Gateway(upstream(simulation, REST), tokens=granted.endpoint)
        with listening(gateway, simulation) as server:
            yield Scene(GatewayTown(simulation, tmp_path, gateway, server.port), granted)


def test_the_way_to_the_token_endpoint_is_walked_and_no_token_is_told(scene: Scene) -> None:
    walked = scene.check()
    assert walked.all_hold, walked
    names = [step.name for step in walked.steps]
    assert names[8:14] == [
        "token: naam",
        "token: verbinding",
        "token: TLS",
        "token: certificaat",
        "token: ons certificaat",
        "token",
    ]
    assert walked.text("token") == "toegangstoken gekregen"
    tokens = list(scene.access.endpoint._issued)
    assert len(tokens) == 2
    assert not secrets_in(repr(walked), [TEST_PERSON], tokens)


def test_an_empty_question_has_a_token_too(scene: Scene) -> None:
    marks = scene.check(with_person=False).marks()
    assert (marks["token"], marks["HTTP"], marks["toegang"]) == (Mark.HOLDS, Mark.HOLDS, Mark.SKIPPED)


@pytest.mark.parametrize(
    ("oauth", "words", "advice"),
    [
        ({"client_id": "iemand-anders"}, "invalid_client", "client_id"),
        ({"scope": "alles"}, "invalid_scope", "oauth.scope"),
    ],
)
def test_a_refused_token_is_told_by_its_code_with_what_to_do(
    scene: Scene, oauth: dict[str, Any], words: str, advice: str
) -> None:
    failed = scene.check(**oauth).failed
    assert (failed.name, failed.found.text) == ("token", f"geen toegangstoken (token endpoint: {words})")
    assert advice in str(failed.found.advice)


def test_a_token_address_that_does_not_exist_is_told(scene: Scene) -> None:
    failed = scene.check(token_url=f"{scene.access.oauth['token_url']}/elders").failed
    assert (failed.name, failed.found.advice) == ("token", "Kijk token_url na.")


def test_a_token_endpoint_that_is_down_fails_at_its_own_connection(scene: Scene) -> None:
    failed = scene.check(token_url="https://127.0.0.1:1/token").failed
    assert failed.name == "token: verbinding"


def html(exchange: Exchange) -> None:
    exchange.send(200, f"<p>{TEST_PERSON} geheim-van-de-server</p>".encode(), "text/html")


def no_token(exchange: Exchange) -> None:
    exchange.send(200, b'{"access_token": "geheim-van-de-server", "token_type": "mac"}')


@pytest.mark.parametrize("misbehave", [html, no_token])
def test_what_the_token_endpoint_said_is_not_repeated(
    scene: Scene, misbehave: Callable[[Exchange], None]
) -> None:
    scene.access.endpoint.rules.misbehave = misbehave
    walked = scene.check()
    assert walked.failed.name == "token"
    assert not secrets_in(repr(walked), [TEST_PERSON], ["geheim-van-de-server"])


def test_a_source_that_refuses_the_token_is_told_with_the_table_oauth(scene: Scene) -> None:
    def forgotten(exchange: Exchange) -> None:
        exchange.send(200, b'{"access_token": "van-een-ander", "token_type": "Bearer"}')

    scene.access.endpoint.rules.misbehave = forgotten
    failed = scene.check().failed
    assert failed.name == "toegang"
    assert "oauth" in str(failed.found.advice)


def test_a_gateway_that_refuses_itself_is_told_by_its_code(scene: Scene) -> None:
    failed = replace(scene, header=None).check().failed
    assert failed.name == "HTTP"
    assert failed.found.text.endswith(" (zegt de gateway: ERROR_CODE_INVALID_TRANSACTION_ID)")
