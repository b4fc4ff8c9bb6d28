from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from claims.outcome import FailureCause, NotConnected, PartialReason, SourceFailure
from tests.support.api_site import ApiSite, make_api_site
from tests.support.web_claims import BANK, INCOME, NOW, TAXES, WATER, answer, property_tax, source


@pytest.fixture
def api(tmp_path: Path) -> Iterator[ApiSite]:
    """One full answer, one that is not full, one that failed, one that is not connected."""
    site = make_api_site(
        tmp_path,
        answer("belastingen", TAXES, property_tax()),
        answer("inkomen", INCOME, partial=(PartialReason.SOURCE_SAYS_SO,)),
        SourceFailure(source=source("kredietbank", BANK), failed_at=NOW, cause=FailureCause.TOO_SLOW),
        NotConnected(source=source("water", WATER), noted_at=NOW),
    )
    yield site
    site.web.site.database.close()
