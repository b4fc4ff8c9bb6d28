import os
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.http.session_interface import SessionLimits
from app.oidc import levels
from app.oidc.config import ClaimPlace, Source, UserinfoForm
from app.settings import SettingsError, load_settings
from tests.unit.settings.conftest import Instance


def refused(instance: Instance, *, allow_loopback_http: bool = False) -> str:
    with pytest.raises(SettingsError) as caught:
        load_settings(instance.file, allow_loopback_http=allow_loopback_http)
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith(str(instance.file))
    return message.removeprefix(f"{instance.file}: ")


def test_the_example_file_is_complete(instance: Instance) -> None:
    settings = load_settings(instance.file)
    assert settings.sources_file == instance.folder / "sources.toml"
    assert settings.sessions.limits == SessionLimits(timedelta(minutes=15), timedelta(minutes=60))
    assert settings.issuer.verify_address == "https://schulden.voorbeeld.nl/controleren"
    assert settings.issuer.organisation.name == "Gemeente Voorbeeld"
    assert settings.issuer.contact[0].value == "14 0000"
    assert repr(settings.storage.key_ring()) == "KeyRing(newest='one', keys=1)"


def test_what_the_example_calls_defaults_are_the_defaults(instance: Instance) -> None:
    whole = load_settings(instance.file)
    text = instance.file.read_text()
    instance.file.write_text(text.split("# From here on")[0])
    assert load_settings(instance.file) == whole


