"""The commands of docs/keys.md make every key of the example, and our programs take them."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from app.settings import load_settings
from tests.support.waiting import PATIENCE_S
from tests.unit.settings.conftest import EXAMPLE

PAGE = Path(__file__).parents[3] / "docs" / "keys.md"


def test_the_documented_commands_make_keys_that_the_settings_take(tmp_path: Path) -> None:
    chapter = PAGE.read_text("utf-8").split("## Making each the first time\n", 1)[1].split("\n## ", 1)[0]
    commands = re.findall(r"```sh\n(.*?)```", chapter, re.DOTALL)
    assert len(commands) == 1
    subprocess.run(["sh", "-eu", "-c", commands[0]], cwd=tmp_path, check=True, timeout=PATIENCE_S)
    (tmp_path / "secrets" / "database-password").write_text("x\n")
    (tmp_path / "secrets" / "database-password").chmod(0o600)
    for name in ("sources.toml", "seal.pem", "seal-chain.pem"):  # of others, and of the ceremony
        (tmp_path / name).write_text("")
    (tmp_path / "trust").mkdir()
    shutil.copy(tmp_path / "secrets" / "api-signing.pem", tmp_path / "secrets" / "seal.key")
    shutil.copy(EXAMPLE, tmp_path / "settings.toml")
    settings = load_settings(tmp_path / "settings.toml")
    assert settings.api is not None
    assert settings.sharing is not None
