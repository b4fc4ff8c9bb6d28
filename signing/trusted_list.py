"""Authorities for seals from a trusted list of an EU country (ETSI TS 119 612), read from a file that somebody has.

Nothing counts but what the scheme operator signed, with a certificate that the reader of the list pinned beforehand.
Of the services on it only these become authorities: type CA/QC (issues qualified certificates), status "granted" now,
and marked "ForeSeals". The list says nothing about which organisation may seal: that stays pinned by its number.
"""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from signxml import (  # type: ignore[attr-defined]
    DigestAlgorithm,
    SignatureConfiguration,
    SignatureMethod,
    VerifyResult,
    XMLVerifier,
)

from signing.errors import TrustRefused

MAX_BYTES = 32 * 1024 * 1024
_TSL = "{http://uri.etsi.org/02231/v2#}"
_ROOT = f"{_TSL}TrustServiceStatusList"
_TYPE = "http://uri.etsi.org/TrstSvc/TrustedList/TSLType/EUgeneric"
_ISSUES_QUALIFIED = "http://uri.etsi.org/TrstSvc/Svctype/CA/QC"
_GRANTED = "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/granted"
_FOR_SEALS = "http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/ForeSeals"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_METHODS = frozenset(
    {
        SignatureMethod.RSA_SHA256,
        SignatureMethod.RSA_SHA384,
        SignatureMethod.RSA_SHA512,
        SignatureMethod.SHA256_RSA_MGF1,
        SignatureMethod.SHA384_RSA_MGF1,
        SignatureMethod.SHA512_RSA_MGF1,
        SignatureMethod.ECDSA_SHA256,
        SignatureMethod.ECDSA_SHA384,
        SignatureMethod.ECDSA_SHA512,
    }
)
_DIGESTS = frozenset({DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512})


@dataclass(frozen=True)
class ListedAuthority:
    """An authority that issues qualified certificates for seals. `provider` is the name in English when there is one."""

    provider: str
    certificate: x509.Certificate


@dataclass(frozen=True)
class TrustedList:
    """What a list says. `left_out` counts certificates that the list names but that are no certificate authority's."""

    territory: str
    sequence_number: int
    issued_at: datetime
    next_update_at: datetime
    authorities: tuple[ListedAuthority, ...]
    left_out: int


def read_trusted_list(data: bytes, signers: Sequence[x509.Certificate], now: datetime) -> TrustedList:
    """The list, as far as one of these certificates signed it. `now` is aware.

    Raises:
        TrustRefused: not a list of a country, not signed by any of them, damaged, or out of date.
    """
    root = _signed_root(_parse(data), signers)
    try:
        trusted = _read(root)
    except (ValueError, TypeError) as error:
        raise TrustRefused(f"the trusted list is not as ETSI TS 119 612 wants it: {error}") from error
    if trusted.next_update_at < now:
        raise TrustRefused(
            f"the trusted list is out of date since {trusted.next_update_at:%Y-%m-%d}: get a new one"
        )
    return trusted


def _parse(data: bytes) -> etree._Element:
    if len(data) > MAX_BYTES:
        raise TrustRefused("the trusted list is larger than we allow")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise TrustRefused("the trusted list is not readable as XML") from error
    if root.getroottree().docinfo.doctype:
        raise TrustRefused("the trusted list has a DOCTYPE")
    if root.tag != _ROOT:
        raise TrustRefused("the file is no trusted list (TrustServiceStatusList)")
    return root


def _signed_root(root: etree._Element, signers: Sequence[x509.Certificate]) -> etree._Element:
    """The element that the signature covers, and nothing else of the file."""
    expected = SignatureConfiguration(
        location="./",
        expect_references=True,  # the list itself, and properties of the signature (XAdES)
        signature_methods=_METHODS,
        digest_algorithms=_DIGESTS,
        ignore_ambiguous_key_info=True,  # the key is the pinned one, whatever the file says
    )
    for signer in signers:
        try:
            results = XMLVerifier().verify(root, x509_cert=signer, expect_config=expected)
        except Exception:  # noqa: BLE001, S112  signxml, lxml and cryptography raise many kinds; none may let it pass
            continue
        covered = [one.signed_xml for one in _each(results) if _is_list(one.signed_xml)]
        if len(covered) == 1:
            return covered[0]
    raise TrustRefused("the trusted list is not signed by the certificate that you gave, or was changed")


