"""The certified npm oidc-provider in a process of its own, our real pages before it, and a browser without a screen."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from app.oidc import levels
from app.oidc.config import ClientAuthentication, ClientCertificate, OidcConfig
from app.oidc.keys import load_keys
from app.oidc.login import OidcLogin
from app.oidc.presets import SIMULATOR
from simulators.certificates import IdentityFiles
from tests.integration.oidc.support import listening, rsa_pem
from tests.support.visitor import Answer, Visitor
from tests.support.web_site import WebSite, make_web_site
from tests.unit.oidc.support import rsa

FOLDER = Path(__file__).parent / "oidc_provider"
CLIENT_ID = "blauwe-knop"
NUMBERS = {"anna": "999993549", "bram": "111111110", "fout": "123456789"}
PATIENCE_S = 120


@dataclass(frozen=True)
class Judge:
    """`options`: what the provider demands; `errors` is the file with everything that it complained about."""

    issuer: str
    options: dict[str, Any]
    errors: Path


@dataclass(frozen=True)
class Town:
    """The public site with a real log-in at the judge."""

    judge: Judge
    web: WebSite
    address: str

    def visitor(self) -> TownVisitor:
        return TownVisitor(self, Visitor())


@dataclass
class TownVisitor:
    town: Town
    browser: Visitor

    def to_choice(self, begin: str = "/inloggen") -> str:
        """The address where the provider asks who logs in."""
        start = self.browser.get(self.town.address + begin)
        assert start.status == 302, start.text
        asked = self.browser.get(start.location)
        assert asked.status == 303, asked.text
        return asked.location

    def choose(self, burger: str = "anna", niveau: str = levels.SUBSTANTIAL, begin: str = "/inloggen") -> str:
        """The address of the callback, not visited yet."""
        return self._decide(begin, {"burger": burger, "niveau": niveau})

    def cancel(self) -> str:
        return self._decide("/inloggen", {"annuleren": "ja"})

    def log_in(
        self, burger: str = "anna", niveau: str = levels.SUBSTANTIAL, begin: str = "/inloggen"
    ) -> Answer:
        return self.browser.get(self.choose(burger, niveau, begin))

    def get(self, path: str) -> Answer:
        return self.browser.get(self.town.address + path)

    def _decide(self, begin: str, form: dict[str, str]) -> str:
        decided = self.browser.post(self.to_choice(begin), form)
        assert decided.status == 303, decided.text
        back = self.browser.get(decided.location)
        assert back.status == 303, back.text
        assert back.location.startswith(f"{self.town.address}/inloggen/terug?")
        return back.location


class Proof:
    """By an assertion: private_key_jwt."""

    def config(self, issuer: str) -> OidcConfig:
        return _config(issuer)

    def demanded(self) -> dict[str, Any]:
        return {"client_jwks": load_keys(self.config("https://digid.invalid")).public_jwks()}


class TwoKeysProof(Proof):
    """In the middle of a rotation: two keys of each kind are registered, and the new ones are in use."""

    def config(self, issuer: str) -> OidcConfig:
        before = _config(issuer)
        return replace(
            before,
            signing_key_pem=f"{rsa_pem('next signing')}{before.signing_key_pem}",
            decryption_key_pem=f"{rsa_pem('next decryption')}{before.decryption_key_pem}",
        )


@dataclass(frozen=True)
class CertificateProof(Proof):
    """By the certificate of the connection (RFC 8705): we show `shown`, and registered `registered`. `server` is the
    judge's own, and `root` the file with the authority that both trust."""

    method: ClientAuthentication
    shown: IdentityFiles
    registered: IdentityFiles
    server: IdentityFiles
    root: Path

    def config(self, issuer: str) -> OidcConfig:
        return replace(
            _config(issuer),
            client_authentication=self.method,
            signing_key_pem=None,
            client_certificate=ClientCertificate(str(self.shown.certificate_file), str(self.shown.key_file)),
            ca_bundle=str(self.root),
        )

    def demanded(self) -> dict[str, Any]:
        own = {"key": self.server.key_file.read_text(), "cert": self.server.certificate_file.read_text()}
        mtls = {
            "method": self.method.value,
            "certificate": self.registered.certificate_file.read_text(),
            "tls": {**own, "ca": self.root.read_text()},
        }
        return {**super().demanded(), "mtls": mtls}


@contextmanager
def town(folder: Path, **options: Any) -> Iterator[Town]:
    """`options`: `par`, `encrypt_id_token`, `sid_in_logout`; `proof`: how we prove who we are there."""
    proof: Proof = options.pop("proof", None) or Proof()
    wanted = {"par": True, "encrypt_id_token": True, "sid_in_logout": True, **options, **proof.demanded()}
    with listening() as (server, address), _judge(folder, address, wanted) as judge:
        login = OidcLogin(proof.config(judge.issuer), allow_loopback_http=True)
        web = make_web_site(folder, real_login=login, public_url=address)
        server.app = web.site.app
        yield Town(judge, web, address)
        web.site.database.close()


def _config(issuer: str) -> OidcConfig:
    return OidcConfig(
        issuer=issuer,
        client_id=CLIENT_ID,
        signing_key_pem=rsa_pem("signing"),
        decryption_key_pem=rsa_pem("decryption"),
        profile=SIMULATOR,
    )


@contextmanager
def _judge(folder: Path, address: str, options: dict[str, Any]) -> Iterator[Judge]:
    settings = {
        "client_id": CLIENT_ID,
        "redirect_uris": [f"{address}/inloggen/terug"],
        "post_logout_redirect_uris": [f"{address}/"],
        "backchannel_logout_uri": f"{address}/uitloggen/melding",
        "provider_keys": [{**rsa("judge").as_dict(private=True), "use": "sig", "alg": "PS256"}],
        "levels": list(levels.IN_ORDER),
        "numbers": NUMBERS,
        **options,
    }
    errors = folder / "judge.log"
    with errors.open("w") as log:
        process = subprocess.Popen(
            ["node", "provider.mjs"],
            cwd=FOLDER,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps(settings))
            process.stdin.close()
            issuer = process.stdout.readline().strip()
            assert issuer.startswith("http://127.0.0.1:"), errors.read_text()
            yield Judge(issuer, options, errors)
        finally:
            process.kill()
            process.wait()
