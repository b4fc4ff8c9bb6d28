"""The arguments of `documents` and `keys`. The rest is imported when a command runs: `verify` needs none of it."""

from __future__ import annotations

import argparse
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app.cli.keys_arguments import add_ceremony

_DUTCH_TIME = ZoneInfo("Europe/Amsterdam")
_SEPARATORS = re.compile(r"[\s:]")
_LOOK_ALIKES = str.maketrans("OIL", "011")
LONGEST_REASON = 200


def add_documents(commands: Any) -> None:
    """`commands` is what `add_subparsers` of the main parser gave."""
    actions = commands.add_parser("documents", help="issued documents").add_subparsers(
        required=True, metavar="ACTION"
    )
    revoke = actions.add_parser("revoke", help="mark documents as issued in error, for good")
    revoke.add_argument(
        "numbers", nargs="+", type=_number, metavar="NUMBER", help="for instance BK-2026-0123456789"
    )
    _add_reason(revoke, default="ten onrechte afgegeven")
    revoke.set_defaults(run=_run_revoke_documents)
    actions.add_parser("revoked", help="every revoked document").set_defaults(run=_run_revoked_documents)


def add_keys(commands: Any) -> None:
    """`commands` is what `add_subparsers` of the main parser gave."""
    actions = commands.add_parser("keys", help="sealing keys").add_subparsers(required=True, metavar="ACTION")
    add_ceremony(actions)
    revoke = actions.add_parser("revoke", help="trust no seal of this key from a moment on, for good")
    revoke.add_argument(
        "key", type=_key_id, metavar="KEY-ID", help="SHA-256 of its certificate, or the certificate's file"
    )
    revoke.add_argument(
        "--from",
        dest="since",
        type=_moment,
        required=True,
        metavar="MOMENT",
        help="like 2026-11-22T09:30, Dutch time; see docs/revoking.md",
    )
    _add_reason(revoke, default=None)
    revoke.set_defaults(run=_run_revoke_key)
    actions.add_parser("revoked", help="every revoked key").set_defaults(run=_run_revoked_keys)


def _add_reason(parser: argparse.ArgumentParser, default: str | None) -> None:
    text = "shown to who verifies it; nothing about a person"
    parser.add_argument("--reason", type=_reason, default=default, required=default is None, help=text)


def _key_id(text: str) -> str:
    """64 hexadecimal digits, also in groups or with colons; or a file with the certificate."""
    digits = _SEPARATORS.sub("", text).lower()
    if re.fullmatch("[0-9a-f]{64}", digits):
        return digits
    from cryptography import x509

    from signing.keys.backend import key_id

    try:
        return key_id(x509.load_pem_x509_certificates(Path(text).read_bytes())[0])
    except (OSError, ValueError) as error:
        raise argparse.ArgumentTypeError("no SHA-256 of a certificate, and no file with one") from error


def _moment(text: str) -> datetime:
    """ISO 8601. Without a time zone it is the time in the Netherlands; a day begins at midnight."""
    try:
        stated = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("write it like 2026-11-22T09:30") from error
    aware = stated if stated.tzinfo else stated.replace(tzinfo=_DUTCH_TIME)
    if aware > datetime.now(UTC):
        raise argparse.ArgumentTypeError("this moment has not come yet")
    return aware.astimezone(UTC)


def _reason(text: str) -> str:
    """A short text that citizens read."""
    shown = " ".join(text.split())
    if not shown or len(shown) > LONGEST_REASON or not shown.isprintable():
        raise argparse.ArgumentTypeError(f"a text of 1 to {LONGEST_REASON} characters")
    return shown


def _number(text: str) -> str:
    """A document number, as read aloud or typed (Crockford: O is 0, I and L are 1)."""
    prefix, _, rest = text.strip().upper().partition("-")
    return f"{prefix}-{rest.translate(_LOOK_ALIKES)}"


def _run_revoke_documents(arguments: argparse.Namespace) -> int:
    from app.cli import revoke

    return revoke.revoke_documents(arguments.numbers, arguments.reason)


def _run_revoked_documents(_: argparse.Namespace) -> int:
    from app.cli import revoke

    return revoke.list_revoked_documents()


def _run_revoke_key(arguments: argparse.Namespace) -> int:
    from app.cli import revoke

    return revoke.revoke_key(arguments.key, arguments.since, arguments.reason)


def _run_revoked_keys(_: argparse.Namespace) -> int:
    from app.cli import revoke

    return revoke.list_revoked_keys()
