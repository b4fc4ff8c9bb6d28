"""Who reads a report must find every check in the documentation, under its number and name."""

from pathlib import Path

import pytest

from signing.report import CheckId

_TEXT = Path("docs/verifying-report.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("check", CheckId)
def test_every_check_is_documented(check: CheckId) -> None:
    assert f"| {check.value} | {check.name} |" in _TEXT
