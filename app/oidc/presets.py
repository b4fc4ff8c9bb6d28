"""Known brokers: a setting names one. Sources: OpenID NLGov 1.0.1 and the brokers' own references."""

from collections.abc import Mapping
from types import MappingProxyType

from app.oidc import levels
from app.oidc.config import BrokerProfile, ClaimPlace, Source

# OpenID NLGov 1.0.1: the BSN is the subject, and `sub_id_type` says that it is one.
NLGOV = BrokerProfile(
    bsn=ClaimPlace(Source.USERINFO, ("sub",)),
    bsn_companions={"sub_id_type": "urn:nl-eid-gdi:1.0:id:BSN"},
)

SIGNICAT = BrokerProfile(
    scope="openid nin",
    bsn=ClaimPlace(Source.USERINFO, ("nin",)),
    bsn_companions={"nin_type": "BSN", "nin_issuing_country": "NL"},
    level_values={
        "loa:low": levels.LOW,
        "loa:substantial": levels.SUBSTANTIAL,
        "loa:high": levels.HIGH,
    },
    requested_levels={
        levels.LOW: "idp:digid loa:low",
        levels.SUBSTANTIAL: "idp:digid loa:substantial",
        levels.HIGH: "idp:digid loa:high",
    },
)

# minvws/nl-rdo-max: weaker content encryption than OpenID NLGov asks, so it is allowed only here. It reads no `prompt` and no
# `max_age`, says no `auth_time`, and asks DigiD for a new log-in each time (`ForceAuthn`; app/models/authorize_request.py at
# 121f99e, app/models/saml/saml_request.py at 1abeb26): we ask `prompt` for the day it is read, and no age, or all were refused.
RDO_MAX = BrokerProfile(
    level=ClaimPlace(Source.USERINFO, ("loa_authn",)),
    level_values=levels.SAML_VALUES,
    encryption_algorithms=("RSA-OAEP", "A128CBC-HS256"),
    max_authentication_age=None,
)

# Keycloak as at Den Haag: the BSN stands only in tokens, so that it stays out of Keycloak's database.
KEYCLOAK = BrokerProfile(bsn=ClaimPlace(Source.ID_TOKEN, ("aanvrager", "bsn")))

SIMULATOR = BrokerProfile(scope="openid bsn")

PRESETS: Mapping[str, BrokerProfile] = MappingProxyType(
    {
        "nlgov": NLGOV,
        "signicat": SIGNICAT,
        "rdo-max": RDO_MAX,
        "keycloak": KEYCLOAK,
        "simulator": SIMULATOR,
    }
)
