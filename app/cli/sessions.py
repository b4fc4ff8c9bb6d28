"""`sessions end`: log out everybody, or one person (ASVS 5.0, 7.4.5). A BSN is never an argument: those are seen by every
program on the machine, and kept by shells."""

from __future__ import annotations

import sys
from collections.abc import Callable
from getpass import getpass

from app.bootstrap import Storage, open_storage
from app.bootstrap_audit import command_audit
from app.bootstrap_sessions import EachSite, build_session_ends
from app.cli.account import account_of_command
from app.cli.operate import FAILED, one_line
from app.cli.settings import load_settings
from app.services import audit_facts
from app.services.audit import Fact
from claims.identity import Bsn

_WHY = "operator"


@one_line
def end_all() -> int:
    """Citizens, employees and counsellors."""

    def end(storage: Storage, ends: EachSite) -> int:
        citizens, employees = storage.sessions.end_all(), storage.operator_sessions.end_all()
        ends.citizens.ended(citizens, _WHY)
        ends.employees.ended(employees, _WHY)
        counsellors = storage.counsellor_sessions.end_all()
        ends.counsellors.ended(counsellors, _WHY)
        return len(citizens) + len(employees) + len(counsellors)

    return _end(audit_facts.sessions_ended(account_of_command(), "all"), end)


@one_line
def end_person() -> int:
    """One citizen."""
    try:
        bsn = Bsn.parse(_asked())
    except ValueError:
        sys.stderr.write("blauwe-knop: that is not a BSN\n")
        return FAILED

    def end(storage: Storage, ends: EachSite) -> int:
        gone = storage.sessions.end_person(bsn.digits)
        ends.citizens.ended(gone, _WHY)
        return len(gone)

    return _end(audit_facts.sessions_ended(account_of_command(), "citizen", bsn), end)


@one_line
def end_account(account: str) -> int:
    """One employee."""

    def end(storage: Storage, ends: EachSite) -> int:
        gone = storage.operator_sessions.end_person(account)
        ends.employees.ended(gone, _WHY)
        return len(gone)

    return _end(audit_facts.sessions_ended(account_of_command(), "employee"), end)


def _asked() -> str:
    return getpass("BSN: ") if sys.stdin.isatty() else sys.stdin.readline().strip()


def _end(fact: Fact, end: Callable[[Storage, EachSite], int]) -> int:
    """The row comes first: without it nobody is logged out."""
    settings = load_settings()
    storage = open_storage(settings)
    audit = command_audit(settings, storage.database)
    audit.write(fact)
    count = end(storage, build_session_ends(settings, audit))
    print("1 sessie is beëindigd." if count == 1 else f"{count} sessies zijn beëindigd.")
    return 0
