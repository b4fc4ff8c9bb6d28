"""Somebody logged in for somebody else (DigiD Machtigen; OpenID NLGov 1.0.1, "Representation Relationships").

A mistake here shows the wrong person's debts. So everything that a broker says of it must stand exactly where its preset expects
it: one natural person for one other natural person, for our service, and nothing that we do not know. Each failed check has its
own reason; none of them holds a number.
"""

from app.oidc.config import BrokerProfile, ClaimPlace, OidcConfig, Representation, Role
from app.oidc.number import Stated, number
from app.oidc.validate import Answers
from app.ports.data_subject import DataSubject, Representative
from app.ports.login import LoginRefused, RepresentationRefused


def signs(answers: Answers, profile: BrokerProfile) -> frozenset[str]:
    """Names of the claims by which some broker says that somebody acts for another, in either answer."""
    named = (*answers.id_token_claims, *(answers.userinfo or {}))
    return frozenset(named).intersection(profile.representation_claims)


def represented_by(answers: Answers, config: OidcConfig) -> DataSubject:
    """Who is represented, and by whom. Raises RepresentationRefused."""
    way = config.profile.representation
    if way is None:
        raise RepresentationRefused()
    _check_form(answers, config.profile, way)
    _check_service(answers, way, config.representation_service)
    try:
        return _persons(answers, config.profile, way)
    except LoginRefused as refusal:
        raise RepresentationRefused(refusal.reason) from None
    except ValueError:
        raise RepresentationRefused("representation_of_oneself") from None


def _check_form(answers: Answers, profile: BrokerProfile, way: Representation) -> None:
    """No sign but those of this broker, the same in both answers, and one step only."""
    expected = {place.path[0] for place in (profile.bsn, *way.places)}
    found = signs(answers, profile)
    if not found <= expected:
        raise RepresentationRefused("representation_unknown")
    userinfo = answers.userinfo or {}
    for name in found & answers.id_token_claims.keys() & userinfo.keys():
        if answers.id_token_claims[name] != userinfo[name]:
            raise RepresentationRefused("representation_differs")
    if len(way.other.path) > 1 and _names_a_third(answers, profile, way):
        raise RepresentationRefused("representation_chain")


def _names_a_third(answers: Answers, profile: BrokerProfile, way: Representation) -> bool:
    """NLGov: a chain is nested, and the deepest one is the person represented."""
    around = answers.find(ClaimPlace(way.other.source, way.other.path[:-1]))
    return isinstance(around, dict) and any(name in around for name in profile.representation_claims)


def _check_service(answers: Answers, way: Representation, ours: str | None) -> None:
    if way.service is None:
        return
    stated = answers.find(way.service)
    if not isinstance(stated, str) or ours not in stated.split(" "):
        raise RepresentationRefused("representation_service")


def _persons(answers: Answers, profile: BrokerProfile, way: Representation) -> DataSubject:
    """Raises LoginRefused, and ValueError when they are one person."""
    first_is = Role.REPRESENTED if way.other_is is Role.REPRESENTATIVE else Role.REPRESENTATIVE
    first = number(answers, Stated(profile.bsn, profile.bsn_companions), first_is.value)
    other = number(answers, Stated(way.other, way.companions, way.needed), way.other_is.value)
    if first_is is Role.REPRESENTED:
        return DataSubject(first, Representative(other))
    return DataSubject(other, Representative(first))
