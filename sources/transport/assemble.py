"""The transport of one stanza, put together."""

from __future__ import annotations

from functools import partial

from sources.config import SourceConfig
from sources.ports import SourceEvents
from sources.transport.http import HttpTransport, settings_of
from sources.transport.oauth import AccessTokens


def transport_of(config: SourceConfig, events: SourceEvents) -> HttpTransport:
    """It tells `events` until when the certificates that it uses are valid, and gets access tokens when the stanza has
    a table `oauth`. Opens nothing. Raises Misconfigured."""
    tokens = AccessTokens(config) if config.oauth is not None else None
    return HttpTransport(settings_of(config), partial(events.certificate, config.source_id), tokens)
