"""Alarms judged by Prometheus' own tool: they can be read, and they ring and stay silent when they should."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml

from tests.support.waiting import PATIENCE_S

pytestmark = pytest.mark.conformance

RULES = Path(__file__).parents[2] / "deploy" / "monitoring" / "alerts.yaml"
WHOLE = ("unreachable", "no_room", "wrong_person", "misconfigured")


def asked(source: str, result: str) -> str:
    return f'blauwe_knop_source_questions_total{{source="{source}",result="{result}"}}'


def sealed(level: str) -> str:
    return f'blauwe_knop_sealed_documents_total{{level="{level}",wanted="B-LT"}}'


CIRCUIT = 'blauwe_knop_source_circuit_open_processes{source="parking"}'
STALE = 'blauwe_knop_source_attention{source="parking",reason="delivery_stale"}'
OF_SOURCE = 'blauwe_knop_source_certificate_expiry_timestamp_seconds{source="parking",role="server"}'
OF_LOGIN = 'blauwe_knop_login_certificate_expiry_timestamp_seconds{connection="login",role="client"}'
READABLE = 'blauwe_knop_login_certificate_readable{connection="login",role="client"}'
OF_SEAL = "blauwe_knop_seal_certificate_expiry_timestamp_seconds"
NOT_SEALED = 'blauwe_knop_seal_failures_total{wanted="B-T"}'
JOB = 'blauwe_knop_job_overdue{job="purge_sessions"}'
OLDEST = 'blauwe_knop_error_reports_oldest_waiting_timestamp_seconds{source="parking"}'
GIVEN_UP = 'blauwe_knop_error_reports_given_up{source="parking"}'
OURS, PROBE = 'up{job="blauwe-knop"}', 'probe_success{job="blauwe-knop-site",instance="start"}'
OF_SITE = 'probe_ssl_earliest_cert_expiry{job="blauwe-knop-site",instance="start"}'
CLOCK, AUDIT = "blauwe_knop_clock_timestamp_seconds", "blauwe_knop_audit_log_intact"
MISSING = "_x120"
# Two hours of an installation where all is well: a value per minute.
QUIET = {
    asked("parking", "claims"): "0+1x120",
    **{asked("parking", result): "0x120" for result in WHOLE},
    **{sealed(level): "3x120" for level in ("B-B", "B-T")},
    sealed("B-LT"): "0+1x120",
    NOT_SEALED: "3x120",
    CIRCUIT: "0x120",
    STALE: "0x120",
    OF_SOURCE: "9999999x120",
    OF_LOGIN: "9999999x120",
    READABLE: "1x120",
    OF_SEAL: "9999999x120",
    OF_SITE: "9999999x120",
    AUDIT: "1x120",
    JOB: "0x120",
    OLDEST: "0x120",
    GIVEN_UP: "2x120",
    CLOCK: "0+60x120",
    OURS: "1x120",
    PROBE: "1x120",
}
ONCE_IN_FORTY_MINUTES = "3x39 4x39 5x40"
LOUD = [
    ("SourceAnsweredAboutSomebodyElse", {asked("parking", "wrong_person"): "0x99 1x20"}),
    ("SourceDown", {asked("parking", "claims"): "5x120", asked("parking", "unreachable"): "0+1x120"}),
    ("SourceMisconfigured", {asked("parking", "misconfigured"): "0x99 1x20"}),
    ("SourceLeftAlone", {CIRCUIT: "1x120"}),
    ("QuestionsWait", {asked("parking", "no_room"): "0x99 1x20"}),
    ("DeliveryTooOld", {STALE: "1x120"}),
    ("DeliveryTooOld", {'blauwe_knop_source_attention{source="parking",reason="index_stale"}': "1x120"}),
    ("SourceCertificateEnds", {OF_SOURCE: "1000000x120"}),
    ("LoginCertificateEnds", {OF_LOGIN: "1000000x120"}),
    ("LoginCertificateUnknown", {OF_LOGIN: MISSING, READABLE: "0x120"}),
    ("SealCertificateEnds", {OF_SEAL: "1000000x120"}),
    ("SealCertificateUnknown", {OF_SEAL: MISSING}),
    ("SealingFails", {NOT_SEALED: "3x99 4x20"}),
    ("SealedBelowWantedLevel", {sealed("B-B"): ONCE_IN_FORTY_MINUTES}),
    ("SealedBelowWantedLevel", {sealed("B-T"): ONCE_IN_FORTY_MINUTES}),
    ("AuditLogBroken", {AUDIT: "0x120"}),
    ("JobOverdue", {JOB: "1x120"}),
    ("ReportsWait", {OLDEST: "-14400x120"}),
    ("ReportsGivenUp", {GIVEN_UP: "2x99 3x20"}),
    ("ClockOff", {CLOCK: "300+60x120"}),
    ("ClockOff", {CLOCK: "-300+60x120"}),
    ("NoMetrics", {OURS: "0x120"}),
    ("NoMetrics", {OURS: MISSING}),
    ("SiteDown", {PROBE: "0x120"}),
    ("SiteDown", {PROBE: MISSING}),
    ("SiteCertificateEnds", {OF_SITE: "1000000x120"}),
]


def promtool(*words: object) -> None:
    done = subprocess.run(["promtool", *map(str, words)], capture_output=True, text=True, timeout=PATIENCE_S)
    assert done.returncode == 0, done.stdout + done.stderr


def test_prometheus_reads_every_rule() -> None:
    promtool("check", "rules", RULES)


def test_prometheus_reads_the_example_of_what_to_ask() -> None:
    """The file with the token is not on this machine."""
    promtool("check", "config", "--syntax-only", RULES.with_name("prometheus.yaml"))


def alarms() -> list[str]:
    return [rule["alert"] for rule in yaml.safe_load(RULES.read_text())["groups"][0]["rules"]]


def test_every_alarm_is_heard_here() -> None:
    assert {name for name, _ in LOUD} == set(alarms())


@pytest.mark.parametrize(("ringing", "fault"), [("", {}), *LOUD])
def test_an_alarm_rings_for_its_fault_and_for_no_other(
    ringing: str, fault: dict[str, str], tmp_path: Path
) -> None:
    """After a hundred minutes; the empty name is an installation where all is well."""
    series = QUIET | fault
    checks = [
        {"eval_time": "100m", "alertname": name, "exp_alerts": []} for name in alarms() if name != ringing
    ]
    questions = [
        {
            "expr": f'count(ALERTS{{alertname="{ringing}",alertstate="firing"}}) or vector(0)',
            "eval_time": "100m",
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
