"""Who is logged in: a small record in the encrypted server-side session, never a token and never in the cookie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.http.session_interface import current_session
from app.ports.data_subject import DataSubject, Representative
from app.ports.login import Principal
from app.services import audit_facts
from app.services.audit import Fact
from claims.identity import Bsn

_CITIZEN = "citizen"
_CONFIRMED = "confirmed_gaps"


@dataclass(frozen=True, slots=True)
class Citizen:
    """`owner` is the random handle of the session, to which collections are bound; it says nothing about the person."""

    person: DataSubject
    owner: str

    @property
    def bsn(self) -> Bsn:
        """Of the person whose claims these are, whoever logged in."""
        return self.person.bsn

    @property
    def acts_for_another(self) -> bool:
        return self.person.representative is not None


def current_citizen() -> Citizen | None:
    """The citizen of this session. A record that cannot be read counts as not logged in."""
    session = current_session()
    person = _person_in(session)
    return None if person is None else Citizen(person, session.owner)


def ended_fact(content: Mapping[str, Any], why: str, at: datetime | None) -> Fact | None:
    """For the audit log, of a session with this content, or of what an app was allowed in it; see
    `app.services.session_ends`."""
    allowed = content.get("ended_grant")
    if isinstance(allowed, dict):
        return audit_facts.token_revoked(Bsn(allowed["bsn"]), allowed["client_id"], why)
    person = _person_in(content)
    return None if person is None else audit_facts.session_ended(person, why, at)


def _person_in(content: Mapping[str, Any]) -> DataSubject | None:
    record = content.get(_CITIZEN)
    if not isinstance(record, dict):
        return None
    try:
        return _person(record)
    except (KeyError, ValueError):
        return None


def _person(record: dict[str, str]) -> DataSubject:
    """Raises KeyError and ValueError. A represented person stands under another name than one who logged in: whoever reads
    only half of the record (as a process of an earlier version does) finds nobody."""
    if "represented" in record:
        return DataSubject(Bsn(record["represented"]), Representative(Bsn(record["representative"])))
    return DataSubject(Bsn(record["bsn"]))


def _record(person: DataSubject) -> dict[str, str]:
    if person.representative is None:
        return {"bsn": person.bsn.digits}
    return {"represented": person.bsn.digits, "representative": person.representative.bsn.digits}


def remember(principal: Principal) -> Citizen:
    """Write the citizen into a session with a new id and owner."""
    session, person = current_session(), principal.data_subject
    session.rotate()
    session.provider_session = principal.provider_session
    session.person = person.who_logged_in.digits
    session[_CITIZEN] = {
        **_record(person),
        "level": principal.level,
        "authenticated_at": principal.authenticated_at.isoformat(),
    }
    return Citizen(person, session.owner)


def end_session() -> None:
    """Nobody is logged in any more in this browser."""
    current_session().destroy()


def session_has_expired() -> bool:
    """The browser brought a session that has ended."""
    return current_session().was_expired


def confirm_gaps(collection_id: str, gaps: tuple[str, ...]) -> None:
    """Remember that the citizen wants to download although these sources did not answer fully."""
    current_session()[_CONFIRMED] = [collection_id, *gaps]


def has_confirmed_gaps(collection_id: str, gaps: tuple[str, ...]) -> bool:
    """False as soon as other sources are missing than the citizen agreed to."""
    return bool(current_session().get(_CONFIRMED) == [collection_id, *gaps])
