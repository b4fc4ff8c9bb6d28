"""The counsellor's desk: verify several files, each on its own, and merge the genuine ones of one person."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from app.documents.summary_json import LeftOutFile
from app.services.verify import Reason, Verdict, VerdictKind
from claims.merge import merge
from claims.merged import DifferentPersons, GivenOverview, Merged, MergedFile, PersonUnknown

_LONGEST_NAME = 80
PLAIN = frozenset({Reason.GENUINE, Reason.OTHER_ORGANISATION})


class VerifiesFiles(Protocol):
    """The use case `app.services.verify.Verify`."""

    def verify(self, data: bytes) -> Verdict: ...


class Refusal(StrEnum):
    """Why nothing was merged. `NOT_NOW`: of the desk alone, when what was merged could not be frozen or kept."""

    NOTHING_GENUINE = "nothing_genuine"
    DIFFERENT_PERSONS = "different_persons"
    PERSON_UNKNOWN = "person_unknown"
    NOT_NOW = "not_now"


@dataclass(frozen=True, slots=True)
class NamedFile:
    """`name`: as somebody's computer calls it; only to tell files apart on a page."""

    name: str
    content: bytes

    def __repr__(self) -> str:
        return f"NamedFile({len(self.content)} bytes)"


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """The verdict on one file. `is_merged`: it is in the result."""

    name: str
    verdict: Verdict
    is_merged: bool

    @property
    def is_summary(self) -> bool:
        return self.verdict.summary is not None

    @property
    def last_three(self) -> str:
        """Of the BSN of whom it is about; nothing of what may not be believed."""
        given = _given(self.verdict)
        return given.bsn.last_three if given is not None and given.bsn is not None else ""

    @property
    def result(self) -> str:
        """In a few Dutch words, for a document that names it."""
        is_retelling = self.is_summary and self.verdict.kind is VerdictKind.GENUINE
        return "zelf een samenvatting" if is_retelling else self.verdict.kind.word


@dataclass(frozen=True, slots=True)
class Desk:
    """Every file with its verdict, in the order in which they came, and what the genuine ones say together; or why not. `given`:
    what was merged, with what was merged before, so that more can be added."""

    files: tuple[CheckedFile, ...]
    merged: Merged | None
    refusal: Refusal | None = None
    given: tuple[GivenOverview, ...] = ()

    @property
    def left_out(self) -> tuple[LeftOutFile, ...]:
        return tuple(
            LeftOutFile(file.name, file.result, file.verdict.sha256)
            for file in self.files
            if not file.is_merged
        )


class MergeFiles:
    """`seconds`: how long all files together may take; one that is not begun by then cannot be checked now."""

    def __init__(
        self, verify: VerifiesFiles, seconds: float = 60.0, elapsed: Callable[[], float] = time.monotonic
    ) -> None:
        self._verify = verify
        self._seconds = seconds
        self._elapsed = elapsed

    def look(self, files: Iterable[NamedFile], before: Sequence[GivenOverview] = ()) -> Desk:
        """Never raises for what is in a file: a bad one never loses the others. Files are not kept. `before`: what was verified
        and merged a moment ago."""
        end = self._elapsed() + self._seconds
        return together(((file.name, self._verdict(file, end)) for file in files), before)

    def _verdict(self, file: NamedFile, end: float) -> Verdict:
        if self._elapsed() >= end:
            return Verdict(Reason.EXAMINER_FAILED)
        return self._verify.verify(file.content)


def together(verdicts: Iterable[tuple[str, Verdict]], before: Sequence[GivenOverview] = ()) -> Desk:
    """Of files that were verified; names with their verdicts. `before` as in `MergeFiles.look`."""
    named = [(printable(name), verdict) for name, verdict in verdicts]
    given = [*before, *(one for _, verdict in named if (one := _given(verdict)) is not None)]
    merged, refusal = _merged(given)
    files = (
        CheckedFile(name, verdict, merged is not None and _given(verdict) is not None)
        for name, verdict in named
    )
    return Desk(tuple(files), merged, refusal, tuple(given))


def _merged(given: Sequence[GivenOverview]) -> tuple[Merged | None, Refusal | None]:
    if not given:
        return None, Refusal.NOTHING_GENUINE
    try:
        return merge(given), None
    except DifferentPersons:
        return None, Refusal.DIFFERENT_PERSONS
    except PersonUnknown:
        return None, Refusal.PERSON_UNKNOWN


def _given(verdict: Verdict) -> GivenOverview | None:
    """None for what is not genuine, and for a summary: that would count as proof what is only a retelling."""
    document = verdict.document
    if document is None or verdict.kind is not VerdictKind.GENUINE:
        return None
    file = MergedFile(
        number=document.number,
        issuer=verdict.organisation or "",
        code=verdict.control_code or "",
        made_at=document.made_at,
        digests=() if verdict.sha256 is None else (verdict.sha256,),
        requested_by=document.requested_by,
        remarks=_remarks(verdict),
        case=None if document.case_reference is None else document.case_reference.text,
    )
    return GivenOverview(file, document.bsn, document.overview)


def _remarks(verdict: Verdict) -> tuple[str, ...]:
    words = [] if verdict.reason in PLAIN else [verdict.reason.value]
    return tuple(sorted(words if verdict.register_asked else [*words, "register_not_asked"]))


def printable(name: str) -> str:
    """The last part of a path, without characters that turn text around or cannot be seen."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(c if c.isprintable() else "\ufffd" for c in last)
    return shown if len(shown) <= _LONGEST_NAME else f"{shown[: _LONGEST_NAME - 1]}…"
