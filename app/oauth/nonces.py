"""Nonces for DPoP proofs (RFC 9449, sections 8 and 9): the same in every process, stored nowhere."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable

from app.ports.clock import Clock

WINDOW_S = 300


class Nonces:
    """A nonce is a keyed hash of its window of five minutes. That of the window before is taken too, and that of the next:
    clocks differ."""

    def __init__(self, secrets: Iterable[bytes], clock: Clock) -> None:
        """`secrets`: oldest first, the newest makes nonces; looked at before every use."""
        self._secrets = secrets
        self._clock = clock

    def current(self) -> str:
        return _nonce(list(self._secrets)[-1], self._window())

    def is_good(self, unverified: object) -> bool:
        if not isinstance(unverified, str):
            return False
        given, now = unverified.encode(errors="replace"), self._window()
        known = [_nonce(key, now + step).encode() for key in self._secrets for step in (0, -1, 1)]
        return any(hmac.compare_digest(given, one) for one in known)

    def _window(self) -> int:
        return int(self._clock.now().timestamp()) // WINDOW_S


def _nonce(secret: bytes, window: int) -> str:
    made = hmac.new(secret, f"dpop nonce {window}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made[:24]).decode()
