"""Reports of citizens that do not reach an organisation: on the first page, and as metrics."""

from datetime import timedelta

from app.ports.error_reports import ReportFigures
from tests.support.clock import FrozenClock
from tests.support.operator_site import METRICS_TOKEN
from tests.unit.operator.conftest import MakeOperatorSite

NOW = FrozenClock().now()
FIGURES = (
    ReportFigures("parkeren", 3, NOW - timedelta(hours=5), "unreachable"),
    ReportFigures("belastingen", 1, NOW, "", 2, NOW - timedelta(days=20)),
)


def test_the_first_page_tells_what_waits_and_where_to_look(make: MakeOperatorSite) -> None:
    browser = make(reports=lambda: FIGURES).browser()
    browser.log_in()
    page = browser.get("/").text.partition("Meldingen van burgers")[2]
    parking, taxes = page.partition("belastingen")[::2]
    assert "Kijk hiernaar" in parking
    assert "niet bereikbaar" in parking
    assert "Kijk hiernaar" not in taxes
    assert "nog niet geprobeerd" in taxes
    metrics = browser.get("/metrics", Authorization=f"Bearer {METRICS_TOKEN}").text
    assert 'blauwe_knop_error_reports_waiting{source="parkeren"} 3.0' in metrics
    assert 'blauwe_knop_error_reports_given_up{source="belastingen"} 2.0' in metrics


def test_without_any_there_is_nothing_to_tell(make: MakeOperatorSite) -> None:
    browser = make().browser()
    browser.log_in()
    assert "Meldingen van burgers" not in browser.get("/").text
