"""Answers in JSON: the municipal interface, Financial Claims Information Documents, and our own record."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from claims.identity import Bsn
from claims.outcome import OutcomeKind, SourceAnswer
from claims.record.reader import RecordError, read_claim, read_outcome, read_overview
from claims.record.writer import write_claim, write_outcome, write_overview
from claims.strict_json import StrictJsonError, canonical_json, loads_strict
from sources.deadline import Deadline
from sources.errors import SourceError
from tests.fuzz.canned import CannedFcid, CannedRest
from tests.fuzz.watch import ME, Broken, require_foreseen, require_silent, require_silent_findings

PAGE_END = b"\x1e"  # between the pages of one answer; it cannot stand in JSON
_REST, _FCID = CannedRest(), CannedFcid()
_NAMES_OF_A_PERSON = ("bsn", "burgerservicenummer")


def check_rest(data: bytes) -> bool:
    """Ask the real adapter for all pages. True when it believed them. Raises Broken."""
    _REST.wire.will_send(*data.split(PAGE_END))
    answer = _ask(_REST)
    if answer is None:
        return False
    pages = [page for page in map(_readable, data.split(PAGE_END)[: _REST.wire.given]) if page is not None]
    for page in pages:
        claims = page["vorderingen"] if isinstance(page.get("vorderingen"), list) else []
        events = [event for claim in claims for event in _dicts(claim, "gebeurtenissen")]
        _require_only_me([page, *claims, *events])
    if answer.is_full:
        _require_all(answer, [claim for page in pages for claim in page["vorderingen"]], "kenmerk")
    if answer.kind is OutcomeKind.NO_CLAIMS and not all(page["volledig"] is True for page in pages):
        raise Broken("no claims, but the source did not say that this is all")
    return True


def check_fcid(data: bytes) -> bool:
    """Ask the real adapter for a document of either version. True when it believed it. Raises Broken."""
    _FCID.wire.will_send(data)
    answer = _ask(_FCID)
    if answer is None:
        return False
    document = _readable(data)
    assert document is not None
    body = document["body"]
    cases = body["financiele_zaken"]
    events = [event for case in cases for event in _dicts(case, "gebeurtenissen")]
    _require_only_me([document, body, *cases, *events])
    if answer.is_full:
        _require_all(answer, cases, "zaakkenmerk")
    return True


def _ask(source: CannedRest | CannedFcid) -> SourceAnswer | None:
    try:
        answer = source.ask(Bsn(ME), Deadline.after(60))
    except SourceError as error:
        require_foreseen(error)
        return None
    require_silent_findings([*answer.findings, *(f for claim in answer.claims for f in claim.findings)])
    return answer


def _readable(data: bytes) -> dict[str, Any] | None:
    """None when it is no object, or no JSON that anybody would read: its two readings could be about two people."""
    try:
        loads_strict(data, 10_000_000)
        value = json.loads(data)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _dicts(parent: object, name: str) -> Iterator[object]:
    inside = parent.get(name) if isinstance(parent, dict) else None
    return iter(inside if isinstance(inside, list) else ())


def _require_only_me(parts: list[Any]) -> None:
    for part in parts:
        for name, value in part.items() if isinstance(part, dict) else ():
            if name.casefold() in _NAMES_OF_A_PERSON and value is not None and value != ME:
                raise Broken("an answer that is partly about somebody else was accepted")


def _require_all(answer: SourceAnswer, sent: list[Any], reference: str) -> None:
    """A full answer has everything that was sent, each with the balance that was sent."""
    repeated = "repeated_claim" in {finding.code for finding in answer.findings}
    if len(answer.claims) < len(sent) and not repeated:
        raise Broken(f"{len(sent)} claims were sent, a full answer has {len(answer.claims)}")
    balances: dict[str, list[Any]] = {}
    for item in sent:
        balances.setdefault(item[reference], []).append(item.get("saldo"))
    if not balances.keys() == {claim.reference for claim in answer.claims}:
        raise Broken("a full answer has other references than were sent")
    for claim in answer.claims:
        cents = claim.amounts.balance.cents if claim.amounts.balance else None
        if cents not in balances[claim.reference]:
            raise Broken("a balance differs from what was sent")


_KINDS: tuple[tuple[Callable[[object], Any], Callable[[Any], object]], ...] = (
    (read_claim, write_claim),
    (read_outcome, write_outcome),
    (read_overview, write_overview),
)


def check_record(data: bytes) -> bool:
    """Read as a claim, as an outcome and as an overview; what can be read is the same after writing it down."""
    try:
        value = loads_strict(data, 1_000_000)
    except StrictJsonError as error:
        require_silent(error)
        return False
    readable = False
    for read, write in _KINDS:
        try:
            result = read(value)
        except RecordError as error:
            require_silent(error)
            continue
        if read(loads_strict(canonical_json(write(result)), 10_000_000)) != result:
            raise Broken("a record is another one after writing and reading it")
        readable = True
    return readable
