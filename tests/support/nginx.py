"""Debian's nginx with the files of deploy/, TLS and all, on loopback: before the whole demo, or before nothing."""

from __future__ import annotations

import contextlib
import re
import socket
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from simulators.authority import Authority
from simulators.certificates import IdentityFiles
from tests.support.demo import RunningDemo, free_port_range, run_demo
from tests.support.waiting import PATIENCE_S, wait_until

DEPLOY = Path(__file__).parents[2] / "deploy"
HOST = "127.0.0.1"
BEHIND = """
[proxy]
trusted_hops = 1
addresses = ["127.0.0.1"]
"""
MAIN = """\
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    client_body_buffer_size 1m;  # the worker process may not look into the folder of a test
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


@dataclass(frozen=True)
class Nginx:
    """Its five servers are on one address, each on a port of its own. `root` is the authority of its certificate."""

    port: int
    folder: Path

    @property
    def plain_port(self) -> int:
        return self.port + 1

    @property
    def health_port(self) -> int:
        return self.port + 2

    @property
    def operator_port(self) -> int:
        return self.port + 3

    @property
    def certificate_port(self) -> int:
        """Where programs may bring a client certificate."""
        return self.port + 4

    @property
    def root(self) -> Path:
        return self.folder / "root.pem"

    @property
    def url(self) -> str:
        """What a browser sees."""
        return f"https://{HOST}:{self.port}"

    def log(self) -> str:
        return (self.folder / "access.log").read_text("utf-8")

    def errors(self) -> str:
        return (self.folder / "error.log").read_text("utf-8")


@dataclass(frozen=True)
class BehindTls(Nginx):
    demo: RunningDemo


@contextlib.contextmanager
def run_behind_nginx(folder: Path, change_nginx: Callable[[str], str] = str) -> Iterator[BehindTls]:
    """The whole demo, told that its address is https, and nginx before it. `change_nginx` is for nginx.conf."""
    port = free_port_range()
    own = f'public_url = "https://{HOST}:{port}"'

    apps = (
        f'[api]\ncertificate_url = "https://{HOST}:{port + 4}"\ncertificate_header = "X-Client-Certificate"\n'
    )

    def change(text: str) -> str:
        public = re.sub(r'^public_url = "[^"]*"', own, text, count=1, flags=re.M)
        return public.replace("[api]\n", apps, 1) + BEHIND

    folder.mkdir()
    with (
        run_demo(folder / "instance", change) as demo,
        run_nginx(folder, port, demo.instance.port, change_nginx),
    ):
        yield BehindTls(port, folder, demo)


@contextlib.contextmanager
def run_nginx(
    folder: Path, port: int, service_port: int, change: Callable[[str], str] = str, *, for_forms: bool = False
) -> Iterator[Nginx]:
    """nginx alone; the public site is at `service_port`, the operator site at the next one. `change` is for nginx.conf.
    `for_forms`: the port is told too, without which no form is taken; in the real world it is 443, which nobody says."""
    places = Nginx(port, folder)
    authority = Authority.create()
    authority.write_tls_root(places.root)
    identity = authority.issue_server((HOST,)).write(folder, "site")
    site = changed("nginx.conf", {**_addresses(places, service_port), **_identities(identity)})
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder), "utf-8")
    host = {"proxy_set_header Host $host;": f"proxy_set_header Host $host:{port};"} if for_forms else {}
    shared = changed("nginx-shared.conf", {**_logs(folder), **host})
    (folder / "nginx-shared.conf").write_text(shared, "utf-8")
    (folder / "site.conf").write_text(change(site), "utf-8")
    with running_nginx(folder, port):
        yield places


def changed(name: str, changes: dict[str, str]) -> str:
    text = (DEPLOY / name).read_text("utf-8")
    for before, after in changes.items():
        if before not in text:
            raise RuntimeError(f"deploy/{name} has no {before!r} any more")
        text = text.replace(before, after)
    return text


def _logs(folder: Path) -> dict[str, str]:
    return {
        "access_log /dev/stdout": f"access_log {folder}/access.log",
        "error_log /dev/stderr": f"error_log {folder}/error.log",
    }


def _addresses(places: Nginx, service_port: int) -> dict[str, str]:
    """The operator site gets a port instead of a name of its own."""
    return {
        "include /etc/nginx/blauwe-knop/nginx-shared.conf;": f"include {places.folder}/nginx-shared.conf;",
        "server 127.0.0.1:8000;": f"server 127.0.0.1:{service_port};",
        "server 127.0.0.1:8001;": f"server 127.0.0.1:{service_port + 1};",
        "server_name schulden.voorbeeld.nl;": f"server_name {HOST};",
        "server_name beheer.schulden.voorbeeld.nl;": f"server_name {HOST};",
        "listen 80 default_server;": f"listen {HOST}:{places.plain_port} default_server;",
        "listen 443 ssl http2 default_server;": f"listen {HOST}:{places.port} ssl http2 default_server;",
        "listen 443 ssl http2;": f"listen {HOST}:{places.operator_port} ssl http2;",
        "listen 8443 ssl http2;": f"listen {HOST}:{places.certificate_port} ssl http2;",
        "listen 127.0.0.1:8081;": f"listen {HOST}:{places.health_port};",
    }


def _identities(identity: IdentityFiles) -> dict[str, str]:
    changes = {}
    for name in ("schulden.voorbeeld.nl", "beheer.schulden.voorbeeld.nl"):
        changes[f"/etc/ssl/{name}.pem"] = str(identity.certificate_file)
        changes[f"/etc/ssl/private/{name}.key"] = str(identity.key_file)
    return changes


@contextlib.contextmanager
def running_nginx(folder: Path, port: int) -> Iterator[None]:
    command = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
    process = subprocess.Popen(command)
    try:
        _wait_for(port, process)
        yield
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    def answers() -> bool:
        assert process.poll() is None, "nginx did not start"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S):
            return True
        return False

    wait_until(answers, "nginx did not listen")
