"""`audit verify`, `audit export-head` and `audit export`: for who has to vouch for the log, or to look into it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from app.bootstrap import open_storage
from app.bootstrap_audit import build_pseudonyms, build_reader
from app.cli.operate import FAILED, one_line
from app.cli.settings import load_settings
from app.documents import formatting
from app.persistence.audit_log import SqlAuditLog
from app.ports.audit import AuditRow
from app.services.audit_check import AuditReport, Problem, ProblemKind, Read, check
from app.services.audit_export import Application, logboek_record, plain_record
from app.services.audit_statement import Statement
from app.settings import Settings, SettingsError

BROKEN = 2
_WORDS = {
    ProblemKind.MISSING: "ontbreekt",
    ProblemKind.CHANGED: "is veranderd",
    ProblemKind.OUT_OF_PLACE: "volgt niet op die ervoor: tussengevoegd, verplaatst of opnieuw geschreven",
    ProblemKind.CUT_OFF: "ontbreekt aan het einde",
    ProblemKind.HEAD_DIFFERS: "is een andere dan die is verzegeld",
    ProblemKind.HEAD_UNSEALED: "heeft een kop zonder geldig zegel van ons",
    ProblemKind.NOT_SEALED: "is niet op tijd verzegeld, en wat erna komt ook niet. Draait `blauwe-knop work`?",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What to export: the form, the first and last day (UTC), and whose actions; None: all."""

    form: str
    since: date | None
    until: date | None
    account: str | None


@one_line
def verify(heads: list[Path], *, as_json: bool) -> int:
    """0: intact, 2: broken, 1: it could not be checked. `heads`: files that `export_head` wrote before."""
    settings = load_settings()
    database = open_storage(settings).database
    read = build_reader(settings, database)
    kept = [_statement(file, read) for file in heads]
    with SqlAuditLog(database).view() as view:
        report = check(view, read, datetime.now(UTC), kept)
    print(json.dumps(_members(report)) if as_json else "\n".join(_lines(report)))
    return 0 if report.is_intact else BROKEN


@one_line
def export_head(out: Path | None) -> int:
    """What is on disk already: the worker seals, not this command."""
    head = SqlAuditLog(open_storage(load_settings()).database).newest_head()
    if head is None:
        sys.stderr.write("blauwe-knop: nothing was sealed yet; `blauwe-knop work` does that every minute\n")
        return FAILED
    if out is None:
        print(head.token.decode("ascii"))
    else:
        out.write_bytes(head.token)
        print(
            f"Tot en met regel {head.end.position}, verzegeld op {formatting.moment(head.sealed_at)}: {out}"
        )
    return 0


@one_line
def export(wish: Wish) -> int:
    """JSON lines on standard output."""
    settings = load_settings()
    write = _writer(wish, settings)
    accounts = None
    if wish.account is not None:
        accounts = {one.value for one in build_pseudonyms(settings).each_of_account(wish.account)}
    with SqlAuditLog(open_storage(settings).database).view() as view:
        for row in view.rows():
            if _is_wanted(row, wish, accounts) and (record := write(row)) is not None:
                print(json.dumps(record, ensure_ascii=False))
    return 0


def _writer(wish: Wish, settings: Settings) -> Callable[[AuditRow], dict[str, Any] | None]:
    if wish.form == "rows":
        return plain_record
    activity = settings.audit.processing_activity
    if activity is None:
        raise SettingsError(
            "set audit.processing_activity: its address in your register of processing activities"
        )
    application = Application("blauwe-knop", activity)
    return lambda row: None if row.entry is None else logboek_record(row.entry, application)


def _is_wanted(row: AuditRow, wish: Wish, accounts: set[str] | None) -> bool:
    if row.entry is None:
        return accounts is None and wish.since is None and wish.until is None
    day = row.entry.ended_at.astimezone(UTC).date()
    if (wish.since and day < wish.since) or (wish.until and day > wish.until):
        return False
    return accounts is None or row.entry.actor in accounts


def _statement(file: Path, read: Read) -> Statement:
    try:
        statement = read(file.read_bytes().strip())
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read ({error.strerror})") from None
    if statement is None:
        raise SettingsError(f"{file}: is not a head of an audit log under our seal")
    return statement


def _members(report: AuditReport) -> dict[str, Any]:
    members = {**asdict(report), "intact": report.is_intact}
    members["sealed_at"] = report.sealed_at and report.sealed_at.isoformat()
    return members


def _lines(report: AuditReport) -> list[str]:
    if report.first is None:
        found = "Er staan geen regels in het logboek."
    else:
        found = f"{report.rows} regels, van {report.first} tot en met {report.last}."
    lines = [found]
    if report.purged_upto:
        lines.append(f"Tot en met regel {report.purged_upto} is gewist omdat de bewaartijd voorbij was.")
    if report.sealed_at is not None:
        lines.append(
            f"Verzegeld tot en met regel {report.sealed_upto}, op {formatting.moment(report.sealed_at)}."
        )
    lines += [_line(problem) for problem in report.problems]
    return [*lines, "Het logboek klopt." if report.is_intact else "HET LOGBOEK KLOPT NIET."]


def _line(problem: Problem) -> str:
    if problem.until is None or problem.until == problem.position:
        return f"Regel {problem.position} {_WORDS[problem.kind]}."
    return f"Regel {problem.position} tot en met {problem.until} {_WORDS[problem.kind]}."
