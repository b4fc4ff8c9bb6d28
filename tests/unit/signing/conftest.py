"""One organisation for all tests that do not revoke anything: making keys takes time."""

import pytest

from tests.support.seals import Town


@pytest.fixture(scope="session")
def town() -> Town:
    return Town.create()


@pytest.fixture(scope="session")
def rsa_town() -> Town:
    return Town.create("rsa3072")
