"""Who the citizen is, by answers that are checked already (`app.oidc.validate`)."""

import re

from app.oidc import levels
from app.oidc.config import BrokerProfile, ClaimPlace, OidcConfig
from app.oidc.validate import Answers
from app.ports.login import ActingForAnother, LevelTooLow, LoginRefused, Principal
from claims.identity import Bsn

# eID and some brokers put the sector before the number: s00000000 is BSN, s00000001 SOFI, which is not a BSN.
_SECTOR = re.compile(r"(s[0-9]{8}):(.*)", re.DOTALL)
_BSN_SECTOR = "s00000000"


def principal(answers: Answers, config: OidcConfig) -> Principal:
    """Who logged in, with enough certainty, and only for themselves. Raises LoginRefused or LevelTooLow."""
    for answer in (answers.id_token_claims, answers.userinfo or {}):
        if any(name in answer for name in config.profile.representation_claims):
            raise ActingForAnother()
    level = _level(answers.find(config.profile.level), config)
    bsn = _bsn(answers, config.profile)
    return Principal(bsn, level, answers.authenticated_at, answers.provider_session)


def _level(stated: object, config: OidcConfig) -> str:
    if not isinstance(stated, str):
        raise LoginRefused("level_missing")
    level = config.profile.level_values.get(stated, stated)
    if level not in levels.IN_ORDER:
        raise LoginRefused("level_unknown")
    if not levels.at_least(level, config.minimum_level):
        raise LevelTooLow()
    return level


def _bsn(answers: Answers, profile: BrokerProfile) -> Bsn:
    for name, value in profile.bsn_companions.items():
        if answers.find(ClaimPlace(profile.bsn.source, (*profile.bsn.path[:-1], name))) != value:
            raise LoginRefused("bsn_companion")
    stated = answers.find(profile.bsn)
    if not isinstance(stated, str):
        raise LoginRefused("bsn_missing")
    if sector := _SECTOR.fullmatch(stated):
        if sector[1] != _BSN_SECTOR:
            raise LoginRefused("bsn_sector")
        stated = sector[2]
    try:
        return Bsn.parse(stated)
    except ValueError:
        raise LoginRefused("bsn_invalid") from None
