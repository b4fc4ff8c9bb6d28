"""Secrets that the sources file names: nobody else on the machine may read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from app.settings.loading import SettingsError
from sources.config import SourceConfig

_EVERYBODY = 0o007


def refuse_open_files(configs: Iterable[SourceConfig]) -> None:
    """Raises SettingsError with one line for the operator. A file that is not there is told when it is needed: one source
    must not stop the others."""
    for config in configs:
        for file in _secrets_of(config):
            if file.is_file() and file.stat().st_mode & _EVERYBODY:
                raise SettingsError(
                    f"source {config.source_id}: everybody on this machine can use {file}; run: chmod 600 {file}"
                )


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
