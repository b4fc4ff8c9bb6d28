"""`blauwe-knop merge`: the counsellor's desk for a folder. Tables are made offline, with anchors only; what is sealed needs
the settings of the service, and is in its register and audit log."""

from __future__ import annotations

import functools
import io
import secrets
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.cli.progress import ProgressBar
from app.cli.verify import LIMITS, WRONG_USE, files_of, verify_one
from app.cli.verify_output import printable
from app.documents import formatting, sentences, summary_csv, summary_json, summary_xlsx
from app.documents.summary_json import LeftOutFile, Summary
from app.services.merge import Desk, Refusal, together
from app.services.numbers import SUMMARY, new_number
from app.services.verdict_text import describe
from app.services.verify import Verdict, Verify
from claims.merged import Merged
from signing.errors import SigningError
from signing.policy import load_trust
from signing.verifying.sandbox import examine

_REFUSED = {
    Refusal.NOTHING_GENUINE: "er is geen echt overzicht om samen te voegen",
    Refusal.DIFFERENT_PERSONS: "deze bestanden gaan niet over dezelfde persoon; er is niets samengevoegd",
    Refusal.PERSON_UNKNOWN: "van een bestand is niet zeker over wie het gaat; er is niets samengevoegd",
}
_TABLES: dict[str, Callable[[Summary], bytes]] = {"csv": summary_csv.write, "xlsx": summary_xlsx.write}
Finished = tuple[Summary, Mapping[str, bytes]]


class CannotMerge(Exception):
    """One line for whoever typed the command."""


@dataclass(frozen=True, slots=True)
class _Tools:
    """`finish`: a summary of what was merged, with the files of these formats."""

    verify: Verify
    finish: Callable[[Desk, Merged, Sequence[str]], Finished]


def run(paths: Sequence[Path], trust: Path, wanted: Mapping[str, Path]) -> int:
    """Print a verdict per file and the summary; write the wanted files, by format. The exit code is the highest of all
    verdicts (NAMES.md); 64 when nothing could be merged or written though files were genuine."""
    try:
        files = [file for path in paths for file in files_of(path)]
        _refuse_present(wanted.values())
        tools = _tools(trust, wanted)
    except (SigningError, OSError, CannotMerge) as error:
        return _wrong(error)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    named = tuple(_verdicts(files, tools.verify))
    code = max(verdict.kind.exit_code for _, verdict in named)
    desk = together(named)
    if desk.merged is None:
        return _refused(desk, code)
    try:
        _write(tools.finish(desk, desk.merged, tuple(wanted)), wanted)
    except (OSError, CannotMerge) as error:
        return _wrong(error)
    return code


def _write(finished: Finished, wanted: Mapping[str, Path]) -> None:
    """Never in the place of another file."""
    summary, contents = finished
    print("\n".join(map(printable, _summary_lines(summary))))
    for format_name, target in wanted.items():
        with target.open("xb") as stream:
            stream.write(contents[format_name])
        print(printable(f"Geschreven: {target}"))


def _verdicts(files: Sequence[Path], use_case: Verify) -> Iterator[tuple[str, Verdict]]:
    """Each is printed as soon as it is there."""
    with ProgressBar(sys.stderr) as bar:
        for done, file in enumerate(files):
            bar.show(done, len(files))
            verdict = verify_one(file, use_case, bar)
            bar.clear()
            print(printable(f"{file}: {verdict.kind.word}. {describe(verdict).headline}"), flush=True)
            yield file.name, verdict
        bar.show(len(files), len(files))


def _refused(desk: Desk, code: int) -> int:
    why = desk.refusal or Refusal.NOTHING_GENUINE
    if why is Refusal.DIFFERENT_PERSONS:
        print("\n".join(_persons(desk)))
    sys.stderr.write(f"blauwe-knop merge: {_REFUSED[why]}\n")
    return code if why is Refusal.NOTHING_GENUINE and code else WRONG_USE


def _persons(desk: Desk) -> Iterator[str]:
    """How the BSN ends in each file, to see which one is in the wrong folder."""
    yield ""
    for file in desk.files:
        if file.last_three:
            yield printable(f"  {file.name}: BSN eindigt op {file.last_three}")


def _summary_lines(summary: Summary) -> Iterator[str]:
    merged = summary.merged
    yield ""
    yield f"{summary_json.title(summary)}, BSN eindigt op {summary.bsn.last_three}"
    yield from _left_out_lines(summary.left_out)
    yield from (f"  {note}" for note in summary_json.notes_on_content(summary))
    overview = merged.overview
    for name, one in zip(sentences.creditor_labels(overview), merged.per_organisation, strict=True):
        bills = "rekening" if one.claim_count == 1 else "rekeningen"
        yield f"  {name}: {one.claim_count} {bills}, nog te betalen {formatting.total(one.balance)}"
    yield f"  Totaal nog te betalen: {formatting.total(merged.balance)}"
    yield f"  Waarvan te laat: {formatting.total(merged.arrears)}"


def _left_out_lines(files: Sequence[LeftOutFile]) -> Iterator[str]:
    """Above every total, and by name: the verdicts may have scrolled away."""
    if not files:
        return
    said = "bestand staat" if len(files) == 1 else "bestanden staan"
    yield f"  Let op: {len(files)} {said} niet in deze samenvatting. Er kunnen dus meer schulden zijn."
    yield from (f"    niet meegeteld: {file.name} ({file.result})" for file in files)


def _tools(trust: Path, wanted: Mapping[str, Path]) -> _Tools:
    if set(wanted) - set(_TABLES):
        from app.cli.merge_sealed import sealing_tools  # needs the whole service

        verify, finish = sealing_tools()
        return _Tools(verify, finish)
    return _Tools(Verify(functools.partial(examine, policy=load_trust(trust), limits=LIMITS)), _tables)


def _tables(desk: Desk, merged: Merged, formats: Sequence[str]) -> Finished:
    now = datetime.now(UTC).replace(microsecond=0)
    summary = Summary(new_number(now.year, SUMMARY), secrets.token_hex(16), now, merged, desk.left_out)
    return summary, {name: _TABLES[name](summary) for name in formats}


def _refuse_present(targets: Iterable[Path]) -> None:
    for target in targets:
        if target.exists():
            raise CannotMerge(f"{target}: dit bestand is er al")


def _wrong(error: Exception) -> int:
    sys.stderr.write(printable(f"blauwe-knop merge: {error}") + "\n")
    return WRONG_USE
