"""The table [operator]."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from app.oidc.config import ClaimPlace, Source
from app.settings import load_settings
from app.settings.operator import OperatorSettings
from tests.unit.settings.conftest import Instance
from tests.unit.settings.test_settings import refused


def operator(instance: Instance) -> OperatorSettings:
    found = load_settings(instance.file).operator
    assert found is not None
    return found


def test_the_example_describes_a_keycloak(instance: Instance) -> None:
    settings = operator(instance)
    profile = settings.staff_config().profile
    assert profile.roles == ClaimPlace(Source.ID_TOKEN, ("realm_access", "roles"))
    assert profile.allowed_roles == ("schuldenoverzicht-beheer",)
    assert settings.metrics_token() == "een-token-van-genoeg-tekens"
    assert settings.sessions.limits.absolute == timedelta(hours=4)
    assert "PRIVATE KEY" not in repr(settings.staff_config())


def test_without_the_table_there_is_no_operator_site(instance: Instance) -> None:
    text = instance.file.read_text()
    before, _, rest = text.partition("[operator]")
    defaults = rest[rest.index("# From here on") : rest.index("# Belongs to [operator]")]
    instance.file.write_text(before + defaults)
    assert load_settings(instance.file).operator is None


def test_without_a_token_file_there_are_no_metrics(instance: Instance) -> None:
    instance.change('metrics_token_file = "secrets/metrics-token"', "")
    assert operator(instance).metrics_token() is None


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("https://beheer.schulden", "http://beheer.schulden", "operator.public_url: the address must start"),
        ("https://inloggen.", "http://inloggen.", "operator.issuer: the address must start with https://"),
        ("https://beheer.schulden.", "https://schulden.", "operator.public_url must be another address"),
        ('allowed_roles = ["schuldenoverzicht-beheer"]', "allowed_roles = []", "operator.allowed_roles"),
        ('allowed_roles = ["schuldenoverzicht-beheer"]', 'allowed_roles = [""]', "operator.allowed_roles"),
        ('allowed_roles = ["schuldenoverzicht-beheer"]', "", "operator.allowed_roles: this key is missing"),
        (
            '# app_roles = ["schuldenoverzicht-apps"]',
            'app_roles = ["schuldenoverzicht-apps"]',
            "operator: each of app_roles must be one of allowed_roles too",
        ),
        ('roles_claim = ["realm_access", "roles"]', "roles_claim = []", "operator.roles_claim"),
        ('client_id = "blauwe-knop-beheer"', "", "operator.client_id: this key is missing"),
        (
            "idle_seconds = 900\nabsolute_seconds = 14400",
            "idle_seconds = 3601",
            "operator.sessions.idle_seconds",
        ),
        ("absolute_seconds = 14400", "absolute_seconds = 43201", "operator.sessions.absolute_seconds"),
    ],
)
def test_every_wrong_key_is_named(instance: Instance, old: str, new: str, expected: str) -> None:
    instance.change(old, new)
    assert refused(instance).startswith(expected)


@pytest.mark.parametrize("token", ["", "kort", "x" * 19, "twee woorden die lang zijn", "é" * 30])
def test_a_token_that_could_be_guessed_or_not_be_sent_is_refused(instance: Instance, token: str) -> None:
    instance.secret("metrics-token", token)
    assert refused(instance).startswith("operator.metrics_token_file: the token must be")


def test_a_key_that_cannot_sign_is_refused(instance: Instance) -> None:
    instance.secret("operator-signing.pem", "geen sleutel")
    assert refused(instance).startswith("operator: the log-in key is not a readable PEM")


def test_for_entra_id_assertions_name_the_certificate(instance: Instance) -> None:
    line = 'assertion_key_name = "x5t#S256"'
    instance.change(f"# {line}", line)
    assert "only when there is one" in refused(instance)
    certificate = '# signing_certificate_file = "operator-signing.crt.pem"'
    instance.change(certificate, certificate.removeprefix("# "))
    (instance.folder / "operator-signing.crt.pem").write_bytes(_certificate_of(instance))
    assert operator(instance).staff_config().assertion_names_certificate


def _certificate_of(instance: Instance) -> bytes:
    key = load_pem_private_key((instance.folder / "secrets" / "operator-signing.pem").read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    name, now = x509.Name([]), datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
    return builder.sign(key, SHA256()).public_bytes(Encoding.PEM)
