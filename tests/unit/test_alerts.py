"""Alarms, dashboard, runbook and documentation speak of the metrics that there are, and of no others."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.ports.jobs import JobState
from app.ports.register import NOT_SEALED, SealedLevel
from app.services.installation_metrics import InstallationFigures
from tests.support.operator_site import METRICS_TOKEN, make_operator_site
from tests.support.web_claims import NOW

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy" / "monitoring"
NAME = re.compile(r"blauwe_knop_[a-z_]+")
RULES: list[dict[str, Any]] = yaml.safe_load((DEPLOY / "alerts.yaml").read_text())["groups"][0]["rules"]
MONITORING = (ROOT / "docs" / "monitoring.md").read_text()

CERTIFICATES = {("login", "client"): NOW, ("operator", "signing"): None}


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the operator site shows to Prometheus."""
    jobs = [JobState("purge_sessions", NOW, NOW - timedelta(hours=1)), JobState("never", None, None)]
    site = make_operator_site(
        tmp_path_factory.mktemp("site"),
        seal_expires_at=lambda: NOW,
        sealed_counts=lambda: {SealedLevel("B-B", "B-LT"): 3, SealedLevel(NOT_SEALED, "B-LT"): 2},
        installation=lambda: InstallationFigures(
            NOW, jobs, {"purge_sessions": False, "never": True}, False, CERTIFICATES
        ),
    )
    return site.browser().get("/metrics", Authorization=f"Bearer {METRICS_TOKEN}").text


@pytest.fixture(scope="module")
def shown(text: str) -> set[str]:
    """The names, with the endings that Prometheus gives."""
    kinds = dict(re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE))
    return {f"{name}_bucket" if kind == "histogram" else name for name, kind in kinds.items()}


def test_jobs_the_audit_log_the_clock_and_failed_seals_are_told(text: str) -> None:
    values = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    shown = {name: float(value) for name, value in values.items()}
    assert shown['blauwe_knop_job_last_success_timestamp_seconds{job="purge_sessions"}'] == NOW.timestamp()
    assert 'blauwe_knop_job_last_success_timestamp_seconds{job="never"}' not in shown
    assert shown['blauwe_knop_job_overdue{job="never"}'] == 1
    assert shown['blauwe_knop_job_overdue{job="purge_sessions"}'] == 0
    assert shown["blauwe_knop_audit_log_intact"] == 0
    assert shown["blauwe_knop_clock_timestamp_seconds"] == NOW.timestamp()
    assert shown['blauwe_knop_seal_failures_total{wanted="B-LT"}'] == 2
    assert shown['blauwe_knop_sealed_documents_total{level="B-B",wanted="B-LT"}'] == 3


def test_the_end_of_a_certificate_for_log_ins_is_told_and_of_each_whether_it_can_be_read(text: str) -> None:
    lines = [line for line in text.splitlines() if line.startswith("blauwe_knop_login_certificate")]
    values = dict(line.rsplit(" ", 1) for line in lines)
    shown = {name.removeprefix("blauwe_knop_login_certificate_"): float(values[name]) for name in values}
    assert shown == {
        'expiry_timestamp_seconds{connection="login",role="client"}': NOW.timestamp(),
        'readable{connection="login",role="client"}': 1,
        'readable{connection="operator",role="signing"}': 0,
    }


def test_alarms_and_dashboard_use_only_what_is_shown(shown: set[str]) -> None:
    used = set(NAME.findall((DEPLOY / "dashboard.json").read_text()))
    used |= {name for rule in RULES for name in NAME.findall(rule["expr"])}
    assert len(used) > 10
    assert used <= shown


def test_the_documentation_names_every_metric(shown: set[str]) -> None:
    assert {name.removesuffix("_bucket") for name in shown} <= set(NAME.findall(MONITORING))


def test_every_alarm_has_a_paragraph_in_the_runbook() -> None:
    chapters = re.findall(r"^## (\w+)\n\n(.+)", (ROOT / "docs" / "runbook.md").read_text(), re.MULTILINE)
    assert [name for name, _ in chapters] == [rule["alert"] for rule in RULES]
    assert all(rule["annotations"]["summary"] and rule["labels"]["severity"] for rule in RULES)


def test_alarms_look_at_the_jobs_that_the_example_for_prometheus_has() -> None:
    example = yaml.safe_load((DEPLOY / "prometheus.yaml").read_text())
    named = {job["job_name"]: job for job in example["scrape_configs"]}
    assert {job for rule in RULES for job in re.findall(r'job="([^"]+)"', rule["expr"])} == set(named)
    shown = (ROOT / "docs" / "operator-site.md").read_text()
    [text] = re.findall(r"^```yaml\n(scrape_configs:.+?)^```", shown, re.MULTILINE | re.DOTALL)
    assert yaml.safe_load(text)["scrape_configs"] == [named["blauwe-knop"]]


def test_the_dashboard_is_one_that_grafana_can_import() -> None:
    dashboard = json.loads((DEPLOY / "dashboard.json").read_text())
    assert len({panel["id"] for panel in dashboard["panels"]}) == len(dashboard["panels"])
    assert all(target["expr"] for panel in dashboard["panels"] for target in panel["targets"])
