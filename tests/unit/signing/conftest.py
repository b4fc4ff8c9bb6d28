"""One organisation for all tests that do not revoke anything: making keys takes time."""

import functools
from collections.abc import Callable
from typing import get_args

import pytest

from simulators.certificates import KeyKind
from tests.support.seals import Town

TownOf = Callable[[KeyKind], Town]
KINDS: tuple[KeyKind, ...] = get_args(KeyKind)


@pytest.fixture(scope="session")
def town_of() -> TownOf:
    return functools.cache(Town.create)


@pytest.fixture(scope="session")
def town(town_of: TownOf) -> Town:
    return town_of("p256")


@pytest.fixture(scope="session")
def rsa_town(town_of: TownOf) -> Town:
    return town_of("rsa3072")


@pytest.fixture(scope="session", params=KINDS)
def any_town(town_of: TownOf, request: pytest.FixtureRequest) -> Town:
    """The organisation with each kind of key in turn."""
    return town_of(request.param)
