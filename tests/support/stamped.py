"""A town with a time-stamp authority that answers over http."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms
from cryptography.hazmat.primitives.serialization import Encoding

from signing.sealing.archive import archived
from signing.sealing.pdf import LongTermData, PdfSeal
from signing.sealing.timestamps import TimeStampAuthority, TimeStampClient
from signing.time_stamp import read_time_stamp
from simulators.certificates import KeyKind
from simulators.time_stamps import TimeStampIssuer
from simulators.trust_services import TrustServices
from tests.support.pdf_builder import PdfPlan, build_at_level
from tests.support.seals import Town


@dataclass(frozen=True)
class StampedTown:
    """`client` keeps its connections for as long as the town lives."""

    town: Town
    services: TrustServices
    client: TimeStampClient

    @property
    def long_term(self) -> LongTermData:
        """What belongs in a document at level B-LT now."""
        return self.long_term_at(None)

    def long_term_at(self, at: datetime | None) -> LongTermData:
        """The same with revocation lists of another moment."""
        stamp = read_time_stamp(self.client.token(bytes(32)))
        authority, tsa = self.town.authority, self.services.tsa
        seal = self.town.key
        chain = [one.public_bytes(Encoding.DER) for one in (seal.certificate, *seal.chain)]
        roots = (authority.seal_root_der(), tsa.root_der())
        certificates = (*chain, stamp.leaf, *stamp.others, *roots)
        return LongTermData(certificates, (*authority.crls(at), *tsa.crls(at)))

    def seal(self, level: str) -> PdfSeal:
        bare = PdfSeal(self.town.key)
        if level == "B-B":
            return bare
        return bare.with_time_stamp(self.client, self.long_term if level == "B-LT" else None)

    def pdf(self, level: str, plan: PdfPlan | None = None) -> bytes:
        return build_at_level(plan or PdfPlan(), self.seal(level))

    def archived(
        self, pdf: bytes, client: TimeStampClient | None = None, data: LongTermData | None = None
    ) -> bytes:
        """The file with one archival section more, as `blauwe-knop archive` makes it."""
        return archived(pdf, client or self.client, data or self.long_term)

    def client_at(self, at: datetime, by: TimeStampIssuer | None = None) -> TimeStampClient:
        """Time-stamps of a moment in the past, of our own authority or another."""
        return _ClientAt(self.client._authority, at, by or self.services.tsa)


class _ClientAt(TimeStampClient):
    """Asks nobody: the authority's clock stood at that moment then."""

    def __init__(self, authority: TimeStampAuthority, at: datetime, by: TimeStampIssuer) -> None:
        super().__init__(authority)
        self._at, self._by = at, by

    def token(self, digest: bytes) -> bytes:
        stamp = read_time_stamp(self._by.token(digest, self._at))
        return stamp.spelled((stamp.leaf, *stamp.others))


@contextmanager
def stamped_town(key_kind: KeyKind = "p256") -> Iterator[StampedTown]:
    """A fresh one."""
    town = Town.create(key_kind)
    with TrustServices(town.authority, town.tsa) as services:
        yield StampedTown(town, services, new_client(services))


def new_client(services: TrustServices, *, limit: float = 20.0, pause: float = 0.2) -> TimeStampClient:
    roots = (services.tsa.root_der(),)
    return TimeStampClient(TimeStampAuthority(services.tsa_url, roots, limit=limit, pause=pause))


def token_of(seal: bytes) -> bytes:
    """The time-stamp in a CMS."""
    [signer] = cms.ContentInfo.load(seal)["content"]["signer_infos"]
    token: bytes = signer["unsigned_attrs"][0]["values"][0].dump()
    return token
