"""Running a simulated provider as a program: arguments, a loopback address, one sentence when it cannot start."""

import argparse
import ipaddress
import json
import logging
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from joserfc.jwk import RSAKey
from werkzeug.serving import BaseWSGIServer, make_server

from simulators.digid.client import Client
from simulators.digid.keys import load_or_create_key

MakeApp = Callable[[str, Client, RSAKey], Flask]


def loopback_address(text: str) -> str:
    """Argument type: an address that only this same machine can reach."""
    try:
        if ipaddress.ip_address(text).is_loopback:
            return text
    except ValueError:
        pass
    raise argparse.ArgumentTypeError("the simulator listens on loopback addresses only, such as 127.0.0.1")


def create_parser(program: str, description: str | None) -> argparse.ArgumentParser:
    """The arguments that every simulated provider has."""
    parser = argparse.ArgumentParser(prog=program, description=description)
    parser.add_argument("--host", type=loopback_address, default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True, help="0 takes any free port")
    parser.add_argument("--keys", type=Path, required=True, help="folder for the simulator's own key")
    parser.add_argument("--client-id", default="blauwe-knop")
    parser.add_argument(
        "--client-jwks", type=Path, required=True, help="public keys of the service (a JWK set)"
    )
    parser.add_argument("--redirect-uri", action="append", required=True)
    parser.add_argument("--post-logout-redirect-uri", action="append", default=[])
    return parser


def build_server(options: argparse.Namespace, make_app: MakeApp) -> tuple[BaseWSGIServer, str]:
    """A server that already holds its port, and its issuer. Raises OSError, ValueError or KeyError."""
    client = Client(
        options.client_id,
        json.loads(options.client_jwks.read_text("utf-8")),
        tuple(options.redirect_uri),
        tuple(options.post_logout_redirect_uri),
    )
    key = load_or_create_key(options.keys)
    # The issuer holds the port, which is known only once the server has it.
    server = make_server(options.host, options.port, _not_yet, threaded=True)
    host = f"[{options.host}]" if ":" in options.host else options.host
    issuer = f"http://{host}:{server.server_port}"
    server.app = make_app(issuer, client, key)
    return server, issuer


def serve(name: str, options: argparse.Namespace, make_app: MakeApp) -> int:
    """Serve until SIGINT or SIGTERM; gives the exit code."""
    # The server's own log lines hold addresses with codes in them.
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    try:
        server, issuer = build_server(options, make_app)
    except (OSError, ValueError, KeyError) as error:
        sys.stderr.write(f"{name} (nagebootst) kan niet starten: {error}\n")
        return 1
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    print(f"{name} (nagebootst) luistert op {issuer}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()
    return 0


def _not_yet(_environ: object, _start_response: object) -> list[bytes]:
    return []
