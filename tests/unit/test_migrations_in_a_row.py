"""Steps of the database stand in one row: two that follow the same one stop every upgrade."""

import re
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "app" / "persistence" / "migrations" / "versions"


def test_every_step_follows_the_one_before() -> None:
    files = sorted(FOLDER.glob("0*.py"))
    assert len(files) > 5
    for number, file in enumerate(files, 1):
        text = file.read_text("utf-8")
        assert file.name.startswith(f"{number:04}_"), file.name
        assert re.search(rf'^revision = "{number:04}"$', text, re.MULTILINE), file.name
        before = f'"{number - 1:04}"' if number > 1 else "None"
        assert re.search(rf"^down_revision = {before}$", text, re.MULTILINE), file.name
