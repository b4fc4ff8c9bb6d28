"""Trusted lists as countries publish them (ETSI TS 119 612), signed by a throw-away scheme operator with XAdES."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.sax.saxutils import escape

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from signxml import (  # type: ignore[attr-defined]
    CanonicalizationMethod,
    DigestAlgorithm,
    SignatureMethod,
)
from signxml.xades import XAdESSigner  # type: ignore[attr-defined]

from simulators.certificates import Identity

NAMESPACE = "http://uri.etsi.org/02231/v2#"
QUALIFIED = "http://uri.etsi.org/TrstSvc/Svctype/CA/QC"
TIME_STAMPS = "http://uri.etsi.org/TrstSvc/Svctype/TSA/QTST"
GRANTED = "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/granted"
WITHDRAWN = "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/withdrawn"
FOR_SEALS = "http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/ForeSeals"
FOR_SIGNATURES = "http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/ForeSignatures"

_DSIG = "{http://www.w3.org/2000/09/xmldsig#}"
_EXCLUSIVE = CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0


@dataclass(frozen=True)
class Service:
    """One service of one provider."""

    certificate: x509.Certificate
    provider: str = "Vertrouwensdienst BV"
    type: str = QUALIFIED
    status: str = GRANTED
    use: str = FOR_SEALS


@dataclass(frozen=True)
class ListPlan:
    """What the list says; the defaults make a good one of the Netherlands."""

    services: Sequence[Service] = ()
    territory: str = "NL"
    kind: str = "http://uri.etsi.org/TrstSvc/TrustedList/TSLType/EUgeneric"
    next_update_at: datetime = field(default_factory=lambda: datetime.now(UTC) + timedelta(days=180))


def unsigned_list(plan: ListPlan) -> bytes:
    """The list without a signature."""
    providers = "".join(map(_provider, plan.services))
    return f"""<TrustServiceStatusList xmlns="{NAMESPACE}" Id="list" TSLTag="http://uri.etsi.org/19612/TSLTag">
<SchemeInformation><TSLVersionIdentifier>6</TSLVersionIdentifier><TSLSequenceNumber>42</TSLSequenceNumber>
<TSLType>{plan.kind}</TSLType><SchemeTerritory>{plan.territory}</SchemeTerritory>
<ListIssueDateTime>2026-11-01T09:00:00Z</ListIssueDateTime>
<NextUpdate><dateTime>{plan.next_update_at.isoformat()}</dateTime></NextUpdate></SchemeInformation>
<TrustServiceProviderList>{providers}</TrustServiceProviderList></TrustServiceStatusList>""".encode()


class _Signer(XAdESSigner):
    """States how it spelled the properties that it signs, as published lists do; signxml leaves that out."""

    def _add_reference_to_signed_info(self, sig_root: Any, node_to_reference: Any, **attrs: Any) -> None:
        super()._add_reference_to_signed_info(sig_root, node_to_reference, **attrs)  # type: ignore[no-untyped-call]
        reference = sig_root.find(f"{_DSIG}SignedInfo")[-1]
        transforms = etree.Element(f"{_DSIG}Transforms")
        etree.SubElement(transforms, f"{_DSIG}Transform", Algorithm=_EXCLUSIVE.value)
        reference.insert(0, transforms)


def sign_list(unsigned: bytes, operator: Identity) -> bytes:
    """The list as a scheme operator publishes it: enveloped XAdES, exclusive canonical XML."""
    signer = _Signer(
        signature_algorithm=SignatureMethod.ECDSA_SHA256,
        digest_algorithm=DigestAlgorithm.SHA256,
        c14n_algorithm=_EXCLUSIVE,
    )
    signed = signer.sign(
        etree.fromstring(unsigned),
        key=operator.private_key,
        cert=[operator.certificate],
        always_add_key_value=False,
    )
    return bytes(etree.tostring(signed, xml_declaration=True, encoding="UTF-8"))


def _provider(service: Service) -> str:
    der = base64.b64encode(service.certificate.public_bytes(Encoding.DER)).decode("ascii")
    return f"""<TrustServiceProvider><TSPInformation><TSPName><Name xml:lang="nl">(nl) {escape(service.provider)}</Name>
<Name xml:lang="en">{escape(service.provider)}</Name></TSPName></TSPInformation><TSPServices><TSPService>
<ServiceInformation><ServiceTypeIdentifier>{service.type}</ServiceTypeIdentifier>
<ServiceDigitalIdentity><DigitalId><X509Certificate>{der}</X509Certificate></DigitalId>
<DigitalId><X509SubjectName>CN=niet gebruikt</X509SubjectName></DigitalId></ServiceDigitalIdentity>
<ServiceStatus>{service.status}</ServiceStatus>
<ServiceInformationExtensions><Extension Critical="true"><AdditionalServiceInformation>
<URI xml:lang="en">{service.use}</URI></AdditionalServiceInformation></Extension></ServiceInformationExtensions>
</ServiceInformation></TSPService></TSPServices></TrustServiceProvider>"""
