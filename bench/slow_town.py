"""Simulated organisations that answer after a fixed time, in a process of their own: they must not use our time.

Usage: python -m bench.slow_town FOLDER SECONDS... It writes FOLDER/sources.toml, says so on stdout, and ends when
stdin is closed.
"""

from __future__ import annotations

import ssl
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import cycle
from pathlib import Path

from simulators.authority import DEMO_OIN, Authority, create_authority
from simulators.organisations.behaviour import Switches
from simulators.organisations.conversation import Conversation
from simulators.organisations.data_files import Organisation, load_organisations
from simulators.organisations.server import Exchange, TlsServer
from simulators.organisations.stanzas import Credentials, stanza

READY = "ready"
FILE = "sources.toml"


def main() -> None:
    folder, latencies = Path(sys.argv[1]), [float(word) for word in sys.argv[2:]]
    authority = create_authority(folder / "authority")
    client = authority.issue_client("Schuldenoverzicht", DEMO_OIN).write(folder, "client")
    root = authority.write_tls_root(folder / "tls-root.pem")
    credentials = Credentials(root, client.certificate_file, client.key_file, folder / "no-api-key")
    context = _mutual_tls(authority, folder, root)
    stanzas = []
    for number, (organisation, latency) in enumerate(zip(_organisations(), latencies, strict=False)):
        named = replace(organisation, source_id=f"bron-{number:02}")
        talk = Conversation(named, Switches(folder / "gedrag.json"), DEMO_OIN, None, slow_seconds=0)
        server = TlsServer(named.source_id, ("127.0.0.1", 0), context, _after(latency, talk.respond))
        server.run_in_background()
        stanzas.append(stanza(named, server.port, credentials))
    (folder / FILE).write_text("\n".join(stanzas), encoding="utf-8")
    print(READY, flush=True)
    sys.stdin.read()


def _organisations() -> cycle[Organisation]:
    """Those that speak our own interface, again and again, all with mutual TLS."""
    found = [one for one in load_organisations() if one.protocol == "municipal_rest"]
    return cycle(replace(one, settings={**one.settings, "toegang": "certificaat"}) for one in found)


def _mutual_tls(authority: Authority, folder: Path, root: Path) -> ssl.SSLContext:
    files = authority.issue_server().write(folder, "server")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.certificate_file, files.key_file)
    context.load_verify_locations(root)
    context.verify_mode = ssl.CERT_REQUIRED
    return context


def _after(seconds: float, respond: Callable[[Exchange], None]) -> Callable[[Exchange], None]:
    """The time that the organisation's own systems take."""

    def slowly(exchange: Exchange) -> None:
        exchange.stopping.wait(seconds)
        respond(exchange)

    return slowly


if __name__ == "__main__":
    main()
