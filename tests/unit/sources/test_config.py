"""What `sources.toml` may say, and how clearly it is refused when it says something else."""

from datetime import timedelta
from pathlib import Path

import pytest

from claims.organisation import ContactKind
from sources.config import SourceConfig, SourcesFileError, load_sources

SMALLEST = """
[parkeren]
protocol = "municipal_rest"
organisation = "Gemeente Voorbeeld"
url = "https://bron.voorbeeld.invalid/pad"
ca_file = "anker.pem"
api_key_file = "sleutel"
"""


def load(folder: Path, text: str) -> tuple[SourceConfig, ...]:
    file = folder / "sources.toml"
    file.write_text(text, encoding="utf-8")
    return load_sources(file)


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(SourcesFileError) as refused:
        load(folder, text)
    message = str(refused.value)
    assert "\n" not in message
    return message.removeprefix(f"{folder / 'sources.toml'}: ")


def test_a_small_stanza_gets_the_defaults_of_the_house(tmp_path: Path) -> None:
    [config] = load(tmp_path, SMALLEST)
    assert (config.source_id, config.connect_seconds, config.total_seconds) == ("parkeren", 3, 10)
    assert config.max_bytes == 5_000_000
    assert config.stale_after == timedelta(hours=48)
    assert config.connected
    assert config.circuit_seconds + config.total_seconds <= 30, "so soon after it recovered it is seen again"


def test_file_names_are_relative_to_the_settings_file(tmp_path: Path) -> None:
    [config] = load(tmp_path, SMALLEST)
    assert config.ca_file == tmp_path / "anker.pem"


def test_the_citizen_meets_name_department_oin_and_contact(tmp_path: Path) -> None:
    more = """
    department = "Parkeren"
    oin = "00000001900000021000"
    contact = { phone = "14 0900", hours = "werkdagen", url = "https://voorbeeld.invalid" }
    """
    [config] = load(tmp_path, SMALLEST + more)
    source = config.source
    assert source.source_id == "parkeren"
    assert source.organisation.department == "Parkeren"
    assert str(source.organisation.oin) == "00000001900000021000"
    assert [(c.kind, c.hours) for c in source.contact] == [
        (ContactKind.PHONE, "werkdagen"),
        (ContactKind.WEBSITE, None),
    ]


def test_the_order_of_the_file_is_kept(tmp_path: Path) -> None:
    configs = load(tmp_path, SMALLEST + SMALLEST.replace("[parkeren]", "[belastingen]"))
    assert [config.source_id for config in configs] == ["parkeren", "belastingen"]


