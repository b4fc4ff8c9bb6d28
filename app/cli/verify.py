"""`blauwe-knop verify`: the verdict on files, offline, with anchors only."""

from __future__ import annotations

import functools
import io
import json
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

from app.services.verdict_text import describe
from app.services.verify import Reason, Verdict, Verify
from signing.errors import SigningError
from signing.policy import load_trust
from signing.report import Check, Outcome
from signing.verifying.sandbox import DEFAULT, examine

WRONG_USE = 64
SUFFIXES = {".pdf", ".json"}


def run(paths: Sequence[Path], trust: Path, *, as_json: bool) -> int:
    """Print a verdict per file; the exit code is the highest of all (NAMES.md). A folder means the PDF and JSON files
    directly in it."""
    try:
        policy = load_trust(trust)
        files = list(_files(paths))
    except (SigningError, OSError) as error:
        sys.stderr.write(_printable(f"blauwe-knop verify: {error}") + "\n")
        return WRONG_USE
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(
            errors="replace"
        )  # names in the file need not exist in the terminal's alphabet
    use_case = Verify(functools.partial(examine, policy=policy))
    codes = [_one(file, use_case, as_json=as_json) for file in files]
    return max(codes)


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.is_dir():
            if not path.exists():
                raise FileNotFoundError(f"{path}: dit bestand is er niet")
            yield path
            continue
        found = sorted(
            child for child in path.iterdir() if child.suffix.lower() in SUFFIXES and child.is_file()
        )
        if not found:
            raise FileNotFoundError(f"{path}: geen pdf- of json-bestanden in deze map")
        yield from found


def _one(file: Path, use_case: Verify, *, as_json: bool) -> int:
    try:
        verdict = use_case.verify(_read(file))
    except OSError as error:
        sys.stderr.write(_printable(f"blauwe-knop verify: {file}: {error.strerror}") + "\n")
        verdict = Verdict(Reason.EXAMINER_FAILED)
    if as_json:
        print(json.dumps(_as_members(file, verdict)))
    else:
        print("\n".join(map(_printable, _as_lines(file, verdict))))
    return verdict.kind.exit_code


def _read(file: Path) -> bytes:
    """No more than tells that it is too large: a file may be endless."""
    with file.open("rb") as stream:
        return stream.read(DEFAULT.max_bytes + 1)


def _printable(line: str) -> str:
    """Names of files, and of sources in a file, may hold codes that move the cursor, erase lines or turn text around:
    with those a file could write a verdict of its own on the screen."""
    return "".join(
        character if character.isprintable() or unicodedata.category(character) == "Zs" else "\ufffd"
        for character in line
    )


def _as_lines(file: Path, verdict: Verdict) -> Iterator[str]:
    text = describe(verdict)
    yield f"{file}: {verdict.kind.word}"
    yield f"  {text.headline}"
    if text.next_step:
        yield f"  {text.next_step}"
    yield from (f"  Let op: {warning}" for warning in text.warnings)
    yield from (f"  {label}: {value}" for label, value in text.facts)
    yield from (f"  controle {c.number} {c.outcome.value}: {c.reason}" for c in _told(verdict.checks))


def _told(checks: Sequence[Check]) -> Iterator[Check]:
    """Up to the check that decided: that the rest was not reached says nothing more. JSON output has them all."""
    for check in checks:
        yield check
        if check.outcome is Outcome.FAILED:
            return


def _as_members(file: Path, verdict: Verdict) -> dict[str, object]:
    text = describe(verdict)
    return {
        "bestand": str(file),
        "oordeel": verdict.kind.word,
        "reden": verdict.reason.value,
        "regel": verdict.row,
        "uitleg": text.headline,
        "waarschuwingen": list(text.warnings),
        "feiten": dict(text.facts),
        "register_gevraagd": verdict.register_asked,
        "controles": [[c.number, c.outcome.value, c.reason] for c in verdict.checks],
    }
