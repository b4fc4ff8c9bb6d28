"""What a cluster does with the rendered chart: what it probes, where pods stand, how many, and whom they can reach."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.http.health import create_health
from tests.conformance.helm import EVERYTHING, Documents, documents_in, matches, of_kind, rendered

pytestmark = pytest.mark.conformance

NAMESPACE = "kubernetes.io/metadata.name"
SOMEWHERE = "203.0.113.7"  # outside, RFC 5737
METADATA = "169.254.169.254"  # where a cloud tells its machines who they are, with passwords
HOSTS = {"zonnedael-site": "schulden.voorbeeld.nl", "zonnedael-operator": "beheer.schulden.voorbeeld.nl"}


@pytest.fixture(scope="module", params=["twenty lines", "everything"])
def documents(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Documents:
    file = tmp_path_factory.mktemp("values") / "everything.yaml"
    file.write_text(EVERYTHING)
    return documents_in(rendered(*(["-f", file] if request.param == "everything" else [])))


def deployments(documents: Documents) -> Iterator[tuple[str, dict[str, Any], dict[str, str]]]:
    """Name, specification and the labels of its pods."""
    for one in of_kind(documents, "Deployment"):
        template = one["spec"]["template"]
        assert matches(one["spec"]["selector"], template["metadata"]["labels"])
        yield one["metadata"]["name"], one["spec"], template["metadata"]["labels"]


def least_pods(name: str, spec: dict[str, Any], documents: Documents) -> int:
    """When nobody disturbs anything."""
    for scaler in of_kind(documents, "HorizontalPodAutoscaler"):
        if scaler["spec"]["scaleTargetRef"]["name"] == name:
            return int(scaler["spec"]["minReplicas"])
    return int(spec["replicas"])


def test_whatever_takes_requests_is_probed_as_the_service_answers(documents: Documents) -> None:
    app = Flask(__name__)
    app.register_blueprint(create_health({"database": lambda: False}))
    answers = {path: app.test_client().get(path).status_code for path in ("/_health/live", "/_health/ready")}
    for name, spec, _ in deployments(documents):
        [container] = spec["template"]["spec"]["containers"]
        if name not in HOSTS:
            assert not [key for key in container if key.endswith("Probe")], "it has no port"
            continue
        asks = {kind: container[f"{kind}Probe"] for kind in ("startup", "liveness", "readiness")}
        found = {kind: answers[probe["httpGet"]["path"]] for kind, probe in asks.items()}
        assert found == {"startup": 200, "liveness": 200, "readiness": 503}, (
            "no restart for a database that is away"
        )
        for probe in asks.values():
            headers = {one["name"]: one["value"] for one in probe["httpGet"]["httpHeaders"]}
            assert headers == {"Host": HOSTS[name]}, "others get status 400"
            assert probe["httpGet"]["port"] in {port["name"] for port in container["ports"]}


def patience_s(probe: dict[str, Any]) -> int:
    """How long Kubernetes sees failures before it does something; its own defaults are 10 seconds and three times."""
    return int(probe.get("periodSeconds", 10)) * int(probe.get("failureThreshold", 3))


def test_a_slow_start_or_a_busy_moment_is_no_reason_to_restart(documents: Documents) -> None:
    for name, spec, _ in deployments(documents):
        if name in HOSTS:
            [container] = spec["template"]["spec"]["containers"]
            assert patience_s(container["startupProbe"]) >= 60, name
            assert patience_s(container["livenessProbe"]) >= 30, name
            assert patience_s(container["readinessProbe"]) < patience_s(container["livenessProbe"]), (
                "first no more visitors"
            )


def test_the_autoscaler_scales_the_site_and_nothing_else_says_how_many(documents: Documents) -> None:
    [scaler] = [one["spec"] for one in of_kind(documents, "HorizontalPodAutoscaler")]
    found = {name: spec for name, spec, _ in deployments(documents)}
    target = scaler["scaleTargetRef"]
    assert (target["apiVersion"], target["kind"], target["name"]) == (
        "apps/v1",
        "Deployment",
        "zonnedael-site",
    )
    assert "replicas" not in found["zonnedael-site"], "each upgrade would undo what the autoscaler did"
    assert 2 <= scaler["minReplicas"] < scaler["maxReplicas"]
    [container] = found["zonnedael-site"]["template"]["spec"]["containers"]
    for metric in scaler["metrics"]:
        assert 0 < metric["resource"]["target"]["averageUtilization"] < 100
        assert metric["resource"]["name"] in container["resources"]["requests"], (
            "it is a share of what was asked for"
        )


def test_without_the_autoscaler_the_values_say_how_many() -> None:
    found = documents_in(rendered("--set", "site.autoscaling.enabled=false", "--set", "site.replicas=3"))
    assert of_kind(found, "HorizontalPodAutoscaler") == []
    assert {name: spec["replicas"] for name, spec, _ in deployments(found)}["zonnedael-site"] == 3


def test_emptying_a_machine_leaves_one_of_each_and_is_never_refused(documents: Documents) -> None:
    budgets = [one["spec"] for one in of_kind(documents, "PodDisruptionBudget")]
    for name, spec, labels in deployments(documents):
        about = [one for one in budgets if matches(one["selector"], labels)]
        if name == "zonnedael-operator":
            assert about == [], "there is one: a budget would refuse, or say nothing"
            continue
        [budget] = about
        assert budget.keys() == {"selector", "maxUnavailable"}
        assert 1 <= budget["maxUnavailable"] < least_pods(name, spec, documents)


def test_an_upgrade_takes_no_pod_of_the_site_away_before_another_is_there(documents: Documents) -> None:
    found = {name: spec for name, spec, _ in deployments(documents)}
    assert found["zonnedael-site"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0


def test_pods_of_one_program_stand_on_different_machines_when_they_can(documents: Documents) -> None:
    for name, spec, labels in deployments(documents):
        [spread] = spec["template"]["spec"]["topologySpreadConstraints"]
        assert spread["topologyKey"] == "kubernetes.io/hostname"
        assert spread["maxSkew"] == 1
        assert spread["whenUnsatisfiable"] == "ScheduleAnyway", "on one machine it works too"
        chosen = {
            other for other, _, theirs in deployments(documents) if matches(spread["labelSelector"], theirs)
        }
        assert chosen == {name}
        assert matches(spread["labelSelector"], labels)


def pod_labels(documents: Documents) -> dict[str, dict[str, str]]:
    """Of every pod that there ever is, also of the job."""
    templates = of_kind(documents, "Deployment") + of_kind(documents, "Job")
    return {one["metadata"]["name"]: one["spec"]["template"]["metadata"]["labels"] for one in templates}


def may_leave(documents: Documents, labels: dict[str, str], to: str, port: int, way: str = "TCP") -> bool:
    """Whether a packet goes out, to an address or to a name space."""
    policies = [one["spec"] for one in of_kind(documents, "NetworkPolicy")]
    about = [
        one for one in policies if "Egress" in one["policyTypes"] and matches(one["podSelector"], labels)
    ]
    assert about, "without any policy everything goes out"
    rules = [rule for one in about for rule in one["egress"]]
    return any(_takes(rule, port, way) and any(_is(peer, to) for peer in rule["to"]) for rule in rules)


def may_enter(documents: Documents, labels: dict[str, str], namespace: str, port: int) -> bool:
    policies = [one["spec"] for one in of_kind(documents, "NetworkPolicy")]
    about = [
        one for one in policies if "Ingress" in one["policyTypes"] and matches(one["podSelector"], labels)
    ]
    assert about, "without any policy everything comes in"
    rules = [rule for one in about for rule in one["ingress"]]
    return any(_takes(rule, port) and any(_is(peer, namespace) for peer in rule["from"]) for rule in rules)


def _takes(rule: dict[str, Any], port: int, way: str = "TCP") -> bool:
    assert rule["ports"], "no ports would mean all"
    return any((one["protocol"], one["port"]) == (way, port) for one in rule["ports"])


def _is(peer: dict[str, Any], place: str) -> bool:
    if "ipBlock" in peer:
        block = peer["ipBlock"]
        return place[0].isdigit() and _in(place, [block["cidr"]]) and not _in(place, block.get("except", []))
    return matches(peer["namespaceSelector"], {NAMESPACE: place})


def _in(place: str, blocks: list[str]) -> bool:
    return any(ip_address(place) in ip_network(one) for one in blocks)


def test_every_pod_reaches_what_it_needs_and_nothing_else(documents: Documents) -> None:
    """docs/hosting.md: sources, providers and time-stamps at 443, revocation lists at 80, the database, names."""
    for name, labels in pod_labels(documents).items():
        reached = {port for port in range(1, 65536) if may_leave(documents, labels, SOMEWHERE, port)}
        assert reached == {80, 443, 5432}, name
        assert all(may_leave(documents, labels, "kube-system", 53, way) for way in ("TCP", "UDP")), name
        assert not may_leave(documents, labels, SOMEWHERE, 53, "UDP"), name
        assert not may_leave(documents, labels, "default", 443), name
        assert not any(may_leave(documents, labels, METADATA, port) for port in (80, 443)), name


def test_networks_and_ports_can_be_narrowed(tmp_path: Path) -> None:
    file = tmp_path / "narrow.yaml"
    file.write_text(
        "network: {databaseCidr: 10.1.2.3/32, outgoingCidr: 10.9.0.0/16, outgoingPorts: [443, 8443]}"
    )
    found = documents_in(rendered("-f", file))
    for labels in pod_labels(found).values():
        assert may_leave(found, labels, "10.1.2.3", 5432)
        assert may_leave(found, labels, "10.9.1.1", 8443)
        assert not may_leave(found, labels, "10.9.1.1", 80)
        assert not may_leave(found, labels, "10.1.2.4", 5432)
        assert not may_leave(found, labels, SOMEWHERE, 443)


def test_only_sites_are_visited_and_only_by_the_ingress(documents: Documents) -> None:
    for name, labels in pod_labels(documents).items():
        assert may_enter(documents, labels, "ingress-nginx", 8000) == (name in HOSTS), name
        assert not may_enter(documents, labels, "monitoring", 8000), f"{name} answers to its host name only"
        assert not may_enter(documents, labels, "default", 8000), name
        assert not may_enter(documents, labels, "ingress-nginx", 22), name
