"""Secrets that the sources file names: nobody else on the machine may read them, and keys of ours are strong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from app.oidc.keys import OWN_RSA_BITS
from app.settings.loading import SettingsError
from sources.config import SourceConfig

_EVERYBODY = 0o007


def refuse_open_files(configs: Iterable[SourceConfig]) -> None:
    """Raises SettingsError with one line for the operator. A file that is not there, or that is no key, is told when it is
    needed: one source must not stop the others."""
    for config in configs:
        for file in filter(Path.is_file, _secrets_of(config)):
            if file.stat().st_mode & _EVERYBODY:
                raise SettingsError(
                    f"source {config.source_id}: everybody on this machine can use {file}; run: chmod 600 {file}"
                )
            if _is_short(file):
                raise SettingsError(
                    f"source {config.source_id}: the RSA key in {file} is shorter than {OWN_RSA_BITS} bits"
                )


def _is_short(file: Path) -> bool:
    try:
        key = load_pem_private_key(file.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
        return False
    return isinstance(key, rsa.RSAPrivateKey) and key.key_size < OWN_RSA_BITS


def _secrets_of(config: SourceConfig) -> Iterator[Path]:
    named = (
        config.client_key_file,
        config.api_key_file,
        config.basic_file,
        config.test_bsn_file,
        config.oauth and config.oauth.signing_key_file,
        *config.header_files.values(),
    )
    yield from (file for file in named if file)
