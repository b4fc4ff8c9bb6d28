"""Run it: python -m simulators.digid --port 8090 --keys instance/digid --client-jwks client.json --redirect-uri URL"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from flask import Flask
from joserfc.jwk import RSAKey

from simulators.digid.citizens import DEFAULT_FILE, read_citizens
from simulators.digid.client import Client
from simulators.digid.provider import Provider
from simulators.digid.serving import create_parser, serve
from simulators.digid.web import create_app


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = create_parser("simulators.digid", __doc__)
    parser.add_argument("--citizens", type=Path, default=DEFAULT_FILE)
    parser.add_argument(
        "--machtigen", action="store_true", help="DigiD Machtigen: people may log in for others"
    )
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    options = parse(arguments)

    def make_app(issuer: str, client: Client, key: RSAKey) -> Flask:
        citizens = read_citizens(options.citizens, machtigen=options.machtigen)
        return create_app(Provider(issuer, client, key), citizens)

    return serve("DigiD", options, make_app)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
