"""From sixty days before its end the seal certificate is told about: in the log every day, in health and as a metric."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from structlog.testing import capture_logs

from app.bootstrap_seals import expires_soon, expiry_job, seal_expires_at
from app.ports.monitor import MonitorFigures
from app.services.monitor_metrics import render_metrics
from app.settings.seal import SealSettings
from tests.support.seals import Town

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(scope="module")
def town() -> Town:
    return Town.create()


def settings(town: Town, folder: Path, days: int) -> SealSettings:
    identity = town.with_seal(not_after=NOW + timedelta(days=days)).identity
    return SealSettings.model_construct(certificate_file=identity.write(folder, "zegel").certificate_file)


@pytest.mark.parametrize(("days", "soon"), [(61, False), (60, True), (1, True)])
def test_the_daily_job_warns_in_time(town: Town, tmp_path: Path, days: int, soon: bool) -> None:
    seal = settings(town, tmp_path, days)
    job = expiry_job(seal)
    with capture_logs() as lines:
        assert job.run(NOW) == int(soon)
    assert job.every == timedelta(days=1)
    assert [(line["log_level"], line["days_left"]) for line in lines] == [("warning", days)] * soon
    assert expires_soon(seal, NOW) is soon


def test_a_certificate_that_cannot_be_read_is_told_and_is_no_failed_job(town: Town, tmp_path: Path) -> None:
    seal = settings(town, tmp_path, 100)
    (tmp_path / "zegel.pem").write_bytes(b"junk")
    with capture_logs() as lines:
        assert expiry_job(seal).run(NOW) == 0
    assert [line["log_level"] for line in lines] == ["error"]
    assert expires_soon(seal, NOW)
    assert seal_expires_at(seal) is None


def test_the_metric_is_the_end_of_the_certificate_or_not_there(town: Town, tmp_path: Path) -> None:
    def samples(expires_at: datetime | None) -> list[float]:
        text = render_metrics(MonitorFigures(NOW, (), 1), expires_at).decode()
        name = "blauwe_knop_seal_certificate_expiry_timestamp_seconds"
        families = text_string_to_metric_families(text)
        return [sample.value for one in families for sample in one.samples if sample.name == name]

    end = seal_expires_at(settings(town, tmp_path, 59))
    assert end is not None
    assert samples(end) == [end.timestamp()]
    assert samples(None) == []
