"""The command `blauwe-knop button`."""

from __future__ import annotations

import argparse
from typing import Any

NAMES = ("knop", "uitleg", "formulier", "mail")


def add_button(commands: Any) -> None:
    button = commands.add_parser(
        "button", help="HTML and CSS of the button for your own site; see docs/button"
    )
    button.add_argument("--only", choices=NAMES, help="one of the four instead of all")
    button.add_argument(
        "--return", dest="back", metavar="URL", help="where people come back to; [arrival] must allow it"
    )
    button.add_argument("--theme", metavar="NAME", help="of [arrival.themes]")
    button.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from app.cli.button import show

    return show(arguments.only, arguments.back, arguments.theme)
