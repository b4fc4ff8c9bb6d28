"""The arguments of `audit`. The rest is imported when a command runs: `verify` needs none of it."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any


def add_audit(commands: Any) -> None:
    """`commands` is what `add_subparsers` of the main parser gave."""
    actions = commands.add_parser("audit", help="the log of who did what").add_subparsers(
        required=True, metavar="ACTION"
    )
    verify = actions.add_parser("verify", help="is every row there, unchanged? exit code 0: yes, 2: no")
    verify.add_argument("--json", action="store_true", help="one JSON object")
    verify.add_argument(
        "--head",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="a head that was exported before",
    )
    verify.set_defaults(run=_run_verify)
    head = actions.add_parser("export-head", help="the newest sealed head, to keep elsewhere")
    head.add_argument("--out", type=Path, metavar="FILE", help="default: standard output")
    head.set_defaults(run=_run_export_head)
    export = actions.add_parser("export", help="rows as JSON lines")
    export.add_argument("--format", choices=("rows", "logboek"), default="rows", help="default: %(default)s")
    export.add_argument("--from", dest="since", type=_day, metavar="DAY", help="like 2026-11-22 (UTC)")
    export.add_argument("--until", type=_day, metavar="DAY", help="that day too")
    export.add_argument("--account", metavar="NAME", help="only what this employee or account did")
    export.set_defaults(run=_run_export)


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _run_verify(arguments: argparse.Namespace) -> int:
    from app.cli import audit

    return audit.verify(arguments.head, as_json=arguments.json)


def _run_export_head(arguments: argparse.Namespace) -> int:
    from app.cli import audit

    return audit.export_head(arguments.out)


def _run_export(arguments: argparse.Namespace) -> int:
    from app.cli import audit

    wish = audit.Wish(arguments.format, arguments.since, arguments.until, arguments.account)
    return audit.export(wish)
