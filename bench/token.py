"""A token of SoftHSM2 for as long as it is measured."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from signing.keys.pkcs11 import Pkcs11Key
from signing.keys.token_module import module_at
from simulators.certificates import Identity
from tests.support.softhsm import SoftHsm

_SETTING = "SOFTHSM2_CONF"


@contextmanager
def token() -> Iterator[SoftHsm]:
    """The library of this process may have been in use with other tokens: it begins anew with this one."""
    before = os.environ.get(_SETTING)
    with TemporaryDirectory() as name:
        hsm = SoftHsm.create(Path(name) / "softhsm")
        try:
            module = module_at(hsm.place.library)
            with module.turn():
                module.restart()
            yield hsm
        finally:
            _put_back(before)


def _put_back(before: str | None) -> None:
    del os.environ[_SETTING]
    if before is not None:
        os.environ[_SETTING] = before


def key_in(hsm: SoftHsm, identity: Identity, label: str) -> Pkcs11Key:
    """The same key, in the token."""
    return Pkcs11Key(hsm.put(identity.private_key, label), identity.certificate, identity.chain)
