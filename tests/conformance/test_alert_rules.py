"""Alarms judged by Prometheus' own tool: they can be read, and they ring and stay silent when they should."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml

from tests.support.waiting import PATIENCE_S

pytestmark = pytest.mark.conformance

RULES = Path(__file__).parents[2] / "deploy" / "monitoring" / "alerts.yaml"
QUIET = {
    'blauwe_knop_source_questions_total{source="parking",result="claims"}': "0+1x60",
    'blauwe_knop_source_questions_total{source="parking",result="unreachable"}': "0x60",
    "blauwe_knop_audit_log_intact": "1x60",
    'blauwe_knop_job_overdue{job="purge_sessions"}': "0x60",
    "blauwe_knop_clock_timestamp_seconds": "0+60x60",
    "blauwe_knop_seal_certificate_expiry_timestamp_seconds": "9999999x60",
    'blauwe_knop_seal_failures_total{wanted="B-T"}': "3x60",
    'up{job="blauwe-knop"}': "1x60",
}
LOUD = {
    "SourceDown": {
        'blauwe_knop_source_questions_total{source="parking",result="claims"}': "5x60",
        'blauwe_knop_source_questions_total{source="parking",result="unreachable"}': "0+1x60",
    },
    "AuditLogBroken": {"blauwe_knop_audit_log_intact": "0x60"},
    "JobOverdue": {'blauwe_knop_job_overdue{job="purge_sessions"}': "1x60"},
    "ClockOff": {"blauwe_knop_clock_timestamp_seconds": "300+60x60"},
    "SealCertificateEnds": {"blauwe_knop_seal_certificate_expiry_timestamp_seconds": "1000000x60"},
    "SealingFails": {'blauwe_knop_seal_failures_total{wanted="B-T"}': "0+1x60"},
    "NoMetrics": {'up{job="blauwe-knop"}': "0x60"},
}


def promtool(*words: object) -> None:
    done = subprocess.run(["promtool", *map(str, words)], capture_output=True, text=True, timeout=PATIENCE_S)
    assert done.returncode == 0, done.stdout + done.stderr


def test_prometheus_reads_every_rule() -> None:
    promtool("check", "rules", RULES)


@pytest.mark.parametrize("ringing", ["", *LOUD])
def test_an_alarm_rings_for_its_fault_and_for_no_other(ringing: str, tmp_path: Path) -> None:
    """After three quarters of an hour; the empty name is an installation where all is well."""
    series = QUIET | LOUD.get(ringing, {})
    rules = yaml.safe_load(RULES.read_text())["groups"][0]["rules"]
    silent = [rule["alert"] for rule in rules if rule["alert"] != ringing]
    checks = [{"eval_time": "45m", "alertname": name, "exp_alerts": []} for name in silent]
    questions = [
        {
            "expr": f'count(ALERTS{{alertname="{ringing}",alertstate="firing"}}) or vector(0)',
            "eval_time": "45m",
            "exp_samples": [{"value": 1 if ringing else 0, "labels": "{}"}],
        }
    ]
    test = {
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        "alert_rule_test": checks,
        "promql_expr_test": questions,
    }
    file = tmp_path / "alerts-test.yaml"
    file.write_text(
        yaml.safe_dump({"rule_files": [str(RULES)], "evaluation_interval": "1m", "tests": [test]})
    )
    promtool("test", "rules", file)
