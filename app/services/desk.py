"""The counsellor's desk: files in, verdicts and one summary out; the files go, the summary stays for a moment.

What stays is encrypted under a ticket that only the counsellor's browser has, so that nobody needs to upload fourteen files for
every format that they want.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from app.documents import formatting, summary_json
from app.documents.summary_json import Summary
from app.language import _
from app.ports.clock import Clock
from app.ports.desk import DeskStore
from app.services.issue import IssuedFile
from app.services.merge import CheckedFile, MergeFiles, NamedFile, Refusal
from app.services.summaries import Summaries
from app.services.verdict_text import describe
from app.services.verify import Reason, Verdict, VerdictKind

_PLAIN = frozenset({Reason.GENUINE, Reason.OTHER_ORGANISATION})


@dataclass(frozen=True, slots=True)
class FileLine:
    """The verdict on one file, in words. `kind`: name of a VerdictKind. `is_plain`: genuine, merged, and nothing more to say than
    when it was `made` and by which `organisation`. `case`: the case reference that a link brought; nobody verified it."""

    name: str
    kind: str
    headline: str
    next_step: str
    number: str
    is_merged: bool
    is_plain: bool = False
    made: str = ""
    organisation: str = ""
    case: str = ""

    @property
    def verdict(self) -> VerdictKind:
        return VerdictKind[self.kind]


@dataclass(frozen=True, slots=True)
class DeskView:
    """What the page shows. `summary` None: nothing was merged, and `refusal` says why."""

    files: tuple[FileLine, ...]
    summary: Summary | None
    refusal: Refusal | None = None

    def __repr__(self) -> str:
        return f"DeskView({len(self.files)} files)"


class CounsellorsDesk:
    """One object per process; safe to share between threads."""

    def __init__(self, merging: MergeFiles, summaries: Summaries, store: DeskStore, clock: Clock) -> None:
        self._merging = merging
        self._summaries = summaries
        self._store = store
        self._clock = clock

    def look(self, files: Sequence[NamedFile]) -> tuple[DeskView, str | None]:
        """Verify and merge; with a summary also the ticket to see it again. Raises StorageUnavailable."""
        desk = self._merging.look(files)
        lines = tuple(map(_line, desk.files))
        if desk.merged is None:
            return DeskView(lines, None, desk.refusal), None
        payload = self._summaries.freeze(desk.merged)
        ticket = self._store.keep(_written(lines, payload), self._clock.now())
        return DeskView(lines, summary_json.read_payload(payload)), ticket

    def view(self, ticket: str) -> DeskView | None:
        """What this ticket kept; None when that is over. Raises StorageUnavailable."""
        kept = self._kept(ticket)
        return None if kept is None else DeskView(kept[0], summary_json.read_payload(kept[1]))

    def file(self, ticket: str, format_name: str, number: str | None = None) -> IssuedFile | None:
        """One file of the summary; None as in `view`, and when it is another one than `number`: the ticket of a browser is that
        of its last summary, which may be of another client than the page in front. Raises what `Summaries.make` raises."""
        kept = self._kept(ticket)
        if kept is None or (number is not None and summary_json.read_payload(kept[1]).number != number):
            return None
        return self._summaries.make(kept[1], format_name)

    def forget(self, ticket: str) -> None:
        self._store.forget(ticket)

    def _kept(self, ticket: str) -> tuple[tuple[FileLine, ...], bytes] | None:
        content = self._store.find(ticket, self._clock.now())
        return None if content is None else _read(content)


def _line(file: CheckedFile) -> FileLine:
    text, content = describe(file.verdict), file.verdict.content
    next_step = text.next_step or ""
    if file.is_summary and file.verdict.kind is VerdictKind.GENUINE:
        next_step = _("Een samenvatting kunt u niet samenvoegen. Kies de bestanden waar zij van is gemaakt.")
    return FileLine(
        file.name,
        file.verdict.kind.name,
        text.headline,
        next_step,
        content.number if content else "",
        file.is_merged,
        is_plain=file.is_merged and file.verdict.reason in _PLAIN,
        made=formatting.moment(content.made_at) if content else "",
        organisation=file.verdict.organisation or "",
        case=_case(file.verdict),
    )


def _case(verdict: Verdict) -> str:
    """As the verdict does: nothing of what may not be believed."""
    document = verdict.document if verdict.kind is VerdictKind.GENUINE else None
    return "" if document is None or document.case_reference is None else document.case_reference.text


def _written(lines: Sequence[FileLine], payload: bytes) -> bytes:
    members = {"files": [_members(line) for line in lines], "payload": base64.b64encode(payload).decode()}
    return json.dumps(members).encode()


def _members(line: FileLine) -> dict[str, object]:
    """Without a case as it was before there were cases: the release before reads it too."""
    return {name: value for name, value in asdict(line).items() if name != "case" or value}


def _read(content: bytes) -> tuple[tuple[FileLine, ...], bytes]:
    members = json.loads(content)
    return tuple(FileLine(**line) for line in members["files"]), base64.b64decode(members["payload"])
