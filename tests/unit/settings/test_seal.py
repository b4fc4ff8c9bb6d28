"""The table [seal] names exactly one place for the key."""

from __future__ import annotations

import pytest

from app.settings import SettingsError, load_settings
from tests.unit.settings.conftest import Instance

FILES = 'key_file = "secrets/seal.key"\ncertificate_file = "seal.pem"\nchain_file = "seal-chain.pem"\n'
TOKEN = '[seal.pkcs11]\nlibrary = "seal.pem"\ntoken_label = "kluis"\npin_file = "secrets/seal.key"\n'
KEY = 'key_id = "0aFF"\n'
PKCS12 = 'pkcs12_file = "secrets/seal.key"\npassword_file = "secrets/database-password"\n'
FOLDER = 'key_folder = "trust"\n'
CERTIFICATE = 'certificate_file = "seal.pem"\n'


def put(instance: Instance, text: str) -> None:
    """Keys of [seal] where they stood, and the table of the token at the end of the file."""
    keys, table, token = text.partition("[seal.pkcs11]")
    instance.change(FILES, keys)
    instance.file.write_text(f"{instance.file.read_text()}\n{table}{token}")


@pytest.mark.parametrize(
    "text",
    [
        FILES,
        PKCS12,
        FOLDER,
        FOLDER + TOKEN,
        CERTIFICATE + TOKEN + KEY,
        CERTIFICATE + TOKEN + 'key_label = "z"\n',
    ],
)
def test_each_place_is_accepted_alone(instance: Instance, text: str) -> None:
    put(instance, text)
    seal = load_settings(instance.file).seal
    assert (seal.folder is not None) == ("key_folder" in text)


@pytest.mark.parametrize(
    "text",
    [
        CERTIFICATE,
        FILES + FOLDER,
        PKCS12 + FOLDER,
        PKCS12 + FILES,
        'pkcs12_file = "secrets/seal.key"\n',
        FILES + TOKEN,
        FILES + TOKEN + KEY,
        FOLDER + TOKEN + KEY,
        PKCS12 + TOKEN,
        CERTIFICATE + TOKEN,
        FOLDER + CERTIFICATE,
        "",
    ],
)
def test_no_place_and_two_places_are_refused(instance: Instance, text: str) -> None:
    put(instance, text)
    with pytest.raises(SettingsError, match=r"seal: needs key_folder"):
        load_settings(instance.file)


def test_the_files_of_a_token_must_be_there_and_its_key_id_be_hexadecimal(instance: Instance) -> None:
    put(instance, CERTIFICATE + TOKEN.replace('"seal.pem"', '"nergens.so"') + KEY)
    with pytest.raises(SettingsError, match=r"seal\.pkcs11\.library: there is no file"):
        load_settings(instance.file)
    instance.change('"nergens.so"', '"seal.pem"')
    instance.change('"0aFF"', '"zegel"')
    with pytest.raises(SettingsError, match=r"seal\.pkcs11\.key_id"):
        load_settings(instance.file)
