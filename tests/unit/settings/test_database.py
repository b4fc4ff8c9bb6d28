"""Where the database is, and how the way there is closed."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from app.settings.database import DatabaseSettings
from app.settings.kinds import Context


def read(address: str, folder: Path) -> str:
    return DatabaseSettings.model_validate({"url": address}, context=Context(folder, False)).url


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://u@127.0.0.1/b",
        "postgresql://u@localhost:5433/b",
        "postgresql://u@[::1]/b",
        "postgresql://u@/b",
        "postgresql:///b",
        "postgresql://u@/b?host=/run/postgresql",
        "postgresql://u@/b?host=localhost:5432&host=127.0.0.1:5433",
    ],
)
def test_a_database_on_this_machine_needs_no_tls(tmp_path: Path, address: str) -> None:
    assert read(address, tmp_path).startswith("postgresql://")


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://u@db.intern/b",
        "postgresql://u@10.0.0.5/b?sslmode=require",
        "postgresql://u@db.intern/b?sslmode=verify-ca&sslrootcert=ca.pem",
        "postgresql://u@127.0.0.1/b?hostaddr=10.0.0.5",
        "postgresql://u@127.0.0.1.voorbeeld.nl/b",
        "postgresql://u@/b?host=db.intern",
        "postgresql://u@/b?host=/run/postgresql&host=db.intern",
        "postgresql://u@/b?host=/run/postgresql,db.intern",
        "postgresql://u@/b?host=127.0.0.1:5432,db.intern:5432",
    ],
)
def test_one_elsewhere_is_refused_without_a_checked_certificate(tmp_path: Path, address: str) -> None:
    (tmp_path / "ca.pem").touch()
    with pytest.raises(ValidationError, match="needs \\?sslmode=verify-full&sslrootcert=FILE"):
        read(address, tmp_path)


def test_the_authority_must_be_there_and_is_found_beside_the_settings(tmp_path: Path) -> None:
    address = "postgresql://u@db.intern/b?sslmode=verify-full"
    for rest in ("", "&sslrootcert=weg.pem"):
        with pytest.raises(ValidationError, match="sslrootcert must name the file"):
            read(address + rest, tmp_path)
    (tmp_path / "ca.pem").touch()
    assert f"sslrootcert={str(tmp_path).replace('/', '%2F')}%2Fca.pem" in read(
        f"{address}&sslrootcert=ca.pem", tmp_path
    )
    assert "sslrootcert=system" in read(f"{address}&sslrootcert=system", tmp_path)


@pytest.mark.parametrize("name", ["PGHOST", "PGHOSTADDR", "PGSERVICE"])
def test_nothing_else_may_say_where_the_database_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with pytest.raises(ValidationError, match="not in a service file"):
        read("postgresql://u@127.0.0.1/b?service=elders", tmp_path)
    monkeypatch.setenv(name, "10.0.0.5")
    with pytest.raises(ValidationError, match=f"not in {name}"):
        read("postgresql://u@127.0.0.1/b", tmp_path)


def test_another_role_uses_the_same_database(tmp_path: Path) -> None:
    settings = DatabaseSettings.model_validate(
        {"url": "postgresql://dienst@127.0.0.1/b"}, context=Context(tmp_path, False)
    )
    (tmp_path / "wachtwoord").write_text("geheim\n")
    assert settings.user == "dienst"
    owner = settings.of("eigenaar", tmp_path / "wachtwoord")
    assert owner.full_url() == "postgresql://eigenaar:geheim@127.0.0.1/b"
    assert "geheim" not in repr(owner)