def test_an_organisation_that_is_not_connected_needs_only_a_name(tmp_path: Path) -> None:
    [config] = load(tmp_path, '[later]\nconnected = false\norganisation = "Gemeente Later"\n')
    assert not config.connected


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ("https://bron -> http://bron", "parkeren: url: an address starts with https://"),
        ("https://bron -> http://127.0.0.1:8000/bron", "parkeren: url: an address starts with https://"),
        ("/pad -> /pad?sleutel=geheim", "parkeren: url: an address holds no"),
        ("//bron -> //jan:geheim@bron", "parkeren: url: an address holds no"),
        (
            "municipal_rest -> soap",
            "parkeren: protocol: Input should be 'municipal_rest', 'fcid', 'batch' or 'dkd'",
        ),
        ("municipal_rest -> fcid", "parkeren: protocol fcid needs client_certificate_file"),
        ('ca_file = "anker.pem" -> ', "parkeren: ca_file is needed"),
        ('api_key_file = "sleutel" -> ', "parkeren: the source must know who asks"),
        ("api_key_file -> api_key", "parkeren: api_key: Extra inputs are not permitted"),
        ("ca_file = -> total_seconds = -1\nca_file =", "parkeren: total_seconds: Input should be greater"),
        ('ca_file = -> oin = "123"\nca_file =', "parkeren: oin: an OIN has twenty digits"),
        ("Gemeente Voorbeeld -> ", "parkeren: organisation: String should have at least 1 character"),
        ("[parkeren] -> [Parkeren_1]", "Parkeren_1: source_id: a name has small letters"),
        ('ca_file = -> client_key_file = "k"\nca_file =', "parkeren: client_certificate_file and"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(tmp_path: Path, change: str, complaint: str) -> None:
    old, new = change.split(" -> ")
    assert old in SMALLEST
    message = refusal(tmp_path, SMALLEST.replace(old, new))
    assert message.startswith(complaint)
    assert "geheim" not in message


def test_an_absent_a_broken_and_an_empty_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(SourcesFileError, match="cannot be read"):
        load_sources(tmp_path / "absent.toml")
    assert refusal(tmp_path, "[parkeren").startswith("not a TOML file")
    assert refusal(tmp_path, "") == "names no source at all"
    assert refusal(tmp_path, 'parkeren = "x"').startswith("parkeren: a source is a table")


def test_settings_cannot_be_changed_afterwards(tmp_path: Path) -> None:
    [config] = load(tmp_path, SMALLEST)
    with pytest.raises(ValueError, match="frozen"):
        config.url = "https://elders.invalid"


BATCH = """
[parkeren]
protocol = "batch"
organisation = "Gemeente Voorbeeld"
[parkeren.batch]
format = "csv"
columns = { bsn = "BSN", reference = "Zaak", balance = "Saldo" }
"""


def test_a_source_that_delivers_files_needs_no_address(tmp_path: Path) -> None:
    [config] = load(tmp_path, BATCH)
    assert config.batch is not None
    assert (config.batch.stale_after, config.batch.delete_after) == (timedelta(days=35), timedelta(days=70))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ('"batch" -> "fcid"', "parkeren: protocol batch and a table batch go together"),
        ('"csv" -> "xml"', "parkeren: batch: format: Input should be"),
        ('"csv" -> "fcid"', "parkeren: batch: columns are for csv only"),
        ('bsn = "BSN",  -> ', "parkeren: batch: csv needs columns for balance, bsn, reference"),
        ('bsn = -> birthday = "G", bsn =', "parkeren: batch: columns: columns can be: balance, bsn"),
        ('"Zaak" -> "BSN"', "parkeren: batch: columns: two columns have the same heading"),
        ("columns = -> records = 3\ncolumns =", "parkeren: batch: records and as_of go together"),
        (
            "columns = -> suwiml = {}\ncolumns =",
            "parkeren: batch: the table suwiml is for the format suwiml only",
        ),
        (
            "[parkeren.batch] -> [parkeren.index]\n[parkeren.batch]",
            "parkeren: a source that delivers files is its own",
        ),
        ("columns = -> delete_after_days = 30\ncolumns =", "parkeren: batch: delete_after_days is shorter"),
    ],
)
def test_wrong_settings_of_files_are_named_in_one_line(tmp_path: Path, change: str, complaint: str) -> None:
    old, new = change.split(" -> ")
    assert old in BATCH
    assert refusal(tmp_path, BATCH.replace(old, new)).startswith(complaint)


GATEWAY = """
[esb]
protocol = "municipal_rest"
organisation = "Gemeente Voorbeeld"
url = "https://esb.voorbeeld.invalid/vorderingen/v1"
ca_file = "anker.pem"
transaction_header = "Fsc-Transaction-Id"
[esb.headers]
Fsc-Grant-Hash = "$1$4$bm90LXJlYWw=="
[esb.header_files]
X-Subscription = "geheimen/abonnement"
[esb.oauth]
token_url = "https://login.voorbeeld.invalid/token"
client_id = "blauwe-knop"
scope = "vorderingen.lezen ander.bereik"
signing_key_file = "sleutel.pem"
"""


def test_a_gateway_has_headers_and_tokens_and_all_files_are_found(tmp_path: Path) -> None:
    [config] = load(tmp_path, GATEWAY)
    assert config.headers == {"Fsc-Grant-Hash": "$1$4$bm90LXJlYWw=="}
    assert config.header_files == {"X-Subscription": tmp_path / "geheimen" / "abonnement"}
    assert config.oauth is not None
    assert config.oauth.signing_key_file == tmp_path / "sleutel.pem"


