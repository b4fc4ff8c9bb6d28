"""What a forger can rewrite in a genuine seal without its key and without breaking its signature: all of it is noticed."""

import base64
import json
from collections.abc import Callable

import pytest
from asn1crypto import cms, parser
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from signing.report import CheckId, Finding, Outcome, SealReport
from signing.sealing.jws import base64url
from signing.sealing.pdf import PdfSeal
from tests.support.pdf_builder import PdfPlan, build_pdf
from tests.support.seals import Town

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
SHA256 = bytes.fromhex("300b0609608648016503040201")
SHA256_WITH_NULL = bytes.fromhex("300d06096086480165030402010500")
ECDSA = bytes.fromhex("300a06082a8648ce3d040302")
ECDSA_WITH_NULL = bytes.fromhex("300c06082a8648ce3d0403020500")
RSA = bytes.fromhex("300d06092a864886f70d01010b0500")
RSA_WITHOUT_NULL = bytes.fromhex("300b06092a864886f70d01010b")
VERSION, VERSION_PADDED = bytes.fromhex("020101"), bytes.fromhex("02020001")
DATA, DATA_PADDED = bytes.fromhex("06092a864886f70d010701"), bytes.fromhex("060a2a80864886f70d010701")


def failed(report: SealReport) -> CheckId:
    [check] = [check for check in report.checks if check.outcome is Outcome.FAILED]
    return check.id


def replaced(encoded: bytes, old: bytes, new: bytes, which: int) -> bytes:
    """Put one element (the `which`th, from 0) in another spelling; every length around it stays right."""
    seen = 0

    def rewrite(content: bytes) -> bytes:
        nonlocal seen
        out = b""
        while content:
            class_, method, tag, header, inside, trailer = parser.parse(content)
            element = header + inside + trailer
            if element == old:
                out += new if seen == which else element
                seen += 1
            else:
                out += parser.emit(class_, method, tag, rewrite(inside)) if method else element
            content = content[len(element) :]
        return out

    result = rewrite(encoded)
    assert result != encoded
    return result


def _other_s(seal: bytes) -> bytes:
    parsed = cms.ContentInfo.load(seal)
    [signer] = parsed["content"]["signer_infos"]
    old = signer["signature"].dump()
    r, s = decode_dss_signature(signer["signature"].native)
    return replaced(seal, old, cms.OctetString(encode_dss_signature(r, ORDER - s)).dump(), 0)


def _certificates_turned(seal: bytes) -> bytes:
    first, second = (one.dump() for one in cms.ContentInfo.load(seal)["content"]["certificates"])
    assert first + second in seal
    return seal.replace(first + second, second + first)


def _with(old: bytes, new: bytes, which: int) -> Callable[[bytes], bytes]:
    return lambda seal: replaced(seal, old, new, which)


def examine(town: Town, change: Callable[[bytes], bytes]) -> SealReport:
    seal = PdfSeal(town.key)
    return town.examine(build_pdf(PdfPlan(), lambda digest: change(seal.cms(digest))))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_other_s, id="the other s"),
        pytest.param(_certificates_turned, id="certificates in another order"),
        pytest.param(_with(SHA256, SHA256_WITH_NULL, 0), id="digest algorithm of all"),
        pytest.param(_with(SHA256, SHA256_WITH_NULL, 1), id="digest algorithm of the signer"),
        pytest.param(_with(ECDSA, ECDSA_WITH_NULL, 4), id="signature algorithm"),
        pytest.param(_with(VERSION, VERSION_PADDED, 0), id="version"),
        pytest.param(_with(VERSION, VERSION_PADDED, 1), id="version of the signer"),
        pytest.param(_with(DATA, DATA_PADDED, 0), id="kind of content"),
    ],
)
def test_what_the_signature_in_a_cms_does_not_cover_is_pinned(
    town: Town, change: Callable[[bytes], bytes]
) -> None:
    report = examine(town, change)
    assert (report.finding, failed(report)) == (Finding.ALTERED, CheckId.FORM)


def test_the_algorithm_of_an_rsa_seal_is_pinned_too(rsa_town: Town) -> None:
    report = examine(rsa_town, _with(RSA, RSA_WITHOUT_NULL, 0))
    assert (report.finding, failed(report)) == (Finding.ALTERED, CheckId.FORM)


def test_the_same_cms_without_a_change_is_genuine(town: Town, rsa_town: Town) -> None:
    """Many times, because half of all ECDSA signatures have the higher s when they leave the key."""
    for _ in range(16):
        assert examine(town, lambda seal: seal).finding is Finding.GENUINE
    assert examine(rsa_town, lambda seal: seal).finding is Finding.GENUINE


def test_the_other_s_of_a_jws_is_altered(town: Town) -> None:
    for _ in range(16):
        data = town.json()
        assert town.examine(data).finding is Finding.GENUINE
        members = json.loads(data)
        plain = base64.urlsafe_b64decode(members["signature"] + "==")
        other = plain[:32] + (ORDER - int.from_bytes(plain[32:], "big")).to_bytes(32, "big")
        members["signature"] = base64url(other)
        report = town.examine(json.dumps(members, separators=(",", ":")).encode())
        assert (report.finding, failed(report)) == (Finding.ALTERED, CheckId.FORM)
