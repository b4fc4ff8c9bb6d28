"""Access tokens of the running demo, got as an app back end gets them: a citizen logs in and says yes."""

from __future__ import annotations

import urllib.request
from dataclasses import dataclass, field
from json import loads
from typing import Any
from urllib.parse import urlencode

from joserfc.jwk import ECKey

from app.oauth.metadata import AUTHORIZE, PAR, TOKEN
from app.ports.clock import SystemClock
from simulators.demo.example_app import CLIENT_ID, KEY
from tests.support.apps import App, code_in
from tests.support.consent import decide
from tests.support.demo import RunningDemo
from tests.support.visitor import TIMEOUT_S, Visitor


@dataclass
class DemoApp:
    """The example app of the demo. All its tokens are tied to one key."""

    demo: RunningDemo
    app: App = field(init=False)

    def __post_init__(self) -> None:
        key = ECKey.import_key((self.demo.instance.app_folder / KEY).read_text("ascii"))
        self.app = App(SystemClock(), CLIENT_ID, key)

    def token(self, scope: str) -> str:
        """Of the citizen Anna. A new consent each time."""
        back = self.demo.instance.app_redirect_uri
        pushed = self._post(PAR, self.app.push_form(redirect_uri=back, scope=scope))
        query = urlencode({"client_id": CLIENT_ID, "request_uri": pushed["request_uri"]})
        came_back = decide(Visitor(), f"{self.demo.url}{AUTHORIZE}?{query}", "ja")
        got = self._post(TOKEN, self.app.token_form(code_in(came_back), redirect_uri=back))
        return str(got["access_token"])

    def _post(self, path: str, form: dict[str, str]) -> dict[str, Any]:
        url = self.demo.url + path
        whole = {**self.app.identified(form), "client_assertion": self.app.assertion(aud=self.demo.url)}
        headers = {"DPoP": self.app.proof(url)} if self.app.nonce else {}
        request = urllib.request.Request(url, urlencode(whole).encode(), headers)
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
            self.app.nonce = answer.headers["DPoP-Nonce"]
            found: dict[str, Any] = loads(answer.read())
        return found