def test_a_gateway_that_tells_who_we_are_needs_no_proof_of_ours(tmp_path: Path) -> None:
    fcid = SMALLEST.replace("municipal_rest", "fcid").replace(
        'api_key_file = "sleutel"', "behind_gateway = true"
    )
    [config] = load(tmp_path, fcid)
    assert config.client_certificate_file is None


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (
            'Fsc-Grant-Hash = "$1 -> Fsc-Grant-Hash = "a\\r\\nX-Geheim: b$1',
            "esb: headers: Fsc-Grant-Hash: String",
        ),
        ('Fsc-Grant-Hash = "$1 -> Fsc-Grant-Hash = " $1', "esb: headers: Fsc-Grant-Hash: String"),
        ('Fsc-Grant-Hash = "$1 -> Fsc-Grant-Hash = "é$1', "esb: headers: Fsc-Grant-Hash: String"),
        ('Fsc-Grant-Hash = "$1 -> "Fsc Grant" = "', "esb: headers: Fsc Grant: [key]: String"),
        ('Fsc-Grant-Hash = "$1 -> "A\\r\\nB" = "', "esb: headers: A??B: [key]: String"),
        ('Fsc-Grant-Hash = "$1 -> hOST = "', "esb: header host is not yours to set"),
        ('Fsc-Grant-Hash = "$1 -> Content-Length = "', "esb: header content-length is not yours to set"),
        ('Fsc-Grant-Hash = "$1 -> Transfer-Encoding = "', "esb: header transfer-encoding is not yours"),
        ('Fsc-Grant-Hash = "$1 -> Proxy-Authorization = "', "esb: header proxy-authorization is not yours"),
        ('Fsc-Grant-Hash = "$1 -> Cookie = "', "esb: header cookie is not yours to set"),
        ('Fsc-Grant-Hash = "$1 -> Authorization = "', "esb: header authorization is set by api_key_header"),
        ('Fsc-Grant-Hash = "$1 -> fsc-transaction-id = "', "esb: header fsc-transaction-id is set twice"),
        ("X-Subscription -> fsc-grant-hash", "esb: header fsc-grant-hash is set twice"),
        ("Fsc-Transaction-Id -> Connection", "esb: header connection is not yours to set"),
        (
            'ca_file = -> api_key_file = "s"\napi_key_header = "Host"\nca_file =',
            "esb: header host is not yours",
        ),
        (
            'ca_file = -> api_key_file = "s"\napi_key_header = "Authorization"\nca_file =',
            "esb: header authorization is set twice",
        ),
        ('ca_file = -> basic_file = "b"\nca_file =', "esb: basic_file and oauth exclude each other"),
        ('signing_key_file = "sleutel.pem" -> ', "esb: oauth needs signing_key_file or a client certificate"),
        ("https://login -> http://login", "esb: oauth: token_url: an address starts with https://"),
        ("invalid/token -> invalid/token?sleutel=geheim", "esb: oauth: token_url: an address holds no"),
        ('client_id = "blauwe-knop" -> client_id = "blauwe\\nknop"', "esb: oauth: client_id: String should"),
        ("vorderingen.lezen ander -> vorderingen.lezen  ander", "esb: oauth: scope: String should"),
        ('client_id -> client_secret = "geheim"\nclient_id', "esb: oauth: client_secret: Extra inputs"),
        ('client_id -> algorithm = "HS256"\nclient_id', "esb: oauth: algorithm: Input should be"),
        (
            'signing_key_file = "sleutel.pem" -> algorithm = "PS256"',
            "esb: oauth: algorithm is for signing_key",
        ),
        ("[esb.header_files] -> [esb.header_files.x]", "esb: header_files: x: "),
    ],
)
def test_wrong_settings_of_a_gateway_are_named_in_one_line(
    tmp_path: Path, change: str, complaint: str
) -> None:
    old, new = change.split(" -> ")
    assert old in GATEWAY
    message = refusal(tmp_path, GATEWAY.replace(old, new))
    assert message.startswith(complaint)
    assert "geheim" not in message


def test_an_index_is_kept_as_long_as_it_may_be_used(tmp_path: Path) -> None:
    index = "[parkeren.index]\nmax_age_hours = 200\n"
    assert refusal(tmp_path, SMALLEST + index).startswith("parkeren: index: delete_after_days is shorter")


LIST = """
[lijst]
protocol = "fcid"
organisation = "De lijst"
ca_file = "ca.pem"
client_certificate_file = "client.pem"
client_key_file = "client.key.pem"
[lijst.scheme]
list_url = "https://lijst.invalid/organisaties"
signer_file = "lijst.jwk"
"""


def test_a_list_of_organisations_has_files_relative_to_the_settings(tmp_path: Path) -> None:
    [config] = load(tmp_path, LIST)
    assert config.scheme is not None
    assert config.scheme.signer_file == tmp_path / "lijst.jwk"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ("https://lijst -> http://lijst", "lijst: scheme: list_url: an address starts with https://"),
        ('list_url = -> list_file = "x"\nlist_url =', "lijst: scheme: give list_url or list_file"),
        ("ca_file = -> url = 'https://bron.invalid'\nca_file =", "lijst: url does not go together"),
        ("ca_file = -> api_key_file = 'sleutel'\nca_file =", "lijst: api_key_file does not go together"),
        ("ca_file = -> department = 'Belastingen'\nca_file =", "lijst: department does not go together"),
        ('"fcid" -> "municipal_rest"', "lijst: a table scheme needs protocol fcid"),
        ('ca_file = "ca.pem" -> ', "lijst: a table scheme needs protocol fcid, ca_file"),
        ("lijst -> l" + "x" * 43, "the name of a list has at most 43 characters"),
        ("lijst -> lijst-00000001900000021000", "a name that ends in an OIN is for organisations in a list"),
    ],
)
def test_a_wrong_setting_of_a_list_is_named_in_one_line(tmp_path: Path, change: str, complaint: str) -> None:
    old, new = change.split(" -> ")
    assert old in LIST
    assert complaint in refusal(tmp_path, LIST.replace(old, new))
