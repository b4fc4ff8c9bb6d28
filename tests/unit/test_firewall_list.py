"""docs/hosting.md gives whoever keeps the firewall every address that the settings can have our programs connect to."""

from __future__ import annotations

from pathlib import Path

from app.settings.kinds import ListAddress, WebAddress
from tests.support.settings_model import settings_of_kind

ROOT = Path(__file__).parents[2]
CHAPTER = (
    (ROOT / "docs" / "hosting.md")
    .read_text("utf-8")
    .split("## What goes in and out: for the firewall\n", 1)[1]
    .split("\n## ", 1)[0]
)
NEVER_VISITED_BY_US = {
    "[[api.issuers]] issuer",  # compared with what stands in a token
    "[[arrival.return_to]] address",  # a link, for browsers
    "[accessibility] register_address",  # likewise
    "[audit] processing_activity",  # a word in an export
}


def test_every_address_that_the_settings_name_has_a_row() -> None:
    visited = settings_of_kind(WebAddress, ListAddress)
    assert visited > NEVER_VISITED_BY_US
    missing = {name for name in visited - NEVER_VISITED_BY_US if f"`{name}`" not in CHAPTER}
    assert missing == set()


def test_so_have_receivers_of_reports_and_the_collector() -> None:
    """Named by sources.toml and by the environment."""
    cells = [line.split(" | ") for line in CHAPTER.splitlines()]
    assert any(row[0] == "| worker" and "`reports`" in row[1] for row in cells)
    assert any(row[0] == "| every program" and "OTEL_EXPORTER_OTLP_ENDPOINT" in row[1] for row in cells)
