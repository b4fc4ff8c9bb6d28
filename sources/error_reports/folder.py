"""The way `folder`: one encrypted file per report, which the organisation fetches or has sent to it as it likes.

JWE in its compact form (RFC 7516): nobody but the holder of the private key can read it, also not this service. It proves nothing
about who wrote it: that is up to whoever may write in the folder.
"""

from __future__ import annotations

import os
from pathlib import Path

from joserfc import jwe

from sources.error_reports.receiver_key import algorithm_of, load_receiver_key
from sources.error_reports.report import ErrorReport
from sources.errors import Misconfigured, SourceUnavailable

SUFFIX = ".jwe"
_CIPHER = "A256GCM"


class FolderWay:
    """Is a `sources.error_reports.ways.ReportWay`. The key is read at every report: it may be renewed meanwhile."""

    def __init__(self, folder: Path, key_file: Path) -> None:
        self._folder = folder
        self._key_file = key_file

    def deliver(self, report: ErrorReport) -> None:
        """Written aside, flushed to disk and then named: a program that watches the folder never meets half a file. The name is
        that of the report and nothing else, so that delivering again writes the same file."""
        content = encrypted(report, self._key_file)
        file = self._folder / f"melding-{report.report_id}{SUFFIX}"
        try:
            _write(file, content)
        except (FileNotFoundError, NotADirectoryError, PermissionError):
            raise Misconfigured("the folder for reports cannot be written") from None
        except OSError:
            raise SourceUnavailable("the folder for reports cannot be written now") from None


def encrypted(report: ErrorReport, key_file: Path) -> bytes:
    """Raises Misconfigured when the key cannot be used."""
    key = load_receiver_key(key_file)
    header = {
        "alg": algorithm_of(key),
        "enc": _CIPHER,
        "cty": "application/json",
        "kid": key.kid or key.thumbprint(),
    }
    return jwe.encrypt_compact(header, report.as_json(), key, [header["alg"], _CIPHER]).encode()


def _write(file: Path, content: bytes) -> None:
    """Raises OSError."""
    draft = file.with_suffix(".deel")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o640)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    os.replace(draft, file)
    directory = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
