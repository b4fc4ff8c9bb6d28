"""What the table `dkd` may say, and that an incomplete one is named in one line."""

from pathlib import Path

import pytest

from sources.config import SourceConfig, SourcesFileError, load_sources
from sources.dkd_settings import DkdSettings

STANZA = """
[inkomen]
protocol = "dkd"
organisation = "Gemeente Voorbeeld"
url = "https://dkd.voorbeeld.invalid/Bijstandsregelingen-v0500"
ca_file = "anker.pem"
basic_file = "naam"
"""
TABLE = """
[inkomen.dkd]
from_address = "https://wij.invalid"
from_oin = "00000001900000010000"
to_oin = "00000001900000021000"
signing_certificate_file = "teken.pem"
signing_key_file = "teken.key.pem"
answer_ca_file = "uitgever.pem"
answer_oin = "00000001900000021000"
"""


def load(folder: Path, text: str) -> SourceConfig:
    file = folder / "sources.toml"
    file.write_text(text, encoding="utf-8")
    [config] = load_sources(file)
    return config


def test_names_follow_the_version_unless_they_are_given() -> None:
    older = DkdSettings(version="v0400", header_profile="none")
    assert older.namespace == "http://bkwi.nl/SuwiML/Diensten/Bijstandsregelingen/v0400"
    assert older.actions == "http://bkwi.nl/SuwiML/Diensten/Bijstandsregelingen-v0400"
    own = DkdSettings(header_profile="none", service_namespace="urn:a", action_base="urn:b")
    assert (own.namespace, own.actions) == ("urn:a", "urn:b")


def test_files_in_the_table_are_relative_to_the_settings_file(tmp_path: Path) -> None:
    settings = load(tmp_path, STANZA + TABLE).dkd
    assert settings is not None
    assert settings.answer_ca_file == tmp_path / "uitgever.pem"


def test_signatures_are_wanted_unless_the_settings_say_otherwise(tmp_path: Path) -> None:
    settings = load(tmp_path, STANZA + TABLE).dkd
    assert settings is not None
    assert settings.header_profile == "wsa+wsse"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (STANZA, "protocol dkd and a table dkd go together"),
        ((STANZA + TABLE).replace('"dkd"', '"municipal_rest"'), "protocol dkd and a table dkd go together"),
        (STANZA + TABLE.replace("answer_oin", "# answer_oin"), "header_profile wsa+wsse needs answer_oin"),
        (STANZA + TABLE.replace("from_oin", "# from_oin"), "header_profile wsa+wsse needs from_oin"),
        (STANZA + TABLE.replace("00000001900000021000", "123"), "an OIN has twenty digits"),
        (STANZA + TABLE + 'statuses = { 51 = "weg" }', "statuses"),
        (STANZA + 'api_key_file = "sleutel"' + TABLE, "api_key_file and basic_file exclude each other"),
        (STANZA.replace('basic_file = "naam"', "") + TABLE, "the source must know who asks"),
    ],
)
def test_a_wrong_table_is_named_in_one_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SourcesFileError) as refused:
        load(tmp_path, text)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_revocation_list_is_for_signatures_only(tmp_path: Path) -> None:
    signed = load(tmp_path, STANZA + TABLE + 'crl_file = "lijst.crl"')
    assert signed.dkd is not None
    assert (signed.dkd.crl_file, signed.dkd.crl_in_doubt) == (tmp_path / "lijst.crl", "refuse")
    with pytest.raises(SourcesFileError, match="crl_file is for header_profile wsa"):
        load(tmp_path, STANZA + '[inkomen.dkd]\nheader_profile = "none"\ncrl_file = "lijst.crl"')
