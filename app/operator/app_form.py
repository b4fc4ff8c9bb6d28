"""The form about one app: what was typed, and what it states. What was typed comes back when something is wrong, files and
private keys excepted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import abort, request

from app.oauth.client_keys import KeyFacts, facts_of, holds_private_key
from app.oauth.registration import Stated
from app.ports.clients import Binding, Client, ClientAuthentication, ClientKind
from app.ports.grants import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class AppForm:
    """`addresses`: one in each line. `keys`: text with new keys. `dropped`: thumbprints of registered keys to take out.
    `key_file`, `logo`: what was uploaded, empty for nothing."""

    client_id: str = ""
    name: str = ""
    purpose: str = ""
    oin: str = ""
    addresses: str = ""
    scopes: Sequence[str] = (Scope.OVERVIEW,)
    kind: ClientKind = ClientKind.APP
    proof: ClientAuthentication = ClientAuthentication.PRIVATE_KEY_JWT
    binding: Binding = Binding.DPOP
    keys: str = field(default="", repr=False)
    dropped: frozenset[str] = frozenset()
    drop_logo: bool = False
    key_file: bytes = field(default=b"", repr=False)
    logo: bytes = field(default=b"", repr=False)

    @property
    def key_text(self) -> str:
        """To show again: never a private key, and a file as text where nothing was typed."""
        shown = self.keys or self.key_file.decode("utf-8", "replace")
        return "" if holds_private_key(shown.encode()) else shown

    @property
    def lost_a_file(self) -> bool:
        """A browser keeps no file that was chosen."""
        return bool(self.logo or (self.key_file and self.keys))


@dataclass(frozen=True, slots=True)
class Registered:
    """What is kept of an app, where it is not typed again."""

    keys: Mapping[str, Mapping[str, object]]
    logo: bytes | None


NOTHING = Registered({}, None)


def registered(client: Client, logo: bytes | None) -> Registered:
    return Registered({facts_of(jwk).thumbprint: jwk for jwk in client.jwks["keys"]}, logo)


def key_rows(client: Client) -> list[KeyFacts]:
    return [facts_of(jwk) for jwk in client.jwks["keys"]]


def form_of(client: Client) -> AppForm:
    return AppForm(
        client_id=client.client_id,
        name=client.name,
        purpose=client.purpose,
        oin=client.oin or "",
        addresses="\n".join(client.redirect_uris),
        scopes=sorted(client.scopes),
        kind=client.kind,
        proof=client.authentication,
        binding=client.binding,
    )


def read_form() -> AppForm:
    """What came with this request. Aborts with 400 for a choice that the page does not offer."""
    sent = request.form
    try:
        kind = ClientKind(sent.get("soort", ClientKind.APP))
        proof = ClientAuthentication(sent.get("bewijs", ""))
        binding = Binding(sent.get("vast", ""))
    except ValueError:
        abort(400)
    return AppForm(
        client_id=sent.get("kenmerk", "").strip(),
        name=sent.get("naam", ""),
        purpose=sent.get("waarvoor", ""),
        oin=sent.get("oin", "").strip(),
        addresses=sent.get("adressen", ""),
        scopes=sent.getlist("mag"),
        kind=kind,
        proof=proof,
        binding=binding,
        keys=sent.get("sleutels", ""),
        dropped=frozenset(sent.getlist("weg")),
        drop_logo="geenlogo" in sent,
        key_file=_file("sleutelbestand"),
        logo=_file("logo"),
    )


def stated(form: AppForm, before: Registered, *, allow_loopback_http: bool) -> Stated:
    """With the keys and the logo that stay."""
    kept = [jwk for thumbprint, jwk in before.keys.items() if thumbprint not in form.dropped]
    typed = [form.keys.encode()] if form.keys.strip() else []
    uploaded = [form.key_file] if form.key_file else []
    return Stated(
        client_id=form.client_id,
        name=form.name,
        kind=form.kind,
        authentication=form.proof,
        binding=form.binding,
        keys=[*kept, *typed, *uploaded],
        redirect_uris=[line.strip() for line in form.addresses.splitlines() if line.strip()],
        scopes=form.scopes,
        purpose=form.purpose,
        oin=form.oin or None,
        logo=form.logo or (None if form.drop_logo else before.logo),
        allow_loopback_http=allow_loopback_http,
    )


def _file(name: str) -> bytes:
    found = request.files.get(name)
    return b"" if found is None else found.read()
