"""A browser without a browser: plain HTTP requests with cookies kept by hand.

Clients refuse to send `Secure` cookies over plain http, and the demo speaks plain http on loopback. As in a real
browser, cookies belong to a host whatever the port, so every process on 127.0.0.1 gets the same ones.
"""

from __future__ import annotations

import http.client
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import urlencode, urljoin, urlsplit

from tests.support.waiting import PATIENCE_S

HIDDEN = re.compile(r'name="(\w+)" value="([^"]*)"')
TIMEOUT_S = 60


@dataclass(frozen=True)
class Answer:
    url: str
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return unescape(self.body.decode())

    @property
    def location(self) -> str:
        """Where a redirect leads, as a whole address."""
        return str(urljoin(self.url, self.headers["Location"]))

    def hidden(self, name: str) -> str:
        """The value of the first hidden field of that name on the page."""
        return next(unescape(str(value)) for found, value in HIDDEN.findall(self.text) if found == name)


@dataclass
class Visitor:
    """Follows no redirects: the test says where to go on. `host`: what the Host header says when it is not the
    address itself, as behind a proxy. `root`: the authority of whoever is asked at https."""

    cookies: dict[str, str] = field(default_factory=dict)
    host: str | None = None
    root: Path | None = None

    def get(self, url: str) -> Answer:
        return self.send("GET", url, None, {})

    def post(self, url: str, form: Mapping[str, str]) -> Answer:
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Referer": url}
        return self.send("POST", url, urlencode(form).encode(), headers)

    def upload(self, url: str, name: str, content: bytes) -> Answer:
        """Send one file as a form does."""
        head = f'--grens\r\nContent-Disposition: form-data; name="{name}"; filename="bestand"\r\n\r\n'
        body = head.encode() + content + b"\r\n--grens--\r\n"
        return self.send("POST", url, body, {"Content-Type": "multipart/form-data; boundary=grens"})

    def log_in(self, service_url: str, citizen: int) -> str:
        """Log in at the demo's DigiD as the citizen of that place in the list, for the first whom that one represents, if
        any; gives the address of the progress."""
        return self.get(self.decide(service_url, citizen)).location

    def decide(self, service_url: str, citizen: int) -> str:
        """The same, as far as DigiD: gives the address to come back to."""
        start = self.get(f"{service_url}/inloggen")
        page = self.get(start.location)
        form = {"page": page.hidden("page"), "niveau": "substantieel", "burger": str(citizen)}
        digid = start.location.partition("/authorize")[0]
        decided = self.post(f"{digid}/authorize", form)
        if decided.status == 200:  # DigiD Machtigen asks for whom
            decided = self.post(f"{digid}/namens", {"page": decided.hidden("page"), "namens": "0"})
        return decided.location

    def send(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        parts = urlsplit(url)
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = self._connection(parts.scheme, parts.netloc)
        path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        connection.request(
            method, path, body, {"Host": self.host or parts.netloc, "Cookie": cookie, **headers}
        )
        response = connection.getresponse()
        answer = Answer(url, response.status, response.headers, response.read())
        connection.close()
        self._keep(answer)
        return answer

    def _connection(self, scheme: str, place: str) -> http.client.HTTPConnection:
        if scheme == "http":
            return http.client.HTTPConnection(place, timeout=PATIENCE_S)
        context = ssl.create_default_context(cafile=None if self.root is None else str(self.root))
        return http.client.HTTPSConnection(place, timeout=PATIENCE_S, context=context)

    def _keep(self, answer: Answer) -> None:
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.split(";")[0].partition("=")
            if value and "Max-Age=0" not in line:
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)
