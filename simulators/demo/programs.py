"""The programs of the demo, in the order in which they need each other."""

from __future__ import annotations

from simulators.demo.instance import Instance
from simulators.demo.processes import Processes


def start(processes: Processes, instance: Instance) -> None:
    """Start all programs and wait until the service is ready. Raises DemoError."""
    environment = {"BLAUWE_KNOP_SETTINGS": str(instance.settings_file)}
    processes.start("organisaties", ["-m", "simulators.organisations", *instance.organisations_arguments])
    processes.start("digid", ["-m", "simulators.digid", *instance.digid_arguments])
    processes.start("personeel", ["-m", "simulators.staff", *instance.staff_arguments])
    processes.start("zegeldiensten", ["-m", "simulators.trust_services", *instance.trust_services_arguments])
    processes.wait_until_ready("zegeldiensten", f"{instance.trust_services_url}/crl/zegel-ca.crl")
    processes.wait_until_ready("digid", f"{instance.digid_url}/.well-known/openid-configuration")
    processes.start("dienst", ["-m", "gunicorn", *instance.gunicorn_arguments], environment)
    processes.start("beheer", ["-m", "gunicorn", *instance.operator_gunicorn_arguments], environment)
    processes.start("achtergrond", ["-m", "simulators.demo.worker"], environment)
    processes.wait_until_ready("dienst", f"{instance.url}/_health/ready")
    processes.wait_until_ready("beheer", f"{instance.operator_url}/_health/ready")
