"""`doctor` on an installation of which everything is wrong: one list, each with what to do. Where all is right: test_demo.py."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.cli.main import main
from tests.unit.settings.conftest import Instance

TWO_WRONG_KEYS = """
[parkeren]
protocol = "municipal_rest"
organisation = "Gemeente Voorbeeld"
url = "https://parkeren.invalid"
adres = "https://parkeren.invalid"
total_seconds = "lang"
ca_file = "nergens.pem"
api_key_file = "open"
"""


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    return Instance(tmp_path)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[[Path], Any]:
    def run(file: Path) -> tuple[int, list[dict[str, Any]]]:
        monkeypatch.setenv("BLAUWE_KNOP_SETTINGS", str(file))
        code = main(["doctor", "--json"])
        return code, json.loads(capsys.readouterr().out)["stappen"]

    return run


def test_everything_that_is_wrong_in_the_settings_is_named_at_once(
    instance: Instance, run: Callable[[Path], Any]
) -> None:
    instance.change('log_level = "INFO"', 'log_level = "LOUD"')
    instance.file.write_text(instance.file.read_text() + "\n[rommel]\nx = 1\n")
    (instance.folder / "secrets" / "storage-keys").chmod(0o644)
    code, steps = run(instance.file)
    texts = [step["tekst"] for step in steps]
    assert code == 1
    assert {step["stap"] for step in steps} == {
        "instellingen",
        "bronnen",
        "bestanden van bronnen",
        "al het andere",
    }
    for part in ("log_level", "rommel", "storage.key_ring_file"):
        assert [part in text for text in texts].count(True) == 1, (part, texts)
    wrong = [step for step in steps if step["uitkomst"] == "fout"]
    assert all(step["wat_te_doen"] for step in wrong)
    assert steps[-1]["stap"] == "al het andere"  # so that nobody takes this for all that is wrong


def test_sources_are_looked_at_also_when_the_settings_are_wrong(
    instance: Instance, run: Callable[[Path], Any]
) -> None:
    """Two keys of one stanza are told, and then every file that is not there or that others can read."""
    instance.change('log_level = "INFO"', 'log_level = "LOUD"')
    sources = instance.folder / "sources.toml"
    sources.write_text(TWO_WRONG_KEYS)
    _, steps = run(instance.file)
    wrong = [step["tekst"] for step in steps if step["stap"] == "bronnen"]
    assert len(wrong) == 2
    assert all(
        key in text for key, text in zip(("total_seconds", "adres"), sorted(wrong, reverse=True), strict=True)
    )
    sources.write_text(
        "\n".join(line for line in TWO_WRONG_KEYS.splitlines() if not line.startswith(("adres", "total")))
    )
    (instance.folder / "open").write_text("geheim")
    (instance.folder / "open").chmod(0o644)
    _, steps = run(instance.file)
    texts = [step["tekst"] for step in steps if step["stap"] == "bestanden van bronnen"]
    assert [text.split(": ")[:2] for text in texts] == [["parkeren", "ca_file"], ["parkeren", "api_key_file"]]
    assert "bestaat niet" in texts[0]
    assert "voor iedereen" in texts[1]


def test_each_part_is_looked_at_whatever_the_others_say(
    instance: Instance, run: Callable[[Path], Any]
) -> None:
    """No source, no database, nobody trusted, no log-in provider, no certificate that can be read."""
    instance.on_sqlite()
    text = instance.file.read_text()
    instance.file.write_text(re.sub(r'issuer = "https://[^"]+"', 'issuer = "https://127.0.0.1:9"', text))
    until = (datetime.now(UTC) + timedelta(days=200)).date()
    instance.file.write_text(re.sub(r"until = [0-9-]+", f"until = {until}", instance.file.read_text()))
    code, steps = run(instance.file)
    found = {step["stap"]: step["uitkomst"] for step in steps}
    assert code == 1
    assert found == {
        "instellingen": "goed",
        "bronnen": "fout",
        "bestanden van bronnen": "overgeslagen",
        "zegel": "fout",
        "einde van het zegel": "fout",
        "einde van certificaten": "goed",
        "database": "fout",
        "klok": "goed",
        "werk op de achtergrond": "overgeslagen",
        "auditlog": "overgeslagen",
        "inloggen van burgers": "fout",
        "inloggen van medewerkers": "fout",
        "hulpverleners stadsbank": "fout",
        "controleren van bestanden": "fout",
        "adres voor meldingen": "goed",
    }
