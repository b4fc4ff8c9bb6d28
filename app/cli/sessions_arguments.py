"""The arguments of `sessions`. The rest is imported when a command runs: `verify` needs none of it."""

from __future__ import annotations

import argparse
from typing import Any


def add_sessions(commands: Any) -> None:
    """`commands` is what `add_subparsers` of the main parser gave."""
    actions = commands.add_parser("sessions", help="who is logged in").add_subparsers(
        required=True, metavar="ACTION"
    )
    end = actions.add_parser("end", help="log people out, at once and in every program")
    whose = end.add_mutually_exclusive_group(required=True)
    whose.add_argument("--all", action="store_true", help="everybody, on every site")
    whose.add_argument(
        "--person", action="store_true", help="one citizen; the BSN is asked, or read from standard input"
    )
    whose.add_argument("--account", metavar="NAME", help="one employee: the id at their log-in provider")
    end.set_defaults(run=_run_end)


def _run_end(arguments: argparse.Namespace) -> int:
    from app.cli import sessions

    if arguments.all:
        return sessions.end_all()
    return sessions.end_person() if arguments.person else sessions.end_account(arguments.account)
