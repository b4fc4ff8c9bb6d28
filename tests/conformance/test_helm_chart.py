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
    for name, pod in pods(documents):
        of_owner = name == "zonnedael-migrations" and "--as" in str(pod["containers"][0]["args"])
        assert secrets_of(pod) == {"blauwe-knop", *(["blauwe-knop-eigenaar"] if of_owner else [])}, name


def secrets_of(pod: dict[str, Any]) -> set[str]:
    return {volume["secret"]["secretName"] for volume in pod["volumes"] if "secret" in volume}


@pytest.mark.parametrize("given", [(), ("migrations.ownerSecretName=blauwe-knop",)])
def test_no_program_but_the_job_can_read_the_password_of_who_owns_the_tables(given: tuple[str, ...]) -> None:
    values = ["migrations.owner=eigenaar", "migrations.ownerPasswordKey=owner-password", *given]
    command = [
        str(TOOLS / "helm"),
        "template",
        "zonnedael",
        str(CHART),
        "-f",
        str(CHART / "example-values.yaml"),
    ]
    command += [word for one in values for word in ("--set", one)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S)
    assert done.returncode != 0
    assert "ownerSecretName" in done.stderr


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


NEIGHBOUR = {
    "schulden.voorbeeld.nl": "schulden.waterrijk.nl",
    "schulden-voorbeeld-nl": "schulden-waterrijk-nl",
    "secretName: blauwe-knop ": "secretName: waterrijk ",
    "Gemeente Voorbeeld": "Gemeente Waterrijk",
    "NTRNL-90000001": "NTRNL-90000002",
    "db.intern/blauwe_knop": "db.intern/waterrijk",
}


@pytest.fixture(scope="module")
def installations(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Documents]:
    """Two organisations from one chart, each with twenty lines of its own, in one name space: the hardest place to be apart."""
    mine = (CHART / "example-values.yaml").read_text("utf-8")
    theirs = mine
    for before, after in NEIGHBOUR.items():
        assert before in theirs
        theirs = theirs.replace(before, after)
    found = {}
    for name, text in (("zonnedael", mine), ("waterrijk", theirs)):
        file = tmp_path_factory.mktemp(name) / "values.yaml"
        file.write_text(text, "utf-8")
        rendered = run(TOOLS / "helm", "template", name, CHART, "--namespace", "schulden", "-f", file)
        found[name] = [one for one in yaml.safe_load_all(rendered) if one]
    return found


def test_two_organisations_from_one_chart_share_no_name(installations: dict[str, Documents]) -> None:
    mine, theirs = (
        {(one["kind"], one["metadata"]["name"]) for one in found} for found in installations.values()
    )
    assert len(mine) == len(theirs) >= 10
    assert not mine & theirs


def test_nothing_of_one_organisation_chooses_a_pod_of_the_other(installations: dict[str, Documents]) -> None:
    """Services, policies of the network, budgets and deployments choose by labels; the autoscaler and the ingress by name."""
    for name, found in installations.items():
        (other,) = set(installations) - {name}
        of_other = [
            one["spec"]["template"]["metadata"]["labels"]
            for one in installations[other]
            if one["kind"] in {"Deployment", "Job"}
        ]
        chosen = [labels for one in found if (labels := _chosen_by(one)) is not None]
        assert len(chosen) >= 7
        for labels in chosen:
            assert not [theirs for theirs in of_other if labels.items() <= theirs.items()], name
        assert not [text for text in _texts(found) if other in text], name


def _chosen_by(document: dict[str, Any]) -> dict[str, str] | None:
    spec = document.get("spec", {})
    if document["kind"] == "Service":
        return dict(spec["selector"])
    chooses = spec.get("selector") or spec.get("podSelector")
    return None if chooses is None else dict(chooses["matchLabels"])


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(one)


def test_the_two_have_their_own_secrets_database_and_name(installations: dict[str, Documents]) -> None:
    text = {name: "\n".join(_texts(found)) for name, found in installations.items()}
    for before, after in NEIGHBOUR.items():
        mine, theirs = before.removeprefix("secretName: ").strip(), after.removeprefix("secretName: ").strip()
        assert theirs in text["waterrijk"]
        assert theirs not in text["zonnedael"]
        if mine != "blauwe-knop":  # also the name of the program
            assert mine not in text["waterrijk"]
    secrets = {
        name: {
            volume["secret"]["secretName"]
            for _, pod in pods(found)
            for volume in pod["volumes"]
            if "secret" in volume
        }
        for name, found in installations.items()
    }
    assert secrets == {"zonnedael": {"blauwe-knop"}, "waterrijk": {"waterrijk"}}


def test_every_program_gets_the_variables(everything: Path) -> None:
    values = ["-f", CHART / "example-values.yaml", "-f", everything]
    rendered = run(TOOLS / "helm", "template", "zonnedael", CHART, *values)
    found = dict(pods([one for one in yaml.safe_load_all(rendered) if one]))
    assert len(found) == 4
    for name, pod in found.items():
        given = {one["name"]: one["value"] for one in pod["containers"][0]["env"]}
        assert given["OTEL_EXPORTER_OTLP_ENDPOINT"] == "http://collector.monitoring:4318", name
        assert given["OTEL_TRACES_SAMPLER_ARG"] == "0.05", name


def below_a_path(tmp_path: Path, *more: str) -> subprocess.CompletedProcess[str]:
    file = tmp_path / "path.yaml"
    file.write_text("settings: {api: {signing_key_file: /secrets/api-signing.pem}}", "utf-8")
    values = ["-f", str(CHART / "example-values.yaml"), "-f", str(file), *more]
    command = [str(TOOLS / "helm"), "template", "zonnedael", str(CHART), *values]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S)


def test_below_a_path_the_ingress_takes_that_path_of_the_host_and_nothing_else(tmp_path: Path) -> None:
    done = below_a_path(tmp_path, "--set", "path=/blauwe-knop")
    found = [one for one in yaml.safe_load_all(done.stdout) if one]
    [rules] = [one["spec"]["rules"] for one in found if one["kind"] == "Ingress"]
    assert [(path["path"], path["pathType"]) for path in rules[0]["http"]["paths"]] == [
        ("/blauwe-knop", "Prefix"),
        ("/.well-known/oauth-authorization-server/blauwe-knop", "Exact"),
    ]
    files = [one["data"] for one in found if one["kind"] == "ConfigMap"]
    assert all('"https://schulden.voorbeeld.nl/blauwe-knop"' in one["settings.toml"] for one in files)


@pytest.mark.parametrize(
    "wrong", [["path=blauwe-knop"], ["path=/Blauwe"], ["path=/x", "settings.public_url=https://x"]]
)
def test_a_path_that_the_service_would_not_take_is_refused(wrong: list[str], tmp_path: Path) -> None:
    done = below_a_path(tmp_path, *(word for one in wrong for word in ("--set", one)))
    assert done.returncode != 0
    assert "path:" in done.stderr or "public_url:" in done.stderr


def test_what_must_be_given_is_asked_for() -> None:
    command = [str(TOOLS / "helm"), "template", "zonnedael", str(CHART)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S)
    assert done.returncode != 0
    assert "secretName" in done.stderr
