"""`keys prepare-client`, `rotate-client` and `forget-client`: another key of us as client of the log-in provider.

Three steps, because the provider must know a key before it is used: first it is published beside the one in use, then it is
used, and the old one goes when the provider has forgotten it. Programs are started again after each. See docs/keys.md.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app.cli.account import account_of_command
from app.cli.key_files import replace_file
from app.cli.operate import one_line
from app.cli.settings import load_settings
from app.cli.written_down import written_down
from app.oidc.keys import load_signing_key, private_key_blocks
from app.services import audit_facts
from app.settings import Settings, SettingsError

_RSA_BITS = 3072
_FILES: dict[str, Callable[[Settings], Path | None]] = {
    "login-signing": lambda settings: settings.login.signing_key_file,
    "login-decryption": lambda settings: settings.login.decryption_key_file,
    "operator-signing": lambda settings: settings.operator.signing_key_file if settings.operator else None,
}
_OF_ORGANISATION = "sharing-"


@one_line
def prepare(role: str) -> int:
    """A new key of the same kind, published and not used yet."""
    settings = load_settings()
    file, blocks = _read(settings, role)
    new = _like(blocks[0])
    _write(settings, file, [*blocks, new], (_key_id(new), "prepare-client"))
    print(f"Sleutel {_key_id(new)} staat klaar in {file}; {_key_id(blocks[0])} is nog in gebruik.")
    print(
        f"Start de programma's opnieuw. Kent de inlogdienst hem? Dan: keys rotate-client {role} {_key_id(new)}"
    )
    return 0


@one_line
def rotate(role: str, key_id: str) -> int:
    """Use a key that the provider knows."""
    settings = load_settings()
    file, blocks = _read(settings, role)
    chosen = _find(blocks, key_id)
    _write(settings, file, [chosen, *(one for one in blocks if one != chosen)], (key_id, "rotate-client"))
    print(f"{key_id} is in gebruik zodra de programma's opnieuw zijn gestart.")
    for old in (one for one in blocks if one != chosen):
        print(f"Gebruikt de inlogdienst de oude niet meer? Dan: keys forget-client {role} {_key_id(old)}")
    return 0


@one_line
def forget(role: str, key_id: str) -> int:
    """Take out a key that the provider uses no more."""
    settings = load_settings()
    file, blocks = _read(settings, role)
    chosen = _find(blocks, key_id)
    if chosen == blocks[0]:
        raise SettingsError(f"{key_id} is the key in use: first rotate-client another one")
    _write(settings, file, [one for one in blocks if one != chosen], (key_id, "forget-client"))
    print(f"Sleutel {key_id} is gewist. Start de programma's opnieuw, en wis ook de reservekopieën.")
    return 0


def _read(settings: Settings, role: str) -> tuple[Path, list[str]]:
    """The file, and its keys, the one in use first."""
    file = _FILES[role](settings) if role in _FILES else _of_organisation(settings, role)
    if file is None:
        raise SettingsError(f"the settings name no file with the key {role}")
    return file, private_key_blocks(file.read_text())


def _of_organisation(settings: Settings, role: str) -> Path | None:
    """`sharing-ID`: our key towards the provider of a counselling organisation."""
    organisations = settings.sharing.organisations if settings.sharing else ()
    return next((one.signing_key_file for one in organisations if role == _OF_ORGANISATION + one.id), None)


def _find(blocks: list[str], key_id: str) -> str:
    known = {_key_id(block): block for block in blocks}
    if key_id not in known:
        raise SettingsError(f"there is no such key; there are: {', '.join(known)}")
    return known[key_id]


def _key_id(block: str) -> str:
    """As the provider sees it: `kid`."""
    return load_signing_key(block).thumbprint()


def _like(block: str) -> str:
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    if load_signing_key(block).key_type == "EC":
        key = ec.generate_private_key(ec.SECP256R1())
    else:
        key = rsa.generate_private_key(65537, _RSA_BITS)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _write(settings: Settings, file: Path, blocks: list[str], deed: tuple[str, str]) -> None:
    """`deed`: which key, and the command."""
    with written_down(settings, audit_facts.key_changed(account_of_command(), *deed)):
        replace_file(file, "".join(f"{block.strip()}\n" for block in blocks))
