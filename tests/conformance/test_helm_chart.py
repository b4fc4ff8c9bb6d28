"""The chart: judged by helm and by the schemas of Kubernetes; and what it renders is what our own programs accept."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography.hazmat.primitives.serialization import Encoding

from app.settings import load_settings
from signing.policy import load_trust
from sources.config import load_sources
from tests.conformance.helm import (
    CHART,
    EVERYTHING,
    EXAMPLE,
    TOOLS,
    Documents,
    documents_in,
    of_kind,
    pods,
    refused,
    rendered,
    run,
)
from tests.support.seals import Town
from tests.support.waiting import PATIENCE_S
from tests.unit.settings.conftest import Instance

pytestmark = pytest.mark.conformance

VERSIONS = ["1.28.0", "1.34.0"]  # the oldest that Chart.yaml names, and a newer one


@pytest.fixture(scope="module")
def town() -> Town:
    """Whose authorities stand in the ConfigMap of the example, and as text in the other values."""
    return Town.create()


def roots_of(town: Town) -> dict[str, str]:
    """What an operator puts into the ConfigMap that the example names."""
    found = {"pkioverheid.pem": town.authority.seal_root, "tijdstempels.pem": town.tsa.root}
    return {name: one.certificate.public_bytes(Encoding.PEM).decode() for name, one in found.items()}


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory, town: Town) -> Path:
    """Values that use all that the chart can do."""
    values, roots = yaml.safe_load(EVERYTHING), roots_of(town)
    values["trust"]["gemeente-waterrijk"] = {
        "naam": "Gemeente Waterrijk",
        "organisatie_id": "NTRNL-90000002",
        "wortels": roots["pkioverheid.pem"],
        "tijdstempel": roots["tijdstempels.pem"],
    }
    file = tmp_path_factory.mktemp("values") / "everything.yaml"
    file.write_text(yaml.safe_dump(values))
    return file


@pytest.fixture(scope="module", params=["twenty lines", "everything"])
def text(request: pytest.FixtureRequest, everything: Path) -> str:
    values = ["-f", everything] if request.param == "everything" else []
    run(TOOLS / "helm", "lint", "--strict", CHART, "-f", EXAMPLE, *values)
    return rendered(*values)


@pytest.fixture(scope="module")
def documents(text: str) -> Documents:
    return documents_in(text)


def test_twenty_lines_are_enough() -> None:
    """And whole: `test_our_own_programs_accept_the_files` starts from nothing else, and from what they refer to."""
    example = EXAMPLE.read_text("utf-8")
    assert len(example.splitlines()) <= 20
    listed = re.search(r"# keys: (.*)", example)
    assert listed is not None
    named = set(re.findall(r"/secrets/([\w.-]+)", rendered()))
    assert set(listed[1].split(", ")) == named


@pytest.mark.parametrize("version", VERSIONS)
def test_kubernetes_knows_every_field(text: str, version: str, tmp_path: Path) -> None:
    file = tmp_path / "rendered.yaml"
    file.write_text(text)
    run(TOOLS / "kubernetes-validate", "--strict", "-k", version, file)
    file.write_text(text.replace("readOnlyRootFilesystem", "readOnlyRoot"))
    wrong = [str(TOOLS / "kubernetes-validate"), "--strict", "-k", version, str(file)]
    assert subprocess.run(wrong, capture_output=True, timeout=PATIENCE_S).returncode != 0


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
        written = {mount["name"] for mount in container["volumeMounts"] if not mount.get("readOnly")}
        given = {volume["name"] for volume in pod["volumes"] if "persistentVolumeClaim" in volume}
        assert written == given, name
        assert not given or name == "zonnedael-work", name


def test_files_are_exchanged_by_the_worker_and_nobody_else(everything: Path) -> None:
    """docs/kubernetes.md, "Files of others"."""
    found = dict(pods(documents_in(rendered("-f", everything))))
    volumes = {
        name: [one.get("persistentVolumeClaim") for one in pod["volumes"]] for name, pod in found.items()
    }
    assert {"claimName": "uitwisseling"} in volumes.pop("zonnedael-work")
    assert volumes
    assert not any(any(claims) for claims in volumes.values())
    mounts = found["zonnedael-work"]["containers"][0]["volumeMounts"]
    assert {"name": "exchange", "mountPath": "/exchange"} in mounts


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
    assert "ownerSecretName" in refused(*(word for one in values for word in ("--set", one)))


def test_our_own_programs_accept_the_files(documents: Documents, town: Town, tmp_path: Path) -> None:
    """The same files, at the same places as in the pod."""
    instance = Instance(tmp_path)
    instance.secret("database-password", "x")
    instance.secret("login-decryption.pem", (tmp_path / "secrets" / "login-decryption.pem").read_text())
    for name in ("seal.pem", "seal-chain.pem"):
        shutil.copy(tmp_path / name, tmp_path / "secrets" / name)
    [files] = [one["data"] for one in of_kind(documents, "ConfigMap") if "annotations" not in one["metadata"]]
    there = {"zonnedael": files, "zegelwortels": roots_of(town)}
    [volume] = [
        volume for volume in dict(pods(documents))["zonnedael-site"]["volumes"] if volume["name"] == "files"
    ]
    for mounted in (one["configMap"] for one in volume["projected"]["sources"]):
        for item in mounted["items"]:
            target = tmp_path / item["path"]
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(
                there[mounted["name"]][item["key"]].replace("/secrets/", f"{tmp_path}/secrets/")
            )
    settings = load_settings(instance.file)
    assert settings.organisation.name == "Gemeente Voorbeeld"
    assert settings.public_url == "https://schulden.voorbeeld.nl"
    assert settings.trusted_proxies.hops == 1
    [source] = load_sources(settings.sources_file)
    assert source.source_id == "gemeente-belastingen"
    trusted = {one.name: one for one in load_trust(settings.trust_folder).organisations}
    whole = settings.operator is not None
    assert set(trusted) == {"Gemeente Voorbeeld", *(["Gemeente Waterrijk"] if whole else [])}
    for one in trusted.values():
        assert one.roots == (town.authority.seal_root.certificate.public_bytes(Encoding.DER),)
        assert len(one.time_stamp_roots) == int(whole)


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
    mine = EXAMPLE.read_text("utf-8")
    theirs = mine
    for before, after in NEIGHBOUR.items():
        assert before in theirs
        theirs = theirs.replace(before, after)
    found = {}
    for name, text in (("zonnedael", mine), ("waterrijk", theirs)):
        file = tmp_path_factory.mktemp(name) / "values.yaml"
        file.write_text(text, "utf-8")
        made = run(TOOLS / "helm", "template", name, CHART, "--namespace", "schulden", "-f", file)
        found[name] = documents_in(made)
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
    found = dict(pods(documents_in(rendered("-f", everything))))
    assert len(found) == 4
    for name, pod in found.items():
        given = {one["name"]: one["value"] for one in pod["containers"][0]["env"]}
        assert given["OTEL_EXPORTER_OTLP_ENDPOINT"] == "http://collector.monitoring:4318", name
        assert given["OTEL_TRACES_SAMPLER_ARG"] == "0.05", name
        component = pod["containers"][0]["name"]
        assert given["OTEL_SERVICE_NAME"] == f"zonnedael-{component}", "traces tell the programs apart"


def test_in_traces_the_operator_may_call_the_programs_otherwise(everything: Path) -> None:
    name = ["--set", "environment.OTEL_SERVICE_NAME=schulden"]
    values = ["-f", CHART / "example-values.yaml", "-f", everything, *name]
    rendered = run(TOOLS / "helm", "template", "zonnedael", CHART, *values)
    for _, pod in pods([one for one in yaml.safe_load_all(rendered) if one]):
        named = [one for one in pod["containers"][0]["env"] if one["name"] == "OTEL_SERVICE_NAME"]
        assert named == [{"name": "OTEL_SERVICE_NAME", "value": "schulden"}]


def below_a_path(tmp_path: Path, *more: str) -> subprocess.CompletedProcess[str]:
    file = tmp_path / "path.yaml"
    file.write_text("settings: {api: {signing_key_file: /secrets/api-signing.pem}}", "utf-8")
    values = ["-f", str(EXAMPLE), "-f", str(file), *more]
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


@pytest.mark.parametrize(
    "missing",
    ["image.repository", "host", "secretName", "ingress.tlsSecret", "trust.gemeente-voorbeeld.wortelsIn"],
)
def test_what_must_be_given_is_asked_for(missing: str) -> None:
    said = refused("--set", f"{missing}=null" if missing.startswith("trust") else f"{missing}=")
    assert missing.removesuffix("In") in said


def test_a_name_without_the_key_of_its_password_is_refused() -> None:
    given = ["--set", "migrations.owner=eigenaar", "--set", "migrations.ownerSecretName=x"]
    assert "migrations.ownerPasswordKey" in refused(*given)


@pytest.mark.parametrize(
    "wrong",
    [
        "wortels=PEM",
        "wortelsIn.key=",
        "tijdstempelIn.configMap=zegelwortels",
        "tijdstempelIn=zegelwortels",
    ],
)
def test_an_authority_is_given_once_and_wholly(wrong: str) -> None:
    said = refused("--set", f"trust.gemeente-voorbeeld.{wrong}")
    assert "trust.gemeente-voorbeeld." in said
    assert "error calling include" not in said
