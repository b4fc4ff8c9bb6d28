"""What several overviews of one person say together, and what was left of the older ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from claims.financial_claim import FinancialClaim
from claims.identity import Bsn
from claims.money import ZERO
from claims.outcome import Source
from claims.overview import OrganisationTotal, Overview, creditor_key
from claims.stated import late_amount, owed
from claims.totals import Total, add_up


class CannotMerge(Exception):
    """These overviews do not belong together; nothing of them was merged."""


class DifferentPersons(CannotMerge):
    """They are about two persons or more."""


class PersonUnknown(CannotMerge):
    """Of one of them nobody can tell whom it is about."""


@dataclass(frozen=True, slots=True)
class MergedFile:
    """One overview that was merged. `issuer` is the name of the organisation that sealed it; `code` the control code; `digests`
    the SHA-256 (hexadecimal) of every file that held it: a PDF and a JSON of one moment are one overview. `requested_by`: the
    last three digits of the number of who asked for it on behalf of that person; None: they did. `remarks`: words of whoever
    verified it. `case`: the number of a case that the site stated from which that person came; nobody verified it."""

    number: str
    issuer: str
    code: str
    made_at: datetime
    digests: tuple[str, ...] = ()
    requested_by: str | None = None
    remarks: tuple[str, ...] = ()
    case: str | None = None


@dataclass(frozen=True, slots=True)
class GivenOverview:
    """A verified overview, and whom it is about."""

    file: MergedFile
    bsn: Bsn | None
    overview: Overview


@dataclass(frozen=True, slots=True)
class EarlierClaim:
    """What a source said of a claim at an earlier moment."""

    source: Source
    claim: FinancialClaim
    said_at: datetime


@dataclass(frozen=True)
class Merged:
    """`overview` holds of each source its newest answer. `earlier`: older versions of claims that are in it.
    `gone`: claims that a source named before, and not any more in a newer full answer: paid, or owed elsewhere now; they are
    shown and not added, and make every total "at least". Ids of sources: `answered_later` gave no full answer in an older
    file and does in a newer one; `silent_since` answered in an older one and not in a newer one."""

    bsn: Bsn
    files: tuple[MergedFile, ...]
    overview: Overview
    earlier: tuple[EarlierClaim, ...] = ()
    gone: tuple[EarlierClaim, ...] = ()
    answered_later: frozenset[str] = frozenset()
    silent_since: frozenset[str] = frozenset()

    @cached_property
    def balance(self) -> Total:
        """What is still to be paid by the newest answers."""
        return _balance(self.overview.balance, self.gone)

    @cached_property
    def arrears(self) -> Total:
        return _arrears(self.overview.arrears, self.gone)

    @cached_property
    def per_organisation(self) -> tuple[OrganisationTotal, ...]:
        """As in the overview; "at least" for a creditor of whom a claim is gone. Without those of whom every claim is gone."""
        return tuple(map(self._of_organisation, self.overview.per_organisation))

    def _of_organisation(self, one: OrganisationTotal) -> OrganisationTotal:
        creditor = creditor_key(one.creditor)
        gone = [each for each in self.gone if creditor_key(each.claim.creditor) == creditor]
        return replace(one, balance=_balance(one.balance, gone), arrears=_arrears(one.arrears, gone))

    @cached_property
    def balance_with_gone(self) -> Total:
        """The total when every claim that is not named any more must still be paid."""
        known = self.overview.balance
        return add_up([known.amount, *(owed(one.claim) for one in self.gone)], has_gaps=known.is_at_least)


def _balance(total: Total, gone: Iterable[EarlierClaim]) -> Total:
    return _unsure(total, any(owed(one.claim) != ZERO for one in gone))


def _arrears(total: Total, gone: Iterable[EarlierClaim]) -> Total:
    return _unsure(total, any(late_amount(one.claim) != ZERO for one in gone))


def _unsure(total: Total, is_unsure: bool) -> Total:
    if not is_unsure:
        return total
    return replace(total, amount=None if total.amount == ZERO else total.amount, is_at_least=True)
