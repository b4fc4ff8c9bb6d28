"""The official ruleset of the NL API Design Rules judges our document, and no rule lacks a row in our table."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from app.api.contract import FILE
from tests.conformance.test_nlgov_page import standards
from tests.support.conformance_page import ROOT, rows

pytestmark = pytest.mark.conformance

SPECTRAL = Path(__file__).parent / "api_rules" / "node_modules" / ".bin" / "spectral"


def judged(document: Path) -> subprocess.CompletedProcess[str]:
    rules = standards() / "nl-api-design-rules-2.2" / "linter.yaml"
    command = [str(SPECTRAL), "lint", "--ruleset", str(rules), "--fail-severity", "hint", str(document)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_official_ruleset_finds_nothing() -> None:
    result = judged(FILE)
    assert result.returncode == 0, result.stdout


def test_the_ruleset_would_have_found_something(tmp_path: Path) -> None:
    worse = tmp_path / "openapi.yaml"
    worse.write_text(
        FILE.read_text("utf-8")
        .replace("API-Version: {$ref", "Anders: {$ref")
        .replace("/bronnen:", "/Bronnen:")
    )
    result = judged(worse)
    assert result.returncode != 0
    assert "nlgov:missing-version-header" in result.stdout
    assert "nlgov:paths-kebab-case" in result.stdout


def test_every_rule_of_the_text_has_a_row() -> None:
    text = (standards() / "nl-api-design-rules-2.2" / "designRules.md").read_text("utf-8")
    asked = dict(re.findall(r'class="rule" id="(/core/[a-z/-]+)" data-type="(\w+)"', text))
    stated = {
        row.cells["rule"]: row.cells["kind"] for row in rows(ROOT / "docs/conformance/api-design-rules.md")
    }
    assert stated == asked
