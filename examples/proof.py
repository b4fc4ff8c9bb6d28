"""For who tries the API with curl: the signed proofs that a program makes for itself. Needs `joserfc`.

proof.py who KEY CLIENT SERVICE              who we are (RFC 7523), for client_assertion
proof.py dpop KEY METHOD URL NONCE [TOKEN]   that we hold this key (RFC 9449), for the header DPoP
proof.py thumbprint KEY                      of the key (RFC 7638), for dpop_jkt
proof.py challenge VERIFIER                  of PKCE (RFC 7636)
proof.py new-key                             EC P-256, PEM
proof.py member FILE NAME                    of a JSON answer; shows the answer when it is not there
proof.py catch PORT ADDRESS                  ask to open ADDRESS, wait at PORT until the browser comes back, print its code
"""

import base64
import hashlib
import json
import secrets
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey


def digest(text):
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def key_in(file):
    return ECKey.import_key(Path(file).read_text())


def sign(key, header, claims):
    once = {"iat": int(time.time()), "jti": secrets.token_urlsafe(16)}
    return jwt.encode({"alg": "ES256", **header}, claims | once, key)


def who(key, client, service):
    claims = {"iss": client, "sub": client, "aud": service, "exp": int(time.time()) + 60}
    return sign(key_in(key), {"kid": "een"}, claims)


def dpop(key, method, url, nonce, token=None):
    ours = key_in(key)
    claims = {"htm": method, "htu": url, "nonce": nonce} | ({"ath": digest(token)} if token else {})
    return sign(ours, {"typ": "dpop+jwt", "jwk": ours.as_dict(private=False)}, claims)


def thumbprint(key):
    return key_in(key).thumbprint()


def new_key():
    return ECKey.generate_key("P-256").as_pem(private=True).decode().strip()


def member(file, name):
    answer = Path(file).read_text()
    found = json.loads(answer).get(name)
    return found if found is not None else sys.exit(f"{file} has no {name}: {answer}")


class Back(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.answer = parse_qs(urlsplit(self.path).query)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"Terug in de app. U kunt dit venster sluiten.")

    def log_message(self, *_):
        """The address holds a code: it belongs in no log."""


def catch(port, address):
    if address.endswith("="):
        sys.exit("There is no request_uri to go on with: see par.json")
    with HTTPServer(("127.0.0.1", int(port)), Back) as server:
        print(f"Open in a browser: {address}", file=sys.stderr, flush=True)
        server.answer = {}
        while not {"code", "error"} & server.answer.keys():
            server.handle_request()
    return (
        server.answer["code"][0] if "code" in server.answer else sys.exit(f"no: {server.answer['error'][0]}")
    )


COMMANDS = {
    "who": who,
    "dpop": dpop,
    "thumbprint": thumbprint,
    "challenge": digest,
    "new-key": new_key,
    "member": member,
    "catch": catch,
}

if __name__ == "__main__":
    try:
        print(COMMANDS[sys.argv[1]](*sys.argv[2:]), flush=True)
    except (IndexError, KeyError, TypeError):
        sys.exit(__doc__)
