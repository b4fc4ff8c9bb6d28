"""Known brokers: a setting names one. Sources: OpenID NLGov 1.0.1 and the brokers' own references.

Names marked "unconfirmed" follow a published example or another supplier's software; no broker has confirmed them to us. A wrong
one refuses log-ins, because whatever does not stand where it is expected is refused.
"""

from collections.abc import Mapping
from types import MappingProxyType

from app.oidc import levels
from app.oidc.config import BrokerProfile, ClaimPlace, Representation, Role, Source

_BSN_TYPE = {"sub_id_type": "urn:nl-eid-gdi:1.0:id:BSN"}

# OpenID NLGov 1.0.1: the BSN is the subject, and `sub_id_type` says that it is one. `sub` is who logged in; the ID token says in
# `represents` for whom, with `sub` and `iss` (a MUST). That the service stands in a claim `scope`: unconfirmed (its example).
NLGOV = BrokerProfile(
    bsn=ClaimPlace(Source.USERINFO, ("sub",)),
    bsn_companions=_BSN_TYPE,
    representation=Representation(
        other=ClaimPlace(Source.ID_TOKEN, ("represents", "sub")),
        other_is=Role.REPRESENTED,
        companions=_BSN_TYPE,
        needed=("iss",),
        service=ClaimPlace(Source.ID_TOKEN, ("scope",)),
        service_in_scope=True,
    ),
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
    # The other way around: `nin` is the person represented, `acting_nin` who logged in (reference of "DigiD CombiConnect").
    # That the level is asked in the same words there: unconfirmed. It has no claim for the service: the connection is for one.
    representation=Representation(
        other=ClaimPlace(Source.USERINFO, ("acting_nin",)),
        other_is=Role.REPRESENTATIVE,
        service=None,
        more_scope="acting-nin",
        requested_levels={
            levels.LOW: "idp:digid-combiconnect loa:low",
            levels.SUBSTANTIAL: "idp:digid-combiconnect loa:substantial",
            levels.HIGH: "idp:digid-combiconnect loa:high",
        },
    ),
)

# minvws/nl-rdo-max: weaker content encryption than OpenID NLGov asks, so it is allowed only here. It reads no `prompt` and no
# `max_age`, says no `auth_time`, and asks DigiD for a new log-in each time (`ForceAuthn`; app/models/authorize_request.py at
# 121f99e, app/models/saml/saml_request.py at 1abeb26): we ask `prompt` for the day it is read, and no age, or all were refused.
# For a representation it gives the number of the person represented and does not tell who acts, so that cannot be allowed.
RDO_MAX = BrokerProfile(
    level=ClaimPlace(Source.USERINFO, ("loa_authn",)),
    level_values=levels.SAML_VALUES,
    encryption_algorithms=("RSA-OAEP", "A128CBC-HS256"),
    max_authentication_age=None,
)

# Keycloak as at Den Haag: the BSN stands only in tokens, so that it stays out of Keycloak's database.
# `aanvrager` is the person represented, `gemachtigde` who logged in. `service_id`: unconfirmed (tests of Open Forms).
KEYCLOAK = BrokerProfile(
    bsn=ClaimPlace(Source.ID_TOKEN, ("aanvrager", "bsn")),
    representation=Representation(
        other=ClaimPlace(Source.ID_TOKEN, ("gemachtigde", "bsn")),
        other_is=Role.REPRESENTATIVE,
        service=ClaimPlace(Source.ID_TOKEN, ("service_id",)),
    ),
)

# As NLGov, with all that is about persons in the encrypted userinfo.
SIMULATOR = BrokerProfile(
    scope="openid bsn",
    representation=Representation(
        other=ClaimPlace(Source.USERINFO, ("represents", "sub")),
        other_is=Role.REPRESENTED,
        companions=_BSN_TYPE,
        needed=("iss",),
        service=ClaimPlace(Source.USERINFO, ("scope",)),
        service_in_scope=True,
    ),
)

PRESETS: Mapping[str, BrokerProfile] = MappingProxyType(
    {
        "nlgov": NLGOV,
        "signicat": SIGNICAT,
        "rdo-max": RDO_MAX,
        "keycloak": KEYCLOAK,
        "simulator": SIMULATOR,
    }
)
