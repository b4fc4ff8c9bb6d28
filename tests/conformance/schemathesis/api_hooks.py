"""Hooks of schemathesis (it runs in an environment of its own): a token and a new DPoP proof for each request.

The file that BK_API names is JSON: `url` of the service, `key` (PEM, P-256), `tokens` by scope, and `seen`: a file that gets one
line per answer.
"""

import base64
import hashlib
import itertools
import json
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import requests
import schemathesis  # type: ignore[import-not-found, unused-ignore]
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

SETTINGS = json.loads(Path(os.environ["BK_API"]).read_text("utf-8"))
KEY = load_pem_private_key(SETTINGS["key"].encode(), None)
assert isinstance(KEY, ec.EllipticCurvePrivateKey)
SIGN = KEY.sign
API = SETTINGS["url"] + "/api/v1"
POINTS = KEY.public_key().public_numbers()
NONCE_FOR_S = 60
WAIT_S = 60

turns = {scope: itertools.cycle(tokens) for scope, tokens in SETTINGS["tokens"].items()}
token_of: dict[str, str] = {}  # of an overview, by its id
forms: dict[str, Iterator[str]] = {}  # of an operation: all that it documents, in turn
posts = itertools.count()
known: dict[str, Any] = {"nonce": "", "at": 0.0}


def encoded(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def coordinate(number: int) -> str:
    return encoded(number.to_bytes(32, "big"))


JWK = {"kty": "EC", "crv": "P-256", "x": coordinate(POINTS.x), "y": coordinate(POINTS.y)}


def nonce() -> str:
    """Of the token endpoint, which gives one to everybody."""
    if time.monotonic() - known["at"] > NONCE_FOR_S:
        answer = requests.post(SETTINGS["url"] + "/oauth/token", data={"grant_type": "x"}, timeout=WAIT_S)
        known.update(nonce=answer.headers["DPoP-Nonce"], at=time.monotonic())
    return str(known["nonce"])


def proof(method: str, url: str, token: str) -> str:
    """RFC 9449, section 4.2."""
    header = {"typ": "dpop+jwt", "alg": "ES256", "jwk": JWK}
    claims = {
        "htm": method,
        "htu": url,
        "iat": int(time.time()),
        "jti": secrets.token_urlsafe(16),
        "nonce": nonce(),
        "ath": encoded(hashlib.sha256(token.encode()).digest()),
    }
    text = ".".join(encoded(json.dumps(part).encode()) for part in (header, claims))
    r, s = utils.decode_dss_signature(SIGN(text.encode(), ec.ECDSA(SHA256())))
    return f"{text}.{encoded(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def scope_of(case: Any) -> str | None:
    """None: everybody may."""
    asked = case.operation.definition.raw.get("security") or []
    return str(asked[0]["toestemming"][0]) if asked else None


def overview_of(case: Any) -> str:
    return str((case.path_parameters or {}).get("id"))


def address_of(case: Any) -> str:
    path: str = urlsplit(str(case.as_transport_kwargs(base_url=API)["url"])).path
    return f"{SETTINGS['url']}{unquote(path)}"


def before_call(context: Any, case: Any, kwargs: Any) -> None:
    scope = scope_of(case)
    if scope is not None:
        token = token_of.get(overview_of(case)) or next(turns[scope])
        case.headers["Authorization"] = f"DPoP {token}"
        case.headers["DPoP"] = proof(case.method, address_of(case), token)
        case._has_explicit_auth = True
    if "Accept" not in case.headers:
        label = case.operation.label
        documented = case.operation.definition.raw["responses"].get("200", {}).get("content", {"*/*": {}})
        case.headers["Accept"] = next(forms.setdefault(label, itertools.cycle(documented)))


def after_call(context: Any, case: Any, response: Any) -> None:
    label, status = case.operation.label, response.status_code
    form = response.headers.get("content-type", [""])[0].split(";")[0]
    if label == "POST /schuldenoverzichten" and status == 201:
        made = json.loads(response.content)["id"]
        token_of[made] = response.request.headers["Authorization"].removeprefix("DPoP ")
        if next(posts) % 2 == 0:
            wait_for(made)
    line = {"label": label, "status": status, "form": form, "own": overview_of(case) in token_of}
    with Path(SETTINGS["seen"]).open("a", encoding="utf-8") as seen:
        seen.write(json.dumps(line) + "\n")


def wait_for(made: str) -> None:
    """Every second overview is finished before it is asked for, so that its documents are reached too. The stream of its progress
    ends then."""
    url, token = f"{API}/schuldenoverzichten/{made}/voortgang", token_of[made]
    headers = {
        "Authorization": f"DPoP {token}",
        "DPoP": proof("GET", url, token),
        "Accept": "text/event-stream",
    }
    requests.get(url, headers=headers, timeout=WAIT_S)


schemathesis.hook(before_call)
schemathesis.hook(after_call)
