"""Access tokens: got once, kept, renewed when refused; and every way in which getting one can fail."""

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from claims.identity import Bsn
from claims.outcome import FailureCause, SourceOutcome
from simulators.authority import Authority, create_authority
from simulators.gateway import Gateway
from simulators.organisations import Behaviour, Simulation
from simulators.organisations.server import Exchange
from simulators.token_endpoint import TokenEndpoint, TokenRules
from sources.adapter import SourceAdapter
from sources.config import SourceConfig
from sources.deadline import Deadline
from sources.errors import SourceRefused, TooSlow
from sources.gather import GatherTimes, gather
from sources.ports import SystemClock
from sources.registry import build_source
from sources.transport.assemble import transport_of
from sources.transport.http import HttpTransport, settings_of
from sources.transport.oauth import AccessTokens
from sources.workers import SourcePools
from tests.integration.sources.gateways import (
    Access,
    GatewayTown,
    a_key,
    access,
    listening,
    registered,
    upstream,
)
from tests.integration.sources.support import PORTS, answer_of, cause_of
from tests.support.waiting import PATIENCE_S

REST, DEBTOR = "zonnedael-belastingen", "111111110"
SECRET = "dit-mag-nergens-staan"


@dataclass(frozen=True)
class Scene:
    """One gateway that wants tokens, and a source that was built once, so that it keeps its token."""

    town: GatewayTown
    access: Access
    changes: dict[str, Any]

    def config(self, **oauth: Any) -> SourceConfig:
        wanted = self.town.config(REST).model_dump() | self.changes
        return SourceConfig.model_validate(wanted | {"oauth": self.access.oauth | oauth})

    def source(self, **oauth: Any) -> SourceAdapter:
        return build_source(self.config(**oauth), PORTS)

    @property
    def gateway(self) -> Gateway:
        return self.town.gateway

    @property
    def endpoint(self) -> TokenEndpoint:
        return self.access.endpoint


def put(source: SourceAdapter) -> SourceOutcome:
    [outcome] = gather([source], Bsn(DEBTOR), GatherTimes(60, 60), SystemClock(), SourcePools())
    return outcome


@pytest.fixture(scope="module")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_key(tmp_path_factory.mktemp("key"), "p256")


@pytest.fixture
def scene(simulation: Simulation, tmp_path: Path, key_file: Path) -> Iterator[Scene]:
    """Tokens by private_key_jwt, without any certificate of ours."""
    with access(simulation, key_file) as granted:
        gateway = Gateway(upstream(simulation, REST), tokens=granted.endpoint)
        with listening(gateway, simulation) as server:
            town = GatewayTown(simulation, tmp_path, gateway, server.port)
            none = {"client_certificate_file": None, "client_key_file": None}
            yield Scene(town, granted, none | {"transaction_header": "Fsc-Transaction-Id"})
    simulation.switch(REST, None)


def test_one_token_serves_many_questions(scene: Scene) -> None:
    source = scene.source()
    for _ in range(3):
        assert answer_of(put(source)).claims
    assert scene.endpoint.given == 1
    assert len({headers["authorization"] for headers in scene.gateway.seen}) == 1


def test_an_rsa_key_under_the_name_that_the_server_gave_it_does_too(scene: Scene, tmp_path: Path) -> None:
    """PS256 unless told otherwise; this server takes no RS256."""
    rsa = a_key(tmp_path, "rsa3072")
    scene.endpoint.rules.authentication = registered(rsa, scene.access.url, "sleutel-1")
    own_key = {"signing_key_file": str(rsa), "signing_key_id": "sleutel-1"}
    assert answer_of(put(scene.source(**own_key))).claims
    assert cause_of(put(scene.source(**own_key, algorithm="RS256"))) is FailureCause.REFUSED


def test_a_token_is_not_used_to_its_last_moment(scene: Scene) -> None:
    scene.endpoint.rules.stated_seconds = 2
    source = scene.source()
    answer_of(put(source))
    time.sleep(1.1)
    answer_of(put(source))
    assert scene.endpoint.given == 2
    assert len(scene.gateway.seen) == 2  # no question was refused in between


def test_without_a_stated_life_it_is_kept_for_a_minute(scene: Scene) -> None:
    scene.endpoint.rules.stated_seconds = None
    token = AccessTokens(scene.config()).current(Deadline.after(30))
    assert 0 < token.until - time.monotonic() <= 60 - 30


def test_a_token_that_is_refused_before_its_time_is_renewed_once(scene: Scene) -> None:
    source = scene.source()
    answer_of(put(source))
    scene.endpoint.forget_all()
    with capture_logs() as logs:
        assert answer_of(put(source)).claims
    assert scene.endpoint.given == 2
    assert len(scene.gateway.seen) == 3
    assert [line["event"] for line in logs].count("source_token_refused") == 1


def test_a_new_token_that_is_refused_is_not_renewed(scene: Scene) -> None:
    scene.gateway.tokens = TokenEndpoint(TokenRules("somebody else"))  # knows none of our tokens
    source = scene.source()
    assert cause_of(put(source)) is FailureCause.REFUSED
    assert (scene.endpoint.given, len(scene.gateway.seen)) == (1, 1)
    assert cause_of(put(source)) is FailureCause.REFUSED  # now it had one: one more, and no further
    assert (scene.endpoint.given, len(scene.gateway.seen)) == (2, 3)


