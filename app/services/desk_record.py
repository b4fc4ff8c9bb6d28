"""How the counsellor's desk writes down what it keeps: verdicts in words, the frozen summary, and what it was merged from."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from app.documents import summary_json
from app.documents.summary_json import LeftOutFile
from app.services.verify import VerdictKind
from claims.merged import GivenOverview

# What the release before reads of a line (docs/operations.md: a release reads what the next one writes).
_OLD_MEMBERS = ("name", "kind", "headline", "next_step", "number", "is_merged")


@dataclass(frozen=True, slots=True)
class FileLine:
    """The verdict on one file, in words. `kind`: name of a VerdictKind. `is_plain`: genuine, merged, and nothing more to say than
    when it was `made` and by which `organisation`. `result`, `digest`: as in `LeftOutFile`. `case`: the case
    reference that a link brought; nobody verified it. `person`: the last three digits of the BSN, only where files are
    of several persons; such lines are never kept."""

    name: str
    kind: str
    headline: str
    next_step: str
    number: str
    is_merged: bool
    is_plain: bool = False
    made: str = ""
    organisation: str = ""
    result: str = ""
    digest: str | None = None
    case: str = ""
    person: str = ""

    @property
    def verdict(self) -> VerdictKind:
        return VerdictKind[self.kind]


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
    lines = [asdict(line) for line in kept.lines]
    members = {
        "files": [{name: line[name] for name in _OLD_MEMBERS} for line in lines],
        "lines": [{name: value for name, value in line.items() if name != "person"} for line in lines],
        "payload": base64.b64encode(kept.payload).decode(),
        "given": [summary_json.write_given(one) for one in kept.given],
    }
    return json.dumps(members).encode()


def read(content: bytes) -> Kept:
    members: dict[str, Any] = json.loads(content)
    return Kept(
        tuple(FileLine(**line) for line in members.get("lines", members["files"])),
        base64.b64decode(members["payload"]),
        tuple(summary_json.read_given(one) for one in members.get("given", ())),
    )
