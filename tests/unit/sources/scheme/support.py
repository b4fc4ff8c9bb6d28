"""A keeper of a list in memory: real keys and real signatures, a store that is a dictionary."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from joserfc import jws
from joserfc.jwk import ECKey, Key

from claims.outcome import FailureCause, SourceFailure, SourceOutcome
from sources.adapter import SourceAdapter
from sources.config import SourceConfig
from sources.errors import SourceUnavailable
from sources.fcid.scheme.adapter import ListedFcidSource
from sources.fcid.scheme.members import SchemeMembers
from sources.fcid.scheme.refresh import refresh
from sources.gather import GatherTimes, gather
from sources.ports import HeldScheme, SchemeCheck, SourcePorts
from sources.workers import SourcePools
from tests.unit.sources.fakes import CITIZEN

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
OINS = tuple(f"000000019000000{number:02}000" for number in range(1, 9))
CLAIMS = "FINANCIAL_CLAIMS_INFORMATION_REQUEST"
KEY = ECKey.generate_key("P-256")
OTHER_KEY = ECKey.generate_key("P-256")
Entry = dict[str, Any]


class SetClock:
    def __init__(self) -> None:
        self.moment = START

    def now(self) -> datetime:
        return self.moment

    def pass_by(self, **time: float) -> None:
        self.moment += timedelta(**time)


class DictSchemeStore:
    """Keeps lists in this process; `is_down` makes every use fail."""

    def __init__(self) -> None:
        self.held: dict[str, HeldScheme] = {}
        self.checks: dict[str, SchemeCheck] = {}
        self.is_down = False

    def _use(self) -> None:
        if self.is_down:
            raise SourceUnavailable("the store of lists cannot be used now")

    def load(self, scheme: str) -> HeldScheme | None:
        self._use()
        return self.held.get(scheme)

    def last_check(self, scheme: str) -> SchemeCheck | None:
        self._use()
        return self.checks.get(scheme)

    def replace(self, scheme: str, decide: Callable[[HeldScheme | None], HeldScheme]) -> HeldScheme:
        self._use()
        self.held[scheme] = decide(self.held.get(scheme))
        return self.held[scheme]

    def note(self, scheme: str, check: SchemeCheck) -> None:
        self._use()
        self.checks[scheme] = check


def entry(number: int, **changes: Any) -> Entry:
    """A good entry; `changes` replace members, and a change to Ellipsis leaves one out."""
    members: Entry = {
        "oin": OINS[number],
        "name": f"Organisatie {number}",
        "discovery_url": f"https://organisatie-{number}.invalid/ontdekken",
        "public_key": KEY.as_dict(private=False),
        "document_types": [CLAIMS],
    }
    return {name: value for name, value in (members | changes).items() if value is not ...}


def content(entries: list[Entry], version: int = 1, at: datetime = START, **changes: Any) -> dict[str, Any]:
    issued = int(at.timestamp())
    members = {
        "version": version,
        "iss": "00000001900000088000",
        "iat": issued,
        "exp": issued + 24 * 3600,
        "organizations": entries,
    }
    return {name: value for name, value in (members | changes).items() if value is not ...}


def sign(payload: object, key: Key = KEY, **header: Any) -> bytes:
    raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    full = {"alg": "ES256", "typ": "organisations+jws", **header}
    rules = _AnyHeader(algorithms=["ES256", "Ed25519", "EdDSA", "PS256", "RS256"], strict_check_header=False)
    return jws.serialize_compact(full, raw, key, registry=rules).encode()


class _AnyHeader(jws.JWSRegistry):
    max_header_length = 100_000
    max_payload_length = 10_000_000


def forged(header: dict[str, Any], payload: object, signature: Callable[[bytes], bytes]) -> bytes:
    """A token that no library of ours wants to write."""
    full = {"typ": "organisations+jws", **header}
    signed = b".".join(_base64(json.dumps(part).encode()) for part in (full, payload))
    return signed + b"." + _base64(signature(signed))


def unsigned(payload: object, alg: str = "none") -> bytes:
    return forged({"alg": alg}, payload, lambda _signed: b"")


def es256(signed: bytes) -> bytes:
    """A right signature of KEY (RFC 7518, section 3.4)."""
    private = KEY.private_key
    assert private is not None
    r, s = decode_dss_signature(private.sign(signed, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def _base64(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


@dataclass
class Keeper:
    """One stanza with a list in a file, and what a process makes of it."""

    folder: Path
    clock: SetClock = field(default_factory=SetClock)
    store: DictSchemeStore = field(default_factory=DictSchemeStore)

    def __post_init__(self) -> None:
        self.key_file = self.folder / "lijst.jwk"
        self.key_file.write_text(json.dumps(KEY.as_dict(private=False)))
        self.list_file = self.folder / "lijst.jws"

    @property
    def ports(self) -> SourcePorts:
        return SourcePorts(self.clock, schemes=self.store)

    @property
    def config(self) -> SourceConfig:
        scheme = {"list_file": self.list_file, "signer_file": self.key_file, "keep_days": 365}
        files = {"client_certificate_file": "client.pem", "client_key_file": "client.key.pem"}
        stanza = {"source_id": "lijst", "organisation": "De lijst", "protocol": "fcid", "ca_file": "ca.pem"}
        return SourceConfig.model_validate({**stanza, **files, "scheme": scheme})

    def offer(self, token: bytes | None) -> str | None:
        """Publish and look; the problem, if any. None: the list is gone."""
        if token is None:
            self.list_file.unlink(missing_ok=True)
        else:
            self.list_file.write_bytes(token)
        return refresh(self.config, self.ports).problem

    def offer_list(self, entries: list[Entry], version: int, **changes: Any) -> str | None:
        return self.offer(sign(content(entries, version, self.clock.now(), **changes)))

    def members(self) -> SchemeMembers:
        return SchemeMembers(self.config, self.ports, _without_circuit)

    def shown(self) -> dict[str, bool]:
        """What a process that starts now shows: source id -> connected."""
        return {one.source.source_id: one.connected for one in self.members().current()}

    def asked(self) -> set[str]:
        """Who would be asked over the network; anybody else who is connected fails at once."""
        return {one.source.source_id for one in self.members().current() if isinstance(one, ListedFcidSource)}

    def causes(self) -> dict[str, FailureCause | None]:
        """How asking everybody ends. None: not a failure."""
        times, pools = GatherTimes(), SourcePools()
        outcomes = gather(self.members().current(), CITIZEN, times, self.clock, pools)
        return {one.source.source_id: _cause(one) for one in outcomes}


def _cause(outcome: SourceOutcome) -> FailureCause | None:
    return outcome.cause if isinstance(outcome, SourceFailure) else None


def _without_circuit(adapter: SourceAdapter) -> SourceAdapter:
    return adapter


def source_id(number: int) -> str:
    return f"lijst-{OINS[number]}"
