"""The stanzas of `sources.toml` that belong to the simulated organisations."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from simulators.organisations import dkd
from simulators.organisations.data_files import Organisation
from simulators.organisations.reports import settings_line
from simulators.organisations.speakers import SPEAKERS

BASIC_NAME = "blauwe-knop"
REPORTS = "meldingen"  # the folder of what organisations get of citizens
TEST_BSN = "111111110"
UNCONNECTED = """\
[zonnedael-begraafplaatsen]
connected = false
organisation = "Gemeente Zonnedael"
department = "Begraafplaatsen"
oin = "00000001900000021000"
contact = { phone = "14 0900", hours = "werkdagen van 9.00 tot 17.00 uur" }
"""


@dataclass(frozen=True)
class Credentials:
    """Files with which our service shows who it is to the organisations."""

    ca_file: Path
    client_certificate_file: Path
    client_key_file: Path
    api_key_file: Path = field(repr=False)

    @property
    def basic_file(self) -> Path:
        """Name and password for organisations that want those; the password is the key."""
        file = self.api_key_file.with_name("basic")
        file.touch(mode=0o600)
        file.write_text(f"{BASIC_NAME}:{self.api_key}\n", encoding="ascii")
        return file

    @property
    def test_bsn_file(self) -> Path:
        """A fictitious person whom every simulated organisation knows, for `sources check`."""
        file = self.api_key_file.with_name("test-bsn")
        file.touch(mode=0o600)
        file.write_text(f"{TEST_BSN}\n", encoding="ascii")
        return file

    @property
    def api_key(self) -> str:
        return self.api_key_file.read_text(encoding="ascii").strip()


def stanza(organisation: Organisation, port: int, credentials: Credentials, extra: str = "") -> str:
    """One stanza; `extra` are more lines for it."""
    settings = organisation.settings
    path = dkd.PATH if organisation.protocol == "dkd" else SPEAKERS[organisation.protocol].base
    values = {
        "protocol": organisation.protocol,
        "organisation": settings["naam"],
        "department": settings.get("afdeling"),
        "oin": settings["oin"],
        "url": f"https://127.0.0.1:{port}{path}",
        "ca_file": str(credentials.ca_file.resolve()),
        "fcid_version": settings.get("fcid_versie"),
        "test_bsn_file": None if "test_bsn_file" in extra else str(credentials.test_bsn_file.resolve()),
        # A simulated organisation fails for one citizen and not for the next; a real one that fails is down.
        "circuit_failures": 100,
        **_identity(organisation, credentials),
    }
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items() if value]
    contact = {"phone": "telefoon", "hours": "openingstijden", "url": "website"}
    options = ", ".join(f"{key} = {json.dumps(settings[name])}" for key, name in contact.items())
    reported = settings_line(organisation, credentials.ca_file.parent / REPORTS)
    table = dkd.settings_table(organisation, credentials.ca_file) if organisation.protocol == "dkd" else ""
    return "\n".join(
        [f"[{organisation.source_id}]", *lines, f"contact = {{ {options} }}", reported, extra, table, ""]
    )


def _identity(organisation: Organisation, credentials: Credentials) -> dict[str, str]:
    if organisation.settings.get("toegang") == "basic":
        return {"basic_file": str(credentials.basic_file.resolve())}
    if organisation.wants_api_key:
        return {"api_key_file": str(credentials.api_key_file.resolve())}
    return {
        "client_certificate_file": str(credentials.client_certificate_file.resolve()),
        "client_key_file": str(credentials.client_key_file.resolve()),
    }
