from __future__ import annotations

import gc
import runpy
import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _collected_again() -> Iterator[None]:
    yield
    gc.unfreeze()


@pytest.mark.parametrize("settings", ["deploy/gunicorn.py", "simulators/demo/gunicorn_settings.py"])
def test_workers_are_forked_with_all_code_and_without_anything_of_one_of_them(settings: str) -> None:
    gc.unfreeze()
    runpy.run_path(settings)
    assert {"app.bootstrap", "app.factory"} <= set(sys.modules)
    assert "app.wsgi" not in sys.modules, "it would read settings and keys"
    assert gc.get_freeze_count() > 100_000
    assert gc.isenabled()
