"""`blauwe-knop verify`: the verdict on files, offline, with anchors only."""

from __future__ import annotations

import functools
import io
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import Enum
from pathlib import Path

from app.cli.progress import ProgressBar
from app.cli.verify_output import CSV_HEAD, Writer, as_csv, as_json, as_text, csv_row, printable
from app.services.verify import Reason, Verdict, Verify
from signing.errors import SigningError
from signing.policy import load_trust
from signing.verifying.sandbox import DEFAULT, examine

WRONG_USE = 64
SUFFIXES = {".pdf", ".json"}
LIMITS = replace(DEFAULT, max_bytes=25_000_000)  # on one's own machine: whatever we ever hand out


class Form(Enum):
    """How verdicts are printed."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


_WRITERS: dict[Form, Writer] = {Form.TEXT: as_text, Form.JSON: as_json, Form.CSV: as_csv}


def run(paths: Sequence[Path], trust: Path, form: Form = Form.TEXT) -> int:
    """Print a verdict per file; the exit code is the highest of all (NAMES.md). A folder means the PDF and JSON files
    in it and in the folders below it."""
    try:
        policy = load_trust(trust)
        files = [file for path in paths for file in files_of(path)]
    except (SigningError, OSError) as error:
        sys.stderr.write(printable(f"blauwe-knop verify: {error}") + "\n")
        return WRONG_USE
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(
            errors="replace"
        )  # names in the file need not exist in the terminal's alphabet
    if form is Form.CSV:
        print(csv_row(CSV_HEAD))
    return max(
        _verify_all(files, Verify(functools.partial(examine, policy=policy, limits=LIMITS)), _WRITERS[form])
    )


def _verify_all(files: Sequence[Path], use_case: Verify, write: Writer) -> Iterator[int]:
    """Prints each verdict as soon as it is there; gives the exit codes."""
    with ProgressBar(sys.stderr) as bar:
        for done, file in enumerate(files):
            if len(files) > 1:
                bar.show(done, len(files))
            verdict = verify_one(file, use_case, bar)
            bar.clear()
            print(write(file, verdict), flush=True)
            yield verdict.kind.exit_code


def verify_one(file: Path, use_case: Verify, bar: ProgressBar) -> Verdict:
    try:
        return use_case.verify(read_file(file))
    except OSError as error:
        bar.clear()
        sys.stderr.write(printable(f"blauwe-knop verify: {file}: {error.strerror}") + "\n")
        return Verdict(Reason.EXAMINER_FAILED)


def files_of(path: Path) -> list[Path]:
    """The file, or the PDF and JSON files below a folder. Raises OSError."""
    if not path.is_dir():
        if not path.exists():
            raise FileNotFoundError(f"{path}: dit bestand is er niet")
        return [path]
    found = sorted(_below(path))
    if not found:
        raise FileNotFoundError(f"{path}: geen pdf- of json-bestanden in deze map")
    return found


def _below(folder: Path) -> Iterator[Path]:
    """Links to folders are not followed (they may go round in circles). A folder that cannot be read is an error:
    what is in it would otherwise look as if it had been checked."""
    for place, _, names in os.walk(folder, onerror=_raise):
        files = (Path(place, name) for name in names)
        yield from (file for file in files if file.suffix.lower() in SUFFIXES and file.is_file())


def _raise(error: OSError) -> None:
    raise error


def read_file(file: Path) -> bytes:
    """No more than tells that it is too large: a file may be endless."""
    with file.open("rb") as stream:
        return stream.read(LIMITS.max_bytes + 1)
