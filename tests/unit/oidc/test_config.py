"""Settings that do not fit together are refused at start, and plain http is not a setting."""

import ast
import inspect
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from app.oidc.config import (
    BrokerProfile,
    ClaimPlace,
    ClientAuthentication,
    ClientCertificate,
    OidcConfig,
    Source,
)
from app.oidc.login import OidcLogin
from app.oidc.metadata import parse_metadata
from app.oidc.presets import PRESETS
from app.oidc.transport import check_address
from app.ports.login import LoginStart, ProviderUnavailable
from tests.unit.oidc.support import ISSUER, config, ec, pem

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_asks_the_citizen_to_log_in_anew(name: str) -> None:
    """Else a live single sign-on could log somebody in after a link alone (ASVS 5.0, 7.6.2)."""
    assert PRESETS[name].prompt == "login"


def test_keys_are_not_printed() -> None:
    assert "PRIVATE KEY" not in repr(config())


@pytest.mark.parametrize(
    "changes",
    [
        {"minimum_level": "hoog"},
        {"decryption_key_pem": None},
        {"profile": BrokerProfile(signing_algorithms=("PS256", "none"))},
        {"profile": BrokerProfile(signing_algorithms=("HS256",))},
        {"profile": BrokerProfile(signing_algorithms=())},
        {"signing_key_pem": None},
        {
            "decryption_key_pem": None,
            "profile": BrokerProfile(bsn=ClaimPlace(Source.ID_TOKEN, ("bsn",)), id_token_encrypted=True),
        },
        {"client_certificate": ClientCertificate("cert.pem", "key.pem")},
        {"client_authentication": ClientAuthentication.TLS},
        {"client_authentication": ClientAuthentication.SELF_SIGNED_TLS, "signing_key_pem": None},
    ],
)
def test_settings_that_do_not_fit_together_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- each has its own text; all are for the operator
        config(**changes)


def test_no_key_for_decryption_is_needed_where_nothing_is_encrypted() -> None:
    profile = BrokerProfile(bsn=ClaimPlace(Source.ID_TOKEN, ("bsn",)))
    assert config(profile=profile, decryption_key_pem=None).decryption_key_pem is None


@pytest.mark.parametrize("key", ["signing_key_pem", "decryption_key_pem"])
def test_a_key_of_the_wrong_kind_stops_the_start(key: str) -> None:
    wrong = pem(ec()) if key == "decryption_key_pem" else "geen sleutel"
    with pytest.raises(ValueError, match="log-in key"):
        OidcLogin(config(**{key: wrong}))


@pytest.mark.parametrize(
    "issuer", ["http://127.0.0.1:8090", "http://digid.example", "digid.example", "ftp://x", ""]
)
def test_an_issuer_without_https_is_refused(issuer: str) -> None:
    with pytest.raises(ValueError, match="not https"):
        OidcLogin(config(issuer=issuer))


def test_plain_http_is_an_argument_of_the_constructor_and_not_a_setting() -> None:
    assert not [
        field.name for field in fields(OidcConfig) if "http" in field.name or "insecure" in field.name
    ]
    assert inspect.signature(OidcLogin).parameters["allow_loopback_http"].default is False


def test_no_production_code_switches_plain_http_on() -> None:
    files = [file for room in ("app", "sources", "signing") for file in (ROOT / room).rglob("*.py")]
    assert ROOT / "app" / "oidc" / "login.py" in files
    for file in files:
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(call, ast.keyword) and call.arg == "allow_loopback_http":
                # Passing on what one's own caller said is fine; saying it is not.
                assert not isinstance(call.value, ast.Constant), file


@pytest.mark.parametrize("address", ["http://127.0.0.1:8090", "http://localhost/x", "http://[::1]:80/"])
def test_loopback_is_accepted_only_when_allowed(address: str) -> None:
    assert check_address(address, allow_loopback_http=True) == address
    with pytest.raises(ValueError, match="not https"):
        check_address(address, allow_loopback_http=False)


@pytest.mark.parametrize(
    "address",
    [
        "http://digid.example",
        "http://127.0.0.1.example",
        "http://127.0.0.1@digid.example/",
        "http://10.0.0.1/",
        "https://iemand@digid.example/",
        "https://",
        "file:///etc/passwd",
        "https://digid.example/\r\nSet-Cookie: a=b",
        "https://digid.example/\u2028",
        "https://digid.example/ x",
        None,
        5,
    ],
)
def test_other_addresses_are_never_accepted(address: object) -> None:
    with pytest.raises(ValueError, match="not https"):
        check_address(address, allow_loopback_http=True)


def document(**changes: Any) -> dict[str, Any]:
    names = (
        "authorization_endpoint",
        "token_endpoint",
        "jwks_uri",
        "userinfo_endpoint",
        "end_session_endpoint",
    )
    right = {"issuer": ISSUER, **{name: f"{ISSUER}/{name}" for name in names}}
    return {name: value for name, value in {**right, **changes}.items() if value is not None}


def test_right_metadata_is_understood() -> None:
    metadata = parse_metadata(document(), config())
    assert metadata.token_endpoint == f"{ISSUER}/token_endpoint"
    assert metadata.sends_iss is False
    assert parse_metadata(document(end_session_endpoint=None), config()).end_session_endpoint is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"issuer": None}, "metadata_issuer"),
        ({"issuer": f"{ISSUER}/"}, "metadata_issuer"),
        ({"token_endpoint": None}, "metadata_token_endpoint"),
        ({"token_endpoint": "http://digid.example/token"}, "metadata_token_endpoint"),
        ({"jwks_uri": "http://127.0.0.1/jwks"}, "metadata_jwks_uri"),
        ({"userinfo_endpoint": 5}, "metadata_userinfo_endpoint"),
        ({"token_endpoint": "https://[kapot"}, "metadata_token_endpoint"),
        ({"code_challenge_methods_supported": ["plain"]}, "metadata_without_s256"),
        ({"code_challenge_methods_supported": "S256"}, "metadata_without_s256"),
    ],
)
def test_wrong_metadata_is_refused(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(ProviderUnavailable) as caught:
        parse_metadata(document(**changes), config())
    assert caught.value.reason == reason


def test_presets_refuse_every_known_form_of_acting_for_another() -> None:
    for profile in PRESETS.values():
        assert {"represents", "acting_nin", "gemachtigde"} <= set(profile.representation_claims)


def test_the_start_of_a_login_is_not_printed() -> None:
    assert "geheim" not in repr(LoginStart("https://digid.example/?state=geheim", {"state": "geheim"}))
