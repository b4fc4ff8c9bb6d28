"""What is committed is what npm's packages of exactly these versions give."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.assets.__main__ import VENDOR, main

pytestmark = [pytest.mark.conformance, pytest.mark.timeout(600)]


def _files(folder: Path) -> dict[str, bytes]:
    return {
        str(one.relative_to(folder)): one.read_bytes() for one in sorted(folder.rglob("*")) if one.is_file()
    }


def test_making_the_assets_again_gives_the_same_files(tmp_path: Path) -> None:
    assert main(tmp_path) == 0
    assert _files(tmp_path) == _files(VENDOR)
