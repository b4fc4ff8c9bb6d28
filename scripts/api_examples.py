"""Real requests and answers of a running demo, written down for docs/api: python -m scripts.api_examples docs/api

Moments, numbers of documents, references, keys and tokens are other ones at each run: they become fixed words, so that a new run
gives the same files. A test compares them.
"""

from __future__ import annotations

import json
import re
import secrets
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import requests
from joserfc.jwk import ECKey

from simulators.demo.example_app import CLIENT_ID, KEY
from simulators.demo.instance import Instance
from simulators.digid.citizens import read_citizens
from tests.support.apps import App
from tests.support.consent import decide, place_of
from tests.support.demo import run_demo
from tests.support.visitor import Visitor
from tests.support.waiting import PATIENCE_S, wait_until

WHO = "Marieke Jansen"  # debts, and every source answers
PAGE, REQUESTS = "examples.md", "examples.http"
SHOWN = ("Content-Type", "Location", "API-Version", "WWW-Authenticate", "DPoP-Nonce", "Retry-After")
_MOST_OVERVIEWS = 8
_LONGEST_LINE, _SHORT = 160, 500


class Now:
    """Implements app.ports.clock.Clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True)
class Exchange:
    """One request with its answer. `body`: as it was sent, for people."""

    title: str
    method: str
    url: str
    headers: dict[str, str]
    body: str
    answer: requests.Response


@dataclass
class Recorder:
    """An app back end that keeps what it sends and gets. `secret`: what must not be shown, and the word for it."""

    instance: Instance
    exchanges: list[Exchange] = field(default_factory=list)
    secret: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def __post_init__(self) -> None:
        key = ECKey.import_key((self.instance.app_folder / KEY).read_text("ascii"))
        self.app = App(Now(), CLIENT_ID, key)
        for value, word in (
            (self.app.state, "STATE"),
            (self.app.verifier, "VERIFIER"),
            (self.app.push_form()["code_challenge"] or "", "CHALLENGE"),
            (self.app.dpop_key.thumbprint(), "THUMBPRINT"),
        ):
            self.secret[value] = word

    def send(self, title: str, method: str, path: str, **sent: Any) -> requests.Response:
        """`form`, or `body` with its `kind`; `headers`; `proven` for a DPoP proof."""
        url = path if path.startswith("http") else self.instance.url + path
        headers: dict[str, str] = dict(sent.get("headers", {}))
        if sent.get("proven"):
            headers["DPoP"] = self.app.proof(url.partition("?")[0], method, self.token or None)
        if self.token and sent.get("proven"):
            headers["Authorization"] = f"DPoP {self.token}"
        form, body = sent.get("form"), sent.get("body", b"")
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(form).encode()
        answer = requests.request(method, url, headers=headers, data=body, timeout=PATIENCE_S)
        self.app.nonce = answer.headers.get("DPoP-Nonce", self.app.nonce)
        shown = sent.get("shown") or "\n&".join(f"{name}={value}" for name, value in (form or {}).items())
        self.exchanges.append(Exchange(title, method, url, headers, shown, answer))
        return answer

    def named(self, form: dict[str, Any]) -> dict[str, Any]:
        """With the proof of who we are, for this service."""
        return {
            **form,
            **self.app.identified({}),
            "client_assertion": self.app.assertion(aud=self.instance.url),
        }


def record(instance: Instance) -> tuple[str, str]:
    """The page and the file with requests."""
    recorder = Recorder(instance)
    _authorize(recorder)
    _collect(recorder)
    _refused_and_done(recorder)
    return page(recorder), http_file(recorder)


def _authorize(to: Recorder) -> None:
    to.send("Where everything is", "GET", "/.well-known/oauth-authorization-server")
    push = to.app.push_form(
        redirect_uri=to.instance.app_redirect_uri, scope="schuldenoverzicht toestemmingen"
    )
    name = to.send("Ask for consent", "POST", "/oauth/par", form=to.named(push)).json()["request_uri"]
    to.secret[name.rpartition(":")[2]] = "NAME"
    query = urlencode({"client_id": CLIENT_ID, "request_uri": name})
    back = decide(Visitor(), f"{to.instance.url}/oauth/authorize?{query}", "ja", place_of(WHO))
    code = dict(parse_qsl(urlsplit(back).query))["code"]
    to.secret[code] = "CODE"
    form = to.named(to.app.token_form(code, redirect_uri=to.instance.app_redirect_uri))
    to.app.nonce = None
    to.send("A proof without the nonce of the service", "POST", "/oauth/token", form=form, proven=True)
    form = to.named(to.app.token_form(code, redirect_uri=to.instance.app_redirect_uri))
    to.token = to.send("Change the code for a token", "POST", "/oauth/token", form=form, proven=True).json()[
        "access_token"
    ]


def _collect(to: Recorder) -> None:
    made = _made(to)
    as_json = {"Accept": "application/json"}
    to.send("How far it is", "GET", f"{made}/voortgang", proven=True, headers=as_json)
    to.send("The overview", "GET", made, proven=True, headers=as_json)
    sealed = to.send(
        "The sealed JSON", "GET", made, proven=True, headers={"Accept": "application/jose+json"}
    ).content
    to.send("The sealed PDF", "GET", made, proven=True, headers={"Accept": "application/pdf"})
    to.send("For a spreadsheet", "GET", made, proven=True, headers={"Accept": "text/csv"})
    to.send(
        "In the language of FCID: which organisations", "GET", f"{made}/fcid", proven=True, headers=as_json
    )
    to.send("Who is asked, and how they do", "GET", "/api/v1/bronnen", headers=as_json)
    to.send("What this citizen allows now", "GET", "/api/v1/toestemmingen", proven=True, headers=as_json)
    kind = {"Content-Type": "application/jose+json"}
    address = "/api/v1/verificaties"
    to.send("Is it genuine?", "POST", address, body=sealed, shown="< overzicht.json", headers=kind)


def _made(to: Recorder) -> str:
    """The address of an overview to which every source answered in full: on a busy machine the first may be none."""
    for _ in range(_MOST_OVERVIEWS):
        key = {"Idempotency-Key": secrets.token_hex(16)}
        path = "/api/v1/schuldenoverzichten"
        answer = to.send("Ask all sources", "POST", path, proven=True, headers=key)
        made = answer.headers["Location"]
        wait_until(partial(_is_ready, to, made), "the overview is never ready")
        if _look(to, made)["volledig"]:
            to.secret |= {key["Idempotency-Key"]: "KEY", made.rpartition("/")[2]: "ID"}
            return made
        to.exchanges.pop()
    raise RuntimeError("some source never answers: is this machine too busy?")


def _is_ready(to: Recorder, made: str) -> bool:
    return bool(_look(to, f"{made}/voortgang")["stand"] == "klaar")


def _look(to: Recorder, address: str) -> dict[str, Any]:
    """Without writing it down."""
    headers = {**to.app.headers(to.token, address), "Accept": "application/json"}
    found: dict[str, Any] = requests.get(address, headers=headers, timeout=PATIENCE_S).json()
    return found


def _refused_and_done(to: Recorder) -> None:
    made = f"{to.instance.url}/api/v1/schuldenoverzichten/bestaat-niet"
    to.send("An overview that is not there", "GET", made, proven=True)
    overview = next(value for value, word in to.secret.items() if word == "ID")
    wrong = f"{to.instance.url}/api/v1/schuldenoverzichten/{overview}/fcid/123?versie=v9&taal=nl"
    to.send("Everything that is wrong, at once", "GET", wrong, proven=True)
    to.send("Without a token", "GET", "/api/v1/toestemmingen")
    given_back = to.named({"token": to.token})
    to.send("Give the token back", "POST", "/oauth/revoke", form=given_back)
    to.send("A token that was given back", "GET", "/api/v1/toestemmingen", proven=True)


# What differs at each run, and the word for it.
_MONTHS = "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
_FIXED = (
    (re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]+"), "eyJ..."),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"), "2026-11-22T09:00:00Z"),
    (re.compile(r"\d{1,2} [a-z]+ \d{4} om \d\d\.\d\d uur"), "22 november 2026 om 10.00 uur"),
    (re.compile(rf"\b\d{{1,2}} ({_MONTHS}) \d{{4}}\b"), "22 november 2026"),
    (re.compile(r"\b\d\d-\d\d-20\d\d \d\d:\d\d"), "22-11-2026 10:00"),
    (re.compile(r"\b\d\d-\d\d-20\d\d\b"), "22-11-2026"),
    (re.compile(r"\b20\d\d-\d\d-\d\d\b(?!T)"), "2026-11-22"),
    (re.compile(r"BK-\d{4}-[0-9A-Z]{10}"), "BK-2026-0123456789"),
    (re.compile(r"\b[0-9A-Z]{4}(-[0-9A-Z]{4}){3}\b"), "0000-1111-2222-3333"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "SHA-256"),
    (re.compile(r'"signature": "[\w-]+"'), '"signature": "..."'),
    (re.compile(r'"referentienummer": "\w+"'), '"referentienummer": "0123456789"'),
    (re.compile(r'("id": ")[\w-]{32,}"'), r'\1ID"'),
    (
        re.compile(r"\bAlle \d+ aangesloten bronnen"),
        "Alle 10 aangesloten bronnen",
    ),  # tests have fewer than `make demo`
    (re.compile(r'"aangesloten": \d+'), '"aangesloten": 10'),
    (re.compile(r'"(toestand)": "\w+"'), r'"\1": "werkt"'),
    (re.compile(r'("laatst_gevraagd_op": )null'), r'\1"2026-11-22T09:00:00Z"'),
)


def _still(text: str, to: Recorder) -> str:
    for value, word in to.secret.items():
        text = text.replace(value, word)
    for port, shown in ((to.instance.port, 8000), (to.instance.port + 9, 8009)):
        text = text.replace(f"127.0.0.1:{port}", f"127.0.0.1:{shown}")
        text = text.replace(f"127.0.0.1%3A{port}", f"127.0.0.1%3A{shown}")
    for pattern, word in _FIXED:
        text = pattern.sub(word, text)
    for citizen in read_citizens():
        text = text.replace(citizen.bsn, "*********")
    return text


def page(to: Recorder) -> str:
    parts = [
        "# Real requests and answers",
        "Made by `python -m scripts.api_examples docs/api` on the demo; a test makes it again and compares all but the bodies\n"
        "of answers. Moments, numbers, keys and tokens became fixed words; of a long list "
        "you see the item that says most, and `...`.\n"
        f"The invented citizen is {WHO}. Step by step: [README](README.md).",
    ]
    for number, one in enumerate(to.exchanges, 1):
        sent = "\n".join([_first_line(one), *_lines(one.headers), *(["", one.body] if one.body else [])])
        got = "\n".join(
            [f"HTTP/1.1 {one.answer.status_code}", *_lines(_shown(one.answer)), "", _body(one.answer, to)]
        )
        parts.append(f"## {number}. {one.title}")
        parts += [f"```http\n{_still(text, to).rstrip()}\n```" for text in (sent, got)]
    return "\n\n".join(parts) + "\n"


def http_file(to: Recorder) -> str:
    """In the form that editors (VS Code, JetBrains) and Postman take in."""
    parts = [
        "# Made by python -m scripts.api_examples docs/api. Fill in what stands in capitals.\n@service = http://127.0.0.1:8000"
    ]
    for one in to.exchanges:
        sent = "\n".join([_first_line(one), *_lines(one.headers), *(["", one.body] if one.body else [])])
        text = _still(sent, to).replace("DPoP eyJ...", "DPoP TOKEN").replace("DPoP: eyJ...", "DPoP: PROOF")
        text = text.replace("client_assertion=eyJ...", "client_assertion=ASSERTION").replace(
            "eyJ...", "TOKEN"
        )
        parts.append(f"### {one.title}\n{text.replace('http://127.0.0.1:8000', '{{service}}')}")
    return "\n\n".join(parts) + "\n"


def _first_line(one: Exchange) -> str:
    return f"{one.method} {one.url} HTTP/1.1"


def _lines(headers: dict[str, str]) -> list[str]:
    return [f"{name}: {value}" for name, value in sorted(headers.items())]


def _shown(answer: requests.Response) -> dict[str, str]:
    found = {name: answer.headers[name] for name in SHOWN if name in answer.headers}
    return {**found, **({"DPoP-Nonce": "NONCE"} if "DPoP-Nonce" in found else {})}


def _body(answer: requests.Response, to: Recorder) -> str:
    kind = answer.headers.get("Content-Type", "")
    text = _still(answer.content.decode("utf-8-sig", "replace"), to)
    if "json" in kind:
        told = json.loads(text)
        return json.dumps(
            _short(_just_begun(told) if answer.status_code == 201 else told), indent=2, ensure_ascii=False
        )
    if kind.startswith("text/csv"):
        return "\n".join([*(line[:_LONGEST_LINE] + "..." for line in text.splitlines()[:2]), "..."])
    return "(a PDF)" if kind == "application/pdf" else text


def _just_begun(told: dict[str, Any]) -> dict[str, Any]:
    """How many sources answered by then is a matter of moments; of a pushed request nothing is."""
    if "bronnen" not in told:
        return told
    return {
        "id": told["id"],
        "stand": "bezig",
        "toonbaar": False,
        "gestart_op": told["gestart_op"],
        "bronnen": ["..."],
    }


def _short(value: Any) -> Any:
    """Of long lists of objects the one that says most, of sealed things the beginning."""
    if isinstance(value, dict):
        return {name: _short(inner) for name, inner in value.items()}
    if isinstance(value, list):
        if len(json.dumps(value)) < _SHORT or all(isinstance(item, str) for item in value):
            return [_short(item) for item in value]
        return [_short(max(value, key=lambda item: len(json.dumps(item)))), "..."]
    if isinstance(value, str) and len(value) > _LONGEST_LINE and " " not in value:
        return f"{value[:3]}..."
    return value


def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as place, run_demo(Path(place) / "instance") as demo:
        texts = record(demo.instance)
    for name, text in zip((PAGE, REQUESTS), texts, strict=True):
        (folder / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
