"""The arguments of the key ceremony, beside those of `keys revoke`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

_ROLES = ("login-signing", "login-decryption", "operator-signing")
_OF_ORGANISATION = "sharing-"
_KINDS = ("P-256", "P-384", "RSA-3072", "RSA-4096")


def add_ceremony(actions: Any) -> None:
    """`actions` is what `add_subparsers` of the parser of `keys` gave."""
    create = _add(actions, "create", "make a sealing key in the key folder, or in a token", _run_create)
    create.add_argument("--kind", choices=_KINDS, default="P-256", help="default: %(default)s")
    create.add_argument("--in-token", action="store_true", help="in the token of [seal.pkcs11]")
    request = _add(actions, "request", "write a request for a seal certificate (PKCS#10)", _run_request)
    request.add_argument("--common-name", help="default: the name of the organisation")
    importing = _add(actions, "import", "check and keep the certificate of a key", _run_import)
    importing.add_argument("certificate", type=Path, metavar="CERTIFICATE", help="PEM or DER")
    importing.add_argument(
        "--chain", type=Path, metavar="FILE", help="the authorities between it and the root, PEM"
    )
    check = _add(actions, "check", "may this key seal now? exit code 0: yes", _run_check, nargs="?")
    check.add_argument("--json", action="store_true", help="one JSON object")
    _add(actions, "rotate", "let this key seal from now on; the service may run", _run_rotate)
    pseudonym = actions.add_parser(
        "rotate-pseudonym", help="a new key for pseudonyms in the audit log; the service may run"
    )
    pseudonym.set_defaults(run=_run_rotate_pseudonym)
    _add_storage(actions)
    _add_client(actions)


def _add(actions: Any, name: str, text: str, run: Any, nargs: str | None = None) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(name, help=text)
    parser.add_argument("name", metavar="NAME", nargs=nargs, help="name of the key in the key folder")
    parser.set_defaults(run=run)
    return parser


def _add_storage(actions: Any) -> None:
    prepare = actions.add_parser(
        "prepare-storage", help="a new storage key, which every program learns first"
    )
    prepare.set_defaults(run=_run_prepare_storage)
    for name, text, run in (
        ("rotate-storage", "let a storage key encrypt from now on; the service may run", _run_rotate_storage),
        ("forget-storage", "take out a storage key under which nothing is left", _run_forget_storage),
    ):
        parser = actions.add_parser(name, help=text)
        parser.add_argument("key", metavar="KEY-ID", help="as in the file with storage keys")
        parser.set_defaults(run=run)


def _add_client(actions: Any) -> None:
    for name, text, run in (
        (
            "prepare-client",
            "a new key for the log-in provider, which must know it first",
            _run_prepare_client,
        ),
        ("rotate-client", "use a key that the log-in provider knows", _run_rotate_client),
        ("forget-client", "take out a key that the log-in provider uses no more", _run_forget_client),
    ):
        # A key id may begin with a dash (one in 64 does) and is no option then; nor is there any other option.
        parser = actions.add_parser(name, help=text, prefix_chars="\0", add_help=False)
        parser.add_argument(
            "role", metavar="ROLE", type=_role, help=", ".join((*_ROLES, f"{_OF_ORGANISATION}ID"))
        )
        if run is not _run_prepare_client:
            parser.add_argument("key", metavar="KEY-ID", help="as `kid` at /inloggen/sleutels")
        parser.set_defaults(run=run)


def _role(word: str) -> str:
    if word not in _ROLES and not word.startswith(_OF_ORGANISATION):
        raise argparse.ArgumentTypeError(f"one of: {', '.join(_ROLES)}, {_OF_ORGANISATION}ID")
    return word


def _run_create(arguments: argparse.Namespace) -> int:
    from app.cli import keys

    return keys.create(arguments.name, arguments.kind, in_token=arguments.in_token)


def _run_request(arguments: argparse.Namespace) -> int:
    from app.cli import keys

    return keys.request(arguments.name, arguments.common_name)


def _run_import(arguments: argparse.Namespace) -> int:
    from app.cli import keys

    return keys.import_certificate(arguments.name, arguments.certificate, arguments.chain)


def _run_check(arguments: argparse.Namespace) -> int:
    from app.cli import keys

    return keys.check(arguments.name, as_json=arguments.json)


def _run_rotate(arguments: argparse.Namespace) -> int:
    from app.cli import keys

    return keys.rotate(arguments.name)


def _run_prepare_storage(_: argparse.Namespace) -> int:
    from app.cli import storage_keys

    return storage_keys.prepare()


def _run_rotate_storage(arguments: argparse.Namespace) -> int:
    from app.cli import storage_keys

    return storage_keys.rotate(arguments.key)


def _run_forget_storage(arguments: argparse.Namespace) -> int:
    from app.cli import storage_keys

    return storage_keys.forget(arguments.key)


def _run_rotate_pseudonym(_: argparse.Namespace) -> int:
    from app.cli import pseudonym_keys

    return pseudonym_keys.rotate()


def _run_prepare_client(arguments: argparse.Namespace) -> int:
    from app.cli import client_keys

    return client_keys.prepare(arguments.role)


def _run_rotate_client(arguments: argparse.Namespace) -> int:
    from app.cli import client_keys

    return client_keys.rotate(arguments.role, arguments.key)


def _run_forget_client(arguments: argparse.Namespace) -> int:
    from app.cli import client_keys

    return client_keys.forget(arguments.role, arguments.key)
