"""The release before and this version on one database, each with its own programs and settings; everything around them once."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts.record_release import ROOT, unpack
from simulators.demo.instance import GUNICORN, WORKER, Instance
from simulators.demo.processes import Processes
from simulators.demo.programs import whole_sources
from tests.support.demo import free_port_range, prepare_patient
from tests.support.postgres import TwoRoles, postgres_server, two_roles
from tests.support.waiting import PATIENCE_S, wait_until


@dataclass(frozen=True)
class Version:
    """`tree`: where its programs are. `url`: where its service listens."""

    name: str
    tree: Path
    settings_file: Path
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """With the programs of this tree and no others. gunicorn also takes those of the folder where it is started."""
        own = {"PYTHONPATH": str(self.tree), "PYTHONPYCACHEPREFIX": str(self.bytecode)}
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        return {**kept, **own, "BLAUWE_KNOP_SETTINGS": str(self.settings_file)}

    @property
    def bytecode(self) -> Path:
        """What its programs compile: which files a running one imported."""
        return self.settings_file.parent / f"bytecode-{self.name}"

    def has_run(self, module: str) -> bool:
        """Whether a program of this tree imported that module, say app/factory."""
        place = self.bytecode / (self.tree / module).relative_to("/")
        return any(place.parent.glob(f"{place.name}.*.pyc"))

    @property
    def service(self) -> list[str]:
        where = ["--chdir", str(self.tree), "--bind", f"127.0.0.1:{self.port}", "--workers", "1"]
        threads = ["--worker-class", WORKER, "--threads", "8", "simulators.demo.wsgi:application"]
        return ["-P", "-m", "gunicorn", *where, *GUNICORN, *threads]

    def run(self, *arguments: str) -> str:
        """`blauwe-knop ARGUMENTS` of this version, which must succeed; gives what it says."""
        command = [sys.executable, "-P", "-m", "simulators.demo.command", *arguments]
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )
        assert done.returncode == 0, (self.name, arguments, done.stdout + done.stderr)
        return done.stdout


@dataclass(frozen=True)
class OldAndNew:
    instance: Instance
    roles: TwoRoles
    old: Version
    new: Version
    processes: Processes

    def start(self, version: Version) -> None:
        """Its service, until it is ready."""
        self.processes.start(version.name, version.service, version.environment, version.tree)
        self.processes.wait_until_ready(version.name, f"{version.url}/_health/ready")


@contextlib.contextmanager
def run_old_and_new(folder: Path) -> Iterator[OldAndNew]:
    """The old version serves; the new one is there but has done nothing yet."""
    with contextlib.ExitStack() as cleanup:
        roles = two_roles(cleanup.enter_context(postgres_server(folder / "pg")), folder)
        port = free_port_range()
        old = _prepared_by_the_old_one(folder, port, roles)
        instance = prepare_patient(folder / "instance", port)
        _without_new_options(instance.settings_file)
        _use_database(instance.settings_file, roles)
        new = Version("new", ROOT, instance.settings_file, port + 1)
        processes = Processes(instance.folder / "logs")
        cleanup.callback(processes.stop)
        both = OldAndNew(instance, roles, old, new, processes)
        _outside_world(both)
        old.run("db", "upgrade", "--as", roles.owner)
        both.start(old)
        yield both


def _prepared_by_the_old_one(folder: Path, port: int, roles: TwoRoles) -> Version:
    """Each version has settings of its own: a key that only the new one knows would stop the old one."""
    tree, instance = unpack(folder / "old"), folder / "instance"
    program = (
        "import sys, pathlib; from simulators.demo.instance import prepare; "
        "prepare(pathlib.Path(sys.argv[1]), int(sys.argv[2]))"
    )
    command = [sys.executable, "-P", "-c", program, str(instance), str(port)]
    subprocess.run(command, env={**os.environ, "PYTHONPATH": str(tree)}, check=True, timeout=PATIENCE_S)
    settings = (instance / "settings.toml").rename(instance / "old-settings.toml")
    _use_database(settings, roles)
    return Version("old", tree, settings, port)


def _without_new_options(settings_file: Path) -> None:
    """What is new is switched on when all programs are (docs/operations.md)."""
    text = settings_file.read_text("utf-8")
    changed, count = re.subn(r"^\[paper\]\n(?:.+\n)+", "", text, flags=re.M)
    assert count == 1
    settings_file.write_text(changed, "utf-8")


def _use_database(settings_file: Path, roles: TwoRoles) -> None:
    text = settings_file.read_text("utf-8")
    changed, count = re.subn(r'^url = "sqlite:///[^"]+"$', f'url = "{roles.service_url}"', text, flags=re.M)
    assert count == 1
    settings_file.write_text(changed + "[times]\nshow_after_seconds = 28\n", "utf-8")


def _outside_world(both: OldAndNew) -> None:
    instance, processes = both.instance, both.processes
    processes.start("organisaties", ["-m", "simulators.organisations", *instance.organisations_arguments])
    processes.start("digid", ["-m", "simulators.digid", *instance.digid_arguments])
    processes.start("zegeldiensten", ["-m", "simulators.trust_services", *instance.trust_services_arguments])
    processes.wait_until_ready("digid", f"{instance.digid_url}/jwks")
    processes.wait_until_ready("zegeldiensten", f"{instance.trust_services_url}/crl/zegel-ca.crl")
    wait_until(lambda: whole_sources(instance), "the organisations never began")
