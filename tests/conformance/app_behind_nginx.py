"""The back end of an app that asks over TLS, through nginx."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from app.oauth.metadata import AUTHORIZE, PAR, TOKEN
from tests.support.apps import REDIRECT, App, code_in
from tests.support.consent import decide
from tests.support.visitor import Answer, Visitor


@dataclass(frozen=True)
class AppBehindNginx:
    """`url`: of the service. `line`: with the authority of nginx."""

    url: str
    app: App
    line: Visitor

    def token(self, citizen: Visitor) -> str:
        """After the whole flow, with the consent of Anna."""
        pushed = self._post(PAR, self.app.push_form())
        query = urlencode({"client_id": self.app.client_id, "request_uri": pushed["request_uri"]})
        came_back = decide(citizen, f"{self.url}{AUTHORIZE}?{query}", "ja")
        assert came_back.startswith(REDIRECT)
        return str(self._post(TOKEN, self.app.token_form(code_in(came_back)))["access_token"])

    def ask(self, method: str, address: str, headers: dict[str, str]) -> Answer:
        """Something of the API."""
        return self.line.send(method, address, None, {"Accept": "application/json", **headers})

    def _post(self, path: str, form: dict[str, str]) -> dict[str, Any]:
        address = self.url + path
        whole = {**self.app.identified(form), "client_assertion": self.app.assertion(aud=self.url)}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if self.app.nonce:
            headers["DPoP"] = self.app.proof(address)
        answer = self.line.send("POST", address, urlencode(whole).encode(), headers)
        assert answer.status in (200, 201), answer.text
        self.app.nonce = answer.headers["DPoP-Nonce"]
        told: dict[str, Any] = json.loads(answer.body)
        return told
