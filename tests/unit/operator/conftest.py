from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.log_lines import Lines, logged
from tests.support.operator_site import OperatorSite, make_operator_site

MakeOperatorSite = Callable[..., OperatorSite]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[MakeOperatorSite]:
    """Make the operator site of one test."""
    made: list[OperatorSite] = []

    def build(**changes: object) -> OperatorSite:
        made.append(make_operator_site(tmp_path / str(len(made)), **changes))
        return made[-1]

    yield build
    for site in made:
        site.database.close()


@pytest.fixture
def site(make: MakeOperatorSite) -> OperatorSite:
    return make()


@pytest.fixture
def log() -> Iterator[Lines]:
    with logged("INFO") as lines:
        yield lines
