"""Several verified overviews of one person become one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from claims.financial_claim import FinancialClaim, Finding
from claims.identity import Bsn
from claims.merged import (
    DifferentPersons,
    EarlierClaim,
    GivenOverview,
    Merged,
    MergedFile,
    PersonUnknown,
)
from claims.newest import Newest, newest
from claims.outcome import Source, SourceOutcome
from claims.overview import Overview, creditor_key

_Name = tuple[tuple[str, str], str]
_SourceKey = tuple[str, tuple[str, str], str]


def merge(given: Iterable[GivenOverview]) -> Merged:
    """In any order, and each as often as anybody likes: the result is the same. Raises DifferentPersons, PersonUnknown,
    and ValueError for none at all."""
    different = _different(given)
    bsn = _one_person(different)
    per_source: dict[_SourceKey, list[SourceOutcome]] = {}
    for one in different:
        for outcome in one.overview.outcomes:
            per_source.setdefault(_key(outcome.source), []).append(outcome)
    found = {key: newest(outcomes) for key, outcomes in per_source.items()}
    ids = _ids(found)
    results = [_renamed(found[key], ids[key]) for key in sorted(found, key=lambda key: (key[1], key))]
    overview = Overview(
        gathered_at=max(one.overview.gathered_at for one in different),
        outcomes=tuple(one.outcome for one in results),
        findings=_findings(different),
    )
    gone = [claim for one in results for claim in one.gone]
    moved = _named_elsewhere(gone, overview)
    return Merged(
        bsn=bsn,
        files=tuple(one.file for one in different),
        overview=overview,
        earlier=(*(claim for one in results for claim in one.earlier), *moved),
        gone=tuple(claim for claim in gone if claim not in moved),
        answered_later=frozenset(one.outcome.source.source_id for one in results if one.answered_later),
        silent_since=frozenset(one.outcome.source.source_id for one in results if one.silent_since),
    )


def _named_elsewhere(gone: Sequence[EarlierClaim], overview: Overview) -> tuple[EarlierClaim, ...]:
    """Claims that one source left out and another names now, with the same creditor and reference: that is their newest
    version. Not where two that are gone have that name, or that source itself still has one: then it may be owed besides."""
    named_by: dict[_Name, set[str]] = {}
    for reported in overview.reported:
        named_by.setdefault(_name(reported.claim), set()).update(one.source_id for one in reported.sources)
    often = Counter(_name(one.claim) for one in gone)

    def is_moved(one: EarlierClaim) -> bool:
        now = named_by.get(_name(one.claim), set())
        return bool(now) and one.source.source_id not in now and often[_name(one.claim)] == 1

    return tuple(filter(is_moved, gone))


def _name(claim: FinancialClaim) -> _Name:
    return creditor_key(claim.creditor), claim.reference


def _different(given: Iterable[GivenOverview]) -> list[GivenOverview]:
    """Each overview once, the newest first."""
    found: dict[tuple[str, str, str], GivenOverview] = {}
    for one in given:
        key = (one.file.issuer, one.file.number, one.file.code)
        known = found.get(key)
        found[key] = one if known is None else replace(known, file=_with_digests(known.file, one.file))
    if not found:
        raise ValueError("there is nothing to merge")
    named = sorted(found.items(), key=lambda pair: pair[0])
    return [one for _, one in sorted(named, key=lambda pair: pair[1].file.made_at, reverse=True)]


def _with_digests(file: MergedFile, again: MergedFile) -> MergedFile:
    return replace(
        file,
        digests=tuple(sorted({*file.digests, *again.digests})),
        remarks=tuple(sorted({*file.remarks, *again.remarks})),
    )


def _one_person(given: Sequence[GivenOverview]) -> Bsn:
    persons = {one.bsn for one in given if one.bsn is not None}
    if len(persons) > 1:
        raise DifferentPersons
    if any(one.bsn is None for one in given):
        raise PersonUnknown
    return persons.pop()


def _key(source: Source) -> _SourceKey:
    """The same source in files of several organisations too. Two systems of one organisation are two sources: the answer of
    one says nothing about the other."""
    organisation = source.organisation
    return source.source_id, creditor_key(organisation), (organisation.department or "").casefold()


def _ids(keys: Iterable[_SourceKey]) -> Mapping[_SourceKey, str]:
    """Installations choose names for their sources, so two may have chosen the same."""
    wanted = sorted(keys)
    uses = Counter(key[0] for key in wanted)
    taken, ids = set(uses), {}
    for key in wanted:
        name, number = key[0], 1
        while uses[key[0]] > 1 and name in taken:
            name, number = f"{key[0]}-{number}", number + 1
        taken.add(name)
        ids[key] = name
    return ids


def _renamed(one: Newest, source_id: str) -> Newest:
    if one.outcome.source.source_id == source_id:
        return one
    return replace(
        one,
        outcome=replace(one.outcome, source=replace(one.outcome.source, source_id=source_id)),
        earlier=_under(one.earlier, source_id),
        gone=_under(one.gone, source_id),
    )


def _under(claims: Iterable[EarlierClaim], source_id: str) -> tuple[EarlierClaim, ...]:
    return tuple(replace(one, source=replace(one.source, source_id=source_id)) for one in claims)


def _findings(given: Iterable[GivenOverview]) -> tuple[Finding, ...]:
    found = {finding for one in given for finding in one.overview.findings}
    return tuple(sorted(found, key=lambda finding: (finding.code, finding.detail or "")))
