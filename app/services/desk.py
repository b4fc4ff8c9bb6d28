"""The counsellor's desk: files in, verdicts and one summary out; the files go, the summary stays for a moment.

What stays is encrypted under a ticket that only the counsellor's browser has, so that nobody needs to upload fourteen files for
every format that they want, or again when a fifteenth comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.documents import summary_json
from app.documents.summary_json import Summary
from app.ports.clock import Clock
from app.ports.desk import DeskStore
from app.ports.register import RegisterUnavailable
from app.ports.storage import StorageUnavailable
from app.services import desk_record
from app.services.desk_record import FileLine, Kept
from app.services.issue import IssuedFile, SealingFailed
from app.services.merge import CheckedFile, Desk, MergeFiles, NamedFile, Refusal
from app.services.summaries import Summaries
from app.services.verdict_gist import gist_of
from app.services.verify import Verdict, VerdictKind

KEPT = timedelta(minutes=15)
MOST_TOGETHER = 40


class TooManyFiles(Exception):
    """With these the summary would be of more than MOST_TOGETHER files. Nothing was looked at."""


@dataclass(frozen=True, slots=True)
class DeskView:
    """What the page shows. `summary` None: nothing was merged, and `refusal` says why. `until`: when it is gone.
    `may_add`: more files can come; `was_kept`: these files were refused, and the summary from before is still there."""

    files: tuple[FileLine, ...]
    summary: Summary | None
    refusal: Refusal | None = None
    until: datetime | None = None
    may_add: bool = False
    was_kept: bool = False

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
        """Verify and merge; with a summary also the ticket to see it again."""
        desk = self._merging.look(files)
        return self._kept_as_new(desk, (), self._clock.now() + KEPT)

    def add(self, ticket: str, number: str, files: Sequence[NamedFile]) -> tuple[DeskView, str | None] | None:
        """The same with more files, for what is left of its time; None as in `file`. The new summary takes the place of the old
        one. Files that do not belong to it are refused, and leave it as it was: then there is no new ticket. Raises TooManyFiles
        and StorageUnavailable."""
        found = self._found(ticket)
        if found is None or not found[0].given or _summary(found[0]).number != number:
            return None
        kept, until = found
        if len(kept.lines) + len(files) > MOST_TOGETHER:
            raise TooManyFiles
        view, new_ticket = self._kept_as_new(self._merging.look(files, kept.given), kept.lines, until)
        if new_ticket is None:
            return replace(view, was_kept=True), None
        if not self._store.forget(ticket):  # another tab was first: its summary is the one
            self._store.forget(new_ticket)
            return None
        return view, new_ticket

    def view(self, ticket: str) -> DeskView | None:
        """What this ticket kept; None when that is over. Raises StorageUnavailable."""
        found = self._found(ticket)
        return None if found is None else _view(*found)

    def file(self, ticket: str, format_name: str, number: str | None = None) -> IssuedFile | None:
        """One file of the summary; None as in `view`, and when it is another one than `number`: the ticket of a browser is that
        of its last summary, which may be of another client than the page in front. Raises what `Summaries.make` raises."""
        found = self._found(ticket)
        if found is None or (number is not None and _summary(found[0]).number != number):
            return None
        return self._summaries.make(found[0].payload, format_name)

    def forget(self, ticket: str) -> None:
        self._store.forget(ticket)

    def _kept_as_new(
        self, desk: Desk, before: tuple[FileLine, ...], until: datetime
    ) -> tuple[DeskView, str | None]:
        """`before`: of the files that were looked at earlier. Without a summary each file still has its verdict."""
        lines = (*before, *map(_line, desk.files))
        if desk.merged is None:
            return DeskView(tuple(map(_refused_line, desk.files)), None, desk.refusal), None
        try:
            payload = self._summaries.freeze(desk.merged, desk_record.left_out(lines))
            kept = Kept(lines, payload, desk.given)
            return _view(kept, until), self._store.keep(desk_record.write(kept), until)
        except (SealingFailed, RegisterUnavailable, StorageUnavailable):
            alone = (replace(_line(file), is_merged=False) for file in desk.files)
            return DeskView(tuple(alone), None, Refusal.NOT_NOW), None

    def _found(self, ticket: str) -> tuple[Kept, datetime] | None:
        result = self._store.find(ticket, self._clock.now())
        return None if result is None else (desk_record.read(result.content), result.expires_at)


def _view(kept: Kept, until: datetime) -> DeskView:
    return DeskView(kept.lines, _summary(kept), until=until, may_add=bool(kept.given))


def _summary(kept: Kept) -> Summary:
    return summary_json.read_payload(kept.payload)


def _line(file: CheckedFile) -> FileLine:
    content = file.verdict.content
    return FileLine(
        name=file.name,
        gist=gist_of(file.verdict),
        number=content.number if content else "",
        is_merged=file.is_merged,
        result=file.result,
        digest=file.verdict.sha256,
        case=_case(file.verdict),
    )


def _refused_line(file: CheckedFile) -> FileLine:
    """Genuine files look alike: whose each is, tells which of them to leave out."""
    return replace(_line(file), person=file.last_three)


def _case(verdict: Verdict) -> str:
    """As the verdict does: nothing of what may not be believed."""
    document = verdict.document if verdict.kind is VerdictKind.GENUINE else None
    return "" if document is None or document.case_reference is None else document.case_reference.text
