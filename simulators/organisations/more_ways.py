"""Three more organisations, each reached in another way than directly: through a gateway as an FSC outway is, with access
tokens, and through a signed list. For the demo; everything over real TLS on free ports of 127.0.0.1.
"""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from joserfc.jwk import ECKey

from simulators.authority import Authority
from simulators.certificates import new_key, write_private_key
from simulators.digid.client import Client, ClientAuthentication
from simulators.gateway import BASE, Gateway, Upstream
from simulators.organisations import scheme, simulation
from simulators.organisations.data_files import Organisation
from simulators.organisations.server import TlsServer
from simulators.token_endpoint import PATH, TokenEndpoint, TokenRules

DATA = Path(__file__).parent / "more_data"
OUTWAY, TOKENS, LISTED = (
    "omgevingsdienst-zonnedelta",
    "regio-afval-zonnedelta",
    "belastingsamenwerking-delta",
)
LIST = "organisatielijst"
CLIENT_ID = "blauwe-knop-demo"
_GRANT = "$1$4$ZGVtby1ncmFudC1oYXNoLW5vdC1yZWFsLWJ1dC1hcy1sb25nLWFzLW9uZQ=="


@dataclass
class MoreWays:
    """What runs, and the stanzas with which our service can ask it. Use as a context manager."""

    organisations: simulation.Simulation
    folder: Path
    settings: str
    outway: Gateway
    tokens: TokenEndpoint
    servers: list[TlsServer] = field(default_factory=list)
    stanzas: str = ""

    def __enter__(self) -> MoreWays:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self.servers:
            server.stop()
        self.organisations.stop()

    def listen(self, part: Gateway | TokenEndpoint) -> int:
        """The port on which it listens from now on."""
        self.servers.append(part.listen(_server_context(self.folder)))
        return self.servers[-1].port

    def running(self, source_id: str) -> simulation.Running:
        return next(r for r in self.organisations.running if r.organisation.source_id == source_id)

    def stanza(self, source_id: str, port: int, lines: list[str]) -> str:
        """Of an organisation behind a port that is not its own; `lines` are how it is reached there."""
        organisation = self.running(source_id).organisation
        values = {
            "protocol": organisation.protocol,
            "organisation": organisation.settings["naam"],
            "oin": organisation.settings["oin"],
            "url": f"https://127.0.0.1:{port}{BASE}",
            **self._common,
        }
        common = (_contact(organisation), self.settings)
        return "\n".join([f"[{source_id}]", *_lines(values), *common, *lines, ""])

    @property
    def _common(self) -> dict[str, object]:
        credentials = self.organisations.credentials
        return {
            "ca_file": str(credentials.ca_file.resolve()),
            "test_bsn_file": str(credentials.test_bsn_file.resolve()),
            "circuit_failures": 100,
        }

    def stanza_of_list(self, port: int, key_file: Path) -> str:
        credentials = self.organisations.credentials
        values = {
            "protocol": "fcid",
            "organisation": "Organisaties uit de ondertekende lijst",
            "client_certificate_file": str(credentials.client_certificate_file.resolve()),
            "client_key_file": str(credentials.client_key_file.resolve()),
            **self._common,
        }
        table = {
            "list_url": f"https://127.0.0.1:{port}{scheme.LIST_PATH}",
            "signer_file": str(key_file.resolve()),
        }
        return "\n".join(
            [f"[{LIST}]", *_lines(values), self.settings, f"[{LIST}.scheme]", *_lines(table), ""]
        )


def start(authority: Authority, folder: Path, settings: str = "") -> MoreWays:
    """Start everything. Certificates and keys go under `folder`; `settings` are lines for every stanza."""
    organisations = simulation.start(authority, folder, data=DATA)
    authority.issue_server().write(folder, "tussenstation")
    tokens = TokenEndpoint(TokenRules(CLIENT_ID))
    outway = Gateway(_upstream(organisations, OUTWAY), required={"Fsc-Grant-Hash": _GRANT})
    ways = MoreWays(organisations, folder, settings, outway, tokens)
    ways.stanzas = "\n".join([_behind_outway(ways), _with_tokens(ways), _in_list(ways, authority)])
    return ways


def _behind_outway(ways: MoreWays) -> str:
    headers = f'headers = {{ "Fsc-Grant-Hash" = {json.dumps(_GRANT)} }}'
    lines = ["behind_gateway = true", headers, 'transaction_header = "Fsc-Transaction-Id"']
    return ways.stanza(OUTWAY, ways.listen(ways.outway), lines)


def _with_tokens(ways: MoreWays) -> str:
    """The authorization server knows the public half of our key."""
    key_file = ways.folder / "token-sleutel.pem"
    write_private_key(key_file, new_key("p256"))
    key = ECKey.import_key(key_file.read_bytes())
    public = {**key.as_dict(private=False), "use": "sig", "kid": key.thumbprint()}
    url = f"https://127.0.0.1:{ways.listen(ways.tokens)}{PATH}"
    ways.tokens.rules.authentication = ClientAuthentication(Client(CLIENT_ID, {"keys": [public]}, ()), url)
    table = {
        "token_url": url,
        "client_id": CLIENT_ID,
        "scope": ways.tokens.rules.scope,
        "signing_key_file": str(key_file.resolve()),
    }
    gateway = Gateway(
        _upstream(ways.organisations, TOKENS), transaction_header="X-Request-Id", tokens=ways.tokens
    )
    lines = ['transaction_header = "X-Request-Id"', f"[{TOKENS}.oauth]", *_lines(table)]
    return ways.stanza(TOKENS, ways.listen(gateway), lines)


def _in_list(ways: MoreWays, authority: Authority) -> str:
    """The version is the moment, so that a later run has a newer list."""
    manager = scheme.SchemeManager()
    manager.publish([scheme.entry(ways.running(LISTED))], int(time.time()))
    server = manager.serve(authority, ways.folder)
    ways.servers.append(server)
    return ways.stanza_of_list(server.port, manager.write_key(ways.folder / "lijst.jwk"))


def _upstream(organisations: simulation.Simulation, source_id: str) -> Upstream:
    """What stands in between shows our client certificate there."""
    credentials = organisations.credentials
    context = ssl.create_default_context(cafile=str(credentials.ca_file))
    context.load_cert_chain(credentials.client_certificate_file, credentials.client_key_file)
    return Upstream(organisations.ports[source_id], context)


def _server_context(folder: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "tussenstation.pem", folder / "tussenstation.key.pem")
    return context


def _contact(organisation: Organisation) -> str:
    names = {"phone": "telefoon", "hours": "openingstijden", "url": "website"}
    options = ", ".join(f"{key} = {json.dumps(organisation.settings[name])}" for key, name in names.items())
    return f"contact = {{ {options} }}"


def _lines(values: Mapping[str, object]) -> list[str]:
    return [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
