"""What every place where a sealing key lives must do: subclass `BackendContract` and give it keys."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from signing.errors import SigningError
from signing.keys.backend import KeyBackend, Scheme, fits_certificate, signature_for_cms, signature_for_jws
from signing.report import Finding
from signing.sealing.jws import JsonSeal
from signing.sealing.pdf import PdfSeal
from tests.support.pdf_builder import PAYLOAD, PdfPlan, build_pdf
from tests.support.seals import Town, now

DATA = b"whatever has to be signed"
_PSS = padding.PSS(padding.MGF1(hashes.SHA256()), salt_length=32)
_HASHES = {Scheme.ECDSA_SHA256: hashes.SHA256(), Scheme.ECDSA_SHA384: hashes.SHA384()}


def assert_signed(key: KeyBackend, signature: bytes, scheme: Scheme) -> None:
    """By the certificate's key, with exactly this scheme. Raises InvalidSignature."""
    public_key = key.certificate.public_key()
    if isinstance(public_key, ec.EllipticCurvePublicKey):
        public_key.verify(signature, DATA, ec.ECDSA(_HASHES[scheme]))
        return
    assert isinstance(public_key, rsa.RSAPublicKey)
    pad = _PSS if scheme is Scheme.RSA_PSS else padding.PKCS1v15()
    public_key.verify(signature, DATA, pad, hashes.SHA256())


class BackendContract:
    """Fixtures to give: `town` (an organisation with each kind of key in turn) and `key` (its key in the backend)."""

    def test_it_knows_what_it_is(self, town: Town, key: KeyBackend) -> None:
        assert (key.kind, key.certificate) == (town.key.kind, town.identity.certificate)
        assert key.chain == town.identity.chain

    def test_each_scheme_that_fits_signs_and_no_other(self, key: KeyBackend) -> None:
        for scheme in Scheme:
            if scheme.fits(key.kind):
                assert_signed(key, key.sign(DATA, scheme), scheme)
            else:
                with pytest.raises(SigningError, match="cannot sign with"):
                    key.sign(DATA, scheme)

    def test_the_forms_for_cms_and_jws_are_those_of_its_kind(self, key: KeyBackend) -> None:
        assert fits_certificate(key.certificate, DATA, signature_for_cms(key, DATA))
        assert not fits_certificate(key.certificate, DATA + b".", signature_for_cms(key, DATA))
        sizes = {"P-256": 64, "P-384": 96, "RSA-3072": 384, "RSA-4096": 512}
        assert {len(signature_for_jws(key, DATA)) for _ in range(8)} == {sizes[key.kind.value]}

    def test_what_it_seals_is_genuine(self, town: Town, key: KeyBackend) -> None:
        pdf = build_pdf(PdfPlan(), PdfSeal(key).cms)
        assert town.examine(pdf).finding is Finding.GENUINE
        assert town.examine(JsonSeal(key).seal(PAYLOAD, now())).finding is Finding.GENUINE

    def test_threads_may_share_it(self, key: KeyBackend) -> None:
        with ThreadPoolExecutor(4) as threads:
            signatures = list(threads.map(lambda _: signature_for_cms(key, DATA), range(24)))
        assert all(fits_certificate(key.certificate, DATA, signature) for signature in signatures)
