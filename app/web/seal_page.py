"""The fixed address of our seal: the certificates of its authority with their fingerprints, for whoever wants to check a
file without this service. It changes only when the settings change, so caches may keep it for an hour."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, abort, make_response, render_template
from flask.typing import ResponseReturnValue

from app.documents import formatting
from app.language import N_, _
from app.services.publication import PublishedSeal, Role
from app.web.access import Pages
from app.web.services import WebServices

ADDRESS = "/zegel"
_SECONDS = 3600
_WHAT = {
    Role.ROOT: N_("Wortelcertificaat: hierop rust het vertrouwen"),
    Role.INTERMEDIATE: N_("Tussencertificaat: van de uitgever van het zegel"),
    Role.SEAL: N_("Certificaat waarmee wij nu verzegelen"),
    Role.TIME_STAMP_ROOT: N_("Wortelcertificaat van het tijdstempel"),
}


@dataclass(frozen=True, slots=True)
class CertificateLine:
    what: str
    name: str
    subject: str
    until: str
    groups: str


@dataclass(frozen=True)
class SealPages:
    services: WebServices

    def register(self, pages: Pages) -> None:
        pages.public(ADDRESS, "seal", self.page)
        pages.public(f"{ADDRESS}/<name>.pem", "seal_pem", self.pem)
        pages.public(f"{ADDRESS}/<name>.cer", "seal_der", self.der)
        pages.public(f"{ADDRESS}/vingerafdrukken.txt", "seal_fingerprints", self.fingerprints)
        pages.public(f"{ADDRESS}/organisatie.toml", "seal_organisation", self.organisation)
        pages.public(f"{ADDRESS}/vertrouwen.toml", "seal_trust", self.trust)

    @property
    def _seal(self) -> PublishedSeal:
        return self.services.seal()

    def page(self) -> ResponseReturnValue:
        lines = [
            CertificateLine(
                _(_WHAT[one.role]), one.name, one.subject, formatting.moment(one.expires_at), one.groups
            )
            for one in self._seal.certificates
        ]
        bundles = [role for role in Role if self._seal.of(role)]
        text = render_template("pages/seal.html", seal=self._seal, lines=lines, bundles=bundles)
        return _cacheable(make_response(text))

    def pem(self, name: str) -> ResponseReturnValue:
        """All certificates of one role, such as `wortel.pem`."""
        if name not in {role.value for role in Role if self._seal.of(role)}:
            abort(404)
        return _cacheable(Response(self._seal.pem(Role(name)), mimetype="application/x-pem-file"))

    def der(self, name: str) -> ResponseReturnValue:
        """One certificate, such as `wortel-1.cer`."""
        found = next((one for one in self._seal.certificates if one.name == name), None)
        if found is None:
            abort(404)
        return _cacheable(Response(found.der, mimetype="application/pkix-cert"))

    def fingerprints(self) -> ResponseReturnValue:
        """In the form that `sha256sum -c` reads, over the `.cer` files."""
        return _cacheable(Response(self._seal.fingerprints, mimetype="text/plain"))

    def organisation(self) -> ResponseReturnValue:
        """With `wortel.pem` beside it this is an entry of a trust folder for `blauwe-knop verify`."""
        return _cacheable(Response(organisation_file(self._seal), mimetype="application/toml"))

    def trust(self) -> ResponseReturnValue:
        """All that `blauwe-knop verify --trust` needs, in one file."""
        return _cacheable(Response(trust_file(self._seal), mimetype="application/toml"))


def trust_file(seal: PublishedSeal) -> str:
    """What `signing.policy.load_trust` reads."""
    time_stamps = seal.pem(Role.TIME_STAMP_ROOT).decode("ascii")
    return (
        "[[organisaties]]\n"
        + organisation_file(seal)
        + _pem("wortels", seal.pem(Role.ROOT).decode("ascii"))
        + (_pem(Role.TIME_STAMP_ROOT, time_stamps) if time_stamps else "")
    )


def _pem(name: str, content: str) -> str:
    return f"{name} = '''\n{content}'''\n"


def organisation_file(seal: PublishedSeal) -> str:
    """What `signing.policy.load_trust` reads."""
    return f"naam = {_toml(seal.organisation)}\norganisatie_id = {_toml(seal.organization_identifier)}\n"


def _toml(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _cacheable(response: Response) -> Response:
    response.cache_control.public = True
    response.cache_control.max_age = _SECONDS
    return response
