"""The request for a seal certificate: PKCS#10 (RFC 2986), signed where the key is.

The subject is that of PKIoverheid: country, organization, organizationIdentifier (ETSI EN 319 412-1, 5.1.4), the OIN as
serialNumber, and a common name. The wanted key usage is that of a seal.
"""

from dataclasses import dataclass

from asn1crypto import algos, csr, keys, pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from signing.errors import KeyRefused
from signing.keys.backend import Signer, fits_key, signature_for_cms

_LONGEST = 64


@dataclass(frozen=True)
class Applicant:
    """Who asks for a certificate. `oin`: the twenty digits, or None when the authority gives no such number."""

    organisation: str
    organization_identifier: str
    oin: str | None
    common_name: str

    def subject(self) -> x509.Name:
        """The name in the certificate. Raises KeyRefused when a part is too long or empty (RFC 5280, appendix A)."""
        parts = [
            (NameOID.COUNTRY_NAME, "NL"),
            (NameOID.ORGANIZATION_NAME, self.organisation),
            (NameOID.ORGANIZATION_IDENTIFIER, self.organization_identifier),
            *([(NameOID.SERIAL_NUMBER, self.oin)] if self.oin else []),
            (NameOID.COMMON_NAME, self.common_name),
        ]
        for _, value in parts:
            if not 0 < len(value) <= _LONGEST:
                raise KeyRefused(f"{value!r} does not fit in a certificate: 1 to {_LONGEST} characters")
        return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts])


def certificate_request(key: Signer, applicant: Applicant) -> bytes:
    """The request in PEM. Raises KeyRefused or SigningError."""
    encoded_key = key.public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    information = csr.CertificationRequestInfo(
        {
            "version": "v1",
            "subject": asn1_x509.Name.load(applicant.subject().public_bytes()),
            "subject_pk_info": keys.PublicKeyInfo.load(encoded_key),
            "attributes": [{"type": "extension_request", "values": [[_key_usage()]]}],
        }
    )
    content = information.dump()
    signature = signature_for_cms(key, content)
    if not fits_key(key.public_key, content, signature):
        raise KeyRefused("the key made a signature that does not fit: this request is worthless")
    algorithm = "sha256_rsa" if key.kind.curve is None else "sha256_ecdsa"
    request = csr.CertificationRequest(
        {
            "certification_request_info": information,
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": algorithm}),
            "signature": signature,
        }
    )
    armored: bytes = pem.armor("CERTIFICATE REQUEST", request.dump())
    return armored


def _key_usage() -> dict[str, object]:
    usage = asn1_x509.KeyUsage({"digital_signature", "non_repudiation"})
    return {"extn_id": "key_usage", "critical": True, "extn_value": usage}
