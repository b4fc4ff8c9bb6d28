"""Proving who we are by the certificate of the connection (RFC 8705): at a server that asks for one, over real TLS."""

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import request
from joserfc.jwk import RSAKey

from app.oidc.config import ClientAuthentication, ClientCertificate
from app.oidc.login import OidcLogin
from app.ports.login import ProviderUnavailable
from simulators.authority import Authority, create_authority
from simulators.digid.client import OAuthRefusal
from simulators.digid.grants import Grant
from simulators.digid.provider import Provider
from simulators.digid.web import create_app
from tests.integration.oidc.support import (
    CITIZENS,
    config,
    listening,
    log_in,
    registered,
    relying_party,
    rsa_pem,
    running,
)

METHODS = (ClientAuthentication.TLS, ClientAuthentication.SELF_SIGNED_TLS)


@dataclass
class ByCertificate:
    """Instead of an assertion: the certificate of the connection, and whose it must be."""

    client_id: str

    def check(self, form: Mapping[str, str]) -> None:
        if form.get("client_id") != self.client_id or "client_assertion" in form:
            raise OAuthRefusal("invalid_client", "one method, and the client_id in the form")
        if not request.environ.get("SSL_CLIENT_CERT"):
            raise OAuthRefusal("invalid_client", "no certificate")


class TlsProvider(Provider):
    """Programs call another port than browsers do."""

    programs = ""

    def metadata(self) -> dict[str, Any]:
        aliases = {
            "token_endpoint": f"{self.programs}/token",
            "userinfo_endpoint": f"{self.programs}/userinfo",
            "pushed_authorization_request_endpoint": f"{self.programs}/par",
        }
        methods = [method.value for method in METHODS]
        return {
            **super().metadata(),
            "token_endpoint_auth_methods_supported": methods,
            "mtls_endpoint_aliases": aliases,
        }

    def granted(self, access_token: str) -> Grant | None:
        """Tokens are bound to the certificate."""
        return super().granted(access_token) if request.environ.get("SSL_CLIENT_CERT") else None


@contextmanager
def provider_with_aliases(folder: Path, authority: Authority) -> Iterator[TlsProvider]:
    files = authority.issue_server().write(folder, "server")
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(folder / "root.pem"))
    tls.load_cert_chain(files.certificate_file, files.key_file)
    tls.verify_mode = ssl.CERT_REQUIRED
    with listening() as (browsers, issuer), listening(tls) as (programs, address):
        provider = TlsProvider(issuer, registered(config()), RSAKey.import_key(rsa_pem("provider")))
        provider._authentication = ByCertificate(config().client_id)  # type: ignore[assignment]
        provider.programs = address
        browsers.app = programs.app = create_app(provider, CITIZENS)
        yield provider


@dataclass(frozen=True)
class Parties:
    provider: TlsProvider
    certificate: ClientCertificate
    root: Path

    def login(self, method: ClientAuthentication, **changes: object) -> OidcLogin:
        values = {
            "client_authentication": method,
            "signing_key_pem": None,
            "client_certificate": self.certificate,
            "ca_bundle": str(self.root),
        }
        return relying_party(self.provider.issuer, **{**values, **changes})


@pytest.fixture(scope="module")
def parties(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parties]:
    folder = tmp_path_factory.mktemp("mtls")
    authority = create_authority(folder / "authority")
    root = authority.write_tls_root(folder / "root.pem")
    own = authority.issue_client("Gemeente Voorbeeld").write(folder, "client")
    with provider_with_aliases(folder, authority) as provider:
        certificate = ClientCertificate(str(own.certificate_file), str(own.key_file))
        yield Parties(provider, certificate, root)


@pytest.mark.parametrize("method", METHODS)
def test_a_citizen_logs_in_without_an_assertion(parties: Parties, method: ClientAuthentication) -> None:
    login = parties.login(method)
    assert log_in(login).bsn.digits == "111111110"
    assert [key["use"] for key in login.client_jwks()["keys"]] == ["enc"]


def test_a_certificate_of_another_authority_opens_nothing(parties: Parties, tmp_path: Path) -> None:
    other = create_authority(tmp_path / "other").issue_client("Een ander").write(tmp_path, "client")
    certificate = ClientCertificate(str(other.certificate_file), str(other.key_file))
    with pytest.raises(ProviderUnavailable):
        log_in(parties.login(ClientAuthentication.TLS, client_certificate=certificate))


def test_a_method_that_the_provider_does_not_know_is_said_before_the_login(parties: Parties) -> None:
    with pytest.raises(ProviderUnavailable) as caught:
        log_in(relying_party(parties.provider.issuer))
    assert caught.value.reason == "metadata_client_authentication"
    with running() as provider, pytest.raises(ProviderUnavailable) as caught:
        log_in(
            relying_party(
                provider.issuer,
                client_authentication=ClientAuthentication.TLS,
                signing_key_pem=None,
                client_certificate=parties.certificate,
            )
        )
    assert caught.value.reason == "metadata_client_authentication"


@pytest.mark.parametrize("files", [("client.pem", "server.key"), ("none.pem", "none.key")])
def test_a_certificate_without_its_key_stops_the_start(
    parties: Parties, files: tuple[str, str], tmp_path: Path
) -> None:
    wrong = ClientCertificate(*(str(parties.root.parent / name) for name in files))
    with pytest.raises(ValueError, match="cannot be used together"):
        parties.login(ClientAuthentication.TLS, client_certificate=wrong)
