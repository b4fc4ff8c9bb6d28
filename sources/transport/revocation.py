"""Has the certificate of a signer been revoked? From a local file with the lists of its issuers (CRL, RFC 5280, 5 and 6.3).

Fetching the lists is somebody else's work (a timer with curl): while a citizen waits we ask nobody else. The file is read
at every answer, so that a new list counts without a restart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog
from cryptography import x509

from sources.errors import Misconfigured, SourceUntrusted

log = structlog.get_logger(__name__)

_PEM = re.compile(rb"-----BEGIN X509 CRL-----.+?-----END X509 CRL-----", re.DOTALL)


class _Doubt(Exception):
    """The list cannot say; the text is a fixed phrase."""


@dataclass(frozen=True, slots=True)
class RevocationLists:
    """`file`: one list as DER, or any number of them as PEM. `accept_doubt`: when no list in it can say whether the
    certificate is revoked (missing, too old, of another issuer, only a part), believe the signature all the same."""

    file: Path
    accept_doubt: bool = False

    def check(self, certificate: x509.Certificate, anchors: list[x509.Certificate], now: datetime) -> None:
        """Raises SourceUntrusted when it was revoked, and Misconfigured in doubt. `anchors` hold its issuer."""
        try:
            is_revoked = self._is_revoked(certificate, anchors, now)
        except _Doubt as doubt:
            if not self.accept_doubt:
                raise Misconfigured(str(doubt)) from None
            log.warning("signer_revocation_unknown", reason=str(doubt))
            return
        if is_revoked:
            raise SourceUntrusted("the certificate of the signer is revoked")

    def _is_revoked(
        self, certificate: x509.Certificate, anchors: list[x509.Certificate], now: datetime
    ) -> bool:
        own = [found for found in self._read() if _is_of_issuer(found, certificate, anchors)]
        if not own:
            raise _Doubt("no revocation list of the issuer of the signer")
        # A list that is too old still proves what it names: a revocation is not taken back.
        if any(found.get_revoked_certificate_by_serial_number(certificate.serial_number) for found in own):
            return True
        if not any(_is_current(found, now) for found in own):
            raise _Doubt("the revocation list is too old")
        return False

    def _read(self) -> list[x509.CertificateRevocationList]:
        try:
            content = self.file.read_bytes()
            texts = _PEM.findall(content)
            return [x509.load_pem_x509_crl(text) for text in texts] or [x509.load_der_x509_crl(content)]
        except (OSError, ValueError):
            raise _Doubt("the revocation list cannot be read") from None


def _is_of_issuer(
    found: x509.CertificateRevocationList, certificate: x509.Certificate, anchors: list[x509.Certificate]
) -> bool:
    """Signed by whoever issued the certificate, and about all that he issued. What else a list may be (only a part, only
    changes) it says in a critical extension."""
    if found.issuer != certificate.issuer or any(extension.critical for extension in found.extensions):
        return False
    issuers = [
        anchor for anchor in anchors if anchor.subject == certificate.issuer and _may_sign_lists(anchor)
    ]
    return any(_has_signed(issuer, found) for issuer in issuers)


def _may_sign_lists(issuer: x509.Certificate) -> bool:
    try:
        return issuer.extensions.get_extension_for_class(x509.KeyUsage).value.crl_sign
    except x509.ExtensionNotFound:
        return True


def _has_signed(issuer: x509.Certificate, found: x509.CertificateRevocationList) -> bool:
    try:
        return found.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]
    except (TypeError, ValueError):  # a key of a kind that signs no lists
        return False


def _is_current(found: x509.CertificateRevocationList, now: datetime) -> bool:
    until = found.next_update_utc
    return found.last_update_utc <= now and until is not None and now <= until
