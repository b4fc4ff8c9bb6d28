"""What a link to `/start` brought along, kept in the session: where to go back to, how pages look, and a case reference.

Anybody can make such a link, and send it to somebody. So an address is one of the settings, a theme too, and a case reference is
shown with who stated it, can be taken away, and is never taken over behind the back of who is logged in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from app.http import theme_css
from app.http.return_places import ReturnPlace, place_of
from app.http.session_interface import current_session
from app.ports.case_reference import CaseReference, LooksLikeBsn, holds_bsn
from app.web.arrival_words import CASE, CASE_IS_BSN, CASES_OFF, RETURN, THEME, Told
from app.web.citizen import current_citizen

_BACK, _CASE, _OFFERED, _TOLD = "arrival_back", "arrival_case", "arrival_case_offered", "arrival_told"


@dataclass(frozen=True, slots=True)
class ArrivalRules:
    """What links may bring here; nothing by default. `themes`: names of the looks that there are."""

    places: tuple[ReturnPlace, ...] = ()
    themes: frozenset[str] = frozenset()
    takes_cases: bool = False


NOTHING_ALLOWED = ArrivalRules()


@dataclass(frozen=True, slots=True)
class Back:
    """A link that people may follow: `name` by the settings, `address` below one of the settings."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Brought:
    """What of a link may be used."""

    back: str | None = None
    theme: str | None = None
    case: CaseReference | None = None


def judge(asked: Mapping[str, str], rules: ArrivalRules) -> tuple[Brought, tuple[Told, ...]]:
    """What may be used of these unverified parameters, and what to tell about the rest; nothing about what is not there."""
    told: list[Told] = []
    back, theme, case = (asked.get(name) for name in ("terug", "thema", "zaak"))
    if back is not None and (place_of(back, rules.places) is None or holds_bsn(unquote(back))):
        back = None
        told.append(RETURN)
    if theme is not None and theme not in rules.themes:
        theme = None
        told.append(THEME)
    reference, said = (None, None) if case is None else _case(case, rules)
    if said is not None:
        told.append(said)
    return Brought(back, theme, reference), tuple(told)


def _case(unverified: str, rules: ArrivalRules) -> tuple[CaseReference | None, Told | None]:
    if not rules.takes_cases:
        return None, CASES_OFF
    try:
        return CaseReference(unverified), None
    except LooksLikeBsn:
        return None, CASE_IS_BSN
    except ValueError:
        return None, CASE


def keep(brought: Brought, told: tuple[Told, ...]) -> None:
    """The newest link is the one that counts. For who is logged in a case reference waits for a yes: documents that they download
    must not change because they followed a link."""
    session = current_session()
    is_in = current_citizen() is not None
    waiting = brought.case if is_in and brought.case != _read_case(session.get(_CASE)) else None
    case = _read_case(session.get(_CASE)) if is_in else brought.case
    values = {
        _BACK: brought.back,
        theme_css.CHOSEN: brought.theme,
        _CASE: None if case is None else case.text,
        _OFFERED: None if waiting is None else waiting.text,
        _TOLD: list(told) or None,
    }
    for name, value in values.items():
        if value is not None:
            session[name] = value
        else:
            session.pop(name, None)


def take_told() -> tuple[Told, ...]:
    """What is still to be told about the link, once."""
    session = current_session()
    return tuple(Told(one) for one in session.pop(_TOLD)) if _TOLD in session else ()


def back(rules: ArrivalRules) -> Back | None:
    """Looked up again: what the settings do not allow any more is no link."""
    address = current_session().get(_BACK)
    place = place_of(address, rules.places) if isinstance(address, str) else None
    return None if place is None else Back(place.name, str(address))


def case() -> CaseReference | None:
    """What documents of this session say."""
    return _read_case(current_session().get(_CASE))


def offered_case() -> CaseReference | None:
    """What a link brought while somebody was logged in, and waits for a yes."""
    return _read_case(current_session().get(_OFFERED))


def take_offered_case() -> None:
    session = current_session()
    if _OFFERED in session:
        session[_CASE] = session.pop(_OFFERED)


def drop_case() -> None:
    current_session().pop(_CASE, None)


def leave_offered_case() -> None:
    current_session().pop(_OFFERED, None)


def carried() -> dict[str, Any]:
    """What is to be put back when a log-in gives this visitor another session. Nothing when somebody was logged in: what that
    person brought says nothing about whoever logs in now."""
    session = current_session()
    if current_citizen() is not None:
        return {}
    return {name: session[name] for name in (_BACK, theme_css.CHOSEN, _CASE) if name in session}


def put_back(brought: Mapping[str, Any]) -> None:
    current_session().update(brought)


def _read_case(stored: object) -> CaseReference | None:
    try:
        return CaseReference(stored) if isinstance(stored, str) else None
    except ValueError:
        return None