def _each(results: VerifyResult | list[VerifyResult]) -> list[VerifyResult]:
    return results if isinstance(results, list) else [results]


def _is_list(element: etree._Element | None) -> bool:
    return element is not None and element.tag == _ROOT


def _read(root: etree._Element) -> TrustedList:
    scheme = _child(root, "SchemeInformation")
    if _text(scheme, "TSLType") != _TYPE:
        raise ValueError("not the list of a country (the list of lists has no authorities)")
    listed = list(_authorities(root))
    return TrustedList(
        territory=_territory(scheme),
        sequence_number=int(_text(scheme, "TSLSequenceNumber")),
        issued_at=_moment(_text(scheme, "ListIssueDateTime")),
        next_update_at=_moment(_text(_child(scheme, "NextUpdate"), "dateTime")),
        authorities=_each_once(one for one in listed if _is_authority(one.certificate)),
        left_out=sum(not _is_authority(one.certificate) for one in listed),
    )


def _territory(scheme: etree._Element) -> str:
    territory = _text(scheme, "SchemeTerritory")
    if not (territory.isascii() and territory.isalpha() and territory.isupper() and len(territory) == 2):
        raise ValueError("SchemeTerritory is no code of a country")
    return territory


def _authorities(root: etree._Element) -> Iterator[ListedAuthority]:
    for provider in root.iterfind(f"{_TSL}TrustServiceProviderList/{_TSL}TrustServiceProvider"):
        name = _provider_name(_child(provider, "TSPInformation"))
        for service in provider.iterfind(f"{_TSL}TSPServices/{_TSL}TSPService/{_TSL}ServiceInformation"):
            if _issues_for_seals(service):
                path = f"{_TSL}ServiceDigitalIdentity/{_TSL}DigitalId/{_TSL}X509Certificate"
                yield from (ListedAuthority(name, _certificate(one)) for one in service.iterfind(path))


def _issues_for_seals(service: etree._Element) -> bool:
    path = f"{_TSL}ServiceInformationExtensions/{_TSL}Extension/{_TSL}AdditionalServiceInformation/{_TSL}URI"
    return (
        _text(service, "ServiceTypeIdentifier") == _ISSUES_QUALIFIED
        and _text(service, "ServiceStatus") == _GRANTED
        and any(_whole(one) == _FOR_SEALS for one in service.iterfind(path))
    )


def _provider_name(information: etree._Element) -> str:
    names = information.findall(f"{_TSL}TSPName/{_TSL}Name")
    english = [name for name in names if name.get(_LANGUAGE, "").lower() == "en"]
    if not names:
        raise ValueError("a provider without a name")
    return _whole((english or names)[0])


def _certificate(element: etree._Element) -> x509.Certificate:
    return x509.load_der_x509_certificate(base64.b64decode("".join(_whole(element).split()), validate=True))


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return bool(certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca)
    except (x509.ExtensionNotFound, ValueError):
        return False


def _each_once(authorities: Iterator[ListedAuthority]) -> tuple[ListedAuthority, ...]:
    return tuple({one.certificate.public_bytes(Encoding.DER): one for one in authorities}.values())


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment without time zone")
    return moment


def _child(element: etree._Element, name: str) -> etree._Element:
    found = element.findall(_TSL + name)
    if len(found) != 1:
        raise ValueError(f"{name} is not there exactly once")
    return found[0]


def _text(element: etree._Element, name: str) -> str:
    return _whole(_child(element, name))


def _whole(element: etree._Element) -> str:
    """All text of it: a comment or processing instruction in between cuts nothing off."""
    return "".join(element.xpath("text()")).strip()
