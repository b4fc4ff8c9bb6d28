"""Arguments of `merge`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

_FORMATS = {
    "csv": "one row per claim, in the order of the Schuldenknooppunt",
    "xlsx": "a workbook",
    "json": "sealed; needs the settings of the service",
    "pdf": "sealed; needs the settings of the service",
}


def add_merge(commands: argparse._SubParsersAction[Any]) -> None:
    merge = commands.add_parser("merge", help="check files of one person, and merge the genuine ones")
    merge.add_argument(
        "paths", nargs="+", type=Path, metavar="FOLDER", help="a folder: all below it; or files"
    )
    merge.add_argument(
        "--trust",
        type=Path,
        default=Path("instance/trust"),
        help="folder or file with anchors (default: %(default)s); with --json or --pdf that of the settings",
    )
    for name, told in _FORMATS.items():
        merge.add_argument(f"--{name}", type=Path, metavar="FILE", help=told)
    merge.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from app.cli.merge import run

    wanted = {name: getattr(arguments, name) for name in _FORMATS if getattr(arguments, name) is not None}
    return run(arguments.paths, arguments.trust, wanted)
