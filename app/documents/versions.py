"""What each source says of a claim that several of them report, where they contradict each other.

The totals count such a claim once, with the highest amount. Whether it is one debt or two nobody can tell from outside,
so nothing disappears: page, PDF, CSV and JSON show what every source says side by side, and how much more it would be if
these were different debts. See docs/decisions/0009-duplicate-claims.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.documents import formatting, labels, sentences
from app.language import _, ngettext
from claims.financial_claim import FinancialClaim
from claims.money import ZERO, Money
from claims.outcome import Source, SourceAnswer
from claims.overview import Overview, ReportedClaim, balance_to_show, creditor_key
from claims.stated import late_amount, owed
from claims.totals import Total, add_up
from claims.visible import one_line


@dataclass(frozen=True, slots=True)
class Version:
    """What one source says of a claim."""

    source: Source
    claim: FinancialClaim


class Versions:
    """Of one overview; for each claim of it what the sources say side by side."""

    def __init__(self, overview: Overview) -> None:
        self._overview = overview
        self._reported = tuple(one for one in overview.reported if one.is_shared)
        wanted = {_key(one.claim) for one in self._reported}
        self._said: dict[tuple[object, str], list[Version]] = {}
        for outcome in overview.outcomes:
            for claim in outcome.claims if isinstance(outcome, SourceAnswer) else ():
                if _key(claim) in wanted:
                    self._said.setdefault(_key(claim), []).append(Version(outcome.source, claim))

    def of(self, reported: ReportedClaim) -> tuple[Version, ...]:
        """Empty when one source reports it, or when its sources agree and at least one fact beside number and amount
        shows that they mean one debt."""
        said = self._said.get(_key(reported.claim), ()) if reported.is_shared else ()
        claims = [one.claim for one in said]
        return tuple(said) if claims and (contradict(claims) or not are_surely_one(claims)) else ()

    def doubtful(self) -> Iterator[tuple[ReportedClaim, tuple[Version, ...]]]:
        """Every claim about which its sources contradict each other."""
        for reported in self._reported:
            if said := self.of(reported):
                yield reported, said

    @property
    def has_repeats(self) -> bool:
        """A source sent a claim twice, and the second one was left out."""
        answers = (o for o in self._overview.outcomes if isinstance(o, SourceAnswer))
        return any(found.code == "repeated_claim" for answer in answers for found in answer.findings)

    def more_if_apart(self, reported: ReportedClaim) -> Total:
        """How much more is owed when every version of this claim is a debt of its own."""
        parts = [owed(one.claim) for one in self.of(reported)]
        known = sum((part for part in parts if part is not None), ZERO)
        counted = owed(reported.claim) or ZERO
        unknown = any(part is None for part in parts)
        return Total(known - counted, is_at_least=unknown, unknown_count=parts.count(None))

    def total_if_apart(self) -> Total | None:
        """The highest that the total can be by these claims; None when there is no doubt, or none that matters."""
        extras = [self.more_if_apart(reported) for reported, _ in self.doubtful()]
        if not any(extra.amount or extra.is_at_least for extra in extras):
            return None
        balance = self._overview.balance
        unsure = balance.is_at_least or any(extra.is_at_least for extra in extras)
        return add_up([balance.amount or ZERO, *(extra.amount for extra in extras)], has_gaps=unsure)


def _key(claim: FinancialClaim) -> tuple[object, str]:
    return creditor_key(claim.creditor), claim.reference


def contradict(claims: Sequence[FinancialClaim]) -> bool:
    """Saying nothing contradicts nothing, except about what is owed: an amount that is not known is not the same."""
    strict = {(balance_to_show(claim), claim.status, late_amount(claim), claim.due_on) for claim in claims}
    return len(strict) > 1 or any(len(set(_stated(part, claims))) > 1 for part in _PARTS)


def are_surely_one(claims: Sequence[FinancialClaim]) -> bool:
    """All state one same thing that only one debt has. An equal number and amount alone may be chance: two systems that
    both count from one, and ask the same fee."""
    stated = (list(map(part, claims)) for part in _TELLING)
    return any(None not in values and len(set(values)) == 1 for values in stated)


_Part = Callable[[FinancialClaim], object]
_PARTS: tuple[_Part, ...] = (
    lambda claim: _plain(claim.title),
    lambda claim: _plain(claim.kind_id),
    lambda claim: _plain(claim.customer_number),
    lambda claim: _plain(claim.creditor.department),
    lambda claim: tuple(sorted(claim.decision_numbers)) or None,
    lambda claim: claim.originated_on,
    lambda claim: claim.period_from,
    lambda claim: claim.period_until,
    lambda claim: claim.amounts.opening,
    lambda claim: _plain(claim.payment.iban) if claim.payment else None,
    lambda claim: _plain(claim.payment.reference) if claim.payment else None,
)
"""What one debt has one of. Two sources that state two of them may mean two debts."""

_TELLING: tuple[_Part, ...] = (
    lambda claim: _plain(claim.title),
    lambda claim: _plain(claim.kind_id),
    lambda claim: tuple(sorted(claim.decision_numbers)) or None,
    lambda claim: claim.originated_on,
    lambda claim: _plain(claim.payment.reference) if claim.payment else None,
)
"""What two debts hardly share beside their number. All debts of one person may have one account and customer number."""


def _stated(part: _Part, claims: Iterable[FinancialClaim]) -> Iterator[object]:
    return (value for value in map(part, claims) if value is not None)


def _plain(text: str | None) -> str | None:
    """Spaces and capitals make no difference."""
    return None if text is None else "".join(text.split()).casefold() or None


def row(version: Version) -> tuple[str, ...]:
    """The cells below `labels.VERSION_HEAD`."""
    claim = version.claim
    return (
        formatting.organisation(version.source.organisation),
        sentences.claim_title(claim),
        _(labels.STATUS[sentences.shown_status(claim)]),
        formatting.day(claim.due_on),
        formatting.day(claim.originated_on),
        formatting.money(balance_to_show(claim)),
    )


def line(version: Version) -> str:
    """One version in one line, for a cell or a list."""
    name, title, status, *_dates, amount = map(one_line, row(version))
    said = f"{name}: {title}, {amount}, {formatting.within(status)}"
    if not version.claim.due_on:
        return said
    return _("%(said)s, betalen voor %(day)s", said=said, day=formatting.day(version.claim.due_on))


def lines(said: Iterable[Version]) -> str:
    return "; ".join(map(line, said))


def doubt(versions: Versions, reported: ReportedClaim) -> str:
    """What to tell beside the versions of one claim."""
    count, extra = len(versions.of(reported)), versions.more_if_apart(reported)
    differ = contradict([one.claim for one in versions.of(reported)])
    said = labels.SAME_REFERENCE if differ else labels.SAME_REFERENCE_ONLY
    ask = _("Vraag het na.")
    return " ".join(filter(None, [_(said), _if_apart(count, extra), ask]))


def _if_apart(count: int, extra: Total) -> str:
    if extra.is_at_least:
        return ngettext(
            "Zijn het %(number)s verschillende rekeningen? Dan moet u meer betalen.",
            "Zijn het %(number)s verschillende rekeningen? Dan moet u meer betalen.",
            count,
        )
    if not extra.amount or extra.amount == ZERO:
        return ""
    more: Money = extra.amount
    return ngettext(
        "Zijn het %(number)s verschillende rekeningen? Dan moet u %(amount)s meer betalen.",
        "Zijn het %(number)s verschillende rekeningen? Dan moet u %(amount)s meer betalen.",
        count,
        amount=formatting.money(more),
    )


def total_doubt(versions: Versions) -> str | None:
    """What to tell beside the total; None when all sources agree on what they both report."""
    told = " ".join([*_doubts(versions), *([_(labels.SENT_TWICE)] if versions.has_repeats else [])])
    if not told or not any(versions.doubtful()):
        return told or None
    apart = versions.total_if_apart()
    if apart is None:
        return told
    if apart.amount is None or (apart.is_at_least and apart.amount == ZERO):
        return f"{told} {_(labels.TOTAL_MAY_BE_HIGHER)}"
    total = formatting.total(apart)
    apart_told = _("Zijn het verschillende rekeningen? Dan is het totaal %(total)s.", total=total)
    return f"{told} {apart_told}"


def _doubts(versions: Versions) -> Iterator[str]:
    differ = [contradict([one.claim for one in said]) for _, said in versions.doubtful()]
    if any(differ):
        yield ngettext(
            "Over %(number)s rekening zeggen bronnen niet hetzelfde. Wij tellen het hoogste bedrag dat wij weten.",
            "Over %(number)s rekeningen zeggen bronnen niet hetzelfde. Wij tellen het hoogste bedrag dat wij weten.",
            differ.count(True),
        )
    if not all(differ):
        yield ngettext(
            "Over %(number)s rekening zeggen bronnen te weinig: misschien zijn het verschillende. Wij tellen één keer.",
            "Over %(number)s rekeningen zeggen bronnen te weinig: misschien zijn het verschillende. Wij tellen één keer.",
            differ.count(False),
        )


def notes(overview: Overview) -> tuple[str, ...]:
    """For the JSON record: the doubt about the total, and per claim what each source says."""
    versions = Versions(overview)
    told = total_doubt(versions)
    each = [
        f"{labels.PROBABLY_THE_SAME}, kenmerk {reported.claim.reference}. {lines(said)}."
        for reported, said in versions.doubtful()
    ]
    return (told, *each) if told else ()
