import base64
import os
import shutil
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc.jwk import RSAKey

from app.persistence.cipher import new_key_line

EXAMPLE = Path(__file__).parents[3] / "instance" / "examples" / "settings.toml"


@cache
def _rsa_pem() -> str:
    return RSAKey.generate_key(3072).as_pem(private=True).decode()


class Instance:
    """A folder as an operator makes it from the example."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "settings.toml"
        shutil.copy(EXAMPLE, self.file)
        key = ec.generate_private_key(ec.SECP256R1())
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        for name in (
            "login-signing.pem",
            "operator-signing.pem",
            "stadsbank-signing.pem",
            "api-signing.pem",
            "seal.key",
        ):
            self.secret(name, pem)
        self.secret("login-decryption.pem", _rsa_pem())
        self.secret("storage-keys", new_key_line("one"))
        self.secret("pseudonym-keys", new_key_line("one"))
        self.secret("sharing-stadsbank", new_key_line("one"))
        for name in ("sharing-secret", "paper-secret"):
            self.secret(name, base64.b64encode(bytes(32)).decode())
        self.secret("metrics-token", "een-token-van-genoeg-tekens\n")
        self.secret("database-password", "s3cr3t/word\n")
        for name in ("sources.toml", "seal.pem", "seal-chain.pem"):
            (folder / name).write_text("")
        (folder / "trust").mkdir()

    def secret(self, name: str, text: str) -> None:
        path = self.folder / "secrets" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        os.chmod(path, 0o600)

    def on_sqlite(self, name: str = "bk.sqlite3") -> None:
        """Instead of the PostgreSQL server of the example."""
        self.change('password_file = "secrets/database-password"\n', "")
        self.change("postgresql://blauwe_knop@127.0.0.1/blauwe_knop", f"sqlite:///{name}")

    def change(self, old: str, new: str) -> None:
        text = self.file.read_text()
        assert old in text
        self.file.write_text(text.replace(old, new, 1))


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    return Instance(tmp_path)
