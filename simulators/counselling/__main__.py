"""Run it: python -m simulators.counselling --port 8092 --keys instance/stadsbank --client-jwks client.json --redirect-uri URL"""

import sys
from collections.abc import Sequence

from flask import Flask
from joserfc.jwk import RSAKey

from simulators.counselling.organisation import COUNSELLORS, FACE
from simulators.digid.client import Client
from simulators.digid.serving import create_parser, serve
from simulators.digid.web import create_app
from simulators.staff.provider import StaffProvider


def make_app(issuer: str, client: Client, key: RSAKey) -> Flask:
    return create_app(StaffProvider(issuer, client, key), COUNSELLORS, FACE)


def main(arguments: Sequence[str]) -> int:
    return serve(FACE.name, create_parser("simulators.counselling", __doc__).parse_args(arguments), make_app)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
