"""pyHanko's own AdES validation (ETSI EN 319 102-1) as a judge: it shares no code with our verdict but the parser."""

from __future__ import annotations

import asyncio
import io
from datetime import timedelta

from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESSubIndic
from pyhanko.sign.validation.ades import (
    ades_basic_validation,
    ades_lta_validation,
    ades_with_time_validation,
)
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.policy_decl import (
    CertificateFetchingRule,
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer

from tests.support.stamped import StampedTown


def judge(place: StampedTown, pdf: bytes, level: str) -> AdESSubIndic:
    """The validation that belongs to the level; revocation data is required. Below B-LT it comes from the authority."""
    reader = PdfFileReader(io.BytesIO(pdf))
    seal = reader.embedded_signatures[0]
    spec = _spec(place, reader)
    if level == "B-LTA":
        return asyncio.run(ades_lta_validation(seal, PdfSignatureValidationSpec(spec))).ades_subindic
    seal.compute_integrity_info()
    digest = seal.compute_digest()
    check = ades_basic_validation if level == "B-B" else ades_with_time_validation
    return asyncio.run(check(seal.signed_data, spec, raw_digest=digest)).ades_subindic


def _spec(place: StampedTown, reader: PdfFileReader) -> SignatureValidationSpec:
    revocation = CertRevTrustPolicy(REQUIRE_REVINFO, freshness=timedelta(days=1))
    seals, stamps = (
        CertValidationPolicySpec(SimpleTrustManager.build([asn1_x509.Certificate.load(root)]), revocation)
        for root in (place.town.authority.seal_root_der(), place.services.tsa.root_der())
    )
    nothing_is_fetched = RevocationInfoGatheringSpec(
        RevinfoOnlineFetchingRule.LOCAL_ONLY, certificate_fetching_rule=CertificateFetchingRule.NEVER_FETCH
    )
    return SignatureValidationSpec(
        seals,
        revinfo_gathering_policy=nothing_is_fetched,
        ts_cert_validation_policy=stamps,
        local_knowledge=_known(place, reader),
        key_usage_settings=KeyUsageConstraints(key_usage={"non_repudiation"}),
    )


def _known(place: StampedTown, reader: PdfFileReader) -> LocalKnowledge:
    """What the document brings along, or what the authority publishes when it brings nothing."""
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        lists = (*place.town.authority.crls(), *place.services.tsa.crls())
        return LocalKnowledge(known_crls=[_container(one) for one in lists])
    lists = tuple(one.get_object().data for one in store.crls)
    return LocalKnowledge(known_crls=[_container(one) for one in lists], known_certs=list(store.load_certs()))


def _container(crl: bytes) -> CRLContainer:
    return CRLContainer(asn1_crl.CertificateList.load(crl))
