"""deploy/postgresql-roles.sql and `db upgrade --as`: the programs work under a role that owns nothing. The two services of
test_two_processes.py run under it too, for a citizen's whole journey."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.bootstrap import build_operator_site
from app.cli.main import main
from app.cli.settings import of_this_run
from app.factory import create_operator_site
from app.persistence.engine import open_database
from app.persistence.migrations import upgrade
from app.persistence.rights import grant
from app.settings import Settings, load_settings
from simulators.organisations.stanzas import UNCONNECTED
from tests.support.audit import ANNA, BRAM, make_logbook
from tests.support.clock import FrozenClock
from tests.support.demo import prepare_patient
from tests.support.postgres import TwoRoles, two_roles


@dataclass(frozen=True)
class Installed:
    roles: TwoRoles
    settings: Settings
    run: Callable[..., int]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, postgres_uri: str) -> Iterator[Installed]:
    folder = tmp_path_factory.mktemp("roles")
    instance = prepare_patient(folder / "instance")
    roles = two_roles(postgres_uri, folder)
    instance.sources_file.write_text(UNCONNECTED, "utf-8")
    changed = instance.settings_file.read_text("utf-8").replace(
        f'url = "sqlite:///{instance.database_file.name}"', f'url = "{roles.service_url}"'
    )
    # No time-stamp authority runs here.
    changed = re.sub(r"tsa_url = .*\nrevocation_urls = \[[^]]*\]", "long_term = false", changed)
    instance.settings_file.write_text(changed, "utf-8")
    with pytest.MonkeyPatch.context() as environment, of_this_run(allow_loopback_http=True):
        environment.setenv("BLAUWE_KNOP_SETTINGS", str(instance.settings_file))

        def run(*arguments: str) -> int:
            return main(arguments)

        assert run("db", "upgrade", "--as", roles.owner) == 0
        yield Installed(roles, load_settings(allow_loopback_http=True), run)


FORBIDDEN = [
    "UPDATE audit_log SET object = 'x'",
    "DELETE FROM audit_log",
    "TRUNCATE audit_log",
    "ALTER TABLE audit_log DISABLE TRIGGER ALL",
    "DROP TRIGGER audit_log_keep ON audit_log",
    "CREATE OR REPLACE FUNCTION audit_log_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
    "UPDATE audit_heads SET row_hash = ''",
    "DELETE FROM documents",
    "DELETE FROM revoked_keys",
    "UPDATE alembic_version SET version_num = '0001'",
    "CREATE TABLE stray (a int)",
    "CREATE TEMPORARY TABLE audit_log (position bigint)",
    "DROP TABLE sessions",
    "SET ROLE {owner}",
    "COPY sessions TO PROGRAM 'cat'",
]


@pytest.mark.threat("T-26")
@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_role_of_the_programs_changes_no_table_and_no_row_of_the_audit_log(
    installed: Installed, statement: str
) -> None:
    database = open_database(installed.roles.service_url)
    with (
        contextlib.closing(database),
        pytest.raises(DBAPIError) as refusal,
        database.write() as connection,
    ):
        connection.execute(text(statement.format(owner=installed.roles.owner)))
    assert getattr(refusal.value.orig, "sqlstate", None) == "42501"  # insufficient privilege


def test_the_worker_does_all_its_jobs_under_that_role(installed: Installed) -> None:
    assert installed.run("work", "--once") == 0
    assert installed.run("purge") == 0


def test_the_audit_log_is_appended_to_sealed_and_purged_under_that_role(
    postgres_uri: str, tmp_path: Path
) -> None:
    roles = two_roles(postgres_uri, tmp_path)
    upgrade(roles.owner_url)
    grant(roles.owner_url, roles.service)
    database = open_database(roles.service_url)
    clock = FrozenClock(datetime.now(UTC) - timedelta(hours=6))
    with contextlib.closing(database):
        book = make_logbook(database, tmp_path, clock)
        book.log_in(ANNA, BRAM)
        book.keeper.seal_head(clock.now())
        clock.advance(5 * 3600)
        assert book.keeper.check_and_purge(clock.now(), timedelta(hours=2)) == 2
        assert book.check().is_intact


def test_the_operator_site_works_under_that_role(installed: Installed) -> None:
    parts, services = build_operator_site(installed.settings, allow_loopback_http=True)
    client = create_operator_site(parts, services).test_client()
    assert client.get("/_health/ready", base_url=parts.public_url).get_json()["checks"] == {"database": "ok"}
    assert client.get("/", base_url=parts.public_url).status_code == 401
    assert (
        client.get("/inloggen", base_url=parts.public_url).status_code == 503
    )  # counted; no provider runs here
    assert services.monitor.figures(datetime.now(UTC), 31).sources


def test_old_sealed_keys_leave_the_disk_under_that_role(installed: Installed) -> None:
    assert installed.run("sources", "rotate-keys") == 0


def test_the_owner_must_be_another_role(installed: Installed, capsys: pytest.CaptureFixture[str]) -> None:
    assert installed.run("db", "upgrade", "--as", installed.roles.service) == 1
    assert "another user than --as" in capsys.readouterr().err
    assert installed.run("db", "upgrade", "--as", installed.roles.owner, "--password-file", "/weg") == 1
    assert "the password file cannot be read" in capsys.readouterr().err


def test_upgrading_again_changes_nothing(installed: Installed) -> None:
    assert installed.run("db", "upgrade", "--as", installed.roles.owner) == 0
    assert installed.run("db", "upgrade") == 0