def test_the_variable_names_the_file(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLAUWE_KNOP_SETTINGS", str(instance.file))
    assert load_settings().organisation.name == "Gemeente Voorbeeld"
    monkeypatch.setenv("BLAUWE_KNOP_SETTINGS", "/does/not/exist.toml")
    with pytest.raises(SettingsError, match=r"^/does/not/exist\.toml: there is no such file"):
        load_settings()


def test_settings_cannot_be_changed(instance: Instance) -> None:
    settings = load_settings(instance.file)
    with pytest.raises(ValidationError):
        settings.log_level = "DEBUG"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('public_url = "https://schulden.voorbeeld.nl"', "", "public_url: this key is missing"),
        ('client_id = "blauwe-knop"', "", "login.client_id: this key is missing"),
        ('key_ring_file = "secrets/storage-keys"', "", "storage.key_ring_file: this key is missing"),
        ("idle_seconds", "idel_seconds", "sessions.idel_seconds: this key is unknown"),
        ("[proxy]", "[proxies]", "proxies: this key is unknown"),
        ("idle_seconds = 900", "idle_seconds = 901", "sessions.idle_seconds: "),
        ('"https://schulden', '"http://schulden', "public_url: the address must start with https://"),
        ('"https://broker', '"http://broker', "login.issuer: the address must start with https://"),
        ('"https://schulden.voorbeeld.nl"', '"https://schulden.voorbeeld.nl/Pad"', "public_url: the path of the address"),
        ('"https://schulden.voorbeeld.nl"', '"https://schulden.voorbeeld.nl/a/../b"', "public_url: the path of the address"),
        ("https://beheer.schulden", "https://beheer.schulden.voorbeeld.nl/x?", "operator.public_url: this is not a plain"),
        ('"sources.toml"', '"other.toml"', "sources_file: there is no file "),
        ('"trust"', '"other"', "trust_folder: there is no folder "),
        ('oin = "0000', 'oin = "000', "organisation.oin: an OIN has twenty digits"),
        ("NTRNL-90000001", "90000001", "organisation.organization_identifier: this must look like"),
        ("blauwe_knop@", "blauwe_knop:hunter2@", "database.url: put the password in a file"),
        ("postgresql:", "mysql:", "database.url: the database must be "),
        ("postgresql://blauwe_knop@127.0.0.1/blauwe_knop", "sqlite://", "database.url: the database must be "),
        ("postgresql://blauwe_knop@127.0.0.1/blauwe_knop", "sqlite:///x", "database.password_file has no meaning"),
        ('decryption_key_file = "secrets/login-decryption.pem"', "", "login: an encrypted answer is configured"),
        ('broker = "nlgov"', 'broker = "nlgov"\nbsn_source = "userinfo"', "login: bsn_source and bsn_claim go"),
        ('"INFO"', "INFO", "is not TOML: "),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_in_one_line(instance: Instance, old: str, new: str, expected: str) -> None:
    instance.change(old, new)
    message = refused(instance)
    assert message.startswith(expected)
    assert "hunter2" not in message


@pytest.mark.parametrize(
    "name", ["storage-keys", "login-signing.pem", "login-decryption.pem", "seal.key", "database-password"]
)
def test_a_secret_that_everybody_can_read_is_refused(instance: Instance, name: str) -> None:
    path = instance.folder / "secrets" / name
    os.chmod(path, 0o640)
    load_settings(instance.file)
    os.chmod(path, 0o644)
    assert f"everybody on this machine can use {path}" in refused(instance)


def test_a_wrong_key_ring_is_refused_without_showing_it(instance: Instance) -> None:
    instance.secret("storage-keys", "one dG9vIHNob3J0\n")
    assert refused(instance) == "storage.key_ring_file: a storage key has a short id and 32 bytes"


def test_the_password_of_the_database_comes_from_its_file(instance: Instance) -> None:
    settings = load_settings(instance.file)
    assert settings.database.full_url() == "postgresql://blauwe_knop:s3cr3t%2Fword@127.0.0.1/blauwe_knop"
    assert "s3cr3t" not in repr(settings)


def test_an_sqlite_file_lies_beside_the_settings(instance: Instance) -> None:
    instance.change('password_file = "secrets/database-password"', "")
    instance.change("postgresql://blauwe_knop@127.0.0.1/blauwe_knop", "sqlite:///data.sqlite3")
    assert load_settings(instance.file).database.full_url() == f"sqlite:///{instance.folder}/data.sqlite3"


def test_the_log_in_is_set_up_by_preset_and_differences(instance: Instance) -> None:
    config = load_settings(instance.file).login.oidc_config()
    assert config.minimum_level == levels.SUBSTANTIAL
    assert config.profile.bsn == ClaimPlace(Source.USERINFO, ("sub",))
    assert config.signing_key_pem is not None
    assert config.signing_key_pem.startswith("-----BEGIN PRIVATE KEY-----")
    instance.change(
        'broker = "nlgov"',
        'broker = "nlgov"\nbsn_source = "id_token"\nbsn_claim = ["aanvrager", "bsn"]\nuserinfo = "json"\n',
    )
    profile = load_settings(instance.file).login.oidc_config().profile
    assert profile.bsn == ClaimPlace(Source.ID_TOKEN, ("aanvrager", "bsn"))
    assert profile.bsn_companions == {}
    assert profile.userinfo_form is UserinfoForm.JSON


REFUSED = 'representation = "refused"'
ALLOWED = 'representation = "allowed"'


def test_representation_is_refused_unless_the_settings_allow_it(instance: Instance) -> None:
    assert load_settings(instance.file).login.oidc_config().representation_allowed is False
    instance.change(REFUSED, "")
    assert load_settings(instance.file).login.oidc_config().representation_allowed is False
    broker = 'broker = "nlgov"'
    instance.change(broker, f'{broker}\n{ALLOWED}\nrepresentation_service = "urn:uuid:ons"\n')
    config = load_settings(instance.file).login.oidc_config()
    assert (config.representation_allowed, config.representation_service) == (True, "urn:uuid:ons")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({REFUSED: ALLOWED}, "login: this broker says for which service: name ours"),
        (
            {REFUSED: f'{ALLOWED}\nrepresentation_service = "een"', '"nlgov"': '"signicat"'},
            "login: this broker does not say for which service: name none",
        ),
        (
            {REFUSED: ALLOWED, '"nlgov"': '"rdo-max"'},
            "login: this broker does not tell who represents somebody",
        ),
        ({REFUSED: f'{REFUSED}\nrepresentation_service = "een"'}, "representation_service means nothing"),
        ({REFUSED: f'{ALLOWED}\nrepresentation_service = "een twee"'}, "login.representation_service: "),
        ({REFUSED: 'representation = "ja"'}, "login.representation: "),
        (
            {REFUSED: f'{ALLOWED}\nbsn_source = "id_token"\nbsn_claim = ["bsn"]'},
            "login: with bsn_claim nobody knows who represents whom",
        ),
    ],
)
def test_representation_that_does_not_fit_the_broker_stops_the_start(
    instance: Instance, changes: dict[str, str], words: str
) -> None:
    for old, new in changes.items():
        instance.change(old, new)
    with pytest.raises(SettingsError) as caught:
        load_settings(instance.file)
    assert words in str(caught.value)


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000"])
def test_only_a_python_argument_accepts_http_and_only_on_this_machine(instance: Instance, host: str) -> None:
    instance.change("https://schulden.voorbeeld.nl", f"http://{host}")
    assert refused(instance) == "public_url: the address must start with https://"
    assert load_settings(instance.file, allow_loopback_http=True).public_url == f"http://{host}"


