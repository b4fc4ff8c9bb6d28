"""How we prove who we are at the log-in provider, by settings."""

from pathlib import Path

import pytest

from app.oidc.config import ClientAuthentication, ClientCertificate
from app.settings import SettingsError, load_settings
from simulators.authority import Authority
from tests.unit.settings.conftest import Instance

SIGNING = 'signing_key_file = "secrets/login-signing.pem"\n'
TLS = """client_authentication = "tls_client_auth"
certificate_file = "login.pem"
certificate_key_file = "login.key.pem"
"""


def with_certificate(instance: Instance) -> ClientCertificate:
    files = Authority.create().issue_client("Gemeente Voorbeeld").write(instance.folder, "login")
    assert Path(files.certificate_file) == instance.folder / "login.pem"
    return ClientCertificate(str(files.certificate_file), str(files.key_file))


def refused(instance: Instance) -> str:
    with pytest.raises(SettingsError) as caught:
        load_settings(instance.file)
    return str(caught.value).removeprefix(f"{instance.file}: ")


def test_a_certificate_instead_of_a_signing_key(instance: Instance) -> None:
    certificate = with_certificate(instance)
    instance.change(SIGNING, TLS)
    config = load_settings(instance.file).login.oidc_config()
    assert config.client_authentication is ClientAuthentication.TLS
    assert config.client_certificate == certificate
    assert config.signing_key_pem is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (SIGNING + TLS, "login: tls_client_auth needs a certificate with its key, and no signing key"),
        ("", "login: private_key_jwt needs only a signing key"),
        (
            SIGNING + 'certificate_file = "login.pem"\n',
            "login: certificate_file and certificate_key_file go together",
        ),
        (
            TLS.replace("login.key.pem", "secrets/seal.key"),
            "login: the log-in certificate and its key cannot",
        ),
        (
            SIGNING + 'signing_certificate_file = "login.pem"\n',
            "login: the certificate of a log-in key belongs to another key",
        ),
        (
            SIGNING + 'client_authentication = "client_secret_basic"\n',
            "login.client_authentication: Input should be",
        ),
    ],
)
def test_what_does_not_fit_together_is_one_clear_line(
    instance: Instance, written: str, expected: str
) -> None:
    with_certificate(instance)
    instance.change(SIGNING, written)
    assert refused(instance).startswith(expected)


def test_par_can_be_required(instance: Instance) -> None:
    assert load_settings(instance.file).login.oidc_config().require_pushed_requests is False
    instance.change("require_pushed_requests = false", "require_pushed_requests = true")
    assert load_settings(instance.file).login.oidc_config().require_pushed_requests is True
