"""One PKCS#11 library in this process (OASIS PKCS #11 v2.40): one user of it at a time, one log-in per token.

- The library is initialised without thread locking, so every call happens under one lock of the process.
- After a fork the child must initialise anew; a handle of the parent would be another object there.
- When the token went away, all handles are worthless: `restart` begins anew, and each session knows from which
  beginning it is. A number of an old handle may mean another key after that, so it is never used.
- A PIN that the token refused is not tried again: a few wrong ones block a token for good.
"""

import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from signing.errors import KeyRefused, SigningError
from signing.keys.files import read_line

if TYPE_CHECKING:
    import pkcs11

_WAIT_FOR_TURN_S = 10.0


@dataclass(frozen=True)
class TokenPlace:
    """Where a token is: the library of its supplier, its label, and a secret file with the user PIN."""

    library: Path
    token_label: str
    pin_file: Path


class TokenModule:
    """Use `module_at`, which gives the one object per library. All methods but `turn` are for who has the turn."""

    def __init__(self, library: Path) -> None:
        self._file = library
        self._lock = threading.Lock()
        self._library: Any = None  # the stubs of python-pkcs11 do not tell
        self._process = 0
        self._sessions: dict[tuple[str, bool], pkcs11.Session] = {}
        self._refused_pins: set[bytes] = set()
        self.beginning = 0
        os.register_at_fork(after_in_child=self._unlock)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn; raises SigningError when a hardware module keeps the others waiting."""
        if not self._lock.acquire(timeout=_WAIT_FOR_TURN_S):
            raise SigningError(f"{self._file}: the hardware module is busy or does not answer")
        try:
            if self._library is not None and self._process != os.getpid():
                self._restart_after_fork()
            yield
        finally:
            self._lock.release()

    def _unlock(self) -> None:
        """In a new child process: whatever thread had the turn is not there."""
        self._lock = threading.Lock()

    def _restart_after_fork(self) -> None:
        try:
            self.restart()
        except _errors() as error:
            raise SigningError(f"{self._file}: cannot be used in this process ({error!r})") from error

    def restart(self) -> None:
        """Forget all handles and begin anew. Raises an error of the library when it cannot."""
        self.beginning += 1
        self._sessions = {}
        if self._library is None:
            return
        with suppress(_errors()):  # in a child process there may be nothing to end
            self._library.finalize()
        self._library.initialize()
        self._process = os.getpid()

    def session(self, place: TokenPlace, *, writable: bool = False) -> "pkcs11.Session":
        """The session on this token, logged in. Raises SigningError, or an error of the library."""
        known = self._sessions.get((place.token_label, writable))
        if known is None:
            known = self._sessions[place.token_label, writable] = self._open(place, writable)
        return known

    def _open(self, place: TokenPlace, writable: bool) -> "pkcs11.Session":
        import pkcs11

        pin = read_line(place.pin_file)
        fingerprint = hashlib.sha256(f"{place.token_label} {pin}".encode()).digest()
        if fingerprint in self._refused_pins:
            raise SigningError(f"{place.pin_file}: the token refused this PIN before; it is not tried again")
        token = self._load().get_token(token_label=place.token_label)
        try:
            session: pkcs11.Session = token.open(rw=writable, user_pin=pin)
        except pkcs11.UserAlreadyLoggedIn:  # by the other session of this process
            session = token.open(rw=writable)
        except (pkcs11.PinIncorrect, pkcs11.PinLocked, pkcs11.PinInvalid, pkcs11.PinLenRange) as error:
            self._refused_pins.add(fingerprint)
            raise SigningError(f"{place.pin_file}: the token refuses this PIN") from error
        return session

    def _load(self) -> Any:
        import pkcs11

        if self._library is None:
            self._library = pkcs11.lib(str(self._file))
        self._library.initialize()  # nothing when it was done
        self._process = os.getpid()
        return self._library


_modules: dict[Path, TokenModule] = {}
_modules_lock = threading.Lock()


def module_at(library: Path) -> TokenModule:
    """The library as this process uses it. Raises KeyRefused when it, or the package python-pkcs11, is not there."""
    try:
        _errors()
    except ImportError as error:
        raise KeyRefused(
            "a key in a hardware module needs the extra 'hsm' of this package: docs/keys.md"
        ) from error
    if not library.is_file():
        raise KeyRefused(f"{library}: there is no such PKCS#11 library")
    with _modules_lock:
        return _modules.setdefault(library.resolve(), TokenModule(library))


def _errors() -> type[Exception]:
    """What the library raises. Imported late: the package is an extra."""
    import pkcs11

    return pkcs11.PKCS11Error
