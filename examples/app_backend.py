"""A whole app back end: asks a citizen for consent and saves the sealed overview. Needs requests, joserfc and authlib.

python examples/app_backend.py http://127.0.0.1:8000 instance/voorbeeldapp/sleutel.pem
"""

import secrets
import sys
import time
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit
from wsgiref.simple_server import make_server

import requests
from authlib.oauth2.rfc7636 import create_s256_code_challenge as digest
from joserfc import jwt
from joserfc.jwk import ECKey

SERVICE, CLIENT, nonce, answer = sys.argv[1], "voorbeeld-app", {}, {}
OWN_KEY, DPOP_KEY = ECKey.import_key(Path(sys.argv[2]).read_text()), ECKey.generate_key("P-256")
REDIRECT = f"http://127.0.0.1:{urlsplit(SERVICE).port + 9}/terug"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def sign(key, header, claims):
    once = {"iat": int(time.time()), "exp": int(time.time()) + 60, "jti": secrets.token_urlsafe(16)}
    return jwt.encode({"alg": "ES256", **header}, once | claims, key)


def call(method, url, token="", accept="*/*", form=None):
    """With a proof that we hold our key (RFC 9449). The service asks for its nonce first: then once more."""
    for _ in range(2):
        ath = {"ath": digest(token)} if token else {}
        header = {"typ": "dpop+jwt", "jwk": DPOP_KEY.as_dict(private=False)}
        proof = sign(DPOP_KEY, header, {"htm": method, "htu": url, **ath, **nonce})
        headers = {"DPoP": proof, "Accept": accept} | ({"Authorization": f"DPoP {token}"} if token else {})
        reply = requests.request(method, url, headers=headers, data=form, timeout=60)
        nonce.update({"nonce": reply.headers["DPoP-Nonce"]} if "DPoP-Nonce" in reply.headers else {})
        if reply.ok:
            return reply
    sys.exit(f"{reply.status_code}: {reply.text}")


def oauth(path, **form):
    """With a proof of who we are (RFC 7523)."""
    who = sign(OWN_KEY, {"kid": "een"}, {"iss": CLIENT, "sub": CLIENT, "aud": SERVICE})
    form |= {"client_id": CLIENT, "client_assertion_type": ASSERTION, "client_assertion": who}
    return call("POST", SERVICE + path, form=form)


def back(environ, start_response):
    answer.update(parse_qsl(environ["QUERY_STRING"]))
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"U kunt dit venster sluiten."]


verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(24)
asked = {"response_type": "code", "redirect_uri": REDIRECT, "scope": "schuldenoverzicht", "state": state}
pushed = oauth("/oauth/par", **asked, code_challenge=digest(verifier), code_challenge_method="S256").json()
with make_server("127.0.0.1", urlsplit(REDIRECT).port, back) as server:
    page = urlencode({"client_id": CLIENT, "request_uri": pushed["request_uri"]})
    print(f"Open in a browser: {SERVICE}/oauth/authorize?{page}", flush=True)
    server.handle_request()
if answer.get("state") != state or answer.get("iss") != SERVICE or "code" not in answer:
    sys.exit(f"No consent: {answer.get('error', 'an answer that is not ours')}")
given = {"grant_type": "authorization_code", "code": answer["code"], "redirect_uri": REDIRECT}
token = oauth("/oauth/token", **given, code_verifier=verifier).json()["access_token"]
overview = call("POST", f"{SERVICE}/api/v1/schuldenoverzichten", token).headers["Location"]
while call("GET", f"{overview}/voortgang", token, "application/json").json()["stand"] != "klaar":
    time.sleep(2)
print(*call("GET", overview, token, "application/json").json()["waarschuwingen"], sep="\n")  # always show
for accept, name in (("application/pdf", "overzicht.pdf"), ("application/jose+json", "overzicht.json")):
    Path(name).write_bytes(call("GET", overview, token, accept).content)
    print(f"saved {name}", flush=True)
oauth("/oauth/revoke", token=token)  # ready: what was collected for us is deleted now
