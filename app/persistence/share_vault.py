"""What a shared overview is locked with: a key that only the code gives, with a secret that is not in the database.

With database and secret each try still costs an Argon2id of 64 MiB, and there are 2^55 codes (`app.services.share_code`).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass

from app.persistence.cipher import Place
from app.persistence.code_vault import CodeKeys, CodeVault, Price
from app.ports.shares import SharedFile

_PURPOSE = b"blauwe-knop share v1"
_PRICE = Price(memory_kib=64 * 1024, passes=3)


@dataclass(frozen=True, slots=True, repr=False)
class Lock(CodeKeys):
    """Closes and opens the files of one share."""

    def close(self, files: Mapping[str, SharedFile], share_id: str) -> bytes:
        return self.ring.encrypt(_written(files), _place(self.name_hash, share_id))

    def open(self, stored: bytes, share_id: str) -> dict[str, SharedFile]:
        """Raises StoredDataUnreadable for a row that was put in the place of another."""
        return _read(self.ring.decrypt(stored, _place(self.name_hash, share_id)))


class ShareVault(CodeVault):
    """Makes locks."""

    def __init__(self, secret: bytes) -> None:
        """Raises ValueError as `CodeVault`."""
        super().__init__(secret, _PURPOSE, _PRICE)

    def lock(self, code: str) -> Lock:
        """The same code always gives the same lock."""
        keys = self.keys(code)
        return Lock(keys.name_hash, keys.ring)

    def lock_tried(self, code: str) -> Lock:
        """The same for a code that somebody says to have. Raises CodesBusy when others are waiting."""
        keys = self.keys_tried(code)
        return Lock(keys.name_hash, keys.ring)


def _place(name_hash: str, share_id: str) -> Place:
    return Place("shares", share_id, name_hash)


def _written(files: Mapping[str, SharedFile]) -> bytes:
    members = {
        name: {
            "name": file.name,
            "media_type": file.media_type,
            "content": base64.b64encode(file.content).decode(),
        }
        for name, file in files.items()
    }
    return json.dumps(members).encode()


def _read(plain: bytes) -> dict[str, SharedFile]:
    return {
        name: SharedFile(stated["name"], stated["media_type"], base64.b64decode(stated["content"]))
        for name, stated in json.loads(plain).items()
    }
