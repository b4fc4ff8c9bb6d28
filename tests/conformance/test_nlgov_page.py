"""No sentence of a norm is without a row in docs/conformance/{oidc,oauth}-nlgov.md. The texts are beside the repository."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.support.conformance_page import ROOT, rows

pytestmark = pytest.mark.conformance

PAGE = ROOT / "docs" / "conformance" / "oidc-nlgov.md"
OAUTH = ROOT / "docs" / "conformance" / "oauth-nlgov.md"
_KEYWORD = re.compile(r"\b(MUST|SHOULD|REQUIRED|RECOMMENDED)\b")


def standards() -> Path:
    """As `tests.support.dkd.schema_folder`: a test that needs them fails without."""
    named = os.environ.get("BLAUWE_KNOP_CONFORMANCE")
    folders = [Path(named)] if named else [up / "shared" / "conformance" for up in ROOT.parents[:2]]
    found = [folder / "standards" for folder in folders if (folder / "standards").is_dir()]
    assert found, "the texts of the standards are needed in ../shared/conformance/standards"
    return found[0]


def words(page: Path = PAGE) -> list[str]:
    return [row.cells["words of the norm"] for row in rows(page) if "id" in row.cells]


@pytest.mark.parametrize("chapter", ["ClientProfile", "UserInfo", "Considerations"])
def test_every_demand_has_a_row(chapter: str) -> None:
    lines = (standards() / "oidc-nlgov-1.0.1" / f"{chapter}.md").read_text("utf-8").splitlines()
    demands = [line for line in lines if _KEYWORD.search(line)]
    assert len(demands) > 10
    assert [line for line in demands if not any(some in line for some in words())] == []


def test_every_row_quotes_a_norm() -> None:
    files = [*standards().glob("oidc-nlgov-1.0.1/*.md"), standards() / "oauth-nl" / "Client-Profiles.md"]
    norms = "\n".join(file.read_text("utf-8") for file in files)
    assert [some for some in words() if some not in norms] == []


@pytest.mark.parametrize(
    "chapter", ["Protected-Resource-Profile", "Authorization-Server-Profile", "Client-Profiles"]
)
def test_every_demand_on_tokens_has_a_row(chapter: str) -> None:
    lines = (standards() / "oauth-nl" / f"{chapter}.md").read_text("utf-8").splitlines()
    demands = [line for line in lines if _KEYWORD.search(line)]
    assert len(demands) > 10
    assert [line for line in demands if not any(some in line for some in words(OAUTH))] == []


def test_every_row_on_tokens_quotes_the_norm() -> None:
    norms = "\n".join(file.read_text("utf-8") for file in standards().glob("oauth-nl/*.md"))
    assert [some for some in words(OAUTH) if some not in norms] == []
