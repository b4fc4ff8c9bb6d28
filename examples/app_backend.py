"""A whole app back end: asks a citizen for consent and saves the sealed overview. Needs `requests` and `joserfc`.

python examples/app_backend.py http://127.0.0.1:8000 instance/voorbeeldapp/sleutel.pem
"""

import base64
import hashlib
import http.server
import secrets
import sys
import time
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import requests
from joserfc import jwt
from joserfc.jwk import ECKey

SERVICE, CLIENT = sys.argv[1].rstrip("/"), "voorbeeld-app"
OWN_KEY, DPOP_KEY = ECKey.import_key(Path(sys.argv[2]).read_text()), ECKey.generate_key("P-256")
PORT = urlsplit(SERVICE).port + 9
REDIRECT, nonce = f"http://127.0.0.1:{PORT}/terug", {}


def digest(text):
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def call(method, url, token="", **options):
    """With a proof that our key is here (RFC 9449); the first time the service may ask for its nonce."""
    for _ in range(2):
        proof = {
            "htm": method,
            "htu": url,
            "iat": int(time.time()),
            "jti": secrets.token_urlsafe(16),
            **nonce,
        }
        signed = jwt.encode(
            {"typ": "dpop+jwt", "alg": "ES256", "jwk": DPOP_KEY.as_dict(private=False)},
            proof | ({"ath": digest(token)} if token else {}),
            DPOP_KEY,
        )
        headers = {"DPoP": signed, "Accept": options.get("accept", "*/*")}
        headers |= {"Authorization": f"DPoP {token}"} if token else {}
        answer = requests.request(method, url, headers=headers, data=options.get("form"), timeout=60)
        nonce.update({"nonce": answer.headers["DPoP-Nonce"]} if "DPoP-Nonce" in answer.headers else {})
        if answer.ok:
            return answer
    sys.exit(f"{answer.status_code}: {answer.text}")


def oauth(path, **form):
    """With a proof of who we are (RFC 7523)."""
    claims = {
        "iss": CLIENT,
        "sub": CLIENT,
        "aud": SERVICE,
        "iat": int(time.time()),
        "exp": int(time.time()) + 60,
    }
    who = jwt.encode({"alg": "ES256", "kid": "een"}, {**claims, "jti": secrets.token_urlsafe(16)}, OWN_KEY)
    kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    return call(
        "POST",
        SERVICE + path,
        form={"client_id": CLIENT, "client_assertion_type": kind, "client_assertion": who, **form},
    )


class Back(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.answer = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"U kunt dit venster sluiten.")


verifier, state, server = (
    secrets.token_urlsafe(48),
    secrets.token_urlsafe(24),
    http.server.HTTPServer(("127.0.0.1", PORT), Back),
)
asked = {"response_type": "code", "redirect_uri": REDIRECT, "scope": "schuldenoverzicht", "state": state}
pushed = oauth("/oauth/par", **asked, code_challenge=digest(verifier), code_challenge_method="S256").json()
page = urlencode({"client_id": CLIENT, "request_uri": pushed["request_uri"]})
print(f"Open in a browser: {SERVICE}/oauth/authorize?{page}", flush=True)
server.handle_request()
if (server.answer["state"], server.answer["iss"]) != (state, SERVICE) or "error" in server.answer:
    sys.exit(f"No consent: {server.answer.get('error', 'an answer that is not ours')}")
given = {"grant_type": "authorization_code", "code": server.answer["code"], "redirect_uri": REDIRECT}
token = oauth("/oauth/token", **given, code_verifier=verifier).json()["access_token"]
overview = call("POST", f"{SERVICE}/api/v1/schuldenoverzichten", token).headers["Location"]
while call("GET", f"{overview}/voortgang", token, accept="application/json").json()["stand"] != "klaar":
    time.sleep(2)
known = call("GET", overview, token, accept="application/json").json()
print(*known["waarschuwingen"], sep="\n")  # always show these: no answer is not "no debts"
for form, name in (("application/pdf", "overzicht.pdf"), ("application/jose+json", "overzicht.json")):
    Path(name).write_bytes(call("GET", overview, token, accept=form).content)
    print(f"saved {name}")
oauth("/oauth/revoke", token=token)  # ready: what was collected for us is deleted now
