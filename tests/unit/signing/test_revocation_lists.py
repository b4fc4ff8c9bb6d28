"""Which revocation list says what about which certificate (RFC 5280, 5 and 6.3)."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from signing.errors import KeyRevoked
from signing.sealing.fetching import fetch_lists
from signing.sealing.revocation import LongTermSource, Material, Own, Refresher
from signing.verifying.revocation import current_lists, find_revocation, is_covered, read_lists
from simulators.certificates import CertificateAuthority
from tests.support.seals import Town

NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)
ADDRESS = "http://crl.example/zegel-ca.crl"
REASONS = frozenset({x509.ReasonFlags.superseded})


@pytest.fixture(scope="module")
def town() -> Town:
    return Town.create().with_seal(crl_url=ADDRESS)


def path(town: Town) -> list[x509.Certificate]:
    return [town.identity.certificate, *town.identity.chain]


def issuer(town: Town) -> CertificateAuthority:
    return town.authority.seal_intermediate


def made(
    by: CertificateAuthority,
    *extensions: tuple[x509.ExtensionType, bool],
    entry: x509.RevokedCertificate | None = None,
    made_at: datetime = NOW,
) -> bytes:
    """A list (DER) with these extensions, and one entry or none."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(by.certificate.subject)
    builder = builder.last_update(made_at - HOUR).next_update(made_at + 24 * HOUR)
    for value, critical in extensions:
        builder = builder.add_extension(value, critical)
    if entry is not None:
        builder = builder.add_revoked_certificate(entry)
    return builder.sign(by.identity.private_key, SHA256()).public_bytes(Encoding.DER)


def entry(town: Town, extension: x509.ExtensionType) -> x509.RevokedCertificate:
    builder = x509.RevokedCertificateBuilder().serial_number(town.identity.certificate.serial_number)
    return builder.revocation_date(NOW - HOUR).add_extension(extension, critical=True).build()


def point(**changes: object) -> tuple[x509.ExtensionType, bool]:
    nothing = dict.fromkeys(
        (
            "only_contains_user_certs",
            "only_contains_ca_certs",
            "indirect_crl",
            "only_contains_attribute_certs",
        ),
        False,
    )
    none = dict.fromkeys(("full_name", "relative_name", "only_some_reasons"), None)
    return x509.IssuingDistributionPoint(**{**nothing, **none, **changes}), True  # type: ignore[arg-type]


def at(address: str) -> list[x509.GeneralName]:
    return [x509.UniformResourceIdentifier(address)]


@pytest.mark.parametrize(
    "extensions",
    [
        (),
        (point(only_contains_user_certs=True),),
        (point(full_name=at(ADDRESS), only_contains_user_certs=True),),
        ((x509.CRLNumber(7), False),),
    ],
    ids=["everything", "of ends", "of its address", "numbered"],
)
def test_a_list_that_tells_all_about_the_seal(
    town: Town, extensions: tuple[tuple[x509.ExtensionType, bool], ...]
) -> None:
    lists = [made(issuer(town), *extensions)]
    assert is_covered(path(town), read_lists(lists), NOW)
    assert current_lists(path(town), read_lists(lists), NOW) == tuple(lists)


@pytest.mark.parametrize(
    "extensions",
    [
        ((x509.DeltaCRLIndicator(3), True),),
        ((x509.DeltaCRLIndicator(3), False),),
        (point(only_contains_ca_certs=True),),
        (point(only_contains_attribute_certs=True),),
        (point(only_some_reasons=REASONS),),
        (point(indirect_crl=True),),
        (point(full_name=at("http://crl.example/andere.crl")),),
        ((x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), True),),
    ],
    ids=["delta", "delta too", "authorities", "attributes", "reasons", "indirect", "address", "unknown"],
)
def test_a_list_that_says_nothing_about_who_is_not_on_it(
    town: Town, extensions: tuple[tuple[x509.ExtensionType, bool], ...]
) -> None:
    lists = [made(issuer(town), *extensions)]
    assert not is_covered(path(town), read_lists(lists), NOW)
    assert current_lists(path(town), read_lists(lists), NOW) == ()
    reason = x509.CRLReason(x509.ReasonFlags.key_compromise)
    revoked = find_revocation(
        path(town), read_lists([made(issuer(town), *extensions, entry=entry(town, reason))])
    )
    assert revoked is not None


