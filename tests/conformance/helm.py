"""The chart as helm renders it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.support.waiting import PATIENCE_S

ROOT = Path(__file__).parents[2]
CHART = ROOT / "deploy" / "helm" / "blauwe-knop"
EXAMPLE = CHART / "example-values.yaml"
TOOLS = ROOT / ".venv-tools" / "bin"
EVERYTHING = """
operatorHost: beheer.schulden.voorbeeld.nl
ingress: {operatorTlsSecret: beheer, annotations: {a: b}}
work: {exchangeClaim: uitwisseling}
image: {digest: "sha256:0000000000000000000000000000000000000000000000000000000000000000", pullSecrets: [register]}
migrations: {owner: eigenaar, ownerSecretName: blauwe-knop-eigenaar, ownerPasswordKey: owner-password}
environment: {OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector.monitoring:4318", OTEL_TRACES_SAMPLER_ARG: 0.05}
settings:
  operator:
    issuer: "https://inloggen.voorbeeld.nl"
    client_id: beheer
    roles_claim: [roles]
    allowed_roles: [beheer]
    second_factor_amr: [mfa]
  api: {signing_key_file: /secrets/api-signing.pem, token_seconds: 600}
  sharing: {secret_file: /secrets/sharing-secret, most_days: 14}
  sessions: {idle_seconds: 600}
trust:
  gemeente-voorbeeld: {tijdstempelIn: {configMap: zegelwortels, key: tijdstempels.pem}}
"""  # without the second organisation, whose certificates are in the values themselves
Documents = list[dict[str, Any]]


def run(*command: object) -> str:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=PATIENCE_S)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def rendered(*values: object, name: str = "zonnedael") -> str:
    """With the values of the example, and whatever more there is: `-f FILE`, `--set KEY=VALUE`."""
    return run(TOOLS / "helm", "template", name, CHART, "-f", EXAMPLE, *values)


def refused(*values: object) -> str:
    """What helm says when it does not render that."""
    command = [TOOLS / "helm", "template", "zonnedael", CHART, "-f", EXAMPLE, *values]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=PATIENCE_S)
    assert done.returncode != 0, done.stdout
    return done.stderr


def documents_in(text: str) -> Documents:
    return [one for one in yaml.safe_load_all(text) if one]


def of_kind(documents: Documents, kind: str) -> Documents:
    return [one for one in documents if one["kind"] == kind]


def pods(documents: Documents) -> Iterator[tuple[str, dict[str, Any]]]:
    for one in documents:
        if one["kind"] in {"Deployment", "Job"}:
            yield one["metadata"]["name"], one["spec"]["template"]["spec"]


def matches(selector: dict[str, Any], labels: dict[str, str]) -> bool:
    """As Kubernetes does, of which the chart uses `matchLabels` and the operator In. An empty selector chooses all."""
    for one in selector.get("matchExpressions", ()):
        assert one["operator"] == "In", "not known here"
        if labels.get(one["key"]) not in one["values"]:
            return False
    stated: dict[str, str] = selector.get("matchLabels", {})
    return stated.items() <= labels.items()
