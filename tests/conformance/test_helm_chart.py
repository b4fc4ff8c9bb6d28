"""The chart: judged by helm and by the schemas of Kubernetes; and what it renders is what our own programs accept."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.settings import load_settings
from signing.policy import load_trust
from sources.config import load_sources
from tests.support.seals import Town
from tests.support.waiting import PATIENCE_S
from tests.unit.settings.conftest import Instance

pytestmark = pytest.mark.conformance

ROOT = Path(__file__).parents[2]
CHART = ROOT / "deploy" / "helm" / "blauwe-knop"
TOOLS = ROOT / ".venv-tools" / "bin"
VERSIONS = ["1.28.0", "1.34.0"]  # the oldest that Chart.yaml names, and a newer one
EVERYTHING = """
operatorHost: beheer.schulden.voorbeeld.nl
ingress: {operatorTlsSecret: beheer, annotations: {a: b}}
image: {digest: "sha256:0000000000000000000000000000000000000000000000000000000000000000", pullSecrets: [register]}
migrations: {owner: eigenaar, ownerPasswordKey: owner-password}
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
"""
Documents = list[dict[str, Any]]


def run(*command: object) -> str:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=PATIENCE_S)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Values that use all that the chart can do."""
    file = tmp_path_factory.mktemp("values") / "everything.yaml"
    file.write_text(EVERYTHING)
    return file


@pytest.fixture(scope="module", params=["twenty lines", "everything"])
def rendered(request: pytest.FixtureRequest, everything: Path) -> str:
    values = ["-f", CHART / "example-values.yaml"]
    if request.param == "everything":
        values += ["-f", everything]
    run(TOOLS / "helm", "lint", "--strict", CHART, *values)
    return run(TOOLS / "helm", "template", "zonnedael", CHART, *values)


@pytest.fixture(scope="module")
def documents(rendered: str) -> Documents:
    return [one for one in yaml.safe_load_all(rendered) if one]


def test_twenty_lines_are_enough() -> None:
    lines = (CHART / "example-values.yaml").read_text().splitlines()
    assert len(lines) <= 20


@pytest.mark.parametrize("version", VERSIONS)
def test_kubernetes_knows_every_field(rendered: str, version: str, tmp_path: Path) -> None:
    file = tmp_path / "rendered.yaml"
    file.write_text(rendered)
    run(TOOLS / "kubernetes-validate", "--strict", "-k", version, file)
    file.write_text(rendered.replace("readOnlyRootFilesystem", "readOnlyRoot"))
    wrong = [str(TOOLS / "kubernetes-validate"), "--strict", "-k", version, str(file)]
    assert subprocess.run(wrong, capture_output=True, timeout=PATIENCE_S).returncode != 0


def pods(documents: Documents) -> Iterator[tuple[str, dict[str, Any]]]:
    for one in documents:
        if one["kind"] in {"Deployment", "Job"}:
            yield one["metadata"]["name"], one["spec"]["template"]["spec"]


def test_no_pod_may_do_more_than_it_must(documents: Documents) -> None:
    found = dict(pods(documents))
    assert {"zonnedael-site", "zonnedael-work", "zonnedael-migrations"} <= found.keys()
    for name, pod in found.items():
        context, [container] = pod["securityContext"], pod["containers"]
        assert context["runAsNonRoot"] is True, name
        assert context["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert pod["automountServiceAccountToken"] is False, name
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert container["resources"]["limits"]["memory"], name
        assert all(mount["readOnly"] for mount in container["volumeMounts"]), name


def test_no_secret_stands_in_the_chart(documents: Documents) -> None:
    assert "Secret" not in {one["kind"] for one in documents}
    assert {volume["secret"]["secretName"] for _, pod in pods(documents) for volume in pod["volumes"] if "secret" in volume} == {
        "blauwe-knop"
    }  # fmt: skip


def test_our_own_programs_accept_the_files(documents: Documents, tmp_path: Path) -> None:
    """The same files, at the same places as in the pod."""
    instance = Instance(tmp_path)
    instance.secret("database-password", "x")
    instance.secret("login-decryption.pem", (tmp_path / "secrets" / "login-decryption.pem").read_text())
    for name in ("seal.pem", "seal-chain.pem"):
        shutil.copy(tmp_path / name, tmp_path / "secrets" / name)
    [files] = [
        one["data"]
        for one in documents
        if one["kind"] == "ConfigMap" and "annotations" not in one["metadata"]
    ]
    [volume] = [
        volume for volume in dict(pods(documents))["zonnedael-site"]["volumes"] if volume["name"] == "files"
    ]
    for item in volume["configMap"]["items"]:
        target = tmp_path / item["path"]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(files[item["key"]].replace("/secrets/", f"{tmp_path}/secrets/"))
    settings = load_settings(instance.file)
    assert settings.organisation.name == "Gemeente Voorbeeld"
    assert settings.public_url == "https://schulden.voorbeeld.nl"
    assert settings.trusted_proxies.hops == 1
    [source] = load_sources(settings.sources_file)
    assert source.source_id == "gemeente-belastingen"
    root = tmp_path / "trust" / "gemeente-voorbeeld" / "wortel.pem"
    assert root.read_text().startswith("-----BEGIN CERTIFICATE-----")
    town = Town.create()
    shutil.copy(town.authority.write_trust(tmp_path / "other", "X", "NTRNL-1") / "root.pem", root)
    [organisation] = load_trust(settings.trust_folder).organisations
    assert organisation.name == "Gemeente Voorbeeld"


def test_what_must_be_given_is_asked_for() -> None:
    command = [str(TOOLS / "helm"), "template", "zonnedael", str(CHART)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S)
    assert done.returncode != 0
    assert "secretName" in done.stderr
