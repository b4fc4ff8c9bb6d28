"""Three machines with the service, two with the worker, nginx before them and PostgreSQL beside them; the outside world is on
this machine."""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import make_url

from app.persistence.migrations import upgrade
from app.persistence.rights import grant
from simulators.authority import Authority
from simulators.demo.instance import GUNICORN, WORKER, Instance
from simulators.demo.processes import Processes
from simulators.demo.programs import whole_sources
from tests.support.demo import free_port_range, prepare_patient
from tests.support.hosts import Host, Network, network_of
from tests.support.nginx import HOST, Nginx, run_nginx
from tests.support.postgres import TwoRoles, postgres_server, two_roles
from tests.support.relay import relaying, to_port
from tests.support.tls_database import tls_before
from tests.support.visitor import Answer, Visitor
from tests.support.waiting import wait_until

SITES, WORKERS = 3, 2
PORT = 8000  # the same on every machine
_LOGGED = re.compile(r" GET (\S+) (\d+) .* (\S+)$")


@dataclass(frozen=True)
class SeveralHosts:
    """`database_url` is for the tests themselves; the programs come over the network."""

    instance: Instance
    network: Network
    nginx: Nginx
    database_url: str

    @property
    def sites(self) -> tuple[Host, ...]:
        return self.network.hosts[:SITES]

    @property
    def workers(self) -> tuple[Host, ...]:
        return self.network.hosts[SITES:]

    @property
    def url(self) -> str:
        return self.nginx.url

    def visitor(self) -> Visitor:
        """With a browser that trusts the certificate of nginx."""
        return Visitor(root=self.nginx.root)

    def start_site(self, host: Host) -> None:
        gunicorn = ["-m", "gunicorn", "--bind", f"{host.address}:{PORT}", "--workers", "1", *GUNICORN]
        threads = ["--worker-class", WORKER, "--threads", "8", "simulators.demo.wsgi:application"]
        self._start(host, *gunicorn, *threads)

    def start_worker(self, host: Host) -> None:
        self._start(host, "-m", "simulators.demo.worker")

    def _start(self, host: Host, *arguments: str) -> None:
        host.start([sys.executable, *arguments], self.instance.settings_file, self.log_of(host))

    def log_of(self, host: Host) -> Path:
        return self.instance.folder / "logs" / f"{host.address}.log"

    def ask(self, host: Host, path: str) -> Answer:
        """As nginx asks this machine."""
        return Visitor(host=HOST).get(f"http://{host.address}:{PORT}{path}")

    def wait_until_ready(self, host: Host) -> None:
        def is_ready() -> bool:
            with contextlib.suppress(OSError):
                return self.ask(host, "/_health/ready").status == 200
            return False

        wait_until(is_ready, f"{host.address} is not ready; see {self.log_of(host)}")

    def answered(self) -> list[tuple[str, str]]:
        """Path and machine of every page that nginx fetched, oldest first."""
        found = map(_LOGGED.search, self.nginx.log().splitlines())
        return [(one[1], one[3].partition(":")[0]) for one in found if one is not None]


@contextlib.contextmanager
def run_several_hosts(folder: Path) -> Iterator[SeveralHosts]:
    """Start everything, and stop it all afterwards."""
    folder.mkdir()
    instance, port = prepare_patient(folder / "instance"), free_port_range()
    with contextlib.ExitStack() as cleanup:
        network = cleanup.enter_context(network_of(SITES + WORKERS))
        roles = _database(folder, cleanup)
        _write_settings(
            instance, network, f"https://{HOST}:{port}", _guarded(roles, network, folder, cleanup)
        )
        _outside_world(instance, f"https://{HOST}:{port}", cleanup)
        _lead_out(instance, network, cleanup)
        nginx = cleanup.enter_context(
            run_nginx(folder, port, PORT, lambda text: _several(text, network.hosts[:SITES]), for_forms=True)
        )
        several = SeveralHosts(instance, network, nginx, roles.service_url)
        for site in several.sites:
            several.start_site(site)
        for worker in several.workers:
            several.start_worker(worker)
        for site in several.sites:
            several.wait_until_ready(site)
        yield several


def _database(folder: Path, cleanup: contextlib.ExitStack) -> TwoRoles:
    roles = two_roles(cleanup.enter_context(postgres_server(folder / "pg")), folder)
    upgrade(roles.owner_url)
    grant(roles.owner_url, roles.service)
    return roles


def _guarded(roles: TwoRoles, network: Network, folder: Path, cleanup: contextlib.ExitStack) -> str:
    """The address of the database on the network, which means: with TLS."""
    url, authority = make_url(roles.service_url), Authority.create()
    authority.write_tls_root(folder / "database-ca.pem")
    identity = authority.issue_server(("db.intern",)).write(folder, "database")
    socket_file = Path(str(url.query["host"])) / ".s.PGSQL.5432"
    port = cleanup.enter_context(tls_before(socket_file, identity, network.gateway))
    way = f"hostaddr={network.gateway}&sslmode=verify-full&sslrootcert={folder}/database-ca.pem"
    return f"postgresql://{url.username}@db.intern:{port}/{url.database}?{way}"


def _write_settings(instance: Instance, network: Network, public_url: str, database_url: str) -> None:
    text = instance.settings_file.read_text("utf-8")
    for before, after in (
        (f'public_url = "{instance.url}"', f'public_url = "{public_url}"'),
        (f'url = "sqlite:///{instance.database_file.name}"', f'url = "{database_url}"'),
    ):
        assert before in text
        text = text.replace(before, after, 1)
    proxy = f'[proxy]\ntrusted_hops = 1\naddresses = ["{network.gateway}"]\n'
    times = "[times]\nshow_after_seconds = 28\n"  # nobody is too slow because this machine is busy
    instance.settings_file.write_text(text + proxy + times, "utf-8")


def _outside_world(instance: Instance, public_url: str, cleanup: contextlib.ExitStack) -> None:
    processes = Processes(instance.folder / "logs")
    cleanup.callback(processes.stop)
    digid = [word.replace(instance.url, public_url) for word in instance.digid_arguments]
    processes.start("organisaties", ["-m", "simulators.organisations", *instance.organisations_arguments])
    processes.start("digid", ["-m", "simulators.digid", *digid])
    processes.start("zegeldiensten", ["-m", "simulators.trust_services", *instance.trust_services_arguments])
    processes.wait_until_ready("digid", f"{instance.digid_url}/jwks")
    processes.wait_until_ready("zegeldiensten", f"{instance.trust_services_url}/crl/zegel-ca.crl")
    wait_until(lambda: whole_sources(instance), "the organisations never began")


def _lead_out(instance: Instance, network: Network, cleanup: contextlib.ExitStack) -> None:
    """What simulates the outside world listens on 127.0.0.1 only: every machine has a way there on its own loopback."""
    addresses = [instance.digid_url, instance.trust_services_url]
    addresses += re.findall(r"https://127\.0\.0\.1:\d+", whole_sources(instance))
    for port in {urlsplit(address).port for address in addresses}:
        assert port is not None
        for host in network.hosts:
            if host.namespace is not None:
                cleanup.enter_context(relaying(host.listen_inside(port), to_port(port)))


def _several(text: str, sites: tuple[Host, ...]) -> str:
    """nginx.conf with these machines in the place of one, and in its log which of them answered."""
    one, line_end = f"server 127.0.0.1:{PORT};", "$request_time';"
    assert one in text
    assert line_end in text
    text = text.replace(one, " ".join(f"server {site.address}:{PORT};" for site in sites))
    return text.replace(line_end, "$request_time $upstream_addr';")
