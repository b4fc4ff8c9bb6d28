"""Building the API and the authorization server for app back ends, by the settings."""

from __future__ import annotations

from datetime import timedelta

from app.api.services import ApiServices, ApiTexts
from app.oauth.register import ClientRegistry
from app.oauth.server import OAuthServer, ServerParts, build_server
from app.oauth.tokens import Lives
from app.operator.services import AppServices
from app.persistence.client_store import SqlClientStore
from app.persistence.engine import Database
from app.persistence.grant_store import SqlGrantStore
from app.persistence.key_ring_file import DerivedKeys
from app.ports.clock import Clock
from app.services.audit import WritesAudit
from app.services.background import Job
from app.services.monitor import Monitor
from app.settings import Settings
from app.web.services import WebServices
from sources.ports import SystemClock

NONCES_PURPOSE = "dpop nonces"


def build_oauth(
    settings: Settings, database: Database, audit: WritesAudit, clock: Clock
) -> OAuthServer | None:
    """None without a table [api]. Raises ValueError or OSError for a bad key."""
    if settings.api is None:
        return None
    keys = settings.storage.key_ring()
    return build_server(
        ServerParts(
            addresses=settings.api.addresses(settings.public_url),
            keys=settings.api.token_keys(),
            nonce_secrets=DerivedKeys(keys, NONCES_PURPOSE),
            clients=SqlClientStore(database),
            grants=SqlGrantStore(database, keys),
            audit=audit,
            clock=clock,
            lives=Lives(settings.api.token_life, settings.sessions.limits.absolute),
            external=settings.api.external(settings.public_url, clock.now),
        )
    )


def build_api(settings: Settings, site: WebServices, monitor: Monitor) -> ApiServices | None:
    """The same use cases as the pages. None without a table [api]."""
    if site.apps is None:
        return None
    texts = ApiTexts(
        organisation_name=settings.organisation.name,
        base_address=settings.public_url,
        contact=settings.organisation.contact.options,
    )
    return ApiServices(
        access=site.apps.access,
        collections=site.collections,
        issue=site.issue,
        verify=site.verify,
        monitor=monitor,
        audit=site.audit,
        consents=site.apps.consents,
        clock=site.clock,
        texts=texts,
    )


def build_app_services(
    settings: Settings, database: Database, audit: WritesAudit, *, allow_loopback_http: bool
) -> AppServices | None:
    """For the operator site; None without a table [api]."""
    if settings.api is None or settings.operator is None:
        return None
    return AppServices(
        registry=ClientRegistry(SqlClientStore(database), audit, SystemClock()),
        roles=frozenset(settings.operator.app_roles),
        allow_loopback_http=allow_loopback_http,
    )


def grant_job(settings: Settings, database: Database) -> Job:
    """Everywhere, also where [api] was taken away: what was there before must go too."""
    store = SqlGrantStore(database, settings.storage.key_ring())
    return Job("purge_grants", timedelta(minutes=1), store.purge)
