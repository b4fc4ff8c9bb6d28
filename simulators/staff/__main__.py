"""Run it: python -m simulators.staff --port 8091 --keys instance/personeel --client-jwks client.json --redirect-uri URL"""

import sys
from collections.abc import Sequence

from flask import Flask
from joserfc.jwk import RSAKey

from simulators.digid.client import Client
from simulators.digid.serving import create_parser, serve
from simulators.digid.web import create_app
from simulators.staff.employees import EMPLOYEES
from simulators.staff.provider import FACE, StaffProvider


def make_app(issuer: str, client: Client, key: RSAKey) -> Flask:
    return create_app(StaffProvider(issuer, client, key), EMPLOYEES, FACE)


def main(arguments: Sequence[str]) -> int:
    return serve(
        "Personeelslogin", create_parser("simulators.staff", __doc__).parse_args(arguments), make_app
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
