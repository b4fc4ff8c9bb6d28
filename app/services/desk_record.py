"""How the counsellor's desk writes down what it keeps: verdicts in codes, the frozen summary, and what it was merged from."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from app.documents import summary_json
from app.documents.summary_json import LeftOutFile
from app.language import DUTCH, _, speaking
from app.language.stated import in_a_row
from app.services.merge import PLAIN
from app.services.verdict_gist import Gist
from app.services.verify import Reason, VerdictKind
from claims.instant import format_instant, parse_instant
from claims.merged import GivenOverview

# For a line in which only the kind is known: nothing but the kind is read from it.
_ANY_REASON = {reason.kind: reason for reason in Reason}


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine:
    """The verdict on one file, without words: who reads it may have chosen another language than who brought the files. `result`,
    `digest`: as in `LeftOutFile`. `case`: the case reference that a link brought; nobody verified it. `person`: the last three
    digits of the BSN, only where files are of several persons; such lines are never kept. `told`: the words, where the release
    before wrote the line; it kept nothing else to make them from."""

    name: str
    gist: Gist
    number: str
    is_merged: bool
    result: str
    digest: str | None = None
    case: str = ""
    person: str = ""
    told: str = ""

    @property
    def verdict(self) -> VerdictKind:
        return self.gist.reason.kind

    @property
    def is_plain(self) -> bool:
        """Genuine, merged, and nothing more to say than when it was made and by which organisation."""
        return self.is_merged and self.gist.reason in PLAIN and not self.told

    @property
    def words(self) -> str:
        """What is found, and what to do about a file that is not merged; in the language of this moment."""
        if self.told:
            return self.told
        return self.gist.headline if self.is_merged else in_a_row((self.gist.headline, self.next_step))

    @property
    def next_step(self) -> str:
        """In the language of this moment; empty when there is none."""
        if self.gist.is_summary and self.verdict is VerdictKind.GENUINE:
            return _("Een samenvatting kunt u niet samenvoegen. Kies de bestanden waar zij van is gemaakt.")
        return self.gist.next_step or ""


@dataclass(frozen=True, slots=True)
class Kept:
    """`payload`: of the frozen summary. `given`: what was merged; empty when it was kept by the release before."""

    lines: tuple[FileLine, ...]
    payload: bytes
    given: tuple[GivenOverview, ...]

    def __repr__(self) -> str:
        return f"Kept({len(self.lines)} files)"

    @property
    def left_out(self) -> tuple[LeftOutFile, ...]:
        return left_out(self.lines)


def left_out(lines: Sequence[FileLine]) -> tuple[LeftOutFile, ...]:
    """Those that are not in the summary."""
    return tuple(LeftOutFile(line.name, line.result, line.digest) for line in lines if not line.is_merged)


def write(kept: Kept) -> bytes:
    members = {
        "files": [_old_line(line) for line in kept.lines],
        "checked": [_write_line(line) for line in kept.lines],
        "payload": base64.b64encode(kept.payload).decode(),
        "given": [summary_json.write_given(one) for one in kept.given],
    }
    return json.dumps(members).encode()


def read(content: bytes) -> Kept:
    members: dict[str, Any] = json.loads(content)
    checked = members.get("checked")
    lines = map(_read_old_line, members["files"]) if checked is None else map(_read_line, checked)
    return Kept(
        tuple(lines),
        base64.b64decode(members["payload"]),
        tuple(summary_json.read_given(one) for one in members.get("given", ())),
    )


def _write_line(line: FileLine) -> dict[str, Any]:
    members = asdict(line)
    del members["person"], members["told"]
    made_at = line.gist.made_at
    members["gist"]["made_at"] = None if made_at is None else format_instant(made_at)
    return members


def _read_line(members: dict[str, Any]) -> FileLine:
    gist = dict(members["gist"])
    made_at = gist.pop("made_at")
    moment = None if made_at is None else parse_instant(made_at)
    reason = Reason(gist.pop("reason"))
    return FileLine(**{**members, "gist": Gist(reason=reason, made_at=moment, **gist)})


@speaking(DUTCH)
def _old_line(line: FileLine) -> dict[str, Any]:
    """What the release before reads (docs/operations.md: a release reads what the next one writes)."""
    return {
        "name": line.name,
        "kind": line.verdict.name,
        "headline": line.gist.headline,
        "next_step": line.next_step,
        "number": line.number,
        "is_merged": line.is_merged,
    }


def _read_old_line(members: dict[str, Any]) -> FileLine:
    kind, is_merged = VerdictKind[members["kind"]], members["is_merged"]
    said = [members["headline"]] if is_merged else [members["headline"], members["next_step"]]
    return FileLine(
        name=members["name"],
        gist=Gist(reason=_ANY_REASON[kind]),
        number=members["number"],
        is_merged=is_merged,
        result=kind.word,
        told=" ".join(said).strip(),
    )
