"""Building what seals: key, time-stamps and long-term data, by the settings."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from app.persistence.seal_material import SqlSealMaterial
from app.services.background import Job
from app.services.issue import Sealing
from app.settings import Settings
from app.settings.model import SealSettings
from signing.errors import KeyRefused
from signing.keys.files import read_certificates
from signing.keys.software import load_software_key
from signing.policy import TrustedOrganisation, TrustPolicy
from signing.sealing.fetching import published_at
from signing.sealing.jws import JsonSeal
from signing.sealing.pdf import PdfSeal
from signing.sealing.revocation import LongTermSource, Material, Own, Refresher
from signing.sealing.seals import PdfSeals
from signing.sealing.timestamps import TimeStampAuthority, TimeStampClient
from signing.verifying.examination import examine_here

_REFRESH_EVERY = timedelta(minutes=10)


class CannotStart(Exception):
    """Parts of the installation do not fit together; the text is one line for the operator."""


def build_sealing(settings: Settings, policy: TrustPolicy, material: SqlSealMaterial) -> Sealing:
    """Everything that `Issue` needs to seal. Raises CannotStart or SigningError."""
    seal, organisation = settings.seal, _own_organisation(settings, policy)
    key = load_software_key(seal.key_file, seal.certificate_file, seal.chain_file)
    pdf = PdfSeal(key)
    if pdf.organization_identifier != organisation.organization_identifier:
        stated = organisation.organization_identifier
        raise CannotStart(f"seal.certificate_file is not of organization_identifier {stated}")
    own = Own(key.certificate, key.chain, organisation)
    source = LongTermSource(own, material.load, seal.revocation_max_age) if seal.long_term else None
    return Sealing(
        settings.issuer,
        PdfSeals(pdf, time_stamp_client(seal, organisation), source),
        JsonSeal(key),
        lambda data: examine_here(data, policy, datetime.now(UTC)),
    )


def refresher(settings: Settings, policy: TrustPolicy) -> Refresher:
    """Fetches the revocation data of our own seal. Needs the certificates, never the key. Raises as above."""
    seal, organisation = settings.seal, _own_organisation(settings, policy)
    certificate, *rest = read_certificates(seal.certificate_file)
    chain = (*rest, *(read_certificates(seal.chain_file) if seal.chain_file else ()))
    own = Own(certificate, chain, organisation)
    return Refresher(own, time_stamp_client(seal, organisation), seal.revocation_urls)


def wants_refreshing(seal: SealSettings) -> bool:
    """Whether there is anything to fetch: settings or the certificate itself name an address."""
    if seal.tsa_url or seal.revocation_urls:
        return seal.long_term
    try:
        return seal.long_term and bool(published_at(read_certificates(seal.certificate_file)))
    except KeyRefused:  # the site, which needs the certificate, says so when it starts
        return False


def refresh_job(build: Callable[[], Refresher], material: SqlSealMaterial) -> Job:
    """Renews the revocation data; that something could not be fetched is in the log, and shows in the levels."""

    def refresh(now: datetime) -> int:
        held = material.load()
        found = build().refreshed(None if held is None else Material.from_bytes(held), now)
        material.save(found.to_bytes())
        return len(found.crls)

    return Job("refresh_revocation", _REFRESH_EVERY, refresh)


def time_stamp_client(seal: SealSettings, organisation: TrustedOrganisation) -> TimeStampClient | None:
    """None when no time-stamp authority is set up. Raises CannotStart when we would not trust its time-stamps."""
    if seal.tsa_url is None:
        return None
    if not organisation.time_stamp_roots:
        raise CannotStart(
            "seal.tsa_url is set, but our organisation in trust_folder has no tijdstempel/*.pem: "
            "we would not trust our own time-stamps"
        )
    tls = None
    if seal.tsa_url.startswith("https:"):
        tls = ssl.create_default_context(cafile=seal.tsa_ca_file and str(seal.tsa_ca_file))
    return TimeStampClient(TimeStampAuthority(seal.tsa_url, organisation.time_stamp_roots, tls))


def _own_organisation(settings: Settings, policy: TrustPolicy) -> TrustedOrganisation:
    stated = settings.organisation.organization_identifier
    for organisation in policy.organisations:
        if organisation.organization_identifier == stated:
            return organisation
    raise CannotStart(f"trust_folder does not hold {stated}: we would not trust our own seal")
