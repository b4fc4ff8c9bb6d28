"""`sources check` tells apart everything that can be wrong between us and a trusted connection."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from simulators.authority import Authority
from simulators.certificates import (
    CertificateAuthority,
    CertificateOrder,
    Identity,
    key_usage,
    new_key,
    subject_name,
    write_certificates,
)
from simulators.organisations.server import Exchange, TlsServer
from sources.config import SourceConfig
from tests.support.checks import Walked, check

DAY = timedelta(days=1)
NOW = datetime.now(UTC).replace(microsecond=0)
ANSWER = b'{"bsn": "111111110"}'


def server_order(
    not_before: datetime = NOW - DAY, not_after: datetime = NOW + 90 * DAY, host: str = "localhost"
) -> CertificateOrder:
    extensions = (
        (x509.SubjectAlternativeName([x509.DNSName(host)]), False),
        (key_usage("digital_signature"), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
    )
    return CertificateOrder(subject_name("Gemeente Podium", host), not_before, not_after, extensions)


def root_order(not_after: datetime = NOW + 365 * DAY) -> CertificateOrder:
    usage = ((key_usage("key_cert_sign", "crl_sign"), True),)
    return CertificateOrder(subject_name("Podium", "Podium Root CA"), NOW - 365 * DAY, not_after, usage)


@dataclass
class Podium:
    """One organisation with any certificate, and what we have to ask it."""

    folder: Path
    authority: Authority = field(default_factory=Authority.create)
    servers: list[TlsServer] = field(default_factory=list)

    def serve(self, identity: Identity | None = None) -> ssl.SSLContext:
        """Listen; the context may be changed until the first connection."""
        shown = identity or self.good()
        files = shown.write(self.folder, "server")
        write_certificates(files.certificate_file, [shown.certificate, *shown.chain])
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(files.certificate_file, files.key_file)
        self.servers.append(TlsServer("podium", ("127.0.0.1", 0), context, respond))
        self.servers[-1].run_in_background()
        return context

    def good(self, **changes: object) -> Identity:
        return self.authority.tls_root.issue(server_order(**changes), new_key())  # type: ignore[arg-type]

    def demand_certificate(self, context: ssl.SSLContext, issuer: Authority | None = None) -> None:
        file = (issuer or self.authority).write_tls_root(self.folder / "clients.pem")
        context.load_verify_locations(file)
        context.verify_mode = ssl.CERT_REQUIRED

    def with_own_certificate(self, identity: Identity | None = None) -> dict[str, object]:
        own = (identity or self.authority.issue_client("Wij")).write(self.folder, "own")
        return {"client_certificate_file": own.certificate_file, "client_key_file": own.key_file}

    def check(self, **more: object) -> Walked:
        key = self.folder / "api-key"
        key.touch(mode=0o600)
        key.write_text("geheim", encoding="ascii")
        port = self.servers[-1].port if self.servers else 1
        values: dict[str, object] = {
            "source_id": "podium",
            "organisation": "Gemeente Podium",
            "protocol": "municipal_rest",
            "url": f"https://localhost:{port}",
            "ca_file": self.authority.write_tls_root(self.folder / "root.pem"),
            "api_key_file": key,
            "connect_seconds": 30,
            "total_seconds": 30,
        }
        return check(SourceConfig.model_validate(values | more))


def respond(exchange: Exchange) -> None:
    exchange.rfile.read(int(exchange.headers["Content-Length"]))
    exchange.send(200, ANSWER)


@pytest.fixture
def podium(tmp_path: Path) -> Iterator[Podium]:
    made = Podium(tmp_path)
    yield made
    for server in made.servers:
        server.stop()


def failed(walked: Walked) -> tuple[str, str]:
    return walked.failed.name, walked.failed.found.text


def test_a_good_certificate_is_told_with_the_days_that_are_left(podium: Podium) -> None:
    podium.serve()
    walked = podium.check()
    assert walked.text("TLS").startswith("TLSv1.3 TLS_")
    told = walked.text("certificaat")
    assert told == f"vertrouwd, voor localhost, geldig tot {NOW + 90 * DAY:%d-%m-%Y} (nog 89 dagen)"
    assert walked.text("ons certificaat") == "de bron vraagt er geen"


def test_a_certificate_that_ends_soon_is_told_and_still_holds(podium: Podium) -> None:
    podium.serve(podium.good(not_after=NOW + 10 * DAY))
    walked = podium.check()
    assert walked.text("certificaat").endswith("; let op: het verloopt over 9 dagen")
    assert walked.text("HTTP") == "status 200"


def test_an_expired_certificate_of_the_source(podium: Podium) -> None:
    podium.serve(podium.good(not_before=NOW - 9 * DAY, not_after=NOW - 2 * DAY))
    name, text = failed(podium.check())
    assert name == "certificaat"
    assert text.startswith("het certificaat van de bron zelf is verlopen: het geldt van ")
    assert f"{NOW - 2 * DAY:%d-%m-%Y}" in text


def test_a_certificate_that_is_not_valid_yet(podium: Podium) -> None:
    podium.serve(podium.good(not_before=NOW + 2 * DAY))
    assert "het certificaat van de bron zelf is nog niet geldig" in failed(podium.check())[1]


def test_an_expired_issuer_in_our_own_file(podium: Podium) -> None:
    old = CertificateAuthority.root(root_order(NOW - DAY))
    podium.serve(old.issue(server_order(), new_key()))
    write_certificates(podium.folder / "old.pem", [old.certificate])
    name, text = failed(podium.check(ca_file=podium.folder / "old.pem"))
    assert name == "certificaat"
    assert text == "een uitgever in ca_file is verlopen: «Podium Root CA»"


def intermediate(root: CertificateAuthority, not_after: datetime) -> CertificateAuthority:
    usage = ((key_usage("key_cert_sign", "crl_sign"), True),)
    order = CertificateOrder(subject_name("Podium", "Tussen CA"), NOW - 9 * DAY, not_after, usage)
    return CertificateAuthority(root.issue(order, new_key(), is_authority=True))


def test_an_expired_issuer_between_the_source_and_us(podium: Podium) -> None:
    root = CertificateAuthority.root(root_order())
    podium.serve(intermediate(root, NOW - DAY).issue(server_order(), new_key()))
    write_certificates(podium.folder / "new.pem", [root.certificate])
    text = failed(podium.check(ca_file=podium.folder / "new.pem"))[1]
    assert text == "een certificaat tussen de bron en ca_file is verlopen"


def test_an_issuer_between_that_the_source_does_not_send(podium: Podium) -> None:
    root = CertificateAuthority.root(root_order())
    whole = intermediate(root, NOW + DAY).issue(server_order(), new_key())
    podium.serve(Identity(whole.certificate, whole.private_key))
    write_certificates(podium.folder / "new.pem", [root.certificate])
    walked = podium.check(ca_file=podium.folder / "new.pem")
    assert failed(walked)[1] == "de uitgever van het certificaat staat niet in ca_file: «Tussen CA»"
    assert "tussenliggend certificaat niet mee" in str(walked.failed.found.advice)


def test_a_certificate_for_another_name(podium: Podium) -> None:
    podium.serve(podium.good(host="elders.voorbeeld.nl"))
    assert failed(podium.check()) == (
        "certificaat",
        "het certificaat is voor een andere naam: het is voor elders.voorbeeld.nl",
    )


def test_an_issuer_that_we_do_not_know(podium: Podium) -> None:
    podium.serve(Authority.create("Vreemd").issue_server(("localhost",)))
    name, text = failed(podium.check())
    assert name == "certificaat"
    assert text == "de uitgever van het certificaat staat niet in ca_file: «Vreemd TLS CA»"


def test_a_certificate_that_the_source_made_itself(podium: Podium) -> None:
    podium.serve(CertificateAuthority.root(server_order()).identity)
    assert "(self-signed)" in failed(podium.check())[1]


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_source_that_demands_a_certificate_which_we_do_not_have(
    podium: Podium, version: ssl.TLSVersion
) -> None:
    context = podium.serve()
    podium.demand_certificate(context)
    context.minimum_version = context.maximum_version = version
    walked = podium.check()
    assert "certificate_file" in str(walked.failed.found.advice)
    assert walked.failed.name == ("TLS" if version is ssl.TLSVersion.TLSv1_2 else "ons certificaat")


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_source_that_does_not_know_the_issuer_of_our_certificate(
    podium: Podium, version: ssl.TLSVersion
) -> None:
    context = podium.serve()
    podium.demand_certificate(context, Authority.create())
    context.minimum_version = context.maximum_version = version
    walked = podium.check(**podium.with_own_certificate())
    assert failed(walked) == ("ons certificaat", "de bron kent de uitgever van ons certificaat niet")


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize(
    ("demanding", "words"),
    [(True, "zonder certificaat komt niemand binnen"), (False, "wie er geen heeft, krijgt ook verbinding")],
)
def test_whether_others_come_in_without_a_certificate_is_told(
    podium: Podium, demanding: bool, words: str, version: ssl.TLSVersion
) -> None:
    context = podium.serve()
    context.minimum_version = context.maximum_version = version
    if demanding:
        podium.demand_certificate(context)
    walked = podium.check(**podium.with_own_certificate())
    assert walked.text("ons certificaat") == f"aangeboden en niet geweigerd; {words}"


def test_our_own_certificate_that_is_expired_is_told_before_anything_is_sent(podium: Podium) -> None:
    order = CertificateOrder(subject_name("Wij", "Wij"), NOW - 9 * DAY, NOW - 2 * DAY)
    own = podium.with_own_certificate(podium.authority.tls_root.issue(order, new_key()))
    name, text = failed(podium.check(**own))
    assert name == "eigen sleutels"
    assert text == f"client_certificate_file is verlopen op {NOW - 2 * DAY:%d-%m-%Y}"


class PlainServer:
    """Accepts connections and does with them what `greeting` says: None keeps them open in silence."""

    def __init__(self, greeting: bytes | None) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.kept: list[socket.socket] = []
        Thread(target=self._serve, args=(greeting,), daemon=True).start()

    def _serve(self, greeting: bytes | None) -> None:
        while True:
            try:
                taken, _ = self.listener.accept()
            except OSError:
                return
            self.kept.append(taken)
            with suppress(OSError):  # the first one that comes hangs up at once
                if greeting is not None and taken.recv(1):
                    taken.sendall(greeting)
                    taken.shutdown(socket.SHUT_WR)

    def stop(self) -> None:
        for open_one in [self.listener, *self.kept]:
            open_one.close()


@pytest.mark.parametrize(
    ("greeting", "words"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "daar wordt geen TLS gesproken"),
        (b"", "verbroken tijdens de afspraak over TLS"),
        (b"\x15\x03\x03\x00\x02\x02\x46", "alleen een te oude versie van TLS"),
        (b"\x15\x03\x03\x00\x02\x02\x28", "breekt de afspraak over TLS af"),
        (None, "neemt de verbinding aan en zwijgt dan"),
    ],
)
def test_something_else_than_our_tls_is_told_apart(
    podium: Podium, greeting: bytes | None, words: str
) -> None:
    """The two alerts are protocol_version (70) and handshake_failure (40)."""
    server = PlainServer(greeting)
    try:
        seconds = 1 if greeting is None else 30
        walked = podium.check(url=f"https://127.0.0.1:{server.port}", connect_seconds=seconds)
        assert walked.failed.name == "TLS"
        assert words in walked.failed.found.text
    finally:
        server.stop()
