"""One installation: two service processes, a worker, PostgreSQL, and around them everything that can fail."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.persistence.engine import Database, open_database
from app.persistence.migrations import upgrade
from simulators.authority import create_authority
from simulators.certificates import read_private_key
from simulators.demo.instance import Instance, prepare
from simulators.organisations.simulation import Simulation, start
from simulators.time_stamps import load_time_stamps
from simulators.trust_services import TrustServices
from tests.faults import world
from tests.faults.database import BenchDatabase
from tests.faults.programs import Program, background, build_clock, site
from tests.support.demo import free_port_range
from tests.support.softhsm import SoftHsm

SPOIL_FILE, VARIABLE = "kapot", "FAULTS_SPOIL"
SOURCE_SECONDS = 1
_TIMES = f"\n[times]\nshow_after_seconds = {SOURCE_SECONDS}\ncollection_seconds = 5\n"


@dataclass(frozen=True)
class Installation:
    """`sites`: two service processes on one database, at `instance.port` and the next port."""

    instance: Instance
    postgres: BenchDatabase
    database: Database
    sites: tuple[Program, ...]
    worker: Program
    organisations: Simulation
    trust_services: TrustServices
    token: SoftHsm
    digid: Program

    @property
    def spoil_file(self) -> Path:
        """Which part of a spoilable service is broken."""
        return self.instance.folder.with_name(SPOIL_FILE)

    @property
    def urls(self) -> tuple[str, ...]:
        return tuple(f"http://127.0.0.1:{port}" for port in self.site_ports)

    @property
    def site_ports(self) -> tuple[int, ...]:
        return (self.instance.port, self.instance.port + 1)

    @property
    def programs(self) -> tuple[Program, ...]:
        return (*self.sites, self.worker, self.digid)


@contextlib.contextmanager
def installation(folder: Path, *, spoilable: bool = False) -> Iterator[Installation]:
    """Everything started in `folder`; all of it stops with the block. `spoilable`: of parts that can be made to fail."""
    instance = prepare(folder / "instance", free_port_range())
    authority = create_authority(instance.folder / "autoriteit")
    os.environ["BLAUWE_KNOP_SETTINGS"] = str(instance.settings_file)
    os.environ[VARIABLE] = str(folder / SPOIL_FILE)
    (folder / SPOIL_FILE).touch()
    with contextlib.ExitStack() as stack:
        postgres = BenchDatabase(folder / "pg")
        stack.enter_context(postgres.running())
        upgrade(postgres.uri)
        token = _token(instance)
        _write_settings(instance, postgres.uri, token)
        trust = TrustServices(authority, load_time_stamps(instance.folder / "tijdstempel"), instance.port + 4)
        stack.enter_context(trust)
        organisations = stack.enter_context(_organisations(instance))
        database = open_database(postgres.uri)
        stack.callback(database.close)
        (instance.folder / "logs").mkdir(exist_ok=True)
        build_clock(instance.folder / "logs")
        programs = _programs(instance, "tests.faults.spoiled_site" if spoilable else "simulators.demo.wsgi")
        for program in programs:
            stack.callback(program.kill)
            program.start()
        yield Installation(
            instance, postgres, database, programs[1:3], programs[3], organisations, trust, token, programs[0]
        )


def _programs(instance: Instance, application: str) -> tuple[Program, ...]:
    people = instance.folder / "burgers.toml"
    world.write_citizens(people)
    digid = ("-m", "simulators.digid", *instance.digid_arguments, "--citizens", str(people))
    return (
        Program("digid", digid, instance.settings_file, instance.folder / "logs"),
        site("a", instance, instance.port, application),
        site("b", instance, instance.port + 1, application),
        background("achtergrond", instance),
    )


def _token(instance: Instance) -> SoftHsm:
    """The sealing key of the demo goes into a token."""
    token = SoftHsm.create(instance.folder / "token")
    token.put(read_private_key(instance.folder / "zegel" / "zegel.key.pem"), "zegel")
    return token


def _write_settings(instance: Instance, database_url: str, token: SoftHsm) -> None:
    text = instance.settings_file.read_text("utf-8")
    text, keys = re.subn(r"key_file = \"zegel/zegel.key.pem\"\n", "", text)
    text, urls = re.subn(r'url = "sqlite:///[^"]*"', f'url = "{database_url}"', text)
    assert (keys, urls) == (1, 1)
    place = token.place
    in_token = f"""
[seal.pkcs11]
library = "{place.library}"
token_label = "{place.token_label}"
pin_file = "{place.pin_file}"
key_label = "zegel"
"""
    instance.settings_file.write_text(text + in_token + _TIMES, "utf-8")


@contextlib.contextmanager
def _organisations(instance: Instance) -> Iterator[Simulation]:
    """With the circuit breaker that installations have, and not the patient one of the demo."""
    folder = instance.sources_file.parent
    data = instance.folder / "bronnen"
    world.write_sources(data)
    authority = create_authority(folder / "authority")
    with start(authority, folder, slow_seconds=SOURCE_SECONDS + 1, data=data) as simulation:
        settings = f"total_seconds = {SOURCE_SECONDS}\nconnect_seconds = {SOURCE_SECONDS}"
        simulation.write_sources_toml(instance.sources_file, settings)
        text = instance.sources_file.read_text("utf-8")
        text, changed = re.subn(r"circuit_failures = \d+\n", "", text)
        assert changed == len(world.SOURCES)
        instance.sources_file.write_text(text, "utf-8")
        yield simulation
