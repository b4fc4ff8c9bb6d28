"""One step of a connection at a time, to see which one fails. Sends no question: nothing here knows of a citizen."""

from __future__ import annotations

import socket
import ssl
import time
from dataclasses import dataclass, field
from enum import Enum

from cryptography import x509

from sources.deadline import Deadline
from sources.transport.address import Address
from sources.transport.connection import DeadlineSocket, connect

_PEEK_SECONDS = 0.02


class NameUnknown(Exception):
    """`lasting` False: the name servers did not answer, which may be over soon."""

    def __init__(self, *, lasting: bool) -> None:
        super().__init__("the name of the host cannot be resolved")
        self.lasting = lasting


class TcpProblem(Enum):
    REFUSED = "refused"
    SILENT = "silent"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class TcpAttempt:
    """One address of the host; `problem` None: it takes connections."""

    ip_address: str
    milliseconds: int
    problem: TcpProblem | None


class TlsProblem(Enum):
    NOT_TLS = "not tls"
    TOO_OLD = "too old"
    NO_AGREEMENT = "no agreement"
    SILENT = "silent"
    BROKEN = "broken"
    UNTRUSTED = "untrusted"


class Refusal(Enum):
    """Why the other side does not take our client certificate (TLS alerts, RFC 8446 6.2)."""

    REQUIRED = "required"
    UNKNOWN_ISSUER = "unknown issuer"
    EXPIRED = "expired"
    REVOKED = "revoked"
    OTHER = "other"


class TlsFailed(Exception):
    """`verify_code` is OpenSSL's (X509_verify_cert_error_string), with UNTRUSTED only."""

    def __init__(self, problem: TlsProblem, verify_code: int = 0) -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.verify_code = verify_code


@dataclass(frozen=True, slots=True)
class Handshake:
    """`certificate` is the one of the source; None when it broke off before we could take it. `refusal`: it did not
    like how we showed who we are."""

    version: str
    cipher: str
    certificate: x509.Certificate | None = field(repr=False)
    refusal: Refusal | None = None


_REFUSALS = {
    "TLSV13_ALERT_CERTIFICATE_REQUIRED": Refusal.REQUIRED,
    "TLSV1_ALERT_UNKNOWN_CA": Refusal.UNKNOWN_ISSUER,
    "SSLV3_ALERT_CERTIFICATE_EXPIRED": Refusal.EXPIRED,
    "SSLV3_ALERT_CERTIFICATE_REVOKED": Refusal.REVOKED,
    "SSLV3_ALERT_BAD_CERTIFICATE": Refusal.OTHER,
    "SSLV3_ALERT_CERTIFICATE_UNKNOWN": Refusal.OTHER,
    "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE": Refusal.OTHER,
    "SSLV3_ALERT_NO_CERTIFICATE": Refusal.REQUIRED,
    "TLSV1_ALERT_ACCESS_DENIED": Refusal.OTHER,
    "TLSV1_ALERT_DECRYPT_ERROR": Refusal.OTHER,
}
_PROBLEMS = {
    "WRONG_VERSION_NUMBER": TlsProblem.NOT_TLS,
    "HTTP_REQUEST": TlsProblem.NOT_TLS,
    "PACKET_LENGTH_TOO_LONG": TlsProblem.NOT_TLS,
    "RECORD_LAYER_FAILURE": TlsProblem.NOT_TLS,
    "UNSUPPORTED_PROTOCOL": TlsProblem.TOO_OLD,
    "TLSV1_ALERT_PROTOCOL_VERSION": TlsProblem.TOO_OLD,
    "SSLV3_ALERT_HANDSHAKE_FAILURE": TlsProblem.NO_AGREEMENT,
}


def resolve(address: Address) -> tuple[str, ...]:
    """The IP addresses of the host, in the order in which they are tried. Raises NameUnknown. Cannot be interrupted:
    the system's resolver has its own limits."""
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NameUnknown(lasting=getattr(error, "errno", None) != socket.EAI_AGAIN) from None
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def try_tcp(ip_address: str, port: int, seconds: float) -> TcpAttempt:
    """Connect and hang up."""
    begun = time.monotonic()
    problem = None
    try:
        socket.create_connection((ip_address, port), timeout=seconds).close()
    except ConnectionRefusedError:
        problem = TcpProblem.REFUSED
    except TimeoutError:
        problem = TcpProblem.SILENT
    except OSError:
        problem = TcpProblem.UNREACHABLE
    return TcpAttempt(ip_address, round((time.monotonic() - begun) * 1000), problem)


def shake_hands(address: Address, context: ssl.SSLContext, seconds: float) -> Handshake:
    """Agree on TLS as a question would, wait until it is clear whether they take us, and hang up. Raises TlsFailed."""
    try:
        connection = connect((address.host, address.port), context, seconds, Deadline.after(seconds))
    except ssl.SSLError as error:
        if refusal := _REFUSALS.get(error.reason):  # in TLS 1.2 that is part of the handshake
            return Handshake("TLSv1.2", "", None, refusal)
        raise _tls_failure(error) from None
    except TimeoutError:
        raise TlsFailed(TlsProblem.SILENT) from None
    except OSError:
        raise TlsFailed(TlsProblem.BROKEN) from None
    try:
        taken = connection.sock
        assert isinstance(taken, DeadlineSocket)  # noqa: S101 -- connect makes no other kind
        return _describe(taken, _wait_for_refusal(taken, seconds))
    finally:
        connection.close()


def look_unverified(address: Address, seconds: float) -> Handshake | None:
    """What a source that we do not trust shows of itself; None when it shows nothing. Nothing is sent over this
    connection, and our certificate is not offered."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.sslsocket_class = DeadlineSocket
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        connection = connect((address.host, address.port), context, seconds, Deadline.after(seconds))
    except OSError:
        return None
    try:
        return _describe(connection.sock, None)
    finally:
        connection.close()


def _describe(taken: ssl.SSLSocket, refusal: Refusal | None) -> Handshake:
    cipher = taken.cipher()
    try:
        certificate = x509.load_der_x509_certificate(taken.getpeercert(binary_form=True) or b"")
    except ValueError:
        certificate = None
    return Handshake(taken.version() or "", cipher[0] if cipher else "", certificate, refusal)


def _wait_for_refusal(taken: ssl.SSLSocket, seconds: float) -> Refusal | None:
    """In TLS 1.3 a server judges our certificate after the handshake (RFC 8446 2): it then sends an alert, or else,
    nearly always, a ticket for a next session. A server that does neither costs us these seconds."""
    deadline = Deadline.after(seconds)
    taken.settimeout(_PEEK_SECONDS)
    while taken.version() == "TLSv1.3" and not deadline.passed and not _has_ticket(taken):
        try:
            if not taken.recv(1):
                return None
        except TimeoutError:
            continue
        except ssl.SSLError as error:
            return _REFUSALS.get(error.reason)
        except OSError:
            return None
    return None


def _has_ticket(taken: ssl.SSLSocket) -> bool:
    return taken.session is not None and taken.session.has_ticket


def _tls_failure(error: ssl.SSLError) -> TlsFailed:
    if isinstance(error, ssl.SSLCertVerificationError):
        return TlsFailed(TlsProblem.UNTRUSTED, error.verify_code)
    return TlsFailed(_PROBLEMS.get(error.reason, TlsProblem.BROKEN))
