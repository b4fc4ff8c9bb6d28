"""One report, as the organisation gets it (docs/schemas/melding-v1.json)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime

from claims.identity import Bsn
from claims.instant import parse_instant
from sources.error_reports.names import KIND, MEMBERS, VERSION, Reason

_OF_MESSAGE = ("kind", "version")


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorReport:
    """What the organisation needs to look into it, and nothing more: no name, no address, no way to answer.

    `report_id` is random and the same at every attempt, `reference` is what the citizen reads over the phone. `balance_cents`:
    what the citizen saw on the overview that was gathered `as_of`; None: the source did not state it."""

    report_id: str
    reference: str
    reported_at: datetime
    bsn: Bsn
    claim_reference: str
    balance_cents: int | None
    as_of: datetime
    reason: Reason
    text: str = field(default="", repr=False)

    def as_json(self) -> bytes:
        """In UTF-8; without `toelichting` when the citizen wrote nothing."""
        stated: dict[str, object] = {
            "kind": KIND,
            "version": VERSION,
            "report_id": self.report_id,
            "reference": self.reference,
            "reported_at": _instant(self.reported_at),
            "bsn": self.bsn.digits,
            "claim_reference": self.claim_reference,
            "balance": self.balance_cents,
            "as_of": _instant(self.as_of),
            "reason": self.reason.value,
            **({"text": self.text} if self.text else {}),
        }
        members = {MEMBERS[name]: value for name, value in stated.items()}
        return json.dumps(members, ensure_ascii=False).encode()


def report_of(written: bytes) -> ErrorReport:
    """What `as_json` wrote. Raises ValueError or KeyError for anything else."""
    members = json.loads(written)
    stated = {name: members.get(word) for name, word in MEMBERS.items() if name not in _OF_MESSAGE}
    return ErrorReport(
        report_id=stated["report_id"],
        reference=stated["reference"],
        reported_at=parse_instant(stated["reported_at"]),
        bsn=Bsn(stated["bsn"]),
        claim_reference=stated["claim_reference"],
        balance_cents=stated["balance"],
        as_of=parse_instant(stated["as_of"]),
        reason=Reason(stated["reason"]),
        text=stated["text"] or "",
    )


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
