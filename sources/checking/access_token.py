"""The access token that a source wants: the way to the token endpoint, and getting one."""

from __future__ import annotations

from collections.abc import Sequence

from sources.checking.connection import ConnectionLooks
from sources.checking.steps import Found, Look, fails, holds
from sources.config import SourceConfig
from sources.deadline import Deadline
from sources.errors import SourceError, SourceMalformed, TooSlow
from sources.ports import Clock
from sources.transport.http import HttpSettings, settings_of
from sources.transport.oauth import AccessTokens, endpoint_settings

_ADVICE = {
    "token endpoint: invalid_client": "Kijk of de server client_id kent, met onze sleutel (signing_key_file en "
    "signing_key_id) of ons certificaat; bij een gateway ook assertion_audience.",
    "token endpoint: invalid_scope": "Vraag de server welke scope wij mogen vragen, en zet die in oauth.scope.",
    "token endpoint: invalid_target": "Vraag de server welke audience bij deze bron hoort.",
    "token endpoint: unauthorized_client": "Laat de server client_credentials voor ons toestaan.",
    "token endpoint: unsupported_grant_type": "Laat de server client_credentials aanzetten.",
    "token endpoint: status 404": "Kijk token_url na.",
}


def token_looks(config: SourceConfig, clock: Clock) -> Sequence[Look]:
    """None of them for a source without `oauth`. The way to an endpoint on the very address of the source is not
    walked again."""
    if config.oauth is None or config.ca_file is None:
        return ()
    endpoint = endpoint_settings(config.oauth, config, config.ca_file)
    same = _way(endpoint) == _way(settings_of(config))
    way = () if same else ConnectionLooks(endpoint, clock, of="token: ").looks()
    return (*way, Look("token", lambda: _get(config)))


def _way(settings: HttpSettings) -> tuple[object, ...]:
    return settings.address.host, settings.address.port, settings.tls


def _get(config: SourceConfig) -> Found:
    """One of its own: the question gets another. It is not told, not even in part."""
    try:
        AccessTokens(config).current(Deadline.after(config.total_seconds))
    except SourceError as error:
        return fails(f"geen toegangstoken ({error})", _ADVICE.get(str(error)) or _advice(error))
    return holds("toegangstoken gekregen")


def _advice(error: SourceError) -> str:
    if isinstance(error, TooSlow):
        return "Vraag de beheerder van de token-server waarom zij traag is."
    if isinstance(error, SourceMalformed):
        return "Kijk of token_url het adres is dat tokens geeft, en geen pagina of proxy."
    return "Kijk de tabel oauth van deze bron na, en vraag wat het logboek van de token-server zegt."
