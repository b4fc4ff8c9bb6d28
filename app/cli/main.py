"""Arguments and dispatch. Exit codes of `verify` stand in NAMES.md; 64 is wrong use (sysexits EX_USAGE)."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from app.cli.audit_arguments import add_audit
from app.cli.button_arguments import add_button
from app.cli.clients_arguments import add_clients
from app.cli.merge_arguments import add_merge
from app.cli.revoke_arguments import add_documents, add_keys
from app.cli.sessions_arguments import add_sessions
from app.cli.theme_arguments import add_theme
from app.memory_dumps import leave_none

WRONG_USE = 64
_NOBODY_READS = 141  # as the shell counts it (128 + SIGPIPE); 0 would say "echt"


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(WRONG_USE, f"{self.prog}: {message}\n")


def program() -> int:
    """The whole program: what a command has in memory may be about people."""
    leave_none()
    return main()


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = _parser().parse_args(argv)
    try:
        code = int(arguments.run(arguments))
        sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except ModuleNotFoundError as error:
        return _not_installed(error)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else closing it fails once more
        return _NOBODY_READS
    return code


def _not_installed(error: ModuleNotFoundError) -> int:
    """Who installed the verifier alone gets one sentence; a module of our own that is not there is a defect."""
    if (error.name or "").split(".")[0] in {"app", "claims", "signing", "sources"}:
        raise error
    sys.stderr.write(
        f"blauwe-knop: this command needs {error.name}, which is not installed: the extra 'service' of this package, "
        "from where you have it (docs/verify-alone.md)\n"
    )
    return WRONG_USE


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="blauwe-knop", description="Overzicht van schulden: controleren en beheren.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_verify(commands)
    add_merge(commands)
    _add_trust(commands)
    _add_archive(commands)
    _add_work(commands)
    _add_doctor(commands)
    _add_db(commands)
    add_documents(commands)
    add_keys(commands)
    add_audit(commands)
    add_sessions(commands)
    add_clients(commands)
    add_theme(commands)
    add_button(commands)
    _add_sources(commands)
    return parser


def _add_verify(commands: argparse._SubParsersAction[_Parser]) -> None:
    verify = commands.add_parser("verify", help="check sealed files, offline; needs trust anchors only")
    verify.add_argument(
        "paths", nargs="+", type=Path, metavar="FILE", help="PDF or JSON, or a folder: all below it"
    )
    verify.add_argument(
        "--trust",
        type=Path,
        default=Path("instance/trust"),
        help="folder or file with anchors (default: %(default)s)",
    )
    form = verify.add_mutually_exclusive_group()
    form.add_argument(
        "--json", action="store_const", dest="form", const="json", help="one JSON object per file"
    )
    form.add_argument("--csv", action="store_const", dest="form", const="csv", help="one row per file")
    verify.set_defaults(run=_run_verify)


def _add_trust(commands: argparse._SubParsersAction[_Parser]) -> None:
    trust = commands.add_parser("trust", help="the folder with anchors").add_subparsers(
        required=True, metavar="ACTION"
    )
    listing = trust.add_parser(
        "import-list", help="authorities for one organisation from an EU trusted list (XML file)"
    )
    listing.add_argument("file", type=Path, metavar="FILE", help="ETSI TS 119 612 list of one country")
    listing.add_argument(
        "--signer", type=Path, required=True, metavar="PEM", help="certificates of who may sign the list"
    )
    listing.add_argument(
        "--organisatie-id", required=True, metavar="ID", help="number in its seals, such as NTRNL-90000001"
    )
    listing.add_argument("--naam", required=True, metavar="NAME", help="the organisation's name in verdicts")
    listing.add_argument(
        "--provider", metavar="TEXT", help="only authorities of providers with this in their name"
    )
    listing.add_argument("--trust", type=Path, default=Path("instance/trust"), help="(default: %(default)s)")
    listing.set_defaults(run=_run_trust_import_list)


def _add_archive(commands: argparse._SubParsersAction[_Parser]) -> None:
    archive = commands.add_parser("archive", help="a copy for the archive, with a document time-stamp")
    archive.add_argument("file", type=Path, metavar="FILE", help="a genuine PDF, or a copy to renew")
    archive.add_argument(
        "--out", type=Path, help="where to write it (default: FILE-gearchiveerd.pdf beside it)"
    )
    archive.set_defaults(run=_run_archive)


def _add_work(commands: argparse._SubParsersAction[_Parser]) -> None:
    work = commands.add_parser("work", help="background work: purging and other jobs")
    work.add_argument("--once", action="store_true", help="run what is due and stop")
    work.set_defaults(run=_run_work)
    purge = commands.add_parser(
        "purge", help="delete now what was kept long enough; `work` does so by itself"
    )
    purge.set_defaults(run=_run_purge)


def _add_doctor(commands: argparse._SubParsersAction[_Parser]) -> None:
    doctor = commands.add_parser("doctor", help="all that is wrong here, in one list; exit code 0: nothing")
    doctor.add_argument("--json", action="store_true", help="one JSON object")
    doctor.set_defaults(run=_run_doctor)


def _add_db(commands: argparse._SubParsersAction[_Parser]) -> None:
    database = commands.add_parser("db", help="database").add_subparsers(required=True, metavar="ACTION")
    upgrade = database.add_parser("upgrade", help="bring the database to this version")
    upgrade.add_argument(
        "--as",
        dest="owner",
        metavar="ROLE",
        help="owner of the tables, which grants rights to that of the settings",
    )
    upgrade.add_argument("--password-file", type=Path, metavar="FILE", help="its password")
    upgrade.set_defaults(run=_run_db_upgrade)


def _add_sources(commands: argparse._SubParsersAction[_Parser]) -> None:
    sources = commands.add_parser("sources", help="connected sources").add_subparsers(
        required=True, metavar="ACTION"
    )
    listing = sources.add_parser("list", help="every configured source")
    listing.set_defaults(run=_run_sources_list)
    checking = sources.add_parser("check", help="walk from settings to a test person; exit code 0: all hold")
    checking.add_argument(
        "name", metavar="NAME", help="the source: the name of its table in the sources file"
    )
    checking.add_argument("--json", action="store_true", help="one JSON object")
    checking.set_defaults(run=_run_sources_check)
    status = sources.add_parser("status", help="how every source did: the figures of the delivery monitor")
    status.add_argument("--json", action="store_true", help="for programs: docs/schemas/bronstatus-v1.json")
    status.add_argument("--days", type=_days, default=31, help="how many days back (default: %(default)s)")
    status.set_defaults(run=_run_sources_status)
    scheme = sources.add_parser(
        "scheme", help="a signed list of organisations: version, signer, validity, who is in it"
    )
    scheme.add_argument("name", metavar="NAME", help="the name of its table in the sources file")
    scheme.add_argument("--refresh", action="store_true", help="first look for a newer list")
    scheme.set_defaults(run=_run_sources_scheme)
    importing = sources.add_parser("import", help="take a file that a source delivered, whole or not at all")
    importing.add_argument(
        "name", metavar="NAME", help="the source: the name of its table in the sources file"
    )
    importing.add_argument(
        "file", metavar="FILE", type=Path, help="CSV, JSON lines, XML or BSNs; plain, gzip or zip"
    )
    importing.add_argument(
        "--accept-smaller",
        action="store_true",
        help="it is right that the file has far fewer records than the one before",
    )
    importing.set_defaults(run=_run_sources_import)
    rotating = sources.add_parser(
        "rotate-keys", help="bring all deliveries under the newest storage key; the service may run"
    )
    rotating.set_defaults(run=_run_sources_rotate_keys)


def _run_verify(arguments: argparse.Namespace) -> int:
    from app.cli.verify import Form, run

    return run(arguments.paths, arguments.trust, Form(arguments.form or "text"))


def _run_trust_import_list(arguments: argparse.Namespace) -> int:
    from app.cli.import_list import Wish, run

    return run(
        Wish(
            file=arguments.file,
            signer=arguments.signer,
            identifier=arguments.organisatie_id,
            name=arguments.naam,
            provider=arguments.provider,
            trust=arguments.trust,
        )
    )


def _run_archive(arguments: argparse.Namespace) -> int:
    from app.cli.archive import run

    return run(arguments.file, arguments.out)


def _run_work(arguments: argparse.Namespace) -> int:
    from app.cli import operate

    return operate.work(once=arguments.once)


def _run_purge(_: argparse.Namespace) -> int:
    from app.cli import operate

    return operate.purge()


def _run_doctor(arguments: argparse.Namespace) -> int:
    from app.cli import doctor

    return doctor.run(as_json=arguments.json)


def _run_db_upgrade(arguments: argparse.Namespace) -> int:
    from app.cli import upgrade

    owner = upgrade.Owner(arguments.owner, arguments.password_file) if arguments.owner else None
    return upgrade.upgrade_database(owner)


def _run_sources_list(_: argparse.Namespace) -> int:
    from app.cli import operate

    return operate.list_sources()


def _run_sources_check(arguments: argparse.Namespace) -> int:
    from app.cli import check_source

    return check_source.run(arguments.name, as_json=arguments.json)


def _days(text: str) -> int:
    days = int(text)
    if not 1 <= days <= 3660:
        raise ValueError(text)
    return days


def _run_sources_status(arguments: argparse.Namespace) -> int:
    from app.cli import operate

    return operate.show_source_status(days=arguments.days, as_json=arguments.json)


def _run_sources_scheme(arguments: argparse.Namespace) -> int:
    from app.cli import operate

    return operate.show_scheme(arguments.name, refresh_first=arguments.refresh)


def _run_sources_import(arguments: argparse.Namespace) -> int:
    from app.cli import operate

    return operate.import_delivery(arguments.name, arguments.file, accept_smaller=arguments.accept_smaller)


def _run_sources_rotate_keys(_: argparse.Namespace) -> int:
    from app.cli import operate

    return operate.rotate_delivery_keys()
