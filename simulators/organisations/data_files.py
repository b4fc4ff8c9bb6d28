"""The organisations and what they know about test citizens: `data/*.toml`.

Texts that start with "@" are worked out when a question comes in, so that due dates stay believable:
"@dag-30" a date, "@moment-30" a moment (whole seconds), "@onbekend" null.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from simulators.organisations.behaviour import Behaviour

DATA_FOLDER = Path(__file__).parent / "data"
_RELATIVE = re.compile(r"@(dag|moment)([+-]\d+)")

Json = dict[str, Any]


@dataclass(frozen=True)
class Citizen:
    """What one organisation knows about one citizen. `claims` are wire objects, still with "@" texts."""

    bsn: str = field(repr=False)
    name: str | None = None
    claims: tuple[Json, ...] = ()
    full: bool = True
    behaviour: Behaviour = Behaviour.NORMAL
    initials: str | None = None


@dataclass(frozen=True)
class Organisation:
    """One simulated organisation. `settings` are the other top-level keys of its file."""

    source_id: str
    protocol: str
    settings: Json
    citizens: tuple[Citizen, ...]

    def citizen(self, bsn: str) -> Citizen:
        """Somebody whom the file does not mention has no claims here."""
        return next((citizen for citizen in self.citizens if citizen.bsn == bsn), Citizen(bsn))

    def other_citizen(self, bsn: str) -> Citizen:
        """Somebody else, with claims; made up when the file has nobody."""
        known = [citizen for citizen in self.citizens if citizen.claims]
        made_up = Citizen("999990019", "Iemand Anders", known[0].claims)
        return next((citizen for citizen in known if citizen.bsn != bsn), made_up)

    @property
    def wants_api_key(self) -> bool:
        """Or name and password: a secret in a header instead of a client certificate."""
        return self.settings.get("toegang") in {"api_key", "basic"}


def load_organisations(folder: Path = DATA_FOLDER) -> tuple[Organisation, ...]:
    """In alphabetical order, the municipal interface first."""
    organisations = (_load(file) for file in sorted(folder.glob("*.toml")))
    return tuple(sorted(organisations, key=lambda organisation: organisation.protocol == "fcid"))


def _load(file: Path) -> Organisation:
    stanza = tomllib.loads(file.read_text(encoding="utf-8"))
    citizens = tuple(_citizen(entry) for entry in stanza.pop("burger", []))
    return Organisation(stanza.pop("source_id"), stanza.pop("protocol"), stanza, citizens)


def _citizen(entry: Json) -> Citizen:
    return Citizen(
        bsn=entry["bsn"],
        name=entry.get("naam"),
        claims=tuple(entry.get("vorderingen") or entry.get("zaken") or ()),
        full=entry.get("volledig", True),
        behaviour=Behaviour(entry.get("gedrag", "normal")),
        initials=entry.get("voorletters"),
    )


def resolve(value: Any, now: datetime | None = None) -> Any:
    """The value with every "@" text replaced."""
    now = now or datetime.now(UTC).replace(microsecond=0)
    if isinstance(value, dict):
        return {name: resolve(part, now) for name, part in value.items()}
    if isinstance(value, list):
        return [resolve(part, now) for part in value]
    if value == "@onbekend":
        return None
    match = _RELATIVE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return value
    moment = now + timedelta(days=int(match[2]))
    return moment.date().isoformat() if match[1] == "dag" else moment.isoformat()