def test_a_refusal_of_another_kind_renews_nothing(scene: Scene) -> None:
    source = scene.source()
    answer_of(put(source))
    scene.gateway.required = {"X-Absent": "x"}
    assert cause_of(put(source)) is FailureCause.MISCONFIGURED
    scene.gateway.required = {}
    scene.town.simulation.switch(REST, Behaviour.REFUSED)  # 403
    assert cause_of(put(source)) is FailureCause.REFUSED
    assert (scene.endpoint.given, len(scene.gateway.seen)) == (1, 3)


def test_many_at_once_wait_for_one_token(scene: Scene) -> None:
    source = scene.source()
    for expected in (1, 2):
        with ThreadPoolExecutor(8) as pool:
            outcomes = list(pool.map(put, [source] * 8))
        assert [len(answer_of(outcome).claims) for outcome in outcomes] == [2] * 8
        assert scene.endpoint.given == expected
        scene.endpoint.forget_all()


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"client_id": "iemand-anders"}, "invalid_client"),
        ({"signing_key_id": "onbekend"}, "invalid_client"),
        ({"assertion_audience": "https://elders.invalid/token"}, "invalid_client"),
        ({"scope": "alles"}, "invalid_scope"),
    ],
)
def test_what_the_server_refuses_is_a_refusal_of_the_source_with_its_reason(
    scene: Scene, change: dict[str, str], error: str
) -> None:
    with capture_logs() as logs:
        assert cause_of(put(scene.source(**change))) is FailureCause.REFUSED
    [line] = [line for line in logs if line["event"] == "source_failed"]
    assert (line["error"], line["detail"]) == ("SourceRefused", f"token endpoint: {error}")
    assert scene.gateway.seen == []


def test_another_key_than_the_registered_one_is_refused(scene: Scene, tmp_path: Path) -> None:
    assert cause_of(put(scene.source(signing_key_file=str(a_key(tmp_path, "p256"))))) is FailureCause.REFUSED


def reply(
    status: int, body: bytes, kind: str = "application/json", **headers: str
) -> Callable[[Exchange], None]:
    return lambda exchange: exchange.send(status, body, kind, **headers)


def token(body: bytes) -> Callable[[Exchange], None]:
    return reply(200, b'{"access_token": "' + SECRET.encode() + b'", ' + body + b"}")


@pytest.mark.parametrize(
    ("misbehave", "cause"),
    [
        (reply(503, b"{}"), FailureCause.UNREACHABLE),
        (reply(429, b"{}"), FailureCause.UNREACHABLE),
        (Exchange.break_connection, FailureCause.UNREACHABLE),
        (reply(404, b"{}"), FailureCause.MISCONFIGURED),
        (reply(307, b"{}", Location="https://127.0.0.1/"), FailureCause.MALFORMED),
        (reply(200, b"<h1>Welkom</h1>", "text/html"), FailureCause.MALFORMED),
        (reply(200, b" " * 70_000), FailureCause.TOO_LARGE),
        (reply(200, b"[]"), FailureCause.MALFORMED),
        (reply(200, b"{}"), FailureCause.MALFORMED),
        (reply(200, b'{"access_token": "a\\r\\nX: y", "token_type": "Bearer"}'), FailureCause.MALFORMED),
        (reply(200, b'{"access_token": "", "token_type": "Bearer"}'), FailureCause.MALFORMED),
        (token(b'"token_type": "mac"'), FailureCause.MALFORMED),
        (token(b'"token_type": "Bearer", "access_token": "b"'), FailureCause.MALFORMED),
        (token(b'"token_type": "Bearer", "expires_in": 0'), FailureCause.MALFORMED),
        (token(b'"token_type": "Bearer", "expires_in": true'), FailureCause.MALFORMED),
        (token(b'"token_type": "Bearer", "expires_in": "soon"'), FailureCause.MALFORMED),
        (reply(400, b'{"error": "' + SECRET.encode() + b'"}'), FailureCause.REFUSED),
        (reply(401, b"<h1>Nee</h1>", "text/html"), FailureCause.REFUSED),
        (reply(400, b"nee"), FailureCause.MALFORMED),
    ],
)
def test_a_token_endpoint_that_fails_is_a_failure_of_the_source_of_the_same_kind(
    scene: Scene, misbehave: Callable[[Exchange], None], cause: FailureCause
) -> None:
    scene.endpoint.rules.misbehave = misbehave
    with capture_logs() as logs:
        assert cause_of(put(scene.source())) is cause
    [line] = [line for line in logs if line["event"] == "source_failed"]
    assert line["detail"].startswith("token endpoint: ")
    assert SECRET not in repr(logs)
    assert scene.gateway.seen == []


