"""The record of one examination: numbered checks in order; the first one that fails decides the finding."""

import hashlib
from dataclasses import dataclass, field, replace
from typing import NoReturn

from signing.report import Check, CheckId, Finding, Kind, Outcome, SealReport

_WITH_CONTENT = {Finding.KEY_REVOKED, Finding.EXPIRED_UNPROVEN, Finding.ARCHIVED, Finding.GENUINE}


class Refused(Exception):
    """A check failed and the examination ends here. Never leaves this package."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.value)
        self.finding = finding


@dataclass
class Record:
    """Checks and facts so far. `facts` is a report whose finding and checks are filled in at the end."""

    facts: SealReport
    checks: list[Check] = field(default_factory=list)

    @classmethod
    def of(cls, data: bytes, kind: Kind | None) -> "Record":
        """An empty record about these bytes."""
        return cls(SealReport(Finding.UNEXAMINED, hashlib.sha256(data).hexdigest(), kind=kind))

    def know(self, **facts: object) -> None:
        """Add facts, in the names of `SealReport`."""
        self.facts = replace(self.facts, **facts)  # type: ignore[arg-type]  # names are checked by replace()

    def ok(self, check: CheckId, reason: str) -> None:
        """This check passed."""
        self.checks.append(Check(check, Outcome.OK, reason))

    def not_done(self, check: CheckId, reason: str) -> None:
        """This check could not be done or does not apply."""
        self.checks.append(Check(check, Outcome.NOT_DONE, reason))

    def refuse(self, check: CheckId, finding: Finding, reason: str) -> NoReturn:
        """This check failed: end with this finding."""
        self.checks = [one for one in self.checks if one.id is not check]
        self.checks.append(Check(check, Outcome.FAILED, reason))
        raise Refused(finding)

    def report(self, finding: Finding) -> SealReport:
        """The report; checks that were not reached are marked so."""
        seen = {check.id for check in self.checks}
        rest = [Check(one, Outcome.NOT_DONE, _why_not(one)) for one in CheckId if one not in seen]
        checks = sorted([*self.checks, *rest], key=lambda check: check.number)
        payload = self.facts.payload if finding in _WITH_CONTENT else None
        return replace(self.facts, finding=finding, checks=tuple(checks), payload=payload)


def _why_not(check: CheckId) -> str:
    if check is CheckId.CONFINED:
        return "no process of its own read the file"
    return "not reached: an earlier check decided"