def test_who_is_taken_off_a_list_is_not_revoked(town: Town) -> None:
    free = entry(town, x509.CRLReason(x509.ReasonFlags.remove_from_crl))
    delta = made(issuer(town), (x509.DeltaCRLIndicator(3), True), entry=free)
    assert find_revocation(path(town), read_lists([delta])) is None


def test_another_authority_may_use_the_same_number(town: Town) -> None:
    """An indirect list names the issuer with each certificate."""
    for name, is_ours in ((x509.Name([]), False), (issuer(town).certificate.subject, True)):
        named = entry(town, x509.CertificateIssuer([x509.DirectoryName(name)]))
        lists = [made(issuer(town), point(indirect_crl=True), entry=named)]
        assert (find_revocation(path(town), read_lists(lists)) is not None) is is_ours


def test_a_list_that_the_library_cannot_read_is_nobodys(town: Town) -> None:
    encoded = made(issuer(town)).replace(b"Simulatie", b"Simulat\xff\xfe")
    with pytest.raises(ValueError, match="parsing"):
        assert x509.load_der_x509_crl(encoded).issuer
    assert find_revocation(path(town), read_lists([encoded, b"geen lijst"])) is None
    assert not is_covered(path(town), read_lists([encoded, b"geen lijst"]), NOW)


def refreshed(town: Town, held: Material, served: tuple[bytes, ...]) -> Material:
    own = Own(town.key.certificate, town.key.chain, next(iter(town.policy.organisations)))
    with _served(*served) as urls:
        return Refresher(own, None, urls).refreshed(held, NOW)


def known_revocation(town: Town, material: Material) -> bool:
    own = Own(town.key.certificate, town.key.chain, next(iter(town.policy.organisations)))
    try:
        LongTermSource(own, material.to_bytes, HOUR).current()
    except KeyRevoked:
        return True
    return False


def test_what_we_know_is_not_forgotten_for_a_list_of_somebody_else_or_an_older_one() -> None:
    """Lists come over plain http."""
    town = Town.create()
    reason = x509.CRLReason(x509.ReasonFlags.key_compromise)
    held = Material(None, (made(issuer(town), entry=entry(town, reason)),))
    assert known_revocation(town, held)
    forged = made(replace_key(issuer(town)), made_at=NOW + HOUR)
    older = made(issuer(town), made_at=NOW - HOUR)
    assert known_revocation(town, refreshed(town, held, (forged, older)))
    newer = made(issuer(town), made_at=NOW + HOUR / 2)
    assert not known_revocation(town, refreshed(town, held, (newer,)))


def replace_key(authority: CertificateAuthority) -> CertificateAuthority:
    stranger = Town.create().authority.seal_intermediate.identity
    return CertificateAuthority(replace(authority.identity, private_key=stranger.private_key))


def test_who_sends_a_byte_now_and_then_keeps_no_other_work_waiting() -> None:
    """Purging what citizens left is a job of the same program."""
    with _dripping() as url:
        assert fetch_lists([url], altogether=0.5) == ()


@contextmanager
def _served(*answers: bytes) -> Iterator[tuple[str, ...]]:
    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            number = int(self.rfile.readline().split()[1].strip(b"/"))
            while self.rfile.readline().strip():
                pass
            self.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n" + answers[number])

    with _server(Handler) as url:
        yield tuple(f"{url}/{number}" for number in range(len(answers)))


@contextmanager
def _dripping() -> Iterator[str]:
    ended = threading.Event()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                self.wfile.write(b"HTTP/1.0 200 OK\r\nX: ")
                while not ended.wait(0.05):
                    self.wfile.write(b"x")

    try:
        with _server(Handler) as url:
            yield url
    finally:
        ended.set()


@contextmanager
def _server(handler: type[socketserver.BaseRequestHandler]) -> Iterator[str]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
