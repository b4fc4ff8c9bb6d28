"""`clients add`, `list` and `remove` with real settings and a real database."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from joserfc.jwk import ECKey

from app.cli.main import main
from app.persistence.audit_log import SqlAuditLog
from app.persistence.client_store import SqlClientStore
from app.persistence.engine import open_database
from app.settings import load_settings
from tests.support.databases import migrated_sqlite
from tests.unit.oauth.test_registration import png
from tests.unit.settings.conftest import Instance

Run = Callable[..., tuple[int, str, str]]
PURPOSE = "De app maakt een plan om uw schulden af te betalen."


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Instance:
    made = Instance(tmp_path)
    text = made.file.read_text()
    before, _, rest = text.partition("[database]\n")
    _, _, after = rest.partition("\n[")
    made.file.write_text(f'{before}[database]\nurl = "sqlite:///apps.sqlite3"\n\n[{after}')
    migrated_sqlite(tmp_path / "apps.sqlite3")
    monkeypatch.setenv("BLAUWE_KNOP_SETTINGS", str(made.file))
    key = ECKey.generate_key("P-256").as_dict(private=False)
    (tmp_path / "sleutels.json").write_text(json.dumps({"keys": [{**key, "kid": "een"}]}))
    (tmp_path / "logo.png").write_bytes(png())
    return made


@pytest.fixture
def run(instance: Instance, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        return main(arguments), *capsys.readouterr()

    return run


def add(instance: Instance, *more: str, redirect: str = "https://app.example/terug") -> list[str]:
    keys, logo = str(instance.folder / "sleutels.json"), str(instance.folder / "logo.png")
    about = ["--name", "Mijn Schuldhulp", "--jwks", keys, "--logo", logo, "--purpose", PURPOSE]
    return [
        "clients",
        "add",
        "mijn-schuldhulp",
        *about,
        "--redirect",
        redirect,
        "--scope",
        "schuldenoverzicht",
        *more,
    ]


def test_an_app_is_added_listed_changed_and_removed(instance: Instance, run: Run) -> None:
    assert run(*add(instance, "--oin", "00000001900000010000")) == (
        0,
        "mijn-schuldhulp staat geregistreerd: Mijn Schuldhulp.\n",
        "",
    )
    listed = run("clients", "list")[1]
    for words in (
        "mijn-schuldhulp",
        "private_key_jwt",
        "dpop",
        "OIN 00000001900000010000",
        "https://app.example/terug",
    ):
        assert words in listed
    code, _, error = run(*add(instance))
    assert (code, "already" in error, error.count("\n")) == (1, True, 1)
    assert run(*add(instance, "--replace", redirect="https://app.example/nieuw"))[0] == 0
    assert "https://app.example/nieuw" in run("clients", "list")[1]
    assert run("clients", "remove", "mijn-schuldhulp")[0] == 0
    assert run("clients", "remove", "mijn-schuldhulp")[:2] == (1, "Er is geen mijn-schuldhulp.\n")
    assert run("clients", "list")[1] == ""
    database = open_database(load_settings(instance.file).database.full_url())
    with SqlAuditLog(database).view() as view:
        events = [(row.entry.event, row.entry.object) for row in view.rows() if row.entry]
    assert [event for event, name in events if name == "mijn-schuldhulp"] == [
        "client_registered",
        "client_changed",
        "client_removed",
    ]
    database.close()


WRONG = [
    ["--redirect", "http://app.example/terug"],
    ["--redirect", "http://127.0.0.1/terug"],
    ["--scope", "alles"],
    ["--oin", "1"],
    ["--certificate"],
    ["--gateway"],
    ["--logo", "sleutels.json"],
    ["--jwks", "logo.png"],
    ["--jwks", "is-er-niet"],
]


def test_what_is_wrong_is_one_line_and_changes_nothing(instance: Instance, run: Run) -> None:
    for more in WRONG:
        is_file = more[0] in ("--logo", "--jwks")
        placed = [more[0], str(instance.folder / more[1])] if is_file else more
        code, out, error = run(*add(instance, *placed))
        assert (code, out, error.count("\n")) == (1, "", 1), more
        assert error.startswith("blauwe-knop: "), more
    database = open_database(load_settings(instance.file).database.full_url())
    assert SqlClientStore(database).all() == ()
    database.close()


def test_all_that_is_wrong_is_told_at_once(instance: Instance, run: Run) -> None:
    assert run(*add(instance))[0] == 0
    error = run(*add(instance, "--oin", "1", "--scope", "alles"))[2]
    for words in ("already", "twenty digits", "only these scopes", "--replace changes it"):
        assert words in error
    assert error.count("\n") == 1


def test_without_the_table_api_the_command_says_that_there_is_no_address_yet(
    instance: Instance, run: Run
) -> None:
    text = instance.file.read_text()
    before, _, rest = text.partition("[api]")
    instance.file.write_text(before + "[" + rest.partition("\n[")[2])
    code, out, _ = run(*add(instance))
    assert (code, "[api]" in out) == (0, True)
