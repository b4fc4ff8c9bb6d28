"""What others see in our seals: OpenSSL, poppler, qpdf and pyHanko's own verdict, each independent of our verifier."""

import io
import re
import subprocess
from pathlib import Path

import pytest
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from signing.report import Finding
from tests.support import tampering
from tests.support.seals import Town
from tests.support.waiting import PATIENCE_S


@pytest.fixture(scope="module", params=["p256", "rsa3072"])
def sealer(request: pytest.FixtureRequest) -> Town:
    return Town.create(request.param)


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        list(map(str, command)), capture_output=True, text=True, check=False, timeout=PATIENCE_S
    )


def openssl_accepts(sealer: Town, pdf: bytes, folder: Path) -> bool:
    """`openssl cms -verify -cades` over the two ranges that the file itself states."""
    ranges = re.search(rb"/ByteRange \[([\d ]+)\]", pdf)
    assert ranges is not None
    _, before, after, rest = map(int, ranges[1].split())
    (folder / "content").write_bytes(pdf[:before] + pdf[after : after + rest])
    (folder / "seal").write_bytes(bytes.fromhex(pdf[before + 1 : after - 1].decode()))
    root = sealer.authority.seal_root.certificate.public_bytes(Encoding.PEM)
    (folder / "root.pem").write_bytes(root)
    checked = run(
        *("openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", folder / "seal"),
        *("-content", folder / "content", "-CAfile", folder / "root.pem", "-purpose", "any"),
        *("-out", "/dev/null"),
    )
    return checked.returncode == 0 and "CAdES Verification successful" in checked.stderr


def pdfsig_says(pdf: bytes, folder: Path) -> str:
    (folder / "o.pdf").write_bytes(pdf)
    return run("pdfsig", "-nocert", folder / "o.pdf").stdout


def test_openssl_accepts_the_seal_and_its_chain(sealer: Town, tmp_path: Path) -> None:
    assert openssl_accepts(sealer, sealer.pdf(), tmp_path)


def test_openssl_refuses_another_authority_and_another_content(sealer: Town, tmp_path: Path) -> None:
    assert not openssl_accepts(Town.create(), sealer.pdf(), tmp_path)
    assert not openssl_accepts(sealer, sealer.pdf().replace(b"12345", b"54321"), tmp_path)


def test_pdfsig_sees_one_valid_seal_over_the_total_document(sealer: Town, tmp_path: Path) -> None:
    said = pdfsig_says(sealer.pdf(), tmp_path)
    for line in ("Signature is Valid", "Total document signed", "ETSI.CAdES.detached", "Field Name: Zegel"):
        assert said.count(line) == 1


def test_pdfsig_and_we_agree_on_a_change(sealer: Town, tmp_path: Path) -> None:
    changed = sealer.pdf().replace(b"12345", b"54321")
    assert "Digest Mismatch" in pdfsig_says(changed, tmp_path)
    assert sealer.examine(changed).finding is Finding.ALTERED


def test_we_are_stricter_than_pdfsig_about_a_white_box(sealer: Town, tmp_path: Path) -> None:
    changed = tampering.white_box(sealer.pdf())
    said = pdfsig_says(changed, tmp_path)
    assert "Signature is Valid" in said
    assert "Not total document signed" in said
    assert sealer.examine(changed).finding is Finding.ALTERED


def test_qpdf_finds_the_file_clean(sealer: Town, tmp_path: Path) -> None:
    (tmp_path / "o.pdf").write_bytes(sealer.pdf())
    checked = run("qpdf", "--check", tmp_path / "o.pdf")
    assert checked.returncode == 0
    assert "No syntax or stream encoding errors" in checked.stdout


def test_pyhanko_trusts_the_seal(sealer: Town) -> None:
    [seal] = PdfFileReader(io.BytesIO(sealer.pdf())).embedded_signatures
    root = asn1_x509.Certificate.load(sealer.authority.seal_root_der())
    context = ValidationContext(
        trust_roots=[root], crls=sealer.authority.crls(), allow_fetching=False, revocation_mode="require"
    )
    status = validate_pdf_signature(seal, context)
    assert status.bottom_line
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert status.docmdp_ok
