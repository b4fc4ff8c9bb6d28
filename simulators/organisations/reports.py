"""How an organisation takes reports of citizens (docs/interfaces/meldingen.yaml), and has a key for those in a folder.

Its own switch: {"zonnedael-parkeren/meldingen": "down"} in `gedrag.json`; "cut_off" takes the report and then loses the answer.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from simulators.certificates import new_key, write_private_key
from simulators.organisations.behaviour import Behaviour, Switches
from simulators.organisations.data_files import Organisation
from simulators.organisations.replies import problem
from simulators.organisations.server import Exchange

if TYPE_CHECKING:
    from simulators.organisations.conversation import Conversation

PATH = "/meldingen"
LARGEST_REPORT = 8000
_ID = re.compile(r"[0-9a-f]{32}")
_NEEDED = {
    *("soort", "versie", "melding_id", "referentie", "gemeld_op", "bsn", "kenmerk", "saldo", "opgehaald_op"),
    "reden",
}


@dataclass(frozen=True)
class ReportDesk:
    """The reports that one organisation has: a file each, so that whoever tries the demo can look."""

    source_id: str
    folder: Path

    def take(self, report: dict[str, Any]) -> bool:
        """False: it was here already."""
        file = self.folder / f"{report['melding_id']}.json"
        if file.exists():
            return False
        draft = file.with_suffix(".deel")
        draft.write_text(json.dumps(report, ensure_ascii=False, indent=2), encoding="utf-8")
        os.replace(draft, file)
        return True

    def taken(self) -> list[dict[str, Any]]:
        return [json.loads(file.read_text(encoding="utf-8")) for file in sorted(self.folder.glob("*.json"))]


def open_desk(organisation: Organisation, folder: Path) -> ReportDesk | None:
    """None: it takes no reports in this way."""
    if organisation.settings.get("meldingen") != "rest":
        return None
    (folder / organisation.source_id).mkdir(parents=True, exist_ok=True)
    return ReportDesk(organisation.source_id, folder / organisation.source_id)


def prepare_folder(organisation: Organisation, folder: Path) -> None:
    """The folder for encrypted files and the key of the receiver, for an organisation that fetches files."""
    if organisation.settings.get("meldingen") != "map":
        return
    (folder / organisation.source_id).mkdir(parents=True, exist_ok=True)
    secret, public = key_files(organisation.source_id, folder)
    if not secret.exists():
        key = new_key("p256")
        write_private_key(secret, key)
        public.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


def key_files(source_id: str, folder: Path) -> tuple[Path, Path]:
    """Private, public."""
    return folder / f"{source_id}.sleutel.pem", folder / f"{source_id}.pem"


def settings_line(organisation: Organisation, folder: Path) -> str:
    """For its stanza; empty when it takes no reports."""
    way = organisation.settings.get("meldingen")
    if way == "rest":
        return 'reports = { way = "rest" }'
    if way == "map":
        public = key_files(organisation.source_id, folder)[1]
        values = {"outbox_folder": folder / organisation.source_id, "receiver_file": public}
        told = ", ".join(f"{key} = {json.dumps(str(value.resolve()))}" for key, value in values.items())
        return f'reports = {{ way = "folder", {told} }}'
    return ""


def respond(conversation: Conversation, desk: ReportDesk, exchange: Exchange) -> None:
    """Strict, so that our messages stay right."""
    length = exchange.headers.get("Content-Length", "")
    size = int(length) if length.isdigit() and int(length) <= LARGEST_REPORT else 0
    raw = exchange.rfile.read(size)
    behaviour = _behaviour(conversation.switches, desk.source_id)
    if behaviour is Behaviour.DOWN:
        exchange.break_connection()
    elif behaviour is Behaviour.SERVER_ERROR:
        exchange.send(503, problem("later"), "application/problem+json")
    elif not conversation.knows(exchange):
        exchange.send(401, problem("who are you"), "application/problem+json")
    elif behaviour is Behaviour.REFUSED or (report := _read(raw, exchange)) is None:
        exchange.send(400, problem("not a report"), "application/problem+json")
    elif behaviour is Behaviour.MALFORMED:
        exchange.send(200, b'{"status": "ok"}')
    else:
        status = 201 if desk.take(report) else 200
        if behaviour is Behaviour.CUT_OFF:
            exchange.break_connection()
        else:
            exchange.send(status, json.dumps({"melding_id": report["melding_id"]}).encode())


def _behaviour(switches: Switches, source_id: str) -> Behaviour | None:
    return switches.get(f"{source_id}/meldingen") or switches.get(source_id)


def _read(raw: bytes, exchange: Exchange) -> dict[str, Any] | None:
    try:
        report = json.loads(raw)
    except ValueError:
        return None
    if (
        not isinstance(report, dict)
        or not report.keys() >= _NEEDED
        or report.keys() - _NEEDED - {"toelichting"}
    ):
        return None
    report_id = report["melding_id"]
    right = isinstance(report_id, str) and _ID.fullmatch(report_id)
    return report if right and exchange.headers.get("Idempotency-Key") == report_id else None
