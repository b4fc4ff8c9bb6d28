"""A signer of XML that does whatever an attacker, or a careless municipality, would do: any method, any transform.

Made of lxml's canonicalisation and cryptography only, so that what it signs is really signed, right or wrong.
"""

import base64
import copy
import hashlib
import hmac
from dataclasses import dataclass, field, replace
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

DS = "http://www.w3.org/2000/09/xmldsig#"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
HASHES: dict[str, hashes.HashAlgorithm] = {
    RSA_SHA256: hashes.SHA256(),
    "http://www.w3.org/2000/09/xmldsig#rsa-sha1": hashes.SHA1(),
}
HMAC_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"


@dataclass(frozen=True)
class Transformed:
    """One reference: what stands in the message, and the bytes over which the digest is made."""

    uri: str
    octets: bytes
    transforms: str = f'<ds:Transform Algorithm="{EXCLUSIVE}"/>'


@dataclass(frozen=True)
class Signing:
    """How to sign. `key_info` None keeps the one that is there."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate
    method: str = RSA_SHA256
    digest: str = SHA256
    canonical: str = EXCLUSIVE
    key_info: str | None = None
    references: tuple[Transformed, ...] = field(default=())

    def with_references(self, *references: Transformed) -> "Signing":
        return replace(self, references=references)


def part(element: Any, id_name: str) -> Transformed:
    """An honest reference to an element."""
    return Transformed(f"#{element.get(id_name)}", canonical(element))


def canonical(element: Any) -> bytes:
    return bytes(etree.tostring(element, method="c14n", exclusive=True, with_comments=False))


def resign(signature: Any, how: Signing) -> None:
    """Replace a ds:Signature of a message by another one, really signed in this way."""
    digest = hashlib.sha1 if how.digest.endswith("#sha1") else hashlib.sha256
    references = "".join(
        f'<ds:Reference URI="{one.uri}"><ds:Transforms>{one.transforms}</ds:Transforms>'
        f'<ds:DigestMethod Algorithm="{how.digest}"/>'
        f"<ds:DigestValue>{_base64(digest(one.octets).digest())}</ds:DigestValue></ds:Reference>"
        for one in how.references
    )
    key_info = how.key_info or etree.tostring(signature.find(f"{{{DS}}}KeyInfo")).decode()
    new = etree.fromstring(
        f'<ds:Signature xmlns:ds="{DS}"><ds:SignedInfo>'
        f'<ds:CanonicalizationMethod Algorithm="{how.canonical}"/><ds:SignatureMethod Algorithm="{how.method}"/>'
        f"{references}</ds:SignedInfo><ds:SignatureValue/>{key_info}</ds:Signature>"
    )
    signature.getparent().replace(signature, new)
    signed = canonical(new[0])
    new[1].text = _base64(_value(signed, how))


def wrapped(element: Any, name: str = "Wrapper") -> Any:
    """A copy of the element inside another one."""
    around = etree.Element(name)
    around.append(copy.deepcopy(element))
    return around


def _value(signed: bytes, how: Signing) -> bytes:
    if how.method == HMAC_SHA256:
        return hmac.digest(how.certificate.public_bytes(Encoding.DER), signed, "sha256")
    return how.key.sign(signed, padding.PKCS1v15(), HASHES[how.method])


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()