@pytest.mark.parametrize("host", ["example.nl", "127.0.0.1.example.nl", "10.0.0.1", "localhost.example.nl"])
def test_http_to_another_machine_is_never_accepted(instance: Instance, host: str) -> None:
    instance.change("https://broker.voorbeeld.nl", f"http://{host}")
    assert refused(instance, allow_loopback_http=True) == "login.issuer: the address must start with https://"


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="is not UTF-8 text"):
        load_settings(file)


def test_without_the_table_api_there_is_none_and_its_key_is_checked(instance: Instance) -> None:
    api = load_settings(instance.file).api
    assert api is not None
    assert api.token_life == timedelta(minutes=15)
    instance.change("token_seconds = 900", "token_seconds = 901")
    assert refused(instance).startswith("api.token_seconds:")
    instance.change("token_seconds = 901", "token_seconds = 60")
    instance.secret("api-signing.pem", "geen sleutel")
    assert refused(instance).startswith("api: the key for access tokens")
    before, _, rest = instance.file.read_text().partition("[api]")
    instance.file.write_text(before + "[" + rest.partition("\n[")[2])
    assert load_settings(instance.file).api is None


def test_paper_is_off_without_its_table_and_needs_a_secret(instance: Instance) -> None:
    settings = load_settings(instance.file)
    assert settings.paper is not None
    assert (settings.paper.keep_days, len(settings.paper.secret())) == (30, 32)
    assert settings.issuer.paper_days == 30
    instance.change("keep_days = 30 ", "keep_days = 31 ")
    assert refused(instance).startswith("paper.keep_days:")
    instance.change("keep_days = 31 ", "keep_days = 1 ")
    instance.secret("paper-secret", "kort")
    assert refused(instance).startswith("paper: paper.secret_file is not base64")
    before, _, rest = instance.file.read_text().partition("[paper]")
    instance.file.write_text(before + "[" + rest.partition("\n[")[2])
    off = load_settings(instance.file)
    assert (off.paper, off.issuer.paper_days) == (None, None)


def test_a_secret_of_sharing_that_is_none_stops_the_start(instance: Instance) -> None:
    sharing = load_settings(instance.file).sharing
    assert sharing is not None
    assert (sharing.limits.default_days, len(sharing.secret())) == (7, 32)
    for text in ("kort", "geen base64!", ""):
        instance.secret("sharing-secret", text)
        assert refused(instance).startswith("sharing: sharing.secret_file is not base64")
    instance.change("default_days = 7", "default_days = 31")
    assert refused(instance).startswith("sharing.default_days:")


def test_a_client_certificate_needs_an_address_and_a_proxy_that_tells_it(instance: Instance) -> None:
    instance.change("# certificate_header", "certificate_header")
    assert "go together" in refused(instance)
    instance.change("# certificate_url", "certificate_url")
    assert "api.certificate_header needs [proxy]" in refused(instance)
    instance.change("trusted_hops = 0", "trusted_hops = 1")
    instance.change("addresses = []", 'addresses = ["10.0.0.0/8"]')
    settings = load_settings(instance.file)
    assert settings.trusted_proxies.certificate_variable == "HTTP_X_CLIENT_CERTIFICATE"
