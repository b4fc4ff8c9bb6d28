"""The back end of an invented app: its keys in a folder, and registered, so that anybody can try the API on the demo."""

from __future__ import annotations

import json
import zlib
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc.jwk import ECKey

from app.oauth.registration import Stated, checked
from app.persistence.client_store import SqlClientStore
from app.persistence.engine import Database
from app.ports.clients import Binding, ClientAuthentication, ClientKind
from app.ports.grants import Scope

CLIENT_ID = "voorbeeld-app"
NAME = "Voorbeeld-app Schuldhulp"
KEY, KEYS = "sleutel.pem", "sleutels.json"
_SIDE = 96


def new_key() -> str:
    """EC P-256, PEM."""
    private = ec.generate_private_key(ec.SECP256R1())
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")


def write_public(folder: Path) -> None:
    """The public part of the key in this folder, as an app hands it to the operator."""
    key = ECKey.import_key((folder / KEY).read_text("ascii"))
    public = {**key.as_dict(private=False), "kid": "een", "use": "sig", "alg": "ES256"}
    (folder / KEYS).write_text(json.dumps({"keys": [public]}, indent=2), "utf-8")


def register(database: Database, folder: Path, redirect_uri: str) -> None:
    """As `clients add` does, for an address on this machine."""
    stated = Stated(
        client_id=CLIENT_ID,
        name=NAME,
        kind=ClientKind.APP,
        authentication=ClientAuthentication.PRIVATE_KEY_JWT,
        binding=Binding.DPOP,
        keys=[(folder / KEYS).read_bytes()],
        redirect_uris=(redirect_uri,),
        scopes=tuple(Scope),
        purpose="Om samen met u een plan te maken om uw schulden af te betalen.",
        oin=None,
        logo=_logo(),
        allow_loopback_http=True,
    )
    made = checked(stated, datetime.now(UTC))
    SqlClientStore(database).add(made.client, made.logo, replace=True)


def _logo() -> bytes:
    """Three blue bars, each longer than the one above."""
    rows = b"".join(b"\x00" + bytes(_shade(x, y) for x in range(_SIDE)) for y in range(_SIDE))
    header = _SIDE.to_bytes(4, "big") * 2 + b"\x08\x03\x00\x00\x00"
    chunks = (
        (b"IHDR", header),
        (b"PLTE", b"\xff\xff\xff\x15\x4a\x8b"),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in chunks)


def _shade(x: int, y: int) -> int:
    bar, within = divmod(y, _SIDE // 3)
    return int(8 <= within < 24 and 8 <= x < 40 + 16 * bar)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")
