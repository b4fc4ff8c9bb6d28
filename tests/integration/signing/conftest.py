"""One organisation for all tests: making keys takes time."""

import pytest

from tests.support.seals import Town


@pytest.fixture(scope="session")
def town() -> Town:
    return Town.create()
