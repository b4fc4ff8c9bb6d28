"""The arguments of `clients`. The rest is imported when a command runs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add_clients(commands: Any) -> None:
    """`commands` is what `add_subparsers` of the main parser gave."""
    actions = commands.add_parser(
        "clients", help="app back ends of others, and our own gateways"
    ).add_subparsers(required=True, metavar="ACTION")
    adding = actions.add_parser("add", help="register an app; citizens read name, logo and purpose")
    adding.add_argument("id", metavar="ID", help="the client_id: 3 to 40 of a-z, 0-9 and hyphens")
    adding.add_argument("--name", required=True, help="as citizens know it")
    adding.add_argument(
        "--jwks",
        type=Path,
        required=True,
        metavar="FILE",
        help="its public keys: JWK set, certificates (PEM)",
    )
    adding.add_argument(
        "--redirect", action="append", default=[], metavar="URL", help="https; may be repeated"
    )
    adding.add_argument("--scope", action="append", default=[], metavar="WORD", help="may be repeated")
    adding.add_argument(
        "--purpose", default="", metavar="TEXT", help="plain Dutch: what the app does with it"
    )
    adding.add_argument("--oin", help="of the organisation behind the app")
    adding.add_argument("--logo", type=Path, metavar="FILE", help="PNG, 32 to 512 pixels, at most 64 kB")
    adding.add_argument(
        "--certificate",
        action="store_true",
        help="proves who it is by certificate (mTLS), not by private_key_jwt",
    )
    adding.add_argument(
        "--bind-certificate",
        action="store_true",
        help="its tokens are tied to its certificate, not to a DPoP key",
    )
    adding.add_argument(
        "--gateway", action="store_true", help="a gateway of ours: may only ask what a token says"
    )
    adding.add_argument(
        "--replace",
        action="store_true",
        help="in the place of the one with this id; without a key of before what citizens allowed ends",
    )
    adding.set_defaults(run=_run_add)
    actions.add_parser("list", help="every registered client").set_defaults(run=_run_list)
    removing = actions.add_parser("remove", help="and end what citizens allowed it, at once")
    removing.add_argument("id", metavar="ID")
    removing.set_defaults(run=_run_remove)


def _run_add(arguments: argparse.Namespace) -> int:
    from app.cli import clients

    return clients.add(arguments)


def _run_list(_: argparse.Namespace) -> int:
    from app.cli import clients

    return clients.show()


def _run_remove(arguments: argparse.Namespace) -> int:
    from app.cli import clients

    return clients.remove(arguments.id)
