"""Who the citizen is, by answers that are checked already (`app.oidc.validate`)."""

from app.oidc import levels
from app.oidc.config import OidcConfig
from app.oidc.number import Stated, number
from app.oidc.representation import represented_by, signs
from app.oidc.validate import Answers
from app.ports.login import ActingForAnother, LevelTooLow, LoginRefused, Principal


def principal(answers: Answers, config: OidcConfig) -> Principal:
    """Whose claims may be asked, with enough certainty about who logged in. Raises LoginRefused or LevelTooLow."""
    acts_for_another = signs(answers, config.profile)
    if acts_for_another and not config.representation_allowed:
        raise ActingForAnother()
    level = _level(answers.find(config.profile.level), config)
    if acts_for_another:
        person = represented_by(answers, config)
        return Principal(
            person.bsn, level, answers.authenticated_at, answers.provider_session, person.representative
        )
    bsn = number(answers, Stated(config.profile.bsn, config.profile.bsn_companions), "bsn")
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
