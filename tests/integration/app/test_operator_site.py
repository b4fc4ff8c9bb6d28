"""The two sites on one database, as the demo's settings make them: what opens one opens nothing of the other."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from joserfc.jwk import RSAKey
from werkzeug.test import Client as Visitor

from app.bootstrap import build_operator_site, build_site
from app.factory import create_operator_site, create_site
from app.http.session_interface import COOKIE, OPERATOR_COOKIE
from app.settings import load_settings
from simulators.demo.instance import Instance, prepare
from simulators.digid.client import Client
from simulators.digid.provider import Provider
from simulators.digid.web import create_app
from simulators.organisations.stanzas import UNCONNECTED
from simulators.staff.employees import EMPLOYEES
from simulators.staff.provider import FACE, StaffProvider
from tests.integration.oidc.support import CITIZENS, Browser, listening, rsa_pem
from tests.support.demo import free_port_range
from tests.support.waiting import PATIENCE_S

WITH_ROLE, WITHOUT_ROLE = range(2)


@dataclass(frozen=True)
class Sites:
    instance: Instance
    public: Flask
    operator: Flask

    def citizen(self) -> Visitor:
        """Somebody who is logged in at the public site."""
        visitor = self.public.test_client()
        self._log_in(visitor, self.instance.url, {"burger": "0", "niveau": "substantieel"})
        return visitor

    def employee(self, number: int = WITH_ROLE) -> Visitor:
        visitor = self.operator.test_client()
        form = {"burger": str(number), "niveau": "wachtwoord en app"}
        self._log_in(visitor, self.instance.operator_url, form)
        return visitor

    @staticmethod
    def _log_in(visitor: Visitor, base: str, form: dict[str, str]) -> None:
        # A test client keeps `Secure` cookies only on https; the addresses of the flow stay those of the settings.
        secure = base.replace("http://", "https://")
        start = visitor.get("/inloggen", base_url=secure).headers["Location"]
        session = Browser().session
        page = re.search(r'name="page" value="([\w-]+)"', session.get(start, timeout=PATIENCE_S).text)
        assert page is not None
        answer = session.post(
            start.partition("?")[0], data={**form, "page": page[1]}, timeout=PATIENCE_S, allow_redirects=False
        )
        visitor.get(answer.headers["Location"].removeprefix(base), base_url=secure)

    def cookie(self, visitor: Visitor, name: str) -> str:
        found = visitor.get_cookie(name, domain="127.0.0.1")
        assert found is not None
        return found.value

    def monitor(self, visitor: Visitor) -> int:
        return visitor.get("/", base_url=self.instance.operator_url.replace("http:", "https:")).status_code

    def overview(self, visitor: Visitor) -> int:
        answer = visitor.get("/overzicht", base_url=self.instance.url.replace("http:", "https:"))
        return answer.status_code


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    instance = prepare(tmp_path_factory.mktemp("sites") / "instance", free_port_range())
    instance.sources_file.write_text(UNCONNECTED, "utf-8")
    key = RSAKey.import_key(rsa_pem("provider"))
    with listening() as (digid, digid_issuer), listening() as (staff, staff_issuer):
        text = instance.settings_file.read_text("utf-8")
        text = text.replace(instance.digid_url, digid_issuer).replace(instance.staff_url, staff_issuer)
        instance.settings_file.write_text(f"{text}\n[limits]\nupload_bytes = 12000000\n", "utf-8")
        settings = load_settings(instance.settings_file, allow_loopback_http=True)
        public = create_site(*build_site(settings, allow_loopback_http=True))
        operator = create_operator_site(*build_operator_site(settings, allow_loopback_http=True))
        digid.app = create_app(Provider(digid_issuer, client(instance, "digid"), key), CITIZENS)
        staff.app = create_app(
            StaffProvider(staff_issuer, client(instance, "personeel"), key), EMPLOYEES, FACE
        )
        yield Sites(instance, public, operator)


def client(instance: Instance, provider: str) -> Client:
    jwks = json.loads((instance.folder / provider / "client.json").read_text())
    name, url = {
        "digid": ("blauwe-knop", instance.url),
        "personeel": ("blauwe-knop-beheer", instance.operator_url),
    }[provider]
    return Client(name, jwks, (f"{url}/inloggen/terug",), (f"{url}/",))


def test_each_opens_the_own_site(sites: Sites) -> None:
    assert sites.monitor(sites.employee()) == 200
    assert sites.overview(sites.citizen()) != 401


def test_an_employee_without_the_role_opens_nothing(sites: Sites) -> None:
    assert sites.monitor(sites.employee(WITHOUT_ROLE)) == 401


def test_the_cookie_of_a_citizen_is_worth_nothing_on_the_operator_site(sites: Sites) -> None:
    value = sites.cookie(sites.citizen(), COOKIE)
    for name in (COOKIE, OPERATOR_COOKIE):
        visitor = sites.operator.test_client()
        visitor.set_cookie(name, value, domain="127.0.0.1", secure=True)
        assert sites.monitor(visitor) == 401


def test_the_cookie_of_an_employee_is_worth_nothing_on_the_public_site(sites: Sites) -> None:
    value = sites.cookie(sites.employee(), OPERATOR_COOKIE)
    for name in (COOKIE, OPERATOR_COOKIE):
        visitor = sites.public.test_client()
        visitor.set_cookie(name, value, domain="127.0.0.1", secure=True)
        assert sites.overview(visitor) == 401


def test_without_its_table_the_program_ends_with_one_clear_line(sites: Sites, tmp_path: Path) -> None:
    text = sites.instance.settings_file.read_text("utf-8").partition("[operator]")[0]
    file = sites.instance.folder / "without.toml"
    file.write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", "import simulators.demo.operator_wsgi"],
        env={**os.environ, "BLAUWE_KNOP_SETTINGS": str(file)},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == (
        "blauwe-knop cannot start: there is no table [operator] in the settings: see docs/operator-site.md\n"
    )


def test_all_that_the_page_for_verifying_takes_is_examined(sites: Sites) -> None:
    """Else a large file of our own would be told as "not a sealed overview"."""
    large = b'{"payload":"%s","protected":"AAAA","signature":"AAAA"}' % (b"A" * 11_000_000)
    base_url = sites.instance.url.replace("http:", "https:")
    page = sites.public.test_client().get("/controleren", base_url=base_url)
    assert "samen hooguit 12 MB." in page.text
    answer = sites.public.test_client().post(
        "/controleren", base_url=base_url, data={"bestand": (BytesIO(large), "overzicht.json")}
    )
    assert "Dit bestand is veranderd" in answer.text
