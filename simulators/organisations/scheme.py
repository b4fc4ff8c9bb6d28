"""Who keeps the list of organisations: signs it, and publishes it on a TLS port of its own."""

from __future__ import annotations

import json
import ssl
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from joserfc.jwk import ECKey

from simulators.authority import Authority
from simulators.organisations.data_files import Json
from simulators.organisations.discovery import PATH, sign
from simulators.organisations.server import Exchange, TlsServer
from simulators.organisations.simulation import Running

LIST_PATH = "/organisaties"
LIST_OIN = "00000001900000088000"
ONE_DAY = 24 * 3600


@dataclass
class SchemeManager:
    """`reply`: what `LIST_PATH` answers now, as status, body and headers; None: not found."""

    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256"), repr=False)
    reply: tuple[int, bytes, dict[str, str]] | None = None

    def write_key(self, file: Path) -> Path:
        """The public key, for whoever verifies the list."""
        file.write_text(json.dumps(self.key.as_dict(private=False)), encoding="utf-8")
        return file

    def publish(self, entries: list[Json], version: int, **changes: Any) -> bytes:
        """Sign a list that is valid for a day and answer with it from now on. `changes` replace members of it."""
        now = int(time.time())
        content = {
            "version": version,
            "iss": LIST_OIN,
            "iat": now,
            "exp": now + ONE_DAY,
            "organizations": entries,
        }
        token = sign(json.dumps(content | changes).encode(), self.key, "organisations+jws")
        self.reply = (200, token, {})
        return token

    def respond(self, exchange: Exchange) -> None:
        if self.reply is None or exchange.path != LIST_PATH:
            exchange.send(404, b"", "text/plain")
            return
        status, body, headers = self.reply
        exchange.send(status, body, "application/jose", **headers)

    def serve(self, authority: Authority, folder: Path) -> TlsServer:
        """Listen on a free port of 127.0.0.1, for everybody. The caller stops it."""
        files = authority.issue_server().write(folder, "organisatielijst")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(files.certificate_file, files.key_file)
        server = TlsServer("organisatielijst", ("127.0.0.1", 0), context, self.respond)
        server.run_in_background()
        return server


def entry(running: Running) -> Json:
    """What the list says of an organisation that runs here."""
    organisation, discovery = running.organisation, running.discovery
    if discovery is None:
        raise ValueError(f"{organisation.source_id} does not supply FCID documents")
    return {
        "oin": organisation.settings["oin"],
        "name": organisation.settings["naam"],
        "discovery_url": f"https://127.0.0.1:{running.server.port}{PATH}",
        "public_key": discovery.key.as_dict(private=False),
        "document_types": ["FINANCIAL_CLAIMS_INFORMATION_REQUEST"],
    }
