"""The command `blauwe-knop theme`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add_theme(commands: Any) -> None:
    theme = commands.add_parser("theme", help="the look of the pages").add_subparsers(
        required=True, metavar="ACTION"
    )
    check = theme.add_parser("check", help="can everybody read it? Refused below WCAG 2.2 AA")
    check.add_argument("files", nargs="+", type=Path, metavar="FILE", help="theme.toml; see docs/theming.md")
    check.set_defaults(run=_run_check)


def _run_check(arguments: argparse.Namespace) -> int:
    from app.cli.theme import check

    return check(arguments.files)
