"""WS-Security signatures (OASIS WSS 1.1, Digikoppeling WUS 2W-be-S): sign a question, verify the answer to it.

The signing itself is signxml's. What we add is the frame: which elements must be signed, by whom, when, in answer to
which question, and that only the bytes that were verified are read afterwards.
"""

from __future__ import annotations

import base64
import logging
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from lxml import etree
from signxml import (  # type: ignore[attr-defined]
    CanonicalizationMethod,
    DigestAlgorithm,
    SignatureConfiguration,
    SignatureConstructionMethod,
    SignatureMethod,
    SignatureReference,
    XMLSigner,
    XMLVerifier,
)

from claims.instant import format_instant
from sources.errors import Misconfigured, SourceUntrusted
from sources.transport.certificates import load_anchors, verify_chain
from sources.transport.revocation import RevocationLists
from sources.transport.soap import SOAP, OpenedEnvelope
from sources.transport.wsse_frame import (
    BASE64,
    DS,
    EXCLUSIVE,
    LIFETIME,
    SECURITY,
    WSSE,
    WSSE11,
    WSU,
    WSU_ID,
    X509_KIND,
    check_confirmation,
    check_time,
    compact,
    must_be_signed,
    only_signature,
    reference_ids,
    signer_certificate,
)
from sources.transport.xml import hardened_parser

_C14N = CanonicalizationMethod(EXCLUSIVE)
_METHODS = frozenset({SignatureMethod.RSA_SHA256, SignatureMethod.RSA_SHA384, SignatureMethod.RSA_SHA512})
_DIGESTS = frozenset({DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512})

# At level DEBUG signxml logs what it signs: that holds a BSN.
logging.getLogger("signxml").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class SignatureKeys:
    """PEM files with which we sign; the certificate of ours alone or first, an RSA key."""

    certificate_file: Path
    key_file: Path


@dataclass(frozen=True, slots=True)
class SignatureRules:
    """Whom we believe: `ca_file` holds the anchors (PEM), `oin` must stand in the subject of the signer. `revocation`
    None: nobody looks whether his certificate was revoked."""

    ca_file: Path
    oin: str
    revocation: RevocationLists | None = None


