"""All that the corpus is made with: one organisation under one authority, with several keys, and its neighbours."""

from __future__ import annotations

import base64
import functools
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from app.documents import pdf
from app.documents.json import write_payload
from app.ports.snapshot import Snapshot
from claims.outcome import SourceOutcome
from signing.policy import TrustPolicy
from signing.sealing.jws import JsonSeal, base64url
from signing.sealing.pdf import PdfSeal
from simulators.certificates import Identity, KeyKind
from tests.support import snapshots
from tests.support.pdf_builder import PdfPlan, build_at_level, build_pdf
from tests.support.seals import Town, cms_at_any_time, key_of, now, sign_jws
from tests.support.stamped import StampedTown, stamped_town


class World:
    """Everything is made once and kept, so that many tampered files share one genuine one."""

    def __init__(self, place: StampedTown) -> None:
        self.place = place
        self.town = place.town
        self._snapshot = snapshots.snapshot_now(snapshots.full_outcomes())
        self.record = write_payload(self._snapshot)

    @property
    def policy(self) -> TrustPolicy:
        """Trust in the organisation of this world, with all that was revoked so far."""
        return self.town.policy

    @functools.cached_property
    def stranger(self) -> Town:
        """The same names of organisation and authority, other keys."""
        return Town.create()

    @functools.cache  # noqa: B019 -- a world lives as long as the corpus is made
    def with_key(self, kind: KeyKind) -> Town:
        """The organisation with a seal of this kind of key."""
        return self.town if kind == "p256" else self.town.with_seal(key_kind=kind)

    def snapshot(self, outcomes: tuple[SourceOutcome, ...] | None = None) -> Snapshot:
        """What an overview says: always the same one, or one of these outcomes made now."""
        return self._snapshot if outcomes is None else snapshots.snapshot_now(outcomes)

    @functools.cache  # noqa: B019
    def overview(self, kind: KeyKind = "p256", level: str = "B-B") -> bytes:
        """An ordinary overview as the service makes it."""
        return self.sealed(self.snapshot(), kind, level)

    def sealed(self, snapshot: Snapshot, kind: KeyKind = "p256", level: str = "B-B") -> bytes:
        """The PDF of this snapshot."""
        return pdf.write(snapshot, write_payload(snapshot), self.place_of(self.with_key(kind)).seal(level))

    @functools.cache  # noqa: B019
    def archived(self, level: str = "B-LT", times: int = 1) -> bytes:
        """An ordinary overview, archived and renewed."""
        before = self.archived(level, times - 1) if times > 1 else self.overview("p256", level)
        return self.place.archived(before)

    @functools.cache  # noqa: B019
    def json(self, kind: KeyKind = "p256") -> bytes:
        """An ordinary overview as sealed JSON."""
        return self.with_key(kind).json(self.record)

    def plan(self, **changes: Any) -> PdfPlan:
        """A small PDF with a real record in it."""
        return replace(PdfPlan(payload=self.record), **changes)

    def small(self, town: Town | None = None, **changes: Any) -> bytes:
        """A small PDF that is sealed now by this organisation or another."""
        return build_pdf(self.plan(**changes), PdfSeal((town or self.town).key).cms)

    @property
    def cms(self) -> Callable[[bytes], bytes]:
        """The sealing function of the organisation: digest to CMS."""
        return PdfSeal(self.town.key).cms

    def unsealed(self, **changes: Any) -> bytes:
        """A small PDF without any signature."""
        return build_pdf(self.plan(**changes), None)

    def small_at_level(self, level: str, town: Town | None = None, **changes: Any) -> bytes:
        """A small PDF at a level of PAdES."""
        place = self.place_of(town or self.town)
        return build_at_level(self.plan(**changes), place.seal(level))

    def place_of(self, town: Town) -> StampedTown:
        """The same time-stamp authority for another seal."""
        return StampedTown(town, self.place.services, self.place.client)

    def small_with_cms(self, change: Callable[[bytes], bytes], kind: KeyKind = "p256") -> bytes:
        """A small PDF of which the CMS was changed after sealing; everything around it fits."""
        seal = PdfSeal(self.with_key(kind).key)
        return build_pdf(self.plan(), lambda digest: change(seal.cms(digest)))

    def forged_pdf(self, identity: Identity, sealed_at: datetime | None = None) -> bytes:
        """A small PDF sealed with any certificate, also one that is not valid."""
        plan = self.plan(sealed_at=sealed_at or now())
        return build_pdf(plan, cms_at_any_time(key_of(identity)))

    def forged_json(self, identity: Identity, sealed_at: datetime | None = None) -> bytes:
        """A JSON sealed with any certificate, also one that is not valid."""
        key = key_of(identity)
        header = header_of(JsonSeal(key).seal(self.record, key.certificate.not_valid_before_utc))
        return sign_jws(key, self.record, {**header, "iat": int((sealed_at or now()).timestamp())})

    def jws(self, town: Town | None = None, **header: Any) -> bytes:
        """A JSON with changed header members, sealed over just that header; None leaves a member out."""
        town = town or self.town
        members = {**header_of(town.json(self.record)), **header}
        kept = {name: value for name, value in members.items() if value is not None}
        return sign_jws(town.key, self.record, kept)

    def members(self, **changes: Any) -> bytes:
        """The sealed JSON with members of the file (not of the header) changed after sealing."""
        members = {**json.loads(self.json()), **changes}
        kept = {name: value for name, value in members.items() if value is not None}
        return json.dumps(kept, separators=(",", ":")).encode()

    def other_record(self) -> str:
        """The record with a lower amount, as member of a JWS."""
        return base64url(self.record.replace(b"46112", b"00112"))


def decoded(text: str) -> bytes:
    """Base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def header_of(data: bytes) -> dict[str, Any]:
    """The protected header of a sealed JSON."""
    header: dict[str, Any] = json.loads(decoded(json.loads(data)["protected"]))
    return header


@contextmanager
def new_world() -> Iterator[World]:
    """A fresh one; its time-stamp authority stops at the end."""
    with stamped_town() as place:
        yield World(place)
