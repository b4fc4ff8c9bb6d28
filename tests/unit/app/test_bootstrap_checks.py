from datetime import UTC, date, datetime

import pytest

from app.bootstrap_checks import contact_job, contact_needs_a_look
from tests.support.log_lines import logged

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (date(2026, 11, 21), True),
        (date(2026, 12, 22), True),
        (date(2026, 12, 23), False),
        (date(2027, 11, 22), False),
        (date(2028, 1, 1), True),
    ],
)
def test_the_contact_for_leaks_is_looked_at_again_in_time(until: date, expected: bool) -> None:
    assert contact_needs_a_look(until, NOW) is expected
    with logged("INFO") as lines:
        assert contact_job(until).run(NOW) == int(expected)
    assert ("security_contact_until" in str(lines())) is expected
