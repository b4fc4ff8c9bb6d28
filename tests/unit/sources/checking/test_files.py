"""The files of a stanza: every way in which one can be wrong is told apart, before any connection."""

import os
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

from simulators.authority import Authority
from simulators.certificates import CertificateOrder, Identity, new_key, subject_name
from sources.checking.files import files_of, look_at_files
from sources.checking.own_keys import look_at_own_keys
from sources.checking.steps import Mark
from sources.config import SourceConfig, load_sources
from tests.support.checks import write_test_bsn

NOW = datetime.now(UTC)
AUTHORITY = Authority.create()
EXAMPLES = Path(__file__).parents[4] / "instance" / "examples" / "sources.toml"


@pytest.fixture
def config(tmp_path: Path) -> SourceConfig:
    own = AUTHORITY.issue_client("Wij").write(tmp_path, "own")
    key = tmp_path / "api-key"
    key.touch(mode=0o600)
    key.write_text("geheim")
    return SourceConfig(
        source_id="podium",
        organisation="Gemeente Podium",
        protocol="municipal_rest",
        url="https://podium.invalid",
        ca_file=AUTHORITY.write_tls_root(tmp_path / "root.pem"),
        client_certificate_file=own.certificate_file,
        client_key_file=own.key_file,
        api_key_file=key,
        test_bsn_file=write_test_bsn(tmp_path),
    )


def changed(config: SourceConfig, **more: Any) -> SourceConfig:
    return config.model_copy(update=more)


def test_good_files_hold(config: SourceConfig) -> None:
    assert look_at_files(config).text == "5 aanwezig en leesbaar, waarvan 3 geheim"
    found = look_at_own_keys(config, NOW)
    assert found.mark is Mark.HOLDS
    assert found.text.startswith("client_certificate_file geldig tot ")


def test_a_missing_file_is_named_with_its_setting(config: SourceConfig, tmp_path: Path) -> None:
    found = look_at_files(changed(config, ca_file=tmp_path / "weg.pem"))
    assert (found.mark, found.text) == (Mark.FAILS, f"ca_file: {tmp_path / 'weg.pem'} bestaat niet")


def test_a_folder_in_place_of_a_file_is_told(config: SourceConfig, tmp_path: Path) -> None:
    found = look_at_files(changed(config, api_key_file=tmp_path))
    assert found.text == f"api_key_file: {tmp_path} is niet te lezen (IsADirectoryError)"


def test_an_empty_file_is_told(config: SourceConfig, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.touch()
    assert look_at_files(changed(config, ca_file=empty)).text == f"ca_file: {empty} is leeg"


@pytest.mark.parametrize("key", ["client_key_file", "api_key_file", "test_bsn_file"])
@pytest.mark.parametrize("mode", [0o604, 0o644, 0o602])
def test_a_secret_that_everybody_can_use_is_told_with_what_to_run(
    config: SourceConfig, key: str, mode: int
) -> None:
    path: Path = getattr(config, key)
    os.chmod(path, mode)
    found = look_at_files(config)
    assert found.text == f"{key}: {path} is voor iedereen op deze machine"
    assert found.advice == f"chmod 600 {path}"


def test_a_secret_for_the_group_holds_as_in_a_cluster(config: SourceConfig) -> None:
    assert config.client_key_file is not None
    os.chmod(config.client_key_file, 0o640)
    assert look_at_files(config).mark is Mark.HOLDS


@pytest.mark.parametrize("content", ["12345678", "111111111", "111111110 999993549", "niet-ééns"])
def test_a_file_without_one_bsn_is_told_and_not_repeated(config: SourceConfig, content: str) -> None:
    assert config.test_bsn_file is not None
    config.test_bsn_file.write_text(content)
    found = look_at_files(config)
    assert found.text == "test_bsn_file bevat geen bsn"
    assert content not in repr(found)


def test_a_key_of_another_certificate_is_told(config: SourceConfig, tmp_path: Path) -> None:
    other = AUTHORITY.issue_client("Wij").write(tmp_path, "other")
    found = look_at_own_keys(changed(config, client_key_file=other.key_file), NOW)
    assert (found.mark, found.text) == (Mark.FAILS, "client_key_file hoort niet bij het certificaat")


def test_an_encrypted_key_is_told(config: SourceConfig, tmp_path: Path) -> None:
    pem = new_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"wachtwoord"))
    (tmp_path / "encrypted.pem").write_bytes(pem)
    found = look_at_own_keys(changed(config, client_key_file=tmp_path / "encrypted.pem"), NOW)
    assert found.text == "client_key_file is versleuteld"


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("client_key_file", "client_key_file bevat geen sleutel"),
        ("client_certificate_file", "client_certificate_file bevat geen certificaat"),
        ("ca_file", "ca_file bevat geen certificaat"),
    ],
)
def test_a_file_with_something_else_is_told(
    config: SourceConfig, tmp_path: Path, key: str, words: str
) -> None:
    (tmp_path / "text").write_text("hallo")
    assert look_at_own_keys(changed(config, **{key: tmp_path / "text"}), NOW).text == words


@pytest.mark.parametrize(
    ("begins", "ends", "mark", "words"),
    [
        (-9, -1, Mark.FAILS, "is verlopen op"),
        (2, 9, Mark.FAILS, "geldt pas vanaf"),
        (-9, 20, Mark.HOLDS, "let op: client_certificate_file verloopt over "),
        (-9, 60, Mark.HOLDS, "geldig tot"),
    ],
)
def test_how_long_our_certificate_is_valid_is_told(
    config: SourceConfig, tmp_path: Path, begins: int, ends: int, mark: Mark, words: str
) -> None:
    moments = (NOW + timedelta(days=begins), NOW + timedelta(days=ends))
    identity: Identity = AUTHORITY.tls_root.issue(
        CertificateOrder(subject_name("Wij", "Wij"), *moments), new_key()
    )
    own = identity.write(tmp_path, "own")
    files = {"client_certificate_file": own.certificate_file, "client_key_file": own.key_file}
    found = look_at_own_keys(changed(config, **files), NOW)
    assert found.mark is mark
    assert words in found.text


def test_every_file_of_every_protocol_is_looked_at() -> None:
    """Every key of the settings that we ship which ends in _file, also in a table of its own, and secret headers."""
    examples = tomllib.loads(EXAMPLES.read_text(encoding="utf-8"))
    for config in load_sources(EXAMPLES):
        looked_at = {file.key for file in files_of(config)}
        assert set(file_keys(examples[config.source_id])) == looked_at
    [dkd] = [config for config in load_sources(EXAMPLES) if config.protocol == "dkd"]
    assert "dkd.signing_key_file" in [file.key for file in files_of(dkd) if file.is_secret]


def file_keys(table: dict[str, Any], prefix: str = "") -> Iterator[str]:
    for key, value in table.items():
        if key == "header_files":
            yield from (f"{key}.{name}" for name in value)
        elif isinstance(value, dict):
            yield from file_keys(value, f"{prefix}{key}.")
        elif key.endswith(("_file", "_folder")):
            yield prefix + key
