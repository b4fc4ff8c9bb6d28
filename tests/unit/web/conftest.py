from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from claims.outcome import SourceOutcome
from tests.support.web_site import WebSite, make_web_site

MakeSite = Callable[..., WebSite]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[MakeSite]:
    """Make the site of one test; the citizen has the given outcomes."""
    made: list[WebSite] = []

    def build(*outcomes: SourceOutcome) -> WebSite:
        made.append(make_web_site(tmp_path / str(len(made)), *outcomes))
        return made[-1]

    yield build
    for web in made:
        web.site.database.close()
