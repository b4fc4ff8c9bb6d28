"""`blauwe-knop trust import-list`: from a country's list to a verdict on a file."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from app.cli.main import main
from app.persistence.migrations import newest_level
from signing.policy import load_trust
from signing.report import Finding
from signing.verifying.examination import examine_here
from simulators.authority import DEMO_IDENTIFIER, Authority, SealProfile
from simulators.certificates import Identity
from tests.support.audit import deeds_in
from tests.support.full_disk import full_disk
from tests.support.seals import NAME, Town
from tests.support.trusted_lists import ListPlan, Service, sign_list, unsigned_list
from tests.unit.settings.conftest import Instance


@pytest.fixture(scope="module")
def town() -> Town:
    return Town.create()


@pytest.fixture(scope="module")
def operator() -> Identity:
    return Authority.create("Toezichthouder").issue_seal("Toezichthouder", "NTRNL-90000077", SealProfile())


@pytest.fixture
def folder(tmp_path: Path, town: Town, operator: Identity) -> Path:
    """With a list that names the authority of the town and another one."""
    services = (
        Service(town.authority.seal_intermediate.certificate, provider="Zegels & Co"),
        Service(Authority.create("Ander").seal_root.certificate, provider="Ander BV"),
    )
    (tmp_path / "nl.xml").write_bytes(sign_list(unsigned_list(ListPlan(services)), operator))
    (tmp_path / "signer.pem").write_bytes(operator.certificate.public_bytes(Encoding.PEM))
    return tmp_path


def run(folder: Path, *more: str, identifier: str = DEMO_IDENTIFIER, name: str = NAME) -> int:
    return main(
        [
            *("trust", "import-list", str(folder / "nl.xml"), "--signer", str(folder / "signer.pem")),
            *("--organisatie-id", identifier, "--naam", name, "--trust", str(folder / "trust"), *more),
        ]
    )


def finding(folder: Path, town: Town) -> Finding:
    return examine_here(town.json(), load_trust(folder / "trust"), datetime.now(UTC)).finding


def test_after_the_import_seals_of_that_organisation_are_trusted(
    folder: Path, town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, "--provider", "zegels") == 0
    said = capsys.readouterr().out
    assert "Lijst van NL, nummer 42" in said
    assert "Zegels & Co: CN=" in said
    assert "Ander BV" not in said
    assert finding(folder, town) is Finding.GENUINE


def test_whom_the_service_itself_trusts_stands_in_the_audit_log(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    instance = Instance(folder)
    instance.on_sqlite()
    monkeypatch.setenv("BLAUWE_KNOP_SETTINGS", str(instance.file))
    assert run(folder) == 1, "without a database there is no row, and nothing is written"
    assert list((folder / "trust").iterdir()) == []
    assert main(["db", "upgrade"]) == 0
    assert run(folder) == 0
    url = f"sqlite:///{folder / 'bk.sqlite3'}"
    assert deeds_in(url) == [
        ("database_upgraded", newest_level(), "", "ok"),
        ("trust_changed", DEMO_IDENTIFIER, "eu-list-nl-42", "ok"),
    ]
    (folder / "elsewhere").mkdir()
    assert run(folder, "--trust", str(folder / "elsewhere")) == 0
    assert len(deeds_in(url)) == 2, "a folder of somebody who only verifies"


def test_an_authority_on_the_list_alone_makes_no_organisation_trusted(folder: Path, town: Town) -> None:
    assert run(folder, identifier="NTRNL-90000055", name="Een ander") == 0
    assert finding(folder, town) is Finding.UNTRUSTED


def test_a_newer_list_takes_the_place_of_the_older(folder: Path, town: Town, operator: Identity) -> None:
    assert run(folder) == 0
    assert finding(folder, town) is Finding.GENUINE
    other = Service(Authority.create("Ander").seal_root.certificate)
    (folder / "nl.xml").write_bytes(sign_list(unsigned_list(ListPlan((other,))), operator))
    assert run(folder) == 0
    assert finding(folder, town) is Finding.UNTRUSTED


def test_an_organisation_that_is_there_already_keeps_its_own_anchors(
    folder: Path, town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = town.authority.write_trust(folder / "trust", NAME, DEMO_IDENTIFIER)
    before = {file.name: file.read_bytes() for file in entry.iterdir()}
    assert run(folder, name="Andere naam") == 1
    assert NAME in capsys.readouterr().err
    assert run(folder) == 0
    after = {file.name: file.read_bytes() for file in entry.iterdir()}
    assert before.items() <= after.items()
    assert set(after) - set(before) == {"eu-lijst-nl.pem"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"identifier": "90000001"}, "organizationIdentifier"),
        ({"identifier": "NTRNL-../../x"}, "organizationIdentifier"),
        ({"name": "twee\nregels"}, "one line"),
        ({"name": " "}, "one line"),
    ],
)
def test_wrong_use_changes_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str], options: dict[str, str], words: str
) -> None:
    assert run(folder, **options) == 1
    assert words in capsys.readouterr().err
    assert not (folder / "trust").exists()


def test_an_unknown_provider_names_those_that_there_are(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, "--provider", "bestaat niet") == 1
    assert "Ander BV, Zegels & Co" in capsys.readouterr().err
    assert not (folder / "trust").exists()


def test_a_list_of_another_signer_or_a_missing_file_changes_nothing(
    folder: Path, town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "signer.pem").write_bytes(town.identity.certificate.public_bytes(Encoding.PEM))
    assert run(folder) == 1
    assert "not signed by" in capsys.readouterr().err
    (folder / "signer.pem").write_bytes(b"no certificate")
    assert run(folder) == 1
    (folder / "nl.xml").unlink()
    assert run(folder) == 1
    assert "Traceback" not in capsys.readouterr().err
    assert not (folder / "trust").exists()


def test_a_name_with_quotes_is_written_as_it_is(folder: Path) -> None:
    name = 'Gemeente "De Ëlf" \\ co'
    assert run(folder, name=name) == 0
    assert {one.name for one in load_trust(folder / "trust").organisations} == {name}


def test_what_is_in_the_trust_folder_already_stays_usable(folder: Path, town: Town) -> None:
    town.authority.write_trust(folder / "trust", "Gemeente Elders", "NTRNL-90000055")
    assert run(folder) == 0
    assert {one.name for one in load_trust(folder / "trust").organisations} == {"Gemeente Elders", NAME}


def test_an_older_list_does_not_take_the_place_of_a_newer(
    folder: Path, town: Town, operator: Identity, capsys: pytest.CaptureFixture[str]
) -> None:
    """It may hold an authority that lost its status since."""
    assert run(folder) == 0
    other = unsigned_list(ListPlan((Service(Authority.create("Ander").seal_root.certificate),)))
    older = other.replace(b"<TSLSequenceNumber>42<", b"<TSLSequenceNumber>41<")
    (folder / "nl.xml").write_bytes(sign_list(older, operator))
    assert run(folder) == 1
    assert "number 42; this one is older, number 41" in capsys.readouterr().err
    assert finding(folder, town) is Finding.GENUINE


def test_a_full_disk_leaves_the_trust_folder_as_it_was(
    folder: Path, town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    town.authority.write_trust(folder / "trust", "Gemeente Elders", "NTRNL-90000055")
    with full_disk(200):
        assert run(folder) == 1
    assert "Traceback" not in capsys.readouterr().err
    assert {one.name for one in load_trust(folder / "trust").organisations} == {"Gemeente Elders"}
    assert len(list((folder / "trust").iterdir())) == 1
    assert run(folder) == 0
