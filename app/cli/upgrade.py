"""`db upgrade`: bring the database to this version."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.bootstrap import open_storage
from app.bootstrap_audit import command_audit
from app.cli.account import account_of_command
from app.cli.operate import one_line
from app.cli.settings import load_settings
from app.persistence.migrations import DatabaseTooNew, newest_level, upgrade
from app.persistence.rights import grant
from app.ports.audit import Event
from app.services import audit_facts
from app.settings import Settings, SettingsError
from app.settings.database import DatabaseSettings

_TOO_NEW = (
    "the database is of a newer version that this one cannot work with: put the programs of that version back"
)


@dataclass(frozen=True, slots=True)
class Owner:
    """Of the tables, where that is another role than that of the running programs (docs/hosting.md)."""

    role: str
    password_file: Path | None

    def database(self, settings: Settings) -> DatabaseSettings:
        """Raises SettingsError."""
        if settings.database.url.startswith("sqlite:"):
            raise SettingsError("SQLite has no roles: leave --as out")
        return settings.database.of(self.role, self.password_file)


@one_line
def upgrade_database(owner: Owner | None) -> int:
    """Bring the database to the newest level; as its owner, also give the role of the settings the rights it needs."""
    settings = load_settings()
    try:
        # before that there may be no log to write in
        changed = upgrade(settings.database.full_url()) if owner is None else _upgrade_as(owner, settings)
    except DatabaseTooNew:
        raise SettingsError(_TOO_NEW) from None
    if not changed:
        print("De database is van een nieuwere versie, die bij deze past. Hij blijft zoals hij is.")
        return 0
    done = audit_facts.by_operator(Event.DATABASE_UPGRADED, account_of_command(), newest_level())
    command_audit(settings, open_storage(settings).database).write(done)
    print("De database is bij.")
    return 0


def _upgrade_as(owner: Owner, settings: Settings) -> bool:
    try:
        url = owner.database(settings).full_url()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"the password file cannot be read ({type(error).__name__})") from None
    if settings.database.user in (None, owner.role):
        raise SettingsError("[database] url must name another user than --as: the role of the programs")
    changed = upgrade(url)
    if changed:  # else the rights are those that the newer version gave: ours too, and more
        grant(url, str(settings.database.user))
    return changed
