from collections.abc import Iterator

import pytest

from tests.support.counsel_site import CounselSite, make_counsel_site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CounselSite]:
    made = make_counsel_site(tmp_path_factory.mktemp("counsel"))
    yield made
    made.close()
