"""The service behind Debian's nginx with deploy/nginx.conf, TLS and all, on loopback."""

from __future__ import annotations

import contextlib
import re
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from simulators.authority import Authority
from tests.support.demo import RunningDemo, free_port_range, run_demo
from tests.support.waiting import PATIENCE_S, wait_until

CONFIGURATION = Path(__file__).parents[2] / "deploy" / "nginx.conf"
HOST = "127.0.0.1"
_BEHIND = """
[proxy]
trusted_hops = 1
addresses = ["127.0.0.1"]
"""
_MAIN = """\
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


@dataclass(frozen=True)
class BehindTls:
    """`url` is the address that a browser sees; `root` the authority of its certificate."""

    demo: RunningDemo
    port: int
    plain_port: int
    root: Path
    folder: Path

    @property
    def url(self) -> str:
        return f"https://{HOST}:{self.port}"

    def log(self) -> str:
        return (self.folder / "access.log").read_text("utf-8")


@contextlib.contextmanager
def run_behind_nginx(folder: Path) -> Iterator[BehindTls]:
    """The whole demo, told that its address is https, and nginx before it."""
    port = free_port_range()
    own = f'public_url = "https://{HOST}:{port}"'

    def change(text: str) -> str:
        return re.sub(r'^public_url = "[^"]*"', own, text, count=1, flags=re.M) + _BEHIND

    folder.mkdir()
    authority = Authority.create()
    root = authority.write_tls_root(folder / "root.pem")
    identity = authority.issue_server((HOST,)).write(folder, "site")
    with run_demo(folder / "instance", change) as demo:
        text = CONFIGURATION.read_text("utf-8")
        for before, after in {
            "/etc/ssl/schulden.voorbeeld.nl.pem": str(identity.certificate_file),
            "/etc/ssl/private/schulden.voorbeeld.nl.key": str(identity.key_file),
            "server 127.0.0.1:8000;": f"server 127.0.0.1:{demo.instance.port};",
            "server_name schulden.voorbeeld.nl;": f"server_name {HOST};",
            "listen 80;": f"listen 127.0.0.1:{port + 1};",
            "listen 443 ssl http2;": f"listen 127.0.0.1:{port} ssl http2;",
            "access_log /dev/stdout": f"access_log {folder}/access.log",
        }.items():
            if before not in text:
                raise RuntimeError(f"deploy/nginx.conf has no {before!r} any more")
            text = text.replace(before, after)
        (folder / "site.conf").write_text(text, "utf-8")
        (folder / "nginx.conf").write_text(_MAIN.format(folder=folder), "utf-8")
        with _running(folder, port):
            yield BehindTls(demo, port, port + 1, root, folder)


@contextlib.contextmanager
def _running(folder: Path, port: int) -> Iterator[None]:
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
