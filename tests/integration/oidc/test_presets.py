"""Each preset logs in at a provider that answers the way that broker is documented to answer."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwe, jwt

from app.oidc import levels
from app.oidc.login import OidcLogin
from app.oidc.presets import PRESETS
from app.ports.login import LevelTooLow, LoginRefused
from app.settings.kinds import Context
from app.settings.login import LoginSettings
from simulators.digid.grants import Grant
from simulators.digid.provider import Provider
from tests.integration.oidc.support import CLIENT_ID, log_in, relying_party, rsa_pem, running

_SAML = "urn:oasis:names:tc:SAML:2.0:ac:classes:"


class Encrypting(Provider):
    """Encrypts the ID token too, where it holds a BSN."""

    def token_answer(self, grant: Grant) -> dict[str, Any]:
        answer = super().token_answer(grant)
        return {**answer, "id_token": self.encrypt(answer["id_token"])}


class NlGov(Encrypting):
    """The BSN is the subject."""

    def subject(self, grant: Grant) -> str:
        return grant.person.identifier

    def userinfo_claims(self, grant: Grant) -> dict[str, Any]:
        return {**super().userinfo_claims(grant), "sub_id_type": "urn:nl-eid-gdi:1.0:id:BSN"}


class Signicat(Provider):
    def userinfo_claims(self, grant: Grant) -> dict[str, Any]:
        return {
            **super().userinfo_claims(grant),
            "nin": grant.person.identifier,
            "nin_type": "BSN",
            "nin_issuing_country": "NL",
        }


class RdoMax(Provider):
    """Weaker encryption, and the level as a SAML value in userinfo; no acr and no auth_time in the ID token."""

    saml_level = "Smartcard"

    def id_token_claims(self, grant: Grant, access_token: str) -> dict[str, Any]:
        claims = super().id_token_claims(grant, access_token)
        return {name: value for name, value in claims.items() if name not in ("acr", "auth_time")}

    def userinfo_claims(self, grant: Grant) -> dict[str, Any]:
        return {**super().userinfo_claims(grant), "loa_authn": _SAML + self.saml_level}

    def sign(self, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "RS256", "kid": self.key.thumbprint()}, claims, self.key, ["RS256"])

    def jwks(self) -> dict[str, Any]:
        return {"keys": [{**super().jwks()["keys"][0], "alg": "RS256"}]}

    def encrypt(self, token: str) -> str:
        header = {"alg": "RSA-OAEP", "enc": "A128CBC-HS256", "cty": "JWT", "x5t": "onbekend"}
        key = self.client.key("enc").as_dict(private=False)
        anonymous = type(self.key).import_key({name: key[name] for name in ("kty", "n", "e")})
        return jwe.encrypt_compact(header, token, anonymous, ["RSA-OAEP", "A128CBC-HS256"])


class RdoMaxTooLow(RdoMax):
    saml_level = "MobileTwoFactorContract"


class Keycloak(Encrypting):
    """The BSN stands in the ID token only, and there is no userinfo address to ask."""

    def id_token_claims(self, grant: Grant, access_token: str) -> dict[str, Any]:
        return {**super().id_token_claims(grant, access_token), "aanvrager": {"bsn": grant.person.identifier}}

    def metadata(self) -> dict[str, Any]:
        return {name: value for name, value in super().metadata().items() if name != "userinfo_endpoint"}


class KeycloakForAnother(Keycloak):
    def id_token_claims(self, grant: Grant, access_token: str) -> dict[str, Any]:
        return {**super().id_token_claims(grant, access_token), "gemachtigde": {"bsn": "999998493"}}


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the keys that the settings name."""
    folder = tmp_path_factory.mktemp("secrets")
    for name in ("signing", "decryption"):
        file = folder / f"{name}.pem"
        file.touch(mode=0o600)
        file.write_text(rsa_pem(name))
    return folder


def by_settings(broker: str, issuer: str, secrets: Path, *lines: str) -> OidcLogin:
    """As an installation does: the table [login] names a broker."""
    table = f"""
        broker = "{broker}"
        issuer = "{issuer}"
        client_id = "{CLIENT_ID}"
        signing_key_file = "signing.pem"
        decryption_key_file = "decryption.pem"
    """
    table = "\n".join([table, *lines])
    context = Context(secrets, allow_loopback_http=True)
    settings = LoginSettings.model_validate(tomllib.loads(table), context=context)
    return OidcLogin(settings.oidc_config(), allow_loopback_http=True)


@pytest.mark.parametrize(
    ("preset", "kind"),
    [
        ("nlgov", NlGov),
        ("signicat", Signicat),
        ("rdo-max", RdoMax),
        ("keycloak", Keycloak),
        ("simulator", Provider),
    ],
)
def test_a_citizen_logs_in_with_each_preset(preset: str, kind: type[Provider], secrets: Path) -> None:
    with running(kind) as provider:
        principal = log_in(by_settings(preset, provider.issuer, secrets), burger=1)
    assert principal.bsn.digits == "999993549"
    assert principal.level == levels.SUBSTANTIAL


def test_an_id_token_that_is_only_signed_is_refused_where_encryption_is_configured(secrets: Path) -> None:
    with running(Keycloak) as provider:
        login = by_settings("keycloak", provider.issuer, secrets, "encrypted_id_token = true")
        assert log_in(login).bsn.digits == "111111110"
    with running() as provider, pytest.raises(LoginRefused) as caught:
        log_in(by_settings("simulator", provider.issuer, secrets, "encrypted_id_token = true"))
    assert caught.value.reason == "id_token_form"


def test_every_preset_is_tried_above() -> None:
    assert set(PRESETS) == {"nlgov", "signicat", "rdo-max", "keycloak", "simulator"}


@pytest.mark.parametrize(
    ("preset", "kind", "reason"),
    [
        ("nlgov", Provider, "bsn_companion"),  # a pseudonym is not a BSN
        ("signicat", Provider, "bsn_companion"),
        ("rdo-max", Provider, "decryption"),
        ("keycloak", Provider, "bsn_missing"),
        ("keycloak", KeycloakForAnother, "representation"),
    ],
)
def test_a_broker_that_answers_otherwise_than_its_preset_logs_nobody_in(
    preset: str, kind: type[Provider], reason: str
) -> None:
    with running(kind) as provider, pytest.raises(LoginRefused) as caught:
        log_in(relying_party(provider.issuer, profile=PRESETS[preset]))
    assert caught.value.reason == reason


def test_the_weaker_encryption_of_one_broker_is_not_accepted_from_another() -> None:
    class Weak(Provider):
        encrypt = RdoMax.encrypt

    with running(Weak) as provider, pytest.raises(LoginRefused) as caught:
        log_in(relying_party(provider.issuer))
    assert caught.value.reason == "decryption"


def test_a_level_that_a_broker_words_differently_is_compared_all_the_same() -> None:
    with running(RdoMaxTooLow) as provider, pytest.raises(LevelTooLow):
        log_in(relying_party(provider.issuer, profile=PRESETS["rdo-max"]))
