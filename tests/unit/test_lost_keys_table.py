"""docs/keys.md says of every secret that the settings can name what its loss means, and where that was tried."""

from __future__ import annotations

import re
from pathlib import Path

from app.settings.kinds import SecretFile
from tests.support.settings_model import settings_of_kind

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "keys.md").read_text("utf-8")
CHAPTER = PAGE.split("## When a key is lost\n", 1)[1].split("\n## ", 1)[0]
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in CHAPTER.splitlines()
    if line.startswith("| ") and not line.startswith("| key |")
]


def test_every_secret_is_in_the_table() -> None:
    named = {name for row in ROWS for name in re.findall(r"`(\[[^`]+ \w+)`", row[0])}
    assert len(named) > 10
    assert settings_of_kind(SecretFile) == named


def test_each_consequence_was_tried() -> None:
    for row in ROWS:
        assert len(row) == 4, row[0]
        found = re.fullmatch(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", row[3])
        assert found, row[0]
        text = (ROOT / found[1]).read_text("utf-8")
        assert found[2] is None or f"def {found[2]}(" in text, row[3]


def test_the_page_and_the_alarm_on_the_end_of_the_certificate_tell_one_time() -> None:
    alarms = (ROOT / "deploy" / "monitoring" / "alerts.yaml").read_text("utf-8")
    rung = re.findall(r"alert: SealCertificateEnds\n *expr: .* < (\d+) \* 86400\n", alarms)
    told = re.findall(r"`SealCertificateEnds` goes (\d+) days before", PAGE)
    assert told == rung != []
