"""`keys rotate-pseudonym`: a new key for pseudonyms, while the service runs. See docs/keys.md."""

from __future__ import annotations

from app.bootstrap import open_storage
from app.bootstrap_audit import command_audit
from app.cli.account import account_of_command
from app.cli.key_files import key_of, new_id, replace_file
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
    new = new_id(known)
    needed = SqlAuditLog(database).used_keys() | {known[-1]}
    command_audit(settings, database).write(audit_facts.pseudonym_key_added(account_of_command(), new))
    kept = [line for line in text.splitlines() if not key_of(line) or key_of(line) in needed]
    replace_file(file, "\n".join([*kept, new_key_line(new)]))
    print(f"Vanaf nu maakt sleutel {new} de pseudoniemen. Maak een reservekopie van {file}.")
    for gone in [key_id for key_id in known if key_id not in needed]:
        print(f"Sleutel {gone} is gewist: geen regel in het logboek heeft hem nog nodig.")
    return 0
