"""`keys rotate-pseudonym`: a new key for pseudonyms, while the service runs. See docs/keys.md."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from app.bootstrap import open_storage
from app.bootstrap_audit import command_audit
from app.cli.account import account_of_command
from app.cli.operate import one_line
from app.cli.settings import load_settings
from app.persistence.audit_log import SqlAuditLog
from app.persistence.cipher import new_key_line, parse_key_lines
from app.services import audit_facts


@one_line
def rotate() -> int:
    """Every process uses the new key from its next row on. A key that no row needs any more is taken out of the file, so
    that nobody can ever find out again whose rows those were."""
    settings = load_settings()
    file, database = settings.audit.pseudonym_keys_file, open_storage(settings).database
    text = file.read_text()
    known = [key_id for key_id, _ in parse_key_lines(text)]
    new = _new_id(known)
    needed = SqlAuditLog(database).used_keys() | {known[-1]}
    command_audit(settings, database).write(audit_facts.pseudonym_key_added(account_of_command(), new))
    kept = [line for line in text.splitlines() if not _key_of(line) or _key_of(line) in needed]
    _replace(file, "\n".join([*kept, new_key_line(new)]))
    print(f"Vanaf nu maakt sleutel {new} de pseudoniemen. Maak een reservekopie van {file}.")
    for gone in [key_id for key_id in known if key_id not in needed]:
        print(f"Sleutel {gone} is gewist: geen regel in het logboek heeft hem nog nodig.")
    return 0


def _new_id(known: list[str]) -> str:
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    names = [today, *(f"{today}-{number}" for number in range(2, len(known) + 3))]
    return next(name for name in names if name not in known)


def _key_of(line: str) -> str:
    """The id of the key in a line; empty for a remark."""
    words = line.split("#", 1)[0].split()
    return words[0] if words else ""


def _replace(file: Path, text: str) -> None:
    """Whole or not at all, with the rights and the owner of the old one."""
    state, new = file.stat(), file.with_name(f".{file.name}.new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        os.fchmod(descriptor, state.st_mode & 0o777)
        os.fchown(descriptor, state.st_uid, state.st_gid)
        stream.write(text)
        stream.flush()
        os.fsync(descriptor)
    new.replace(file)
