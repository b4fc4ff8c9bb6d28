"""Check the audit log: is every row there that was ever written, unchanged and in its place?

The chain of hashes finds what was changed without counting it all anew. Who can do that too is stopped by the sealed
heads: they say under our seal what the last row was. A head that was exported and kept elsewhere finds even a whole
database that was put back to an earlier day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from app.ports.audit import NO_ROW_BEFORE, AuditRow, ChainEnd, ChainView, HeadKind, SealedHead
from app.services.audit_statement import Statement

SEALED_WITHIN = timedelta(hours=1)
_MOST_PROBLEMS = 100


class ProblemKind(StrEnum):
    """What is wrong with the log."""

    MISSING = "missing"
    """Rows are not there any more."""
    CHANGED = "changed"
    """What stands in a row is not what was written."""
    OUT_OF_PLACE = "out_of_place"
    """A row does not follow the one before it: inserted, moved or written anew."""
    CUT_OFF = "cut_off"
    """The log ends before a row that a sealed head names."""
    HEAD_DIFFERS = "head_differs"
    """A sealed head names another row than stands there."""
    HEAD_UNSEALED = "head_unsealed"
    """A head is not under our seal, or says something else than stands beside it."""
    NOT_SEALED = "not_sealed"
    """Rows were not sealed in time: heads were deleted, or the worker does not run."""


@dataclass(frozen=True, slots=True)
class Problem:
    """`position`: the row where it shows. `until`: the last one, of a stretch."""

    kind: ProblemKind
    position: int
    until: int | None = None


@dataclass(frozen=True, slots=True)
class AuditReport:
    """`first` and `last` are positions, None of an empty log. `sealed_upto`: the highest position that a good head
    vouches for, 0 for none. `purged_upto`: rows up to there were deleted after their time."""

    rows: int
    first: int | None
    last: int | None
    sealed_upto: int
    sealed_at: datetime | None
    purged_upto: int
    problems: tuple[Problem, ...]

    @property
    def is_intact(self) -> bool:
        return not self.problems


Read = Callable[[bytes], Statement | None]
"""What a head says when it is under our seal; None when it is not, or under a key that was revoked."""


@dataclass
class _Walk:
    """The rows, one after the other; `named` is filled with the hashes at the positions that heads name."""

    wanted: frozenset[int]
    sealed_upto: int
    now: datetime
    problems: list[Problem] = field(default_factory=list)
    named: dict[int, str] = field(default_factory=dict)
    rows: int = 0
    first: int | None = None

    def over(self, rows: Iterable[AuditRow], start: ChainEnd) -> ChainEnd:
        """Returns the last row."""
        before = start
        self.named[start.position] = start.row_hash
        for row in rows:
            self.rows += 1
            self.first = self.first or row.position
            self._look_at(row, before)
            before = ChainEnd(row.position, row.row_hash)
            if row.position in self.wanted:
                self.named[row.position] = row.row_hash
        return before

    def _look_at(self, row: AuditRow, before: ChainEnd) -> None:
        if row.position != before.position + 1:
            self.problems.append(Problem(ProblemKind.MISSING, before.position + 1, row.position - 1))
        elif row.previous_hash != before.row_hash:
            self.problems.append(Problem(ProblemKind.OUT_OF_PLACE, row.position))
        if row.entry is None or not _is_unchanged(row):
            self.problems.append(Problem(ProblemKind.CHANGED, row.position))
        elif row.position > self.sealed_upto and row.entry.ended_at < self.now - SEALED_WITHIN:
            self._note_unsealed(row.position)

    def _note_unsealed(self, position: int) -> None:
        if not any(problem.kind is ProblemKind.NOT_SEALED for problem in self.problems):
            self.problems.append(Problem(ProblemKind.NOT_SEALED, position))


def check(
    view: ChainView, read: Read, now: datetime, kept_elsewhere: Sequence[Statement] = ()
) -> AuditReport:
    """Go over the whole log. `kept_elsewhere`: heads that were exported before and are under our seal."""
    good, problems = _good_heads(view.heads, read)
    start = _start(good)
    sealed = max(good, key=lambda one: one.end.position, default=None)
    claims = [*good, *kept_elsewhere]
    sealed_upto = 0 if sealed is None else sealed.end.position
    walk = _Walk(frozenset(one.end.position for one in claims), sealed_upto, now, problems)
    end = walk.over(view.rows(), start)
    problems += [problem for one in claims if (problem := _contradiction(one, start, end, walk.named))]
    return AuditReport(
        rows=walk.rows,
        first=walk.first,
        last=end.position or None,
        sealed_upto=sealed_upto,
        sealed_at=None if sealed is None else sealed.sealed_at,
        purged_upto=start.position,
        problems=tuple(dict.fromkeys(problems))[:_MOST_PROBLEMS],
    )


def is_sound(row: AuditRow, before: ChainEnd) -> bool:
    """Whether this row follows that one and is what was written."""
    follows = row.position == before.position + 1 and row.previous_hash == before.row_hash
    return follows and _is_unchanged(row)


def _is_unchanged(row: AuditRow) -> bool:
    return row.entry is not None and row.entry.hash_at(row.position, row.previous_hash) == row.row_hash


def _good_heads(heads: Iterable[SealedHead], read: Read) -> tuple[list[Statement], list[Problem]]:
    good, problems = [], []
    for head in heads:
        statement = read(head.token)
        if statement is None or (statement.kind, statement.end) != (head.kind, head.end):
            problems.append(Problem(ProblemKind.HEAD_UNSEALED, head.end.position))
        else:
            good.append(statement)
    return good, problems


def _start(statements: Iterable[Statement]) -> ChainEnd:
    """What comes before the first row: the newest checkpoint, or nothing."""
    points = [one.end for one in statements if one.kind is HeadKind.CHECKPOINT]
    return max(points, key=lambda end: end.position, default=ChainEnd(0, NO_ROW_BEFORE))


def _contradiction(
    statement: Statement, start: ChainEnd, end: ChainEnd, named: dict[int, str]
) -> Problem | None:
    """What a head says against the log. About rows that were purged it can say nothing any more."""
    position, row_hash = statement.end.position, statement.end.row_hash
    if position > end.position:
        return Problem(ProblemKind.CUT_OFF, end.position + 1, position)
    if position < start.position or named.get(position) in (None, row_hash):
        return None
    return Problem(ProblemKind.HEAD_DIFFERS, position)
