"""What other people's programs say of our code and of what it depends on."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from scripts import sbom

pytestmark = [pytest.mark.conformance, pytest.mark.timeout(600)]

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / ".venv-tools" / "bin"
OURS = ("app", "claims", "signing", "sources")
RULES = ROOT / "tests" / "conformance" / "rules"
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))

REVIEWED = {
    "B101": "asserts that only tell the type checker what other lines made sure of",
    "B105": "names of kinds of tokens, no passwords",
    "B112": "a signature that does not verify with one signer is tried with the next; none means refused",
    "B404": "one program is started: our own examiner",
    "B406": "only `escape`, which writes XML and reads none",
    "B603": "its arguments are constants, and there is no shell",
}
"""Remarks of bandit of the lowest severity, each looked at."""
JUDGE = """
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
with open(sys.argv[1]) as file:
    problem = JsonStrictValidator(SchemaVersion.V1_6).validate_str(file.read())
sys.exit(0 if problem is None else str(problem))
"""


def run(*command: str, codes: tuple[int, ...] = (0,)) -> str:
    environment = {"PATH": f"{TOOLS}:/usr/bin:/bin", "HOME": "/tmp", "SEMGREP_SEND_METRICS": "off"}
    result = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=500
    )
    assert result.returncode in codes, result.stdout + result.stderr
    return result.stdout


def test_bandit_finds_nothing_that_was_not_looked_at() -> None:
    report = json.loads(run("bandit", "-q", "-f", "json", "-r", *OURS, codes=(0, 1)))
    assert report["errors"] == []
    found = [(one["test_id"], one["issue_severity"], one["filename"]) for one in report["results"]]
    assert [one for one in found if one[1] != "LOW" or one[0] not in REVIEWED] == []


def test_bandit_is_looking(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text("import pickle\npickle.loads(open('x', 'rb').read())\n", "utf-8")
    report = json.loads(run("bandit", "-q", "-f", "json", str(bad), codes=(1,)))
    assert "MEDIUM" in {one["issue_severity"] for one in report["results"]}


def semgrep(*arguments: str) -> str:
    return run("semgrep", *arguments, "--metrics=off", "--disable-version-check")


def test_our_own_rules_find_their_examples() -> None:
    assert "All tests passed" in semgrep("--test", str(RULES))


def test_our_own_rules_find_nothing_in_our_code() -> None:
    report = json.loads(
        semgrep("scan", "--json", "--error", "--config", str(RULES / "blauwe-knop.yaml"), *OURS)
    )
    assert report["errors"] == []
    assert len(report["paths"]["scanned"]) > 300
    assert report["results"] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
@pytest.mark.threat("T-30")
def test_every_dependency_is_pinned_by_hash(lock: Path) -> None:
    text = lock.read_text("utf-8")
    packages = re.findall(r"^([a-z0-9][\w.-]*)==([^\s;\\]+)", text, flags=re.M | re.I)
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.M | re.I)[1:]
    assert packages
    assert len(packages) == len(entries)
    assert all("--hash=sha256:" in entry for entry in entries)


def test_the_bill_of_materials_lists_what_the_image_contains(tmp_path: Path) -> None:
    """The same command as in docs/dependencies.md; the tool checks its own output against the CycloneDX schema."""
    lock = ROOT / "requirements" / "run.lock"
    file = tmp_path / "sbom.json"
    run("cyclonedx-py", "requirements", str(lock), "--output-format", "JSON", "--validate", "-o", str(file))
    bill = json.loads(file.read_text("utf-8"))
    assert bill["bomFormat"] == "CycloneDX"
    listed = {component["name"].lower() for component in bill["components"]}
    locked = {
        name.lower()
        for name in re.findall(r"^([a-z0-9][\w.-]*)==", lock.read_text("utf-8"), flags=re.M | re.I)
    }
    assert listed == locked
    sbom.main(file)
    whole = json.loads(file.read_text("utf-8"))["components"]
    assert {one["type"] for one in whole[len(listed) :]} == {"library", "file", "container"}
    assert len({one["bom-ref"] for one in whole}) == len(whole)
    run(str(TOOLS / "python"), "-c", JUDGE, str(file))
