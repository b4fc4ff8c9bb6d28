"""The number of one person in the answers of a broker."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.oidc.config import ClaimPlace
from app.oidc.validate import Answers
from app.ports.login import LoginRefused
from claims.identity import Bsn

# eID and some brokers put the sector before the number: s00000000 is BSN, s00000001 SOFI, which is not a BSN.
_SECTOR = re.compile(r"(s[0-9]{8}):(.*)", re.DOTALL)
_BSN_SECTOR = "s00000000"
# OpenID NLGov 1.0.1, "Representation Relationships": types of the numbers of organisations.
_ORGANISATIONS = ("urn:nl-eid-gdi:1.0:id:RSIN", "urn:nl-eid-gdi:1.0:id:KvKnr")


@dataclass(frozen=True)
class Stated:
    """Where a number stands. Beside it `companions` must stand with exactly this value, and `needed` with any text."""

    place: ClaimPlace
    companions: Mapping[str, str] = field(default_factory=dict)
    needed: tuple[str, ...] = ()

    def beside(self, answers: Answers, name: str) -> object:
        return answers.find(ClaimPlace(self.place.source, (*self.place.path[:-1], name)))


def number(answers: Answers, stated: Stated, called: str) -> Bsn:
    """The BSN that stands there. Raises LoginRefused; `called` is how its reason names the person."""
    for name, value in stated.companions.items():
        found = stated.beside(answers, name)
        if found != value:
            is_organisation = isinstance(found, str) and found in _ORGANISATIONS
            raise LoginRefused(f"{called}_{'organisation' if is_organisation else 'companion'}")
    for name in stated.needed:
        if not (isinstance(found := stated.beside(answers, name), str) and found):
            raise LoginRefused(f"{called}_without_{name}")
    return _bsn(answers.find(stated.place), called)


def _bsn(stated: object, called: str) -> Bsn:
    if not isinstance(stated, str):
        raise LoginRefused(f"{called}_missing")
    if sector := _SECTOR.fullmatch(stated):
        if sector[1] != _BSN_SECTOR:
            raise LoginRefused(f"{called}_sector")
        stated = sector[2]
    try:
        return Bsn.parse(stated)
    except ValueError:
        raise LoginRefused(f"{called}_invalid") from None
