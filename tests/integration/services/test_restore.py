"""docs/backup.md, done for real: the database and the folder with keys and trust are lost, and come back."""

from __future__ import annotations

import contextlib
import functools
import re
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, make_url, select, text
from sqlalchemy.exc import DBAPIError

from app.persistence.cipher import KeyRing, new_key_line
from app.persistence.engine import Database, open_database
from app.persistence.migrations import upgrade
from app.persistence.rights import grant
from app.persistence.tables import metadata
from app.services.verify import Reason, Verify
from signing.policy import load_trust
from signing.verifying.sandbox import examine
from simulators.authority import DEMO_IDENTIFIER
from tests.integration.services.conftest import TownHall, town_hall
from tests.support.audit import town
from tests.support.postgres import TwoRoles, postgres_server, run_tool, two_roles
from tests.support.seals import NAME
from tests.support.snapshots import full_outcomes

PAGE = (Path(__file__).parents[3] / "docs" / "backup.md").read_text("utf-8")
LEFT_OUT = re.findall(r"--exclude-table-data=(\w+)", PAGE)


@pytest.fixture
def roles(tmp_path: Path) -> Iterator[TwoRoles]:
    with postgres_server(tmp_path / "pg") as uri:
        made = two_roles(uri, tmp_path)
        upgrade(made.owner_url)
        grant(made.owner_url, made.service)
        yield made


def hall_of(database: Database, instance: Path) -> TownHall:
    """With the keys that lie in the folder."""
    return town_hall(database, instance, town(), KeyRing.parse((instance / "storage-keys").read_text()))


def administrator(roles: TwoRoles) -> str:
    return make_url(roles.service_url).set(username="postgres", database="postgres").render_as_string()


def as_administrator(roles: TwoRoles, *statements: str) -> None:
    url = make_url(administrator(roles)).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def back_up(roles: TwoRoles, instance: Path, to: Path) -> None:
    options = [f"--exclude-table-data={table}" for table in LEFT_OUT]
    run_tool("pg_dump", roles.owner_url, "--format=custom", "--no-owner", f"--file={to / 'dump'}", *options)
    with tarfile.open(to / "keys.tar.gz", "w:gz") as archive:
        archive.add(instance, "instance")


def lose_everything(roles: TwoRoles, instance: Path) -> None:
    as_administrator(roles, f"DROP DATABASE {roles.service} WITH (FORCE)")
    shutil.rmtree(instance)


def restore(roles: TwoRoles, instance: Path, backup: Path) -> None:
    with tarfile.open(backup / "keys.tar.gz") as archive:
        archive.extractall(instance.parent)
    as_administrator(
        roles,
        f"CREATE DATABASE {roles.service} OWNER {roles.owner} TEMPLATE template0 ENCODING 'UTF8'",
        f"REVOKE ALL ON DATABASE {roles.service} FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE {roles.service} TO {roles.service}",
    )
    run_tool("pg_restore", roles.owner_url, "--exit-on-error", "--no-owner", str(backup / "dump"))
    upgrade(roles.owner_url)
    grant(roles.owner_url, roles.service)


def test_what_is_left_out_of_a_backup_are_tables_that_end_with_a_session() -> None:
    assert set(LEFT_OUT) <= set(metadata.tables)
    kept = {
        "documents",
        "revoked_keys",
        "audit_log",
        "audit_heads",
        "audit_keys",
        "batch_deliveries",
        "batch_records",
    }
    assert not kept & set(LEFT_OUT)
    assert {
        "sessions",
        "operator_sessions",
        "counsellor_sessions",
        "collections",
        "collection_sources",
        "grants",
    } <= set(LEFT_OUT)


def test_after_losing_everything_documents_verify_and_the_audit_log_is_whole(
    roles: TwoRoles, tmp_path: Path
) -> None:
    instance, backup = tmp_path / "instance", tmp_path / "backup"
    instance.mkdir()
    backup.mkdir()
    (instance / "storage-keys").write_text(new_key_line("one"))
    town().authority.write_trust(instance / "trust", NAME, DEMO_IDENTIFIER)
    with contextlib.closing(open_database(roles.service_url)) as database:
        hall = hall_of(database, instance)
        hall.gathered(full_outcomes())
        files = [hall.file(name) for name in ("pdf", "json")]
        hall.book.keeper.seal_head(hall.book.clock.now())
        rows = hall.book.check().rows
    back_up(roles, instance, backup)
    lose_everything(roles, instance)
    restore(roles, instance, backup)

    with contextlib.closing(open_database(roles.service_url)) as database:
        hall = hall_of(database, instance)
        report = hall.book.check()
        assert (report.is_intact, report.rows) == (True, rows)
        trusted = functools.partial(examine, policy=load_trust(instance / "trust"))
        verify = Verify(trusted, hall.register, DEMO_IDENTIFIER, hall.book.audit)
        assert [verify.verify(content).reason for content in files] == [Reason.GENUINE, Reason.GENUINE]
        assert hall.book.check().rows == rows + 2  # both were written down, after the last row of before
        with database.read() as connection:
            left = [
                connection.execute(select(func.count()).select_from(metadata.tables[t])).scalar()
                for t in LEFT_OUT
            ]
        assert set(left) == {0}
        with pytest.raises(DBAPIError), database.write() as connection:
            connection.execute(text("UPDATE audit_log SET object = 'x'"))