@pytest.mark.parametrize("life", [b"3600", b'"3600"', b"99999999", b'3600, "ext": 0.5'])
def test_the_life_of_a_token_is_read_as_servers_write_it(scene: Scene, life: bytes) -> None:
    scene.endpoint.rules.misbehave = token(b'"token_type": "bearer", "expires_in": ' + life)
    got = AccessTokens(scene.config()).current(Deadline.after(30))
    assert 3500 < got.until - time.monotonic() <= 6 * 3600
    assert SECRET not in repr(got)


def hang(exchange: Exchange) -> None:
    exchange.stopping.wait(PATIENCE_S)


def test_a_token_endpoint_that_hangs_ends_at_the_deadline_for_all_who_wait(scene: Scene) -> None:
    scene.endpoint.rules.misbehave = hang
    tokens = AccessTokens(scene.config())
    ended: list[type[BaseException]] = []

    def ask() -> None:
        try:
            tokens.current(Deadline.after(2))
        except BaseException as error:
            ended.append(type(error))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert ended == [TooSlow] * 4


def test_who_waits_for_a_token_stops_when_nobody_waits_for_him(scene: Scene) -> None:
    fetching = threading.Event()

    def hang_audibly(exchange: Exchange) -> None:
        fetching.set()
        hang(exchange)

    scene.endpoint.rules.misbehave = hang_audibly
    tokens, cancelled = AccessTokens(scene.config()), threading.Event()
    ended: list[type[BaseException]] = []

    def ask() -> None:
        try:
            tokens.current(Deadline.after(600, cancelled))
        except BaseException as error:
            ended.append(type(error))

    threads = [threading.Thread(target=ask, daemon=True) for _ in range(3)]
    for thread in threads:
        thread.start()
    assert fetching.wait(PATIENCE_S)
    cancelled.set()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert ended == [TooSlow] * 3


def test_a_key_that_cannot_be_used_is_our_mistake_and_is_never_quoted(scene: Scene, tmp_path: Path) -> None:
    for content in ("", "-----BEGIN PRIVATE KEY-----\n" + SECRET + "\n-----END PRIVATE KEY-----\n"):
        file = tmp_path / "broken.pem"
        file.write_text(content, encoding="ascii")
        with capture_logs() as logs:
            assert cause_of(put(scene.source(signing_key_file=str(file)))) is FailureCause.MISCONFIGURED
        assert SECRET not in repr(logs)
    wrong = cause_of(put(scene.source(algorithm="PS256")))
    assert wrong is FailureCause.MISCONFIGURED


def test_no_token_and_no_assertion_is_ever_logged(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    source = scene.source()
    with caplog.at_level("DEBUG"), capture_logs() as logs:
        answer_of(put(source))
        scene.endpoint.forget_all()
        answer_of(put(source))
    written = repr(logs) + caplog.text + repr(source.__dict__)
    for headers in scene.gateway.seen:
        assert headers["authorization"].removeprefix("Bearer ") not in written
    assert "eyJ" not in written  # how an assertion begins
    assert DEBTOR not in written


def certificate_scene(scene: Scene) -> Scene:
    scene.endpoint.rules.authentication = None
    del scene.access.oauth["signing_key_file"]
    return Scene(scene.town, scene.access, {"transaction_header": "Fsc-Transaction-Id"})


def test_the_client_certificate_can_be_the_proof_and_binds_the_token(scene: Scene) -> None:
    by_certificate = certificate_scene(scene)
    assert answer_of(put(by_certificate.source())).claims


def test_a_token_that_is_bound_to_a_certificate_is_refused_with_another(
    scene: Scene, simulation: Simulation, tmp_path: Path
) -> None:
    config = certificate_scene(scene).config()
    folder = simulation.credentials.ca_file.parent
    authority: Authority = create_authority(folder / "authority")
    other = authority.issue_client("Iemand anders", "00000001900000077000").write(tmp_path, "other")
    files = {"client_certificate_file": other.certificate_file, "client_key_file": other.key_file}
    stolen = HttpTransport(settings_of(config.model_copy(update=files)), tokens=AccessTokens(config))
    with pytest.raises(SourceRefused):
        stolen.post_json("/vorderingen/opvragen", {"bsn": DEBTOR}, Deadline.after(30))
    assert transport_of(config, PORTS.events).post_json(
        "/vorderingen/opvragen", {"bsn": DEBTOR}, Deadline.after(30)
    )
    assert cause_of(put(build_source(config.model_copy(update=files), PORTS))) is FailureCause.REFUSED


def test_the_token_endpoint_may_have_an_issuer_of_its_own(scene: Scene, tmp_path: Path) -> None:
    """Its anchors are not those of the source, and the other way round."""
    elsewhere = Authority.create("Elders")
    root = elsewhere.write_tls_root(tmp_path / "elders-root.pem")
    files = elsewhere.issue_server().write(tmp_path, "elders")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.certificate_file, files.key_file)
    server = scene.endpoint.listen(context)
    url = scene.access.url.replace(scene.access.url.split("/")[2], f"127.0.0.1:{server.port}")
    change = {"token_url": url, "assertion_audience": scene.access.url}
    try:
        assert cause_of(put(scene.source(**change))) is FailureCause.MISCONFIGURED
        assert answer_of(put(scene.source(**change, ca_file=str(root)))).claims
    finally:
        server.stop()