class WsSecurity:
    """Safe to share between threads. Files are read at the first use. `sign` and `verify` raise Misconfigured for them."""

    def __init__(self, keys: SignatureKeys, rules: SignatureRules) -> None:
        self._files = keys
        self._rules = rules

    @cached_property
    def _keys(self) -> tuple[x509.Certificate, rsa.RSAPrivateKey]:
        try:
            certificate = x509.load_pem_x509_certificate(self._files.certificate_file.read_bytes())
            key = load_pem_private_key(self._files.key_file.read_bytes(), None)
        except (OSError, ValueError, TypeError):
            raise Misconfigured("the certificate or key for signatures cannot be used") from None
        if not isinstance(key, rsa.RSAPrivateKey) or key.public_key() != certificate.public_key():
            raise Misconfigured("the key for signatures is not RSA, or not of its certificate")
        return certificate, key

    @property
    def own_expires_at(self) -> datetime:
        """When our certificate for signing ends. Raises Misconfigured."""
        return self._keys[0].not_valid_after_utc

    @cached_property
    def _anchors(self) -> list[x509.Certificate]:
        return load_anchors(self._rules.ca_file)

    def sign(self, envelope: Any, now: datetime, *, confirms: str | None = None) -> str:
        """Put a Security header into the envelope: Body, every WS-Addressing header and Timestamp are signed (RSA and
        SHA-256, exclusive canonicalisation). Returns the SignatureValue; `confirms` is that of a question that this
        answers (SignatureConfirmation, WSS 1.1)."""
        certificate, key = self._keys
        header, body = envelope.find(f"{{{SOAP}}}Header"), envelope.find(f"{{{SOAP}}}Body")
        signed = [*header, body]
        security = _security_header(header, now)
        signed += list(security)
        if confirms is not None:
            confirmation = etree.SubElement(security, f"{{{WSSE11}}}SignatureConfirmation", Value=confirms)
            signed.append(confirmation)
        token = etree.SubElement(security, f"{{{WSSE}}}BinarySecurityToken")
        token.attrib.update({WSU_ID: "X509-1", "EncodingType": BASE64, "ValueType": X509_KIND})
        token.text = base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()
        for number, element in enumerate(signed, start=1):
            element.set(WSU_ID, f"S-{number}")
        signer = XMLSigner(SignatureConstructionMethod.detached, "rsa-sha256", "sha256", _C14N)
        references = [SignatureReference(f"#{element.get(WSU_ID)}", _C14N) for element in signed]
        signature = signer.sign(
            envelope, key=key, reference_uri=references, key_info=_key_info(), id_attribute="Id"
        )
        security.append(signature)
        return compact(signature.findtext(f"{{{DS}}}SignatureValue"))

    def is_signed(self, opened: OpenedEnvelope) -> bool:
        return next(opened.root.iter(f"{{{DS}}}Signature"), None) is not None

    def verify(self, opened: OpenedEnvelope, question_signature: str | None, now: datetime) -> Any:
        """The content of the Body, parsed from exactly the bytes that were signed. Raises SourceUntrusted.

        `question_signature` is what `sign` returned, or None when there was no question (our simulators)."""
        try:
            return self._verify(opened, question_signature, now)
        except (SourceUntrusted, Misconfigured):
            raise
        except Exception:  # noqa: BLE001  signxml, lxml and cryptography raise many kinds; none may let it pass
            raise SourceUntrusted("the signature cannot be verified") from None

    def _verify(self, opened: OpenedEnvelope, question_signature: str | None, now: datetime) -> Any:
        security, signature = only_signature(opened)
        certificate = signer_certificate(security, signature)
        verify_chain(certificate, self._anchors, self._rules.oin, now)
        if self._rules.revocation is not None:
            self._rules.revocation.check(certificate, self._anchors, now)
        identifiers = reference_ids(signature)
        results = XMLVerifier().verify(
            opened.root,
            x509_cert=certificate,
            validate_schema=False,  # it refuses ec:InclusiveNamespaces, which real brokers send
            id_attribute="Id",
            parser=hardened_parser(),
            expect_config=SignatureConfiguration(
                expect_references=True,
                signature_methods=_METHODS,
                digest_algorithms=_DIGESTS,
                verification_time=now,
            ),
        )
        if not isinstance(results, list):
            raise SourceUntrusted("the signature has an odd form")
        signed = dict(zip(identifiers, results, strict=True))
        for element in must_be_signed(opened, security, with_confirmation=question_signature is not None):
            if element.get(WSU_ID) not in signed:
                raise SourceUntrusted("a part that must be signed is not")
        check_time(security, now)
        if question_signature is not None:
            check_confirmation(security, question_signature)
        body = signed[opened.body.get(WSU_ID)].signed_xml
        if body is None or body.tag != f"{{{SOAP}}}Body" or len(body) != 1:
            raise SourceUntrusted("what was signed is not the body")
        return body[0]


def _security_header(header: Any, now: datetime) -> Any:
    security = etree.SubElement(header, SECURITY, nsmap={"wsse": WSSE, "wsu": WSU, "wsse11": WSSE11})
    security.set(f"{{{SOAP}}}mustUnderstand", "1")
    timestamp = etree.SubElement(security, f"{{{WSU}}}Timestamp")
    etree.SubElement(timestamp, f"{{{WSU}}}Created").text = format_instant(now)
    etree.SubElement(timestamp, f"{{{WSU}}}Expires").text = format_instant(now + LIFETIME)
    return security


def _key_info() -> Any:
    information = etree.Element(f"{{{DS}}}KeyInfo", nsmap={"ds": DS, "wsse": WSSE})
    token = etree.SubElement(information, f"{{{WSSE}}}SecurityTokenReference")
    etree.SubElement(token, f"{{{WSSE}}}Reference", URI="#X509-1", ValueType=X509_KIND)
    return information
