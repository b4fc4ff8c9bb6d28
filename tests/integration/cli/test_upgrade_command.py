"""`db upgrade` of the release before, on a database that a newer one upgraded: somebody goes back."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from app.cli.main import main
from app.persistence.engine import open_database
from app.persistence.migrations import newest_level
from tests.support.databases import migrated_sqlite
from tests.unit.settings.conftest import Instance


@pytest.mark.parametrize(("oldest", "code"), [(newest_level(), 0), ("0997", 1)])
def test_going_back_is_no_failure_as_long_as_the_database_fits(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    oldest: str,
    code: int,
) -> None:
    instance = Instance(tmp_path)
    instance.on_sqlite()
    monkeypatch.setenv("BLAUWE_KNOP_SETTINGS", str(instance.file))
    migrated_sqlite(tmp_path / "bk.sqlite3")
    database = open_database(f"sqlite:///{tmp_path / 'bk.sqlite3'}")
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0998'"))
        connection.execute(text("UPDATE program_levels SET oldest_level = :oldest"), {"oldest": oldest})
    database.close()
    assert main(["db", "upgrade"]) == code
    said = capsys.readouterr()
    assert ("nieuwere versie, die bij deze past" in said.out) == (code == 0)
    assert ("put the programs of that version back" in said.err) == (code == 1)
    assert said.err.count("\n") == code
