"""Reading a page of docs/conformance: tables in which a row names code and tests in backticks."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
_NAMED = re.compile(r"`([\w./-]+\.(?:py|md|mjs))(?:::(\w+))?`")


@dataclass(frozen=True)
class Row:
    """`cells` by the name of their column."""

    cells: dict[str, str]

    @property
    def named(self) -> list[tuple[str, str]]:
        """Files, each with the name of a function or class in it, or an empty name."""
        return [found for cell in self.cells.values() for found in _NAMED.findall(cell)]


def rows(page: Path) -> list[Row]:
    """All rows of all tables of the page."""
    found: list[Row] = []
    columns: list[str] = []
    for line in page.read_text("utf-8").splitlines():
        if not line.startswith("|"):
            columns = []
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not columns:
            columns = cells
        elif not set("".join(cells)) <= set("-: "):
            assert len(cells) == len(columns), line
            found.append(Row(dict(zip(columns, cells, strict=True))))
    return found


def missing(file: str, name: str) -> bool:
    """Whether what a row names is not there."""
    path = ROOT / file
    return not path.is_file() or (bool(name) and name not in _names(path))


@cache
def _names(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text("utf-8"))
    kinds = (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, kinds))
