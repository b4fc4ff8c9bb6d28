"""`blauwe-knop archive`: a copy for the archive, with revocation data and a document time-stamp behind the file."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from app.bootstrap_seals import CannotStart, refresher
from app.cli.settings import load_settings
from app.settings import Settings, SettingsError
from signing.errors import SigningError
from signing.policy import load_trust
from signing.report import Finding, SealReport
from signing.sealing.archive import archived
from signing.sealing.pdf import LongTermData
from signing.sealing.revocation import LongTermSource, Refresher
from signing.verifying.sandbox import examine

FAILED = 1
_FIT = frozenset({Finding.GENUINE, Finding.ARCHIVED})


class CannotArchive(Exception):
    """One line for the operator."""


def run(file: Path, out: Path | None) -> int:
    """Write the copy; the file itself stays as it is. 0: done; 1: not done, and one line says why."""
    try:
        settings = load_settings()
        target = out or file.with_name(f"{file.stem}-gearchiveerd{file.suffix}")
        copy = _copy(file.read_bytes(), settings)
        _write_new(target, copy)
    except (SettingsError, CannotStart, SigningError, CannotArchive) as error:
        sys.stderr.write(f"blauwe-knop archive: {error}\n")
    except OSError as error:
        sys.stderr.write(f"blauwe-knop archive: {error.filename}: {error.strerror}\n")
    else:
        print(f"Gearchiveerd: {target}")
        return 0
    return FAILED


def _write_new(target: Path, content: bytes) -> None:
    """Whole or not at all: half a copy, of when the disk was full, would look like one that was changed."""
    with target.open("xb") as stream:  # never in the place of another file
        try:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        except OSError as error:
            target.unlink()
            raise OSError(error.errno, error.strerror, str(target)) from error


def _copy(data: bytes, settings: Settings) -> bytes:
    policy = load_trust(settings.trust_folder)
    _check(
        examine(data, policy),
        _FIT,
        "this file is not genuine; only what `blauwe-knop verify` calls echt is archived",
    )
    source = refresher(settings, policy)
    if source.client is None:
        raise CannotArchive("seal.tsa_url is not set: an archived copy needs a time-stamp")
    copy = archived(data, source.client, _fresh(source, settings))
    _check(
        examine(copy, policy),
        frozenset({Finding.ARCHIVED}),
        "the copy does not verify, so it was not written",
    )
    return copy


def _check(report: SealReport, wanted: frozenset[Finding], otherwise: str) -> None:
    if report.finding not in wanted or report.kind != "pdf":
        raise CannotArchive(f"{otherwise} (finding: {report.finding.value})")


def _fresh(source: Refresher, settings: Settings) -> LongTermData:
    """Fetched now: an archived copy must stand on its own for years."""
    material = source.refreshed(None, datetime.now(UTC))
    data = LongTermSource(source.own, material.to_bytes, settings.seal.revocation_max_age).current()
    if data is None:
        raise CannotArchive(
            "not all revocation lists could be fetched; see the log, and seal.revocation_urls in docs/sealing.md"
        )
    return data
