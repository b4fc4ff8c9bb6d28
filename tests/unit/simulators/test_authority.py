"""The throw-away authority must behave like a real one, or the tests that rest on it prove nothing."""

import socket
import ssl
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from simulators.authority import DEMO_IDENTIFIER, Authority, create_authority
from simulators.certificates import IdentityFiles
from tests.support.waiting import PATIENCE_S


def handshake(server: IdentityFiles, client: IdentityFiles | None, root: Path) -> x509.Certificate:
    """One mutual TLS handshake on loopback; returns the client certificate that the server saw."""
    server_context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(root))
    server_context.verify_mode = ssl.CERT_REQUIRED
    server_context.load_cert_chain(server.certificate_file, server.key_file)
    client_context = ssl.create_default_context(cafile=str(root))
    if client is not None:
        client_context.load_cert_chain(client.certificate_file, client.key_file)
    seen: list[bytes | None] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_serve_once, args=(listener, server_context, seen))
        thread.start()
        try:
            with (
                socket.create_connection(listener.getsockname(), timeout=PATIENCE_S) as connection,
                client_context.wrap_socket(connection, server_hostname="127.0.0.1") as tls,
            ):
                assert tls.recv(2) == b"ok"
        finally:
            thread.join(timeout=PATIENCE_S)
    assert seen[0] is not None
    return x509.load_der_x509_certificate(seen[0])


def _serve_once(listener: socket.socket, context: ssl.SSLContext, seen: list[bytes | None]) -> None:
    connection, _ = listener.accept()
    try:
        with context.wrap_socket(connection, server_side=True) as tls:
            seen.append(tls.getpeercert(binary_form=True))
            tls.sendall(b"ok")
    except ssl.SSLError:
        connection.close()


def test_mutual_tls_works_and_carries_the_oin(tmp_path: Path) -> None:
    authority = Authority.create()
    root = authority.write_tls_root(tmp_path / "root.pem")
    server = authority.issue_server().write(tmp_path, "server")
    client = authority.issue_client("Blauwe Knop", oin="00000001900000099000").write(tmp_path, "client")
    seen = handshake(server, client, root)
    [serial_number] = seen.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
    assert serial_number.value == "00000001900000099000"


def test_a_client_of_another_authority_is_refused(tmp_path: Path) -> None:
    authority = Authority.create()
    root = authority.write_tls_root(tmp_path / "root.pem")
    server = authority.issue_server().write(tmp_path, "server")
    stranger = Authority.create().issue_client("Vreemd").write(tmp_path, "stranger")
    with pytest.raises((ssl.SSLError, ConnectionError)):
        handshake(server, stranger, root)


def test_a_client_without_certificate_is_refused(tmp_path: Path) -> None:
    authority = Authority.create()
    root = authority.write_tls_root(tmp_path / "root.pem")
    server = authority.issue_server().write(tmp_path, "server")
    with pytest.raises((ssl.SSLError, ConnectionError)):
        handshake(server, None, root)


def test_private_keys_are_readable_by_the_owner_only(tmp_path: Path) -> None:
    authority = create_authority(tmp_path / "authority")
    authority.issue_seal("Gemeente Voorbeeld", DEMO_IDENTIFIER).write(tmp_path, "seal")
    key_files = sorted(tmp_path.rglob("*.key.pem"))
    assert len(key_files) == 4
    assert {stat.S_IMODE(file.stat().st_mode) for file in key_files} == {0o600}


def test_a_second_run_goes_on_with_the_same_authority(tmp_path: Path) -> None:
    first = create_authority(tmp_path)
    seal = first.issue_seal("Gemeente Voorbeeld", DEMO_IDENTIFIER)
    first.revoke(seal, datetime(2026, 1, 2, tzinfo=UTC))
    first.save(tmp_path)
    second = create_authority(tmp_path)
    assert second.seal_root_der() == first.seal_root_der()
    seal.certificate.verify_directly_issued_by(second.seal_intermediate.certificate)
    [_, crl] = [x509.load_der_x509_crl(crl) for crl in second.crls()]
    entry = crl.get_revoked_certificate_by_serial_number(seal.certificate.serial_number)
    assert entry is not None
    assert entry.revocation_date_utc == datetime(2026, 1, 2, tzinfo=UTC)


def test_the_seal_chain_leads_to_the_root_and_leaves_the_root_out() -> None:
    authority = Authority.create()
    seal = authority.issue_seal("Gemeente Voorbeeld", DEMO_IDENTIFIER)
    [intermediate] = seal.chain
    seal.certificate.verify_directly_issued_by(intermediate)
    intermediate.verify_directly_issued_by(authority.seal_root.certificate)
    assert seal.certificate.not_valid_after_utc - datetime.now(UTC) > timedelta(days=300)
