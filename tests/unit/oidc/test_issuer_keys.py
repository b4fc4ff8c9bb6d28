"""Whose a published key is: only with a certificate for that key, of that organisation, under that authority, good now."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from joserfc.jwk import RSAKey

from app.oidc.issuer_keys import IssuerKeySet, KeyRules
from app.oidc.key_certificates import Owner, load_authorities
from app.oidc.keys import OwnKeys
from app.ports.issuers import IssuerUnavailable
from simulators.authority import Authority, create_authority
from simulators.certificates import Identity

OIN = "00000001900000010000"
Now = Callable[[], datetime]


def today() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return create_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def signer(authority: Authority) -> Identity:
    return authority.issue_signer("Landelijk Portaal", OIN)


def owner(authority: Authority, oin: str = OIN) -> Owner:
    root = authority.tls_root.certificate.public_bytes(Encoding.PEM).decode()
    return Owner(oin, load_authorities(root))


def published(signer: Identity, *certificates: x509.Certificate, **changes: Any) -> dict[str, Any]:
    chain = [base64.b64encode(one.public_bytes(Encoding.DER)).decode() for one in certificates]
    public = RSAKey.import_key(signer.private_key).as_dict(private=False)  # type: ignore[arg-type]
    return {"keys": [{**public, "kid": "een", "x5c": chain, **changes}]}


def found(document: dict[str, Any], whose: Owner | None, now: Now = today) -> bool:
    try:
        keys = IssuerKeySet(document, OwnKeys((), ()), KeyRules(owner=whose, now=now))
    except ValueError:
        return False
    return keys.key("een", "PS256") is not None


def test_a_key_of_this_organisation_is_believed(authority: Authority, signer: Identity) -> None:
    assert found(published(signer, signer.certificate, *signer.chain), owner(authority))
    assert found(published(signer), None), "where nobody asks for a certificate"


@pytest.mark.threat("T-44")
def test_any_other_is_not(authority: Authority, signer: Identity, tmp_path: Path) -> None:
    right, ours = signer.certificate, owner(authority)
    assert not found(published(signer), ours)
    assert not found(published(signer, x5c="tekst"), ours)
    assert not found(published(signer, x5c=["geen base64!"]), ours)
    assert not found(published(signer, x5c=[5]), ours)
    assert not found(published(signer, *[right] * 7), ours)
    assert not found(published(signer, right), owner(authority, "00000001900000010001"))
    assert not found(published(signer, right), owner(create_authority(tmp_path)))
    another = authority.issue_signer("Landelijk Portaal", OIN)
    assert not found(published(signer, another.certificate), ours), "a certificate for another key"
    for days in (-2, 366):
        assert not found(published(signer, right), ours, lambda days=days: today() + timedelta(days=days))  # type: ignore[misc]


def test_the_certificate_of_a_key_in_a_file_can_end(authority: Authority, signer: Identity) -> None:
    moments = [today(), today() + timedelta(days=400)]
    rules = KeyRules(owner=owner(authority), now=lambda: moments.pop(0))
    keys = IssuerKeySet(published(signer, signer.certificate), OwnKeys((), ()), rules)
    with pytest.raises(IssuerUnavailable, match="jwks_without_key"):
        keys.key("een", "PS256")


def test_authorities_that_cannot_be_read_are_refused() -> None:
    with pytest.raises(ValueError, match="not readable PEM"):
        load_authorities("geen certificaat")
