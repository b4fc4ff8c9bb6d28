"""The programs of the demo, in the order in which they need each other."""

from __future__ import annotations

import time

from app.bootstrap import open_storage
from app.settings import load_settings
from simulators.demo.errors import DemoError
from simulators.demo.instance import Instance
from simulators.demo.processes import READY_WITHIN_S, Processes
from sources.config import load_sources
from sources.fcid.scheme.refresh import refresh
from sources.ports import SystemClock


def start(processes: Processes, instance: Instance) -> None:
    """Start all programs and wait until the service is ready. Raises DemoError."""
    environment = {"BLAUWE_KNOP_SETTINGS": str(instance.settings_file)}
    processes.start("organisaties", ["-m", "simulators.organisations", *instance.organisations_arguments])
    processes.start("digid", ["-m", "simulators.digid", *instance.digid_arguments])
    processes.start("personeel", ["-m", "simulators.staff", *instance.staff_arguments])
    processes.start("stadsbank", ["-m", "simulators.counselling", *instance.counselling_arguments])
    processes.start("zegeldiensten", ["-m", "simulators.trust_services", *instance.trust_services_arguments])
    processes.wait_until_ready("zegeldiensten", f"{instance.trust_services_url}/crl/zegel-ca.crl")
    processes.wait_until_ready("digid", f"{instance.digid_url}/.well-known/openid-configuration")
    _wait_for_sources(processes, instance)
    _take_lists(instance)
    processes.start("dienst", ["-m", "gunicorn", *instance.gunicorn_arguments], environment)
    processes.start("beheer", ["-m", "gunicorn", *instance.operator_gunicorn_arguments], environment)
    processes.start("achtergrond", ["-m", "simulators.demo.worker"], environment)
    processes.wait_until_ready("dienst", f"{instance.url}/_health/ready")
    processes.wait_until_ready("beheer", f"{instance.operator_url}/_health/ready")


def whole_sources(instance: Instance) -> str:
    """The file with sources, once the organisations listen and have written all of it; empty before that."""
    text = instance.sources_file.read_text("utf-8")
    return text if text.endswith("}\n") else ""


def _wait_for_sources(processes: Processes, instance: Instance) -> None:
    end = time.monotonic() + READY_WITHIN_S
    while not whole_sources(instance):
        processes.check_alive()
        if time.monotonic() > end:
            raise DemoError("De nagebootste organisaties begonnen niet; zie organisaties.log")
        time.sleep(0.05)


def _take_lists(instance: Instance) -> None:
    """Signed lists of organisations, before the first citizen comes: the worker looks again every quarter of an hour."""
    storage = open_storage(load_settings(instance.settings_file, allow_loopback_http=True))
    try:
        ports = storage.source_ports(SystemClock())
        for config in load_sources(instance.sources_file):
            if config.scheme is not None and (problem := refresh(config, ports).problem):
                raise DemoError(f"De lijst {config.source_id} is niet bruikbaar: {problem}")
    finally:
        storage.database.close()
