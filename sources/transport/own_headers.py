"""The headers that a stanza adds to every question: fixed ones, and secrets that stand in files.

A file is read at every question, so that a new secret counts without a restart.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sources.errors import Misconfigured


@dataclass(frozen=True)
class OwnHeaders:
    """`fixed` are values, `files` names of files that hold one; names are checked in `sources.header_settings`."""

    api_key_file: Path | None = None
    api_key_header: str = "X-Api-Key"
    basic_file: Path | None = None
    fixed: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Path] = field(default_factory=dict)

    def read(self) -> dict[str, str]:
        """Raises Misconfigured when a file cannot be used."""
        return {**self.fixed, **self._from_files(), **self._api_key(), **self._basic()}

    def _from_files(self) -> dict[str, str]:
        return {name: _read_secret(file) for name, file in self.files.items()}

    def _api_key(self) -> dict[str, str]:
        return {} if self.api_key_file is None else {self.api_key_header: _read_secret(self.api_key_file)}

    def _basic(self) -> dict[str, str]:
        """RFC 7617; the file holds `name:password`."""
        if self.basic_file is None:
            return {}
        pair = _read_secret(self.basic_file)
        if ":" not in pair:
            raise Misconfigured("the file for basic access holds no name and password")
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def _read_secret(file: Path) -> str:
    try:
        key = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise Misconfigured("a file with a secret cannot be read") from None
    if not key or not key.isprintable():
        raise Misconfigured("a file with a secret holds none")
    return key
