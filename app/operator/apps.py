"""Which app back ends may ask citizens for their overview. Looking only: registering is `blauwe-knop clients add`."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from app.documents import formatting
from app.http.routes import Access
from app.operator.access import Pages
from app.ports.clients import Binding, Client, ClientAuthentication, ClientKind, ClientStore

_KINDS = {ClientKind.APP: "app", ClientKind.GATEWAY: "eigen poort"}
_PROOFS = {
    ClientAuthentication.PRIVATE_KEY_JWT: "ondertekende verklaring",
    ClientAuthentication.CERTIFICATE: "certificaat",
}
_BINDINGS = {Binding.DPOP: "DPoP-sleutel", Binding.CERTIFICATE: "certificaat"}


@dataclass(frozen=True, slots=True)
class AppRow:
    """One client, in the words of the page."""

    client_id: str
    name: str
    kind: str
    oin: str
    purpose: str
    scopes: tuple[str, ...]
    addresses: tuple[str, ...]
    keys: tuple[str, ...]
    proof: str
    tied_to: str
    registered: str


@dataclass(frozen=True)
class AppPages:
    clients: ClientStore

    def register(self, pages: Pages) -> None:
        pages.add(Access.OPERATOR, "/apps", "apps", self.show)

    def show(self) -> ResponseReturnValue:
        return render_template("operator/apps.html", rows=[_row(client) for client in self.clients.all()])


def _row(client: Client) -> AppRow:
    return AppRow(
        client.client_id,
        client.name,
        _KINDS[client.kind],
        client.oin or "",
        client.purpose,
        tuple(sorted(client.scopes)),
        client.redirect_uris,
        tuple(str(key.get("kid", "zonder naam")) for key in client.jwks["keys"]),
        _PROOFS[client.authentication],
        _BINDINGS[client.binding],
        formatting.day(formatting.in_amsterdam(client.registered_at).date()),
    )
