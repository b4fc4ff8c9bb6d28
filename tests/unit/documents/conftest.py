from __future__ import annotations

import pytest

from tests.support.sealing import Sealer, new_sealer


@pytest.fixture(scope="session")
def sealer(tmp_path_factory: pytest.TempPathFactory) -> Sealer:
    return new_sealer(tmp_path_factory.mktemp("zegel"))
