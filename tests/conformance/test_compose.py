"""deploy/compose.yaml: judged by the schema of the compose specification; its database and programs tried without Docker."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from sqlalchemy import make_url

from app.bootstrap import open_storage
from app.cli.main import main
from app.settings import load_settings
from app.tracing import _ENDPOINTS, _PROTOCOLS
from tests.support.postgres import postgres_server, run_tool
from tests.support.waiting import PATIENCE_S, wait_until
from tests.unit.settings.conftest import Instance

pytestmark = [pytest.mark.conformance, pytest.mark.timeout(600)]

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
FILE = DEPLOY / "compose.yaml"
PROGRAMS = {"migrations", "site", "operator", "work"}
BY_HAND = "command"  # writes keys, and runs only while somebody runs it
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(FILE.read_text("utf-8"))["services"]


def judged(file: Path) -> int:
    judge = ROOT / ".venv-tools" / "bin" / "check-jsonschema"
    command = [str(judge), "--builtin-schema", "vendor.compose-spec", str(file)]
    return subprocess.run(command, capture_output=True, timeout=PATIENCE_S, check=False).returncode


def test_the_compose_specification_knows_every_word(tmp_path: Path) -> None:
    assert judged(FILE) == 0
    wrong = tmp_path / "compose.yaml"
    wrong.write_text(FILE.read_text("utf-8").replace("read_only", "readonly"), "utf-8")
    assert judged(wrong) != 0


def test_every_program_may_do_no_more_than_it_must() -> None:
    assert PROGRAMS | {BY_HAND, "database", "proxy"} == set(SERVICES)
    for name in PROGRAMS | {BY_HAND}:
        service = SERVICES[name]
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["user"] == "10001:10001", name
        written = [volume for volume in service["volumes"] if not volume.endswith(":ro")]
        assert len(written) == (name == BY_HAND), name
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name
    assert [name for name in SERVICES if SERVICES[name].get("secrets")] == ["migrations"]
    assert [name for name in SERVICES if SERVICES[name].get("profiles")] == [BY_HAND]
    assert SERVICES["database"]["network_mode"] == "none"


def test_each_program_takes_the_variables_for_traces_and_has_a_name_of_its_own_there() -> None:
    """No value: Docker passes on what is set where it runs, and nothing when it is not set."""
    names = set()
    for program in ("site", "operator", "work"):
        environment = dict(SERVICES[program]["environment"])
        environment.pop("WEB_CONCURRENCY", None)
        names.add(environment.pop("OTEL_SERVICE_NAME"))
        assert set(environment.values()) == {None}, program
        assert set(environment) >= {*_ENDPOINTS, *_PROTOCOLS, "OTEL_TRACES_EXPORTER", "OTEL_SDK_DISABLED"}
    assert names == {"blauwe-knop-site", "blauwe-knop-operator", "blauwe-knop-work"}


def test_every_file_that_is_mounted_is_there() -> None:
    mounted = [volume.split(":")[0] for service in SERVICES.values() for volume in service["volumes"]]
    ours = [name for name in mounted if name.startswith("./")]
    assert len(ours) == 4
    assert all((DEPLOY / name).is_file() for name in ours)


@dataclass(frozen=True)
class Installed:
    """The database as it is in compose after step 4 of docs/compose.md, and settings for it."""

    instance: Instance
    socket_folder: Path

    def connect(self, user: str, database: str, password: str) -> None:
        psycopg.connect(host=str(self.socket_folder), user=user, dbname=database, password=password).close()


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installed]:
    folder = tmp_path / "pg"
    with postgres_server(folder) as uri:
        socket_folder = str(make_url(uri).query["host"])
        roles = ["--quiet", "--set", "ON_ERROR_STOP=1", "--file", str(DEPLOY / "postgresql-roles.sql")]
        run_tool("psql", uri, *roles)
        with psycopg.connect(uri, autocommit=True) as administrator:
            administrator.execute("ALTER ROLE blauwe_knop_owner PASSWORD 'van de eigenaar'")
            administrator.execute("ALTER ROLE blauwe_knop PASSWORD 'van de dienst'")
            (folder / "pg_hba.conf").write_text((DEPLOY / "pg_hba.conf").read_text("utf-8"), "utf-8")
            wrong = administrator.execute("SELECT error FROM pg_hba_file_rules WHERE error IS NOT NULL")
            assert wrong.fetchall() == []
            administrator.execute("SELECT pg_reload_conf()")
        made = Installed(Instance(tmp_path), Path(socket_folder))
        wait_until(lambda: not may_come_in(made, "postgres", "postgres", ""), "the rules are not read")
        address = f"postgresql://blauwe_knop@/blauwe_knop?host={socket_folder}"
        made.instance.change("postgresql://blauwe_knop@127.0.0.1/blauwe_knop", address)
        made.instance.secret("database-password", "van de dienst\n")
        monkeypatch.setenv("BLAUWE_KNOP_SETTINGS", str(made.instance.file))
        yield made


def may_come_in(installed: Installed, user: str, database: str, password: str) -> bool:
    with contextlib.suppress(psycopg.OperationalError):
        installed.connect(user, database, password)
        return True
    return False


def test_migrations_and_programs_come_in_by_their_passwords_and_nobody_else(
    installed: Installed, capsys: pytest.CaptureFixture[str]
) -> None:
    assert may_come_in(installed, "blauwe_knop", "blauwe_knop", "van de dienst")
    assert not may_come_in(installed, "blauwe_knop", "blauwe_knop", "van de eigenaar")
    assert not may_come_in(installed, "blauwe_knop", "postgres", "van de dienst")
    command, *words = SERVICES["migrations"]["command"]
    assert command == "blauwe-knop"
    secret = installed.instance.folder / "secrets" / "owner-password"
    words[words.index("/run/secrets/owner-password")] = str(secret)
    installed.instance.secret(secret.name, "verkeerd\n")
    assert main(words) == 1
    assert "the database" in capsys.readouterr().err
    installed.instance.secret(secret.name, "van de eigenaar\n")
    assert main(words) == 0, capsys.readouterr().err
    storage = open_storage(load_settings())
    assert storage.health_checks["database"]()
    storage.database.close()
