"""Building what seals: key, time-stamps and long-term data, by the settings."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from app.own_seal import KeySource, OwnSeal, SealInUse, proven_seal
from app.persistence.seal_material import SqlSealMaterial
from app.services.background import Job
from app.settings import Settings
from app.settings.seal import SealSettings
from signing.errors import KeyRefused
from signing.keys.backend import KeyBackend
from signing.keys.checks import WARN_BEFORE
from signing.policy import TrustedOrganisation, TrustPolicy
from signing.sealing.fetching import published_at
from signing.sealing.pdf import PdfSeal
from signing.sealing.revocation import LongTermSource, Material, Own, Refresher
from signing.sealing.seals import PdfSeals
from signing.sealing.timestamps import TimeStampAuthority, TimeStampClient

_log = structlog.stdlib.get_logger(__name__)
_REFRESH_EVERY = timedelta(minutes=10)


class CannotStart(Exception):
    """Parts of the installation do not fit together; the text is one line for the operator."""


def build_seal(settings: Settings, policy: TrustPolicy, material: SqlSealMaterial) -> OwnSeal:
    """Everything that `Issue` needs to seal, with the key that is active. Raises CannotStart or SigningError."""
    seal, organisation = settings.seal, _own_organisation(settings, policy)
    client = time_stamp_client(seal, organisation)

    def levels(key: KeyBackend) -> PdfSeals:
        own = Own(key.certificate, key.chain, organisation)
        source = LongTermSource(own, material.load, seal.revocation_max_age) if seal.long_term else None
        return PdfSeals(PdfSeal(key), client, source)

    def load() -> SealInUse:
        return proven_seal(seal.load(), settings.issuer, policy, levels)

    return OwnSeal(KeySource(load, seal.stamp))


def refresher(settings: Settings, policy: TrustPolicy) -> Refresher:
    """Fetches the revocation data of our own seal. Needs the certificates, never the key. Raises as above."""
    seal, organisation = settings.seal, _own_organisation(settings, policy)
    found = seal.chain()
    own = Own(found.certificate, found.chain, organisation)
    return Refresher(own, time_stamp_client(seal, organisation), seal.revocation_urls)


def wants_refreshing(seal: SealSettings) -> bool:
    """Whether there is anything to fetch: settings or the certificate itself name an address."""
    if seal.tsa_url or seal.revocation_urls:
        return seal.long_term
    try:
        found = seal.chain()
        return seal.long_term and bool(published_at((found.certificate, *found.chain)))
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


def seal_expires_at(seal: SealSettings) -> datetime | None:
    """End of the certificate of the key that seals now; None, and a line in the log, when it cannot be read."""
    try:
        return seal.certificate().not_valid_after_utc
    except KeyRefused as error:
        _log.error("the seal certificate cannot be read", reason=str(error))
        return None


def expires_soon(seal: SealSettings, now: datetime) -> bool:
    """Whether it is time to order a new certificate; also when nobody knows."""
    expires_at = seal_expires_at(seal)
    return expires_at is None or expires_at - now <= WARN_BEFORE


def expiry_job(seal: SealSettings) -> Job:
    """A line in the log every day, from sixty days before the end on."""

    def look(now: datetime) -> int:
        expires_at = seal_expires_at(seal)
        if expires_at is None or expires_at - now > WARN_BEFORE:
            return 0
        days, end = (expires_at - now).days, expires_at.isoformat()
        _log.warning("the seal certificate ends soon, see docs/keys.md", days_left=days, expires_at=end)
        return 1

    return Job("check_seal_certificate", timedelta(days=1), look)


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
