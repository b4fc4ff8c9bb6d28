"""How one would seal with pyHanko by following its documentation: render, read the file again, append a revision.

Charitable where there is a choice: it gets the file of our own renderer, and the key and certificates are read from their
files once. What it does with the key for every signature is its own.
"""

from __future__ import annotations

import importlib
import logging
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pikepdf
from asn1crypto import crl
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko_certvalidator import ValidationContext

from bench.places import LEVELS, Office
from simulators.certificates import Identity

_FIELD = "Zegel"


def _give_http_back() -> None:
    """Our programs took pyHanko's HTTP client away (`signing.without_http`); here it is what we measure beside."""
    taken = sys.modules.pop("aiohttp")
    real = importlib.import_module("aiohttp")
    for module in list(sys.modules.values()):
        if getattr(module, "aiohttp", None) is taken:
            module.aiohttp = real  # type: ignore[attr-defined]


_give_http_back()
logging.getLogger("pyhanko.sign").setLevel(
    logging.ERROR
)  # warns at B-LT that nothing is fetched, as we want it


@dataclass(frozen=True, slots=True)
class DefaultPath:
    """pyHanko's signers per level."""

    signers: Mapping[str, PdfSigner]

    @classmethod
    def of(cls, office: Office) -> DefaultPath:
        signer = _signer(office.town.identity)
        stamper = HTTPTimeStamper(office.tsa_url)
        return cls(
            {
                level: PdfSigner(
                    _metadata(office, level), signer, timestamper=None if level == "B-B" else stamper
                )
                for level in LEVELS
            }
        )

    def sign(self, data: bytes, level: str) -> bytes:
        """The file with a certifying signature appended."""
        output = self.signers[level].sign_pdf(IncrementalPdfFileWriter(BytesIO(data)))
        return bytes(output.getbuffer())


def _signer(identity: Identity) -> SimpleSigner:
    with TemporaryDirectory() as name:
        files = identity.write(Path(name), "key")
        chain = (str(files.chain_file),)
        loaded: SimpleSigner | None = SimpleSigner.load(  # type: ignore[no-untyped-call]
            str(files.key_file), str(files.certificate_file), ca_chain_files=chain
        )
    if loaded is None:
        raise RuntimeError("pyHanko does not read the key")
    return loaded


def _metadata(office: Office, level: str) -> PdfSignatureMetadata:
    known = office.roots(), office.crls()
    return PdfSignatureMetadata(
        field_name=_FIELD,
        certify=True,
        subfilter=SigSeedSubFilter.PADES,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        embed_validation_info=level == "B-LT",
        validation_context=_context(*known) if level == "B-LT" else None,
    )


def _context(roots: tuple[bytes, ...], lists: tuple[bytes, ...]) -> ValidationContext:
    """Revocation lists at hand, as in ours; nothing is fetched."""
    return ValidationContext(
        trust_roots=[asn1_x509.Certificate.load(one) for one in roots],
        crls=[crl.CertificateList.load(one) for one in lists],
        allow_fetching=False,
        revocation_mode="require",
    )


def without_seal(sealed: bytes) -> bytes:
    """The same file before anybody sealed it: no signature, no field for it."""
    output = BytesIO()
    with pikepdf.open(BytesIO(sealed)) as file:
        for key in ("/AcroForm", "/Perms", "/DSS", "/Extensions"):
            if key in file.Root:
                del file.Root[key]
        for page in file.pages:
            if "/Annots" in page:
                del page["/Annots"]
        file.save(output, object_stream_mode=pikepdf.ObjectStreamMode.preserve)
    return output.getvalue()
