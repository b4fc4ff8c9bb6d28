"""The facts that we write down, each in one place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from app.ports.audit import ActorKind, Event, Pseudonym, Result, Trace
from app.ports.data_subject import DataSubject
from app.services.audit import Fact, part_of
from claims.identity import Bsn
from claims.outcome import FailureCause, SourceFailure, SourceOutcome

_WORD = re.compile(r"[A-Za-z0-9_.:/-]{1,64}")
_OUR_FAULT = (FailureCause.INTERNAL, FailureCause.MISCONFIGURED)


def _done(event: Event, person: DataSubject) -> Fact:
    """By the citizen, by who represents them, or by an app that the citizen allowed."""
    if person.app is not None:
        return Fact(event=event, actor=ActorKind.APP, citizen=person.bsn)
    acting = None if person.representative is None else person.representative.bsn
    return Fact(event=event, actor=ActorKind.CITIZEN, citizen=person.bsn, acting=acting)


def logged_in(person: DataSubject, level: str) -> Fact:
    return replace(_done(Event.LOGGED_IN, person), detail=word(level))


def logged_out(person: DataSubject) -> Fact:
    return _done(Event.LOGGED_OUT, person)


def session_ended(person: DataSubject, why: str, at: datetime | None = None) -> Fact:
    """Otherwise than by logging out: `idle`, `absolute`, `provider`, `operator` or `elsewhere`."""
    ended = _done(Event.SESSION_ENDED, person)
    return replace(ended, actor=ActorKind.SYSTEM, detail=word(why), started_at=at, ended_at=at)


def sessions_ended(account: str, whose: str, citizen: Bsn | None = None) -> Fact:
    """An operator ends sessions: of `all`, of one `citizen` or of one `employee`."""
    return Fact(
        event=Event.SESSIONS_ENDED,
        actor=ActorKind.OPERATOR,
        account=account,
        citizen=citizen,
        detail=word(whose),
    )


def login_refused(reason: str) -> Fact:
    """Nobody knows who it was."""
    return Fact(
        event=Event.LOGIN_REFUSED, actor=ActorKind.VISITOR, result=Result.REFUSED, detail=word(reason)
    )


def collection_started(person: DataSubject, trace: Trace, *, again: bool) -> Fact:
    """`again`: only sources that had not answered, or one that the citizen asks once more. What is collected for an app goes
    to that app."""
    started = replace(_done(Event.COLLECTION_STARTED, person), object=person.app or "")
    return replace(started, detail="again" if again else "", trace=trace)


def source_asked(person: DataSubject, source_id: str, trace: Trace) -> Fact:
    return replace(_done(Event.SOURCE_ASKED, person), object=source_id, trace=part_of(trace))


def source_answered(
    citizen: Bsn, outcome: SourceOutcome, times: tuple[datetime, datetime], trace: Trace
) -> Fact:
    """Whether it answered, never whether there were debts: that would be kept long after the session has ended. `times`:
    when it was asked, and when its outcome was there."""
    is_failure = isinstance(outcome, SourceFailure)
    is_ours = isinstance(outcome, SourceFailure) and outcome.cause in _OUR_FAULT
    answered = "answered" if outcome.is_full else "partly"
    return Fact(
        event=Event.SOURCE_ANSWERED,
        actor=ActorKind.SYSTEM,
        citizen=citizen,
        object=outcome.source.source_id,
        result=Result.FAILED if is_ours else Result.OK,
        detail="no_answer" if is_failure else answered,
        started_at=times[0],
        ended_at=times[1],
        trace=part_of(trace),
    )


def document_made(person: DataSubject, number: str, trace: Trace) -> Fact:
    return replace(_done(Event.DOCUMENT_MADE, person), object=number, trace=trace)


def document_downloaded(person: DataSubject, number: str, format_name: str, trace: Trace) -> Fact:
    """An app is named behind the format: whose number it is does not tell which app has it now."""
    done = _done(Event.DOCUMENT_DOWNLOADED, person)
    detail = format_name if person.app is None else word(f"{format_name}/{person.app}")
    return replace(done, object=number, detail=detail, trace=trace)


def overview_read(person: DataSubject, kind: str) -> Fact:
    """By an app, otherwise than as a file: `json`, or `fcid-` and a version or `list`."""
    return replace(_done(Event.OVERVIEW_READ, person), object=person.app or "", detail=kind)


def document_verified(citizen: Bsn, number: str, reason: str) -> Fact:
    """`reason`: of the verdict. We do not know who it was."""
    return Fact(
        event=Event.DOCUMENT_VERIFIED,
        actor=ActorKind.VISITOR,
        citizen=citizen,
        object=number,
        detail=reason,
    )


def paper_looked_up(subject: Pseudonym, number: str, finding: str) -> Fact:
    """By somebody who has the printed control code; nobody knows who. `finding`: what they were told."""
    return Fact(
        event=Event.PAPER_LOOKED_UP,
        actor=ActorKind.VISITOR,
        subject=subject,
        object=number,
        detail=finding,
    )


def summary_made(citizen: Bsn, number: str, format_name: str, account: str | None = None) -> Fact:
    """By somebody who has genuine files of this person; we do not know who, unless a command was used."""
    return Fact(
        event=Event.SUMMARY_MADE,
        actor=ActorKind.VISITOR if account is None else ActorKind.OPERATOR,
        account=account,
        citizen=citizen,
        object=number,
        detail=format_name,
    )


def document_shared(citizen: Bsn, number: str, organisation_id: str = "") -> Fact:
    """`organisation_id`: of a registered organisation; empty: with whoever has the code."""
    shared = Fact(event=Event.DOCUMENT_SHARED, actor=ActorKind.CITIZEN, citizen=citizen, object=number)
    return replace(shared, detail=organisation_id)


def share_opened(subject: Pseudonym, number: str) -> Fact:
    """By somebody with the code: nobody knows who, but what they said stands with the share."""
    return Fact(event=Event.SHARE_OPENED, actor=ActorKind.VISITOR, subject=subject, object=number)


def share_opened_by(subject: Pseudonym, number: str, who: tuple[str, str]) -> Fact:
    """`who`: the organisation and the account of the employee there."""
    return Fact(
        event=Event.SHARE_OPENED,
        actor=ActorKind.COUNSELLOR,
        subject=subject,
        account=_account(who),
        object=number,
        detail=who[0],
    )


def share_ended(citizen: Bsn, number: str) -> Fact:
    return Fact(event=Event.SHARE_ENDED, actor=ActorKind.CITIZEN, citizen=citizen, object=number)


def error_reported(citizen: Bsn, reference: str) -> Fact:
    """To whom is not written down: that would tell for a year who has a debt where."""
    return Fact(event=Event.ERROR_REPORTED, actor=ActorKind.CITIZEN, citizen=citizen, object=reference)


def report_delivered(subject: Pseudonym, reference: str) -> Fact:
    return Fact(event=Event.REPORT_DELIVERED, actor=ActorKind.SYSTEM, subject=subject, object=reference)


def report_given_up(subject: Pseudonym, reference: str) -> Fact:
    given_up = Fact(event=Event.REPORT_GIVEN_UP, actor=ActorKind.SYSTEM, subject=subject, object=reference)
    return replace(given_up, result=Result.FAILED)


def document_revoked(account: str, number: str) -> Fact:
    return Fact(event=Event.DOCUMENT_REVOKED, actor=ActorKind.OPERATOR, account=account, object=number)


def key_revoked(account: str, key_id: str) -> Fact:
    return Fact(event=Event.KEY_REVOKED, actor=ActorKind.OPERATOR, account=account, object=key_id)


def key_changed(account: str, key: str, command: str) -> Fact:
    """`key`: its name or id; `command`: what was done with it, such as `rotate` or `forget-storage`."""
    return by_operator(Event.KEY_CHANGED, account, key, command)


def list_taken(list_id: str, version: int, account: str | None = None) -> Fact:
    """Another signed list of organisations is in force; by itself, or because an operator asked."""
    return Fact(
        event=Event.LIST_TAKEN,
        actor=ActorKind.SYSTEM if account is None else ActorKind.OPERATOR,
        account=account,
        object=list_id,
        detail=f"version-{version}",
    )


def by_operator(event: Event, account: str, thing: str = "", detail: str = "") -> Fact:
    """A command changes something that is about nobody: `thing` is its name or id, `detail` a word of ours."""
    return Fact(
        event=event,
        actor=ActorKind.OPERATOR,
        account=account,
        object=word(thing) if thing else "",
        detail=word(detail) if detail else "",
    )


def pseudonym_key_added(account: str, key_id: str) -> Fact:
    return Fact(event=Event.PSEUDONYM_KEY_ADDED, actor=ActorKind.OPERATOR, account=account, object=key_id)


def consent_given(citizen: Bsn, client_id: str, scopes: Iterable[str]) -> Fact:
    return _consent(Event.CONSENT_GIVEN, citizen, client_id, scopes)


def consent_refused(citizen: Bsn, client_id: str, scopes: Iterable[str]) -> Fact:
    """The citizen says no: that is no refusal of ours."""
    return _consent(Event.CONSENT_REFUSED, citizen, client_id, scopes)


def consent_withdrawn(citizen: Bsn, client_id: str, scopes: Iterable[str], by_app: str | None = None) -> Fact:
    """`by_app`: the app that did it, which the citizen allowed to; None: the citizen."""
    by_citizen = _consent(Event.CONSENT_WITHDRAWN, citizen, client_id, scopes)
    return by_citizen if by_app is None else replace(by_citizen, actor=ActorKind.APP, detail=word(by_app))


def token_issued(citizen: Bsn, client_id: str, scopes: Iterable[str]) -> Fact:
    return Fact(
        event=Event.TOKEN_ISSUED,
        actor=ActorKind.APP,
        citizen=citizen,
        object=client_id,
        detail=_scopes(scopes),
    )


def token_taken(citizen: Bsn, client_id: str, scopes: Iterable[str]) -> Fact:
    """Of an external issuer, where the citizen gave consent: `client_id` names both."""
    return Fact(
        event=Event.TOKEN_TAKEN,
        actor=ActorKind.APP,
        citizen=citizen,
        object=client_id,
        detail=_scopes(scopes),
    )


def token_revoked(citizen: Bsn, client_id: str, reason: str) -> Fact:
    """`given_back` by the app; by us: `code_used_before`, because nobody knows whose hands the code is in, and `provider` or
    `operator`, as a session."""
    return Fact(
        event=Event.TOKEN_REVOKED,
        actor=ActorKind.APP if reason == "given_back" else ActorKind.SYSTEM,
        citizen=citizen,
        object=client_id,
        detail=word(reason),
    )


def client_registered(by: ActorKind, account: str, client_id: str) -> Fact:
    """By an operator with a command, or by an employee on the operator site; so are the next two."""
    return Fact(event=Event.CLIENT_REGISTERED, actor=by, account=account, object=client_id)


def client_changed(by: ActorKind, account: str, client_id: str, what: Iterable[str]) -> Fact:
    """`what`: words of ours for the parts that differ."""
    detail = word("/".join(sorted(what)) or "nothing")
    return Fact(event=Event.CLIENT_CHANGED, actor=by, account=account, object=client_id, detail=detail)


def client_removed(by: ActorKind, account: str, client_id: str) -> Fact:
    return Fact(event=Event.CLIENT_REMOVED, actor=by, account=account, object=client_id)


def staff_logged_in(account: str) -> Fact:
    return Fact(event=Event.STAFF_LOGGED_IN, actor=ActorKind.EMPLOYEE, account=account)


def staff_logged_out(account: str) -> Fact:
    return Fact(event=Event.STAFF_LOGGED_OUT, actor=ActorKind.EMPLOYEE, account=account)


def staff_session_ended(account: str, why: str, at: datetime | None = None) -> Fact:
    """`account`: whose session it was."""
    return Fact(
        event=Event.STAFF_SESSION_ENDED,
        actor=ActorKind.EMPLOYEE,
        account=account,
        detail=word(why),
        started_at=at,
        ended_at=at,
    )


def staff_login_refused(reason: str) -> Fact:
    """Nobody knows who it was."""
    return Fact(
        event=Event.STAFF_LOGIN_REFUSED, actor=ActorKind.VISITOR, result=Result.REFUSED, detail=word(reason)
    )


def counsellor_logged_in(who: tuple[str, str]) -> Fact:
    """`who`: the organisation and the account of the employee there."""
    return _counsellor(Event.COUNSELLOR_LOGGED_IN, who)


def counsellor_logged_out(who: tuple[str, str]) -> Fact:
    return _counsellor(Event.COUNSELLOR_LOGGED_OUT, who)


def counsellor_session_ended(who: tuple[str, str], why: str, at: datetime | None = None) -> Fact:
    ended = _counsellor(Event.COUNSELLOR_SESSION_ENDED, who)
    return replace(ended, detail=word(why), started_at=at, ended_at=at)


def counsellor_login_refused(organisation_id: str, reason: str) -> Fact:
    """Nobody knows who it was."""
    return Fact(
        event=Event.COUNSELLOR_LOGIN_REFUSED,
        actor=ActorKind.VISITOR,
        object=organisation_id,
        result=Result.REFUSED,
        detail=word(reason),
    )


def _counsellor(event: Event, who: tuple[str, str]) -> Fact:
    return Fact(event=event, actor=ActorKind.COUNSELLOR, account=_account(who), object=who[0])


def _account(who: tuple[str, str]) -> str:
    """Never that of an employee of ours, nor of another organisation: those hold no such mark."""
    return "\n".join(who)


def _consent(event: Event, citizen: Bsn, client_id: str, scopes: Iterable[str]) -> Fact:
    return Fact(
        event=event, actor=ActorKind.CITIZEN, citizen=citizen, object=client_id, detail=_scopes(scopes)
    )


def _scopes(scopes: Iterable[str]) -> str:
    return word("/".join(sorted(scopes)))


def word(text: str) -> str:
    """What may stand as a detail; anything else is "other"."""
    return text if _WORD.fullmatch(text) else "other"
