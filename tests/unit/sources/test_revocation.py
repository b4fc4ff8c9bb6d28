"""Revocation lists of signers: what is revoked is refused, and a list that cannot say is never a clean one by itself."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from structlog.testing import capture_logs

from simulators.authority import Authority
from simulators.certificates import CertificateAuthority, Identity
from sources.errors import Misconfigured, SourceUntrusted
from sources.transport.revocation import RevocationLists

NOW = datetime.now(UTC) - timedelta(minutes=10)  # as if this run had begun long ago
REASON = x509.ReasonFlags.key_compromise


class Scene:
    def __init__(self, folder: Path) -> None:
        self.authority = Authority.create()
        self.issuer: CertificateAuthority = self.authority.tls_root
        self.signer: Identity = self.authority.issue_signer("Gemeente", "00000001900000021000")
        self.file = folder / "lists.crl"

    def write(self, *lists: x509.CertificateRevocationList, encoding: Encoding = Encoding.PEM) -> None:
        self.file.write_bytes(b"".join(found.public_bytes(encoding) for found in lists))

    def revoke(self) -> None:
        self.issuer.revoke(self.signer.certificate, NOW, REASON)

    def check(self, now: datetime = NOW, *, accept_doubt: bool = False) -> None:
        lists = RevocationLists(self.file, accept_doubt)
        lists.check(self.signer.certificate, [self.issuer.certificate], now)


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
def test_a_current_list_without_the_signer_lets_him_pass_and_with_him_does_not(
    scene: Scene, encoding: Encoding
) -> None:
    scene.issuer.revoke(scene.authority.issue_signer("Ander").certificate, NOW, REASON)
    scene.write(scene.issuer.crl(NOW), encoding=encoding)
    scene.check()
    scene.revoke()
    scene.write(scene.issuer.crl(NOW), encoding=encoding)
    with pytest.raises(SourceUntrusted, match="is revoked"):
        scene.check()


@pytest.mark.parametrize("accept_doubt", [True, False])
def test_a_revoked_signer_is_refused_also_by_a_list_that_is_too_old(scene: Scene, accept_doubt: bool) -> None:
    scene.revoke()
    scene.write(scene.issuer.crl(NOW - timedelta(days=800)))
    with pytest.raises(SourceUntrusted):
        scene.check(accept_doubt=accept_doubt)


def test_the_list_of_the_right_issuer_counts_among_several(scene: Scene) -> None:
    scene.revoke()
    scene.write(Authority.create().tls_root.crl(NOW), scene.issuer.crl(NOW))
    with pytest.raises(SourceUntrusted):
        scene.check()


def absent(scene: Scene) -> None:
    scene.file.unlink(missing_ok=True)


def nonsense(scene: Scene) -> None:
    scene.file.write_bytes(b"-----BEGIN X509 CRL-----\nhallo\n-----END X509 CRL-----\n")


def too_old(scene: Scene) -> None:
    scene.write(scene.issuer.crl(NOW - timedelta(days=800)))


def from_the_future(scene: Scene) -> None:
    scene.write(scene.issuer.crl(NOW + timedelta(days=2)))


def of_somebody_else(scene: Scene) -> None:
    scene.write(Authority.create("Ander").tls_root.crl(NOW))


def forged(scene: Scene) -> None:
    """The name of the issuer, the signature of another."""
    scene.write(Authority.create().tls_root.crl(NOW))


def only_changes(scene: Scene) -> None:
    """A delta list (RFC 5280, 5.2.4) names only what changed; that is critical."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(scene.issuer.certificate.subject)
    builder = builder.last_update(NOW - timedelta(hours=1)).next_update(NOW + timedelta(hours=1))
    builder = builder.add_extension(x509.DeltaCRLIndicator(1), critical=True)
    scene.write(builder.sign(scene.issuer.identity.private_key, hashes.SHA256()))


DOUBTS = [absent, nonsense, too_old, from_the_future, of_somebody_else, forged, only_changes]


@pytest.mark.parametrize("prepare", DOUBTS)
def test_in_doubt_the_signature_counts_only_when_the_settings_say_so(scene: Scene, prepare: object) -> None:
    assert callable(prepare)
    prepare(scene)
    with pytest.raises(Misconfigured, match="revocation list"):
        scene.check()
    with capture_logs() as logs:
        scene.check(accept_doubt=True)
    assert [entry["event"] for entry in logs] == ["signer_revocation_unknown"]


def test_a_new_list_counts_at_once(scene: Scene) -> None:
    lists = RevocationLists(scene.file)
    scene.write(scene.issuer.crl(NOW))
    lists.check(scene.signer.certificate, [scene.issuer.certificate], NOW)
    scene.revoke()
    scene.write(scene.issuer.crl(NOW))
    with pytest.raises(SourceUntrusted):
        lists.check(scene.signer.certificate, [scene.issuer.certificate], NOW)
