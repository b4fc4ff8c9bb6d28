"""Logout tokens of a provider over HTTP: opened with its keys, and only when they are what they say they are."""

from collections.abc import Iterator
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from app.oidc.login import OidcLogin
from app.ports.login import LoginRefused, ProviderUnavailable
from simulators.digid.provider import Provider
from tests.integration.oidc.support import (
    REDIRECT_URI,
    Browser,
    finish,
    relying_party,
    rsa_pem,
    running,
)


@pytest.fixture(scope="module")
def digid() -> Iterator[Provider]:
    with running() as provider:
        yield provider


@pytest.fixture
def login(digid: Provider) -> OidcLogin:
    return relying_party(digid.issuer)


def test_the_notice_names_the_log_in_as_the_id_token_did(digid: Provider, login: OidcLogin) -> None:
    start = login.start(REDIRECT_URI)
    known_as = finish(login, start, Browser().choose(start.redirect_url)).provider_session
    assert known_as is not None
    assert known_as.sid
    notice = login.logout_notice(digid.logout_token(sid=known_as.sid, sub=known_as.subject))
    assert (notice.issuer, notice.sid, notice.subject) == (
        known_as.issuer,
        known_as.sid,
        known_as.subject,
    )


def test_an_encrypted_token_is_opened(digid: Provider, login: OidcLogin) -> None:
    assert login.logout_notice(digid.encrypt(digid.logout_token(sid="s"))).sid == "s"


def header(digid: Provider, **changes: Any) -> dict[str, Any]:
    return {"alg": "PS256", "kid": digid.key.thumbprint(), "typ": "logout+jwt", **changes}


def claims_of(digid: Provider) -> dict[str, Any]:
    return jwt.decode(digid.logout_token(sid="s"), digid.key, ["PS256"]).claims


@pytest.mark.parametrize("kind", ["JWT", "at+jwt", None])
@pytest.mark.threat("T-10")
def test_another_type_of_token_is_refused(digid: Provider, login: OidcLogin, kind: str | None) -> None:
    """ASVS 5.0, 10.5.5: else an ID token or an access token could end a session."""
    changed = {name: value for name, value in header(digid, typ=kind).items() if value is not None}
    with pytest.raises(LoginRefused) as caught:
        login.logout_notice(jwt.encode(changed, claims_of(digid), digid.key, ["PS256"]))
    assert caught.value.reason == "token_type"


@pytest.mark.threat("T-10")
def test_a_token_with_another_signature_is_refused(digid: Provider, login: OidcLogin) -> None:
    other = RSAKey.import_key(rsa_pem("other"))
    for token, reason in (
        (jwt.encode(header(digid), claims_of(digid), other, ["PS256"]), "signature"),
        (jwt.encode(header(digid, alg="RS512"), claims_of(digid), digid.key, ["RS512"]), "algorithm"),
        (jwt.encode(header(digid, kid="anders"), claims_of(digid), digid.key, ["PS256"]), "key_unknown"),
        ("x" * 20_000, "logout_too_large"),
        ("", "signature"),
    ):
        with pytest.raises(LoginRefused) as caught:
            login.logout_notice(token)
        assert caught.value.reason == reason


def test_a_provider_that_is_away_is_no_refusal() -> None:
    with running() as provider:
        token = provider.logout_token(sid="s")
    with pytest.raises(ProviderUnavailable):
        relying_party(provider.issuer).logout_notice(token)
