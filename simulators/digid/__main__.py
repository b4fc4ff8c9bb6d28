"""Run it: python -m simulators.digid --port 8090 --keys instance/digid --client-jwks client.json --redirect-uri URL"""

import argparse
import ipaddress
import json
import logging
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from werkzeug.serving import BaseWSGIServer, make_server

from simulators.digid.citizens import DEFAULT_FILE, read_citizens
from simulators.digid.client import Client
from simulators.digid.keys import load_or_create_key
from simulators.digid.provider import Provider
from simulators.digid.web import create_app


def loopback_address(text: str) -> str:
    """Argument type: an address that only this same machine can reach."""
    try:
        if ipaddress.ip_address(text).is_loopback:
            return text
    except ValueError:
        pass
    raise argparse.ArgumentTypeError("the simulator listens on loopback addresses only, such as 127.0.0.1")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="simulators.digid", description=__doc__)
    parser.add_argument("--host", type=loopback_address, default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True, help="0 takes any free port")
    parser.add_argument("--keys", type=Path, required=True, help="folder for the simulator's own key")
    parser.add_argument("--client-id", default="blauwe-knop")
    parser.add_argument(
        "--client-jwks", type=Path, required=True, help="public keys of the service (a JWK set)"
    )
    parser.add_argument("--redirect-uri", action="append", required=True)
    parser.add_argument("--post-logout-redirect-uri", action="append", default=[])
    parser.add_argument("--citizens", type=Path, default=DEFAULT_FILE)
    return parser.parse_args(arguments)


def build_server(options: argparse.Namespace) -> tuple[BaseWSGIServer, str]:
    """A server that already holds its port, and its issuer. Raises OSError, ValueError or KeyError."""
    client = Client(
        options.client_id,
        json.loads(options.client_jwks.read_text("utf-8")),
        tuple(options.redirect_uri),
        tuple(options.post_logout_redirect_uri),
    )
    citizens = read_citizens(options.citizens)
    key = load_or_create_key(options.keys)
    # The issuer holds the port, which is known only once the server has it.
    server = make_server(options.host, options.port, _not_yet, threaded=True)
    host = f"[{options.host}]" if ":" in options.host else options.host
    issuer = f"http://{host}:{server.server_port}"
    server.app = create_app(Provider(issuer, client, key), citizens)
    return server, issuer


def _not_yet(_environ: object, _start_response: object) -> list[bytes]:
    return []


def main(arguments: Sequence[str]) -> int:
    options = parse(arguments)
    # The server's own log lines hold addresses with codes in them.
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    try:
        server, issuer = build_server(options)
    except (OSError, ValueError, KeyError) as error:
        sys.stderr.write(f"DigiD (nagebootst) kan niet starten: {error}\n")
        return 1
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    print(f"DigiD (nagebootst) luistert op {issuer}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
