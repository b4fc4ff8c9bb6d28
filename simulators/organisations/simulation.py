"""Start all simulated organisations, and write the settings with which our service can ask them."""

from __future__ import annotations

import secrets
import ssl
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from simulators.authority import DEMO_OIN, Authority
from simulators.certificates import IdentityFiles
from simulators.organisations.behaviour import Behaviour, Switches
from simulators.organisations.conversation import Conversation
from simulators.organisations.data_files import DATA_FOLDER, Organisation, load_organisations
from simulators.organisations.discovery import DiscoveryParty
from simulators.organisations.dkd import dkd_party
from simulators.organisations.reports import ReportDesk, open_desk, prepare_folder
from simulators.organisations.server import TlsServer
from simulators.organisations.stanzas import REPORTS, UNCONNECTED, Credentials, stanza

SLOW_SECONDS = 15.0  # longer than a source gets by itself


@dataclass(frozen=True)
class Running:
    """One organisation that listens."""

    organisation: Organisation
    server: TlsServer
    discovery: DiscoveryParty | None = None
    desk: ReportDesk | None = None


class Simulation:
    """The running organisations. Use as a context manager, or call `stop`."""

    def __init__(self, running: tuple[Running, ...], credentials: Credentials, switches: Switches) -> None:
        self.running = running
        self.credentials = credentials
        self.switches = switches

    @property
    def ports(self) -> dict[str, int]:
        """Source id -> port."""
        return {running.organisation.source_id: running.server.port for running in self.running}

    def switch(self, source_id: str, behaviour: Behaviour | None) -> None:
        """Let one organisation behave so towards everybody; None: as its data file says."""
        if source_id not in self.ports:
            raise KeyError(source_id)
        self.switches.set(source_id, behaviour)

    def stop_one(self, source_id: str) -> None:
        """From now on connections to it are refused."""
        next(r.server for r in self.running if r.organisation.source_id == source_id).stop()

    def write_sources_toml(self, file: Path, settings: str = "", more: str = "") -> Path:
        """Write one stanza per organisation and one that is not connected. `settings` are lines for every stanza, `more`
        are whole stanzas."""
        stanzas = [stanza(r.organisation, r.server.port, self.credentials, settings) for r in self.running]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join([*stanzas, more, UNCONNECTED]), encoding="utf-8")
        return file

    def stop(self) -> None:
        for running in self.running:
            if not running.server.stopping.is_set():
                running.server.stop()

    def __enter__(self) -> Simulation:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def start(
    authority: Authority,
    folder: Path,
    first_port: int = 0,
    *,
    slow_seconds: float = SLOW_SECONDS,
    data: Path = DATA_FOLDER,
) -> Simulation:
    """Start every organisation of `data` on its own port of 127.0.0.1: free ones, or `first_port` and following.

    Writes certificates, the API key and the switches under `folder`. Raises OSError when a port is taken.
    """
    credentials = _write_credentials(authority, folder)
    switches = Switches(folder / "gedrag.json")
    running: list[Running] = []
    try:
        for number, organisation in enumerate(load_organisations(data)):
            discovery = DiscoveryParty() if organisation.protocol == "fcid" else None
            conversation = Conversation(
                organisation,
                switches,
                DEMO_OIN,
                credentials.api_key if organisation.wants_api_key else None,
                slow_seconds,
                dkd_party(authority, folder, organisation) if organisation.protocol == "dkd" else None,
                discovery,
                open_desk(organisation, folder / REPORTS),
            )
            context = _server_context(authority, folder, conversation)
            address = ("127.0.0.1", first_port + number if first_port else 0)
            server = TlsServer(organisation.source_id, address, context, conversation.respond)
            prepare_folder(organisation, folder / REPORTS)
            running.append(Running(organisation, server, discovery, conversation.desk))
    except BaseException:
        for started in running:
            started.server.server_close()
        raise
    for started in running:
        started.server.run_in_background()
    return Simulation(tuple(running), credentials, switches)


def _write_credentials(authority: Authority, folder: Path) -> Credentials:
    folder.mkdir(parents=True, exist_ok=True)
    client = authority.issue_client("Schuldenoverzicht", DEMO_OIN).write(folder, "client")
    api_key_file = folder / "api-key"
    if not api_key_file.exists():
        api_key_file.touch(mode=0o600)
        api_key_file.write_text(secrets.token_urlsafe(32) + "\n", encoding="ascii")
    root = authority.write_tls_root(folder / "tls-root.pem")
    return Credentials(root, client.certificate_file, client.key_file, api_key_file)


def _server_context(authority: Authority, folder: Path, conversation: Conversation) -> ssl.SSLContext:
    """A certificate of its own for every organisation; mutual TLS unless it works with an API key."""
    organisation = conversation.organisation
    files: IdentityFiles = authority.issue_server().write(folder, organisation.source_id)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(files.certificate_file, files.key_file)
    if conversation.api_key is None:
        context.load_verify_locations(folder / "tls-root.pem")
        context.verify_mode = ssl.CERT_REQUIRED
    return context
