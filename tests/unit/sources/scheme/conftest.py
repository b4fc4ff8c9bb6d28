from pathlib import Path

import pytest

from tests.unit.sources.scheme.support import Keeper


@pytest.fixture
def keeper(tmp_path: Path) -> Keeper:
    return Keeper(tmp_path)
