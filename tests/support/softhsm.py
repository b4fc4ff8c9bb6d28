"""A token of SoftHSM2 in a folder of its own, with keys that came from elsewhere."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from signing.keys.pkcs11 import TokenKey
from signing.keys.token_module import TokenPlace
from simulators.certificates import PrivateKey

LABEL = "zegelkluis"
PIN = "482913"
_LIBRARIES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")


@dataclass(frozen=True)
class SoftHsm:
    """`place` is how our own code gets there. The library reads SOFTHSM2_CONF when it starts anew."""

    folder: Path
    place: TokenPlace

    @classmethod
    def create(cls, folder: Path) -> SoftHsm:
        """A token with PIN; sets SOFTHSM2_CONF for this process and its children."""
        (folder / "tokens").mkdir(parents=True)
        configuration = folder / "softhsm2.conf"
        configuration.write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
        os.environ["SOFTHSM2_CONF"] = str(configuration)
        _run("--init-token", "--free", "--label", LABEL, "--so-pin", "87654321", "--pin", PIN)
        pin_file = folder / "pin"
        pin_file.touch(mode=0o600)
        pin_file.write_text(f"{PIN}\n")
        library = next(Path(file) for file in _LIBRARIES if Path(file).is_file())
        return cls(folder, TokenPlace(library, LABEL, pin_file))

    def put(self, key: PrivateKey, label: str) -> TokenKey:
        """Put a key into the token."""
        id_ = os.urandom(8)
        file = self.folder / f"{label}.pem"
        file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        _run("--import", str(file), "--token", LABEL, "--label", label, "--id", id_.hex(), "--pin", PIN)
        file.unlink()
        return TokenKey(self.place, label, id_)

    def take_away(self) -> None:
        """As if somebody pulled the plug."""
        (self.folder / "tokens").rename(self.folder / "away")
        (self.folder / "tokens").mkdir()

    def bring_back(self) -> None:
        (self.folder / "tokens").rmdir()
        (self.folder / "away").rename(self.folder / "tokens")


def _run(*arguments: str) -> None:
    done = subprocess.run(["softhsm2-util", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
