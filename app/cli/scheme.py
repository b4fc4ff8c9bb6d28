"""`blauwe-knop sources scheme NAME`: what is held of a signed list of organisations, and whether it is in force."""

from __future__ import annotations

from datetime import datetime

from sources.config import SourceConfig
from sources.fcid.scheme.adapter import listed_source_id
from sources.fcid.scheme.members import Standing, standing_of
from sources.ports import HeldScheme, SchemeCheck, SourcePorts

IN_FORCE, NOT_IN_FORCE = 0, 1


def show(config: SourceConfig, ports: SourcePorts) -> int:
    """Print it, and return 1 unless a list is in force. Raises a SourceError when the store cannot be used."""
    standing, now = standing_of(config, ports), ports.clock.now()
    is_in_force = standing.listed is not None and standing.listed.is_valid_at(now)
    lines = [
        *_check(ports.schemes.last_check(config.source_id)),
        *_list(standing, now),
        *members(config, standing),
    ]
    print("\n".join(lines))
    return IN_FORCE if is_in_force else NOT_IN_FORCE


def members(config: SourceConfig, standing: Standing) -> list[str]:
    """One line per organisation that citizens see: its name as a source, and what is known of it."""
    held = standing.held
    addresses = {
        one.oin: one.discovery_url for one in (standing.listed.organisations if standing.listed else ())
    }
    return [
        f"{listed_source_id(config.source_id, one.oin):64} {_state(one.left_at):32} {one.name}"
        + (f"  {addresses[one.oin]}" if one.left_at is None and one.oin in addresses else "")
        for one in (held.organisations if held else ())
    ]


def _check(check: SchemeCheck | None) -> list[str]:
    if check is None:
        return ["Er is nog nooit naar een lijst gekeken: dat doet `blauwe-knop work`, of --refresh."]
    result = "in orde" if check.problem is None else f"niet overgenomen: {check.problem}"
    return [f"Laatst gekeken: {_moment(check.at)}, {result}"]


def _list(standing: Standing, now: datetime) -> list[str]:
    held, listed = standing.held, standing.listed
    if held is None:
        return ["Er is geen lijst. De burger ziet de lijst zelf als bron die geen antwoord geeft."]
    if listed is None:
        return [
            _version(held),
            f'Niet te gebruiken: {standing.problem}. Elke organisatie is nu "geen antwoord".',
        ]
    validity = "" if listed.is_valid_at(now) else ' NIET MEER GELDIG: elke organisatie is nu "geen antwoord".'
    return [
        _version(held),
        f"Uitgegeven door OIN {listed.issuer} op {_moment(listed.issued_at)}",
        f"Ondertekend met sleutel {listed.signer}",
        f"Geldig tot {_moment(listed.valid_until)}.{validity}",
    ]


def _version(held: HeldScheme) -> str:
    return f"Lijst: versie {held.version}, overgenomen op {_moment(held.taken_at)}"


def _state(left_at: datetime | None) -> str:
    return "in de lijst" if left_at is None else f"weg sinds {_moment(left_at)}"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
