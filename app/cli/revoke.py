"""`documents revoke`, `documents revoked`, `keys revoke`, `keys revoked`: nothing here can be undone."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from app.bootstrap import open_storage
from app.bootstrap_audit import command_audit
from app.cli.account import account_of_command
from app.cli.operate import FAILED, one_line
from app.cli.settings import load_settings
from app.documents import formatting
from app.ports.register import KeyRevocation
from app.services import audit_facts
from app.settings import Settings
from signing.errors import SigningError
from signing.keys.backend import key_id


@one_line
def revoke_documents(numbers: list[str], stated_reason: str) -> int:
    """Mark documents as issued in error. Unknown numbers are told; the others are revoked all the same."""
    settings = load_settings()
    storage = open_storage(settings)
    register, audit, code = storage.register, command_audit(settings, storage.database), 0
    for one in numbers:
        if register.revoke(one, datetime.now(UTC), stated_reason):
            audit.write(audit_facts.document_revoked(account_of_command(), one))
            print(f"{one} is ingetrokken.")
            continue
        sys.stderr.write(f"blauwe-knop: {one} is not in the register\n")
        code = FAILED
    return code


@one_line
def list_revoked_documents() -> int:
    """Number, moment and reason of each, the newest first."""
    for state in open_storage(load_settings()).register.revoked():
        revoked_at = formatting.moment(state.revoked_at) if state.revoked_at else ""
        print(f"{state.entry.number}  {revoked_at}  {state.revoked_reason}")
    return 0


@one_line
def revoke_key(key: str, since: datetime, stated_reason: str) -> int:
    """Trust no seal of this key from `since` on. An unknown key is refused: a slip of the pen would revoke nothing."""
    settings = load_settings()
    storage = open_storage(settings)
    register = storage.register
    if not register.has_issued_with(key) and key != _current_key(settings):
        sys.stderr.write("blauwe-knop: no document was issued with this key, and we do not seal with it\n")
        return FAILED
    kept = register.revoke_key(KeyRevocation(key, since, stated_reason, datetime.now(UTC)))
    command_audit(settings, storage.database).write(audit_facts.key_revoked(account_of_command(), key))
    print(f"Het zegel {key} geldt niet meer vanaf {formatting.moment(kept.since)}. Reden: {kept.reason}.")
    if key == _current_key(settings):
        print(
            "Let op: met deze sleutel verzegelt deze dienst nu. Er komen geen bestanden tot er een nieuwe is."
        )
    return 0


@one_line
def list_revoked_keys() -> int:
    """Fingerprint, moment and reason of each, the newest first."""
    for one in open_storage(load_settings()).register.revoked_keys():
        print(f"{one.key_id}  {formatting.moment(one.since)}  {one.reason}")
    return 0


def _current_key(settings: Settings) -> str | None:
    try:
        return key_id(settings.seal.certificate())
    except (SigningError, OSError):
        return None  # a broken certificate must not stand in the way of revoking
