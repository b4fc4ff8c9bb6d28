"""A trust folder is read whole or refused with the name of the file that is wrong."""

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from signing.errors import TrustRefused
from signing.policy import folder_of, load_trust
from simulators.certificates import write_certificates
from tests.support.seals import NAME, Town


@pytest.fixture
def folder(tmp_path: Path, town: Town) -> Path:
    return town.authority.write_trust(tmp_path / "trust", NAME, "NTRNL-90000001")


def test_name_number_roots_and_lists_are_read(folder: Path, town: Town) -> None:
    [organisation] = load_trust(folder.parent).organisations
    assert (organisation.name, organisation.organization_identifier) == (NAME, "NTRNL-90000001")
    assert organisation.roots == (town.authority.seal_root_der(),)
    assert len(organisation.crls) == 2


def test_a_revocation_list_may_be_pem(folder: Path, town: Town) -> None:
    crl = town.authority.seal_intermediate.crl()
    (folder / "1.crl").write_bytes(crl.public_bytes(Encoding.PEM))
    [organisation] = load_trust(folder.parent).organisations
    assert crl.public_bytes(Encoding.DER) in organisation.crls


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('naam = "X"', "exactly naam and organisatie_id"),
        ('naam = "X"\norganisatie_id = "Y"\nvertrouw = true', "exactly naam and organisatie_id"),
        ('naam = "X"\norganisatie_id = " "', "not empty"),
        ('naam = "X"\norganisatie_id = 5', "not empty"),
        ("naam", "not readable as TOML"),
    ],
)
def test_a_wrong_description_is_refused(folder: Path, text: str, complaint: str) -> None:
    (folder / "organisatie.toml").write_text(text)
    with pytest.raises(TrustRefused, match=complaint):
        load_trust(folder.parent)


def test_an_organisation_without_roots_is_refused(folder: Path) -> None:
    (folder / "root.pem").unlink()
    with pytest.raises(TrustRefused, match="no root certificate"):
        load_trust(folder.parent)


def test_a_seal_certificate_is_no_root(folder: Path, town: Town) -> None:
    write_certificates(folder / "root.pem", [town.identity.certificate])
    with pytest.raises(TrustRefused, match="must be a certificate authority"):
        load_trust(folder.parent)


@pytest.mark.parametrize("name", ["root.pem", "0.crl"])
def test_a_damaged_file_is_refused_by_name(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"junk")
    with pytest.raises(TrustRefused, match=name):
        load_trust(folder.parent)


def test_two_organisations_may_not_share_a_number(folder: Path, town: Town) -> None:
    town.authority.write_trust(folder.parent, "Een andere naam", "NTRNL-90000001")
    with pytest.raises(TrustRefused, match="same organisatie_id"):
        load_trust(folder.parent)


def test_an_empty_or_missing_folder_is_refused(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(TrustRefused):
            load_trust(folder)


def test_folders_that_a_container_platform_puts_into_a_mounted_folder_are_no_organisations(
    folder: Path,
) -> None:
    """Kubernetes: `..2026_11_22` with the files, `..data` pointing to it, and each name pointing into that."""
    mounted = folder.parent.parent / "mounted"
    (mounted / "..2026_11_22").mkdir(parents=True)
    folder.rename(mounted / "..2026_11_22" / folder.name)
    (mounted / "..data").symlink_to("..2026_11_22")
    (mounted / folder.name).symlink_to(f"..data/{folder.name}")
    [organisation] = load_trust(mounted).organisations
    assert organisation.name == NAME
    assert folder_of(mounted, "NTRNL-90000001") == mounted / folder.name


@pytest.fixture
def file(tmp_path: Path, town: Town) -> Path:
    """Everything in one file."""
    authority = town.authority
    root = x509.load_der_x509_certificate(authority.seal_root_der()).public_bytes(Encoding.PEM).decode()
    lists = authority.seal_intermediate.crl().public_bytes(Encoding.PEM).decode() * 2
    target = tmp_path / "vertrouwen.toml"
    target.write_text(
        f"[[organisaties]]\nnaam = 'Elders'\norganisatie_id = 'NTRNL-2'\nwortels = '''{root}'''\nlijsten = '''{lists}'''\n"
    )
    return target


def test_one_file_says_the_same_as_a_folder(file: Path, town: Town) -> None:
    [organisation] = load_trust(file).organisations
    assert (organisation.name, organisation.organization_identifier) == ("Elders", "NTRNL-2")
    assert organisation.roots == (town.authority.seal_root_der(),)
    assert len(organisation.crls) == 2
    assert organisation.time_stamp_roots == ()


def test_files_of_two_organisations_may_be_pasted_together(file: Path) -> None:
    text = file.read_text()
    file.write_text(text + text.replace("NTRNL-2", "NTRNL-3"))
    assert {one.organization_identifier for one in load_trust(file).organisations} == {"NTRNL-2", "NTRNL-3"}
    file.write_text(text + text)
    with pytest.raises(TrustRefused, match="same organisatie_id"):
        load_trust(file)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("[[organisaties]]", "[[anders]]", "no organisation in it"),
        ("naam =", "name =", "may have only"),
        ("wortels =", "tijdstempel =", "no root certificate"),
        ("naam = 'Elders'\n", "", "exactly naam and organisatie_id"),
        ("-----END X509 CRL-----", "", "no revocation list in PEM"),
        ("-----BEGIN CERTIFICATE-----", "", "not readable"),
        ("naam = 'Elders'", "naam = 'Elders'\ntijdstempel = 5", "must be text in PEM"),
    ],
)
def test_a_wrong_file_is_refused(file: Path, old: str, new: str, complaint: str) -> None:
    file.write_text(file.read_text().replace(old, new))
    with pytest.raises(TrustRefused, match=complaint):
        load_trust(file)
