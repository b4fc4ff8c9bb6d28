"""What this installation must know about its identity providers. Reading settings is the work of start-up code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import Enum

from app.oidc import levels


class Source(Enum):
    """Which answer of the provider holds a claim."""

    ID_TOKEN = "id_token"  # noqa: S105 -- the name of a place
    USERINFO = "userinfo"


class ClientAuthentication(Enum):
    """How we prove who we are at the provider, by its registered name; never two at once (OpenID NLGov 1.0.1)."""

    PRIVATE_KEY_JWT = "private_key_jwt"
    TLS = "tls_client_auth"
    SELF_SIGNED_TLS = "self_signed_tls_client_auth"  # RFC 8705, 2.2: the certificate itself is registered


@dataclass(frozen=True)
class ClientCertificate:
    """Paths of PEM files: the certificate with its chain, and its private key."""

    certificate_file: str
    key_file: str


class UserinfoForm(Enum):
    """The only form in which userinfo is accepted; any other form is refused."""

    JSON = "json"
    SIGNED = "signed"
    ENCRYPTED = "encrypted"  # signed, then encrypted to our key (OpenID NLGov 1.0.1: strongly recommended)


@dataclass(frozen=True)
class ClaimPlace:
    """Where a claim stands: in which answer, and the names to follow from its top."""

    source: Source
    path: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ProviderProfile:
    """What differs between providers, whoever logs in there.

    `id_token_encrypted`: an ID token that is only signed is refused, for brokers that put the BSN into it.
    `max_authentication_age`, when not None, is asked of the provider and checked against `auth_time`.
    """

    scope: str = "openid"
    userinfo_form: UserinfoForm = UserinfoForm.ENCRYPTED
    id_token_encrypted: bool = False
    signing_algorithms: tuple[str, ...] = ("PS256", "ES256", "RS256")
    encryption_algorithms: tuple[str, ...] = ("RSA-OAEP-256", "RSA-OAEP", "A256GCM")
    prompt: str | None = "login"
    max_authentication_age: timedelta | None = timedelta(minutes=15)

    @property
    def places(self) -> tuple[ClaimPlace, ...]:
        """Where the claims stand that we need."""
        return ()

    @property
    def needs_userinfo(self) -> bool:
        return any(place.source is Source.USERINFO for place in self.places)


class Role(Enum):
    """In a representation (DigiD Machtigen): who logged in, and for whom. The words stand in reasons of refusals."""

    REPRESENTATIVE = "representative"
    REPRESENTED = "represented"


@dataclass(frozen=True, kw_only=True)
class Representation:
    """How a broker tells that somebody logged in for somebody else.

    One of the two stands where the one person of an ordinary log-in stands (`BrokerProfile.bsn`); `other` says where the other
    one stands, and `other_is` which one that is. Brokers differ in this, and a mistake shows the wrong person's debts.
    `companions` must stand beside the other one's number with exactly this value, `needed` with any text.
    `service` is where the broker says for which service the authorisation holds: one word, or several with spaces between.
    To get such log-ins `more_scope` is asked too, and our service when `service_in_scope`; `requested_levels` replace those of
    the profile.
    """

    other: ClaimPlace
    other_is: Role
    companions: Mapping[str, str] = field(default_factory=dict)
    needed: tuple[str, ...] = ()
    service: ClaimPlace | None
    more_scope: str = ""
    service_in_scope: bool = False
    requested_levels: Mapping[str, str] | None = None

    @property
    def places(self) -> tuple[ClaimPlace, ...]:
        return (self.other,) if self.service is None else (self.other, self.service)


@dataclass(frozen=True, kw_only=True)
class BrokerProfile(ProviderProfile):
    """What differs between brokers of DigiD; `app.oidc.presets` holds the known ones.

    `bsn_companions` are claims that must stand beside the BSN with exactly this value (for example its type).
    `level_values` translates what the broker says to an eIDAS URI; `requested_levels` translates the other way.
    `representation_claims` mean that somebody acts for another: unless that is allowed, and stands there exactly as
    `representation` says, their presence refuses the log-in. `representation` None: this broker does not say who acts.
    """

    bsn: ClaimPlace = ClaimPlace(Source.USERINFO, ("bsn",))
    bsn_companions: Mapping[str, str] = field(default_factory=dict)
    level: ClaimPlace = ClaimPlace(Source.ID_TOKEN, ("acr",))
    level_values: Mapping[str, str] = field(default_factory=dict)
    requested_levels: Mapping[str, str] = field(default_factory=dict)
    representation: Representation | None = None
    representation_claims: tuple[str, ...] = (
        "act",
        "acting_nin",
        "authorization_by_proxy",
        "gemachtigde",
        "represents",
        "urn:nl-eid-gdi:1.0:LegalSubjectID",
    )

    @property
    def places(self) -> tuple[ClaimPlace, ...]:
        return (self.bsn, self.level)

    def with_representation(self, service: str | None) -> BrokerProfile:
        """The same, asking for log-ins on behalf of others too. Raises ValueError when that cannot be."""
        way = self.representation
        if way is None:
            raise ValueError(
                "this broker does not tell who represents somebody, so representation cannot be allowed"
            )
        if (way.service is None) != (service is None):
            stated = (
                "says for which service: name ours"
                if way.service
                else "does not say for which service: name none"
            )
            raise ValueError(f"this broker {stated} (representation_service)")
        scope = (self.scope, way.more_scope, service if way.service_in_scope else "")
        return replace(
            self,
            scope=" ".join(filter(None, scope)),
            requested_levels=self.requested_levels if way.requested_levels is None else way.requested_levels,
        )


@dataclass(frozen=True, kw_only=True)
class Connection:
    """One connection with one provider. The keys are PEM texts of private keys and never printed.

    `signing_key_pem`: RSA (PS256) or EC P-256 (ES256), for `private_key_jwt`; `client_certificate` for both TLS methods.
    `decryption_key_pem`: RSA, opens encrypted userinfo and ID tokens; needed when the profile asks for encryption.
    Each may hold several keys: the first one signs, all open, and all are published; that is how they are replaced.
    `*_certificates_pem`: certificates of these keys, leaf first, to stand in what we publish of them (`x5c`).
    `assertion_names_certificate`: an assertion names its key by the thumbprint of that certificate instead of by `kid`.
    `require_pushed_requests`: no log-in without PAR (RFC 9126); a provider that offers PAR gets it anyway.
    `ca_bundle`: path of the authorities that may vouch for the provider's TLS certificate; None means the system's.
    `cache_for`: how long metadata and keys are kept when the provider says nothing; `cache_at_most`, whatever it says.
    `refresh_keys_after`: a token with an unknown key makes us ask for the provider's keys again, but not more often.
    `read_timeout_s`: for a whole answer, headers and all. `flow_max_age`: how long a person may take at the provider.
    """

    issuer: str
    client_id: str
    client_authentication: ClientAuthentication = ClientAuthentication.PRIVATE_KEY_JWT
    signing_key_pem: str | None = field(default=None, repr=False)
    client_certificate: ClientCertificate | None = None
    decryption_key_pem: str | None = field(default=None, repr=False)
    signing_certificates_pem: str | None = None
    assertion_names_certificate: bool = False
    decryption_certificates_pem: str | None = None
    profile: ProviderProfile
    require_pushed_requests: bool = False
    ca_bundle: str | None = None
    connect_timeout_s: float = 3.0
    read_timeout_s: float = 10.0
    cache_for: timedelta = timedelta(minutes=5)
    cache_at_most: timedelta = timedelta(hours=1)
    refresh_keys_after: timedelta = timedelta(seconds=30)
    flow_max_age: timedelta = timedelta(minutes=15)

    def __post_init__(self) -> None:
        """Raises ValueError when the parts do not fit together."""
        encrypted = self.profile.needs_userinfo and self.profile.userinfo_form is UserinfoForm.ENCRYPTED
        if (encrypted or self.profile.id_token_encrypted) and self.decryption_key_pem is None:
            raise ValueError("an encrypted answer is configured without a key to open it")
        forbidden = [name for name in self.profile.signing_algorithms if name[:2] not in ("PS", "ES", "RS")]
        if forbidden or not self.profile.signing_algorithms:
            raise ValueError("only public-key signature algorithms can be allowed")
        self._check_client_authentication()

    @property
    def uses_tls_authentication(self) -> bool:
        return self.client_authentication is not ClientAuthentication.PRIVATE_KEY_JWT

    def _check_client_authentication(self) -> None:
        """OpenID NLGov 1.0.1: clients must not use more than one method."""
        has_key, has_certificate = self.signing_key_pem is not None, self.client_certificate is not None
        if (has_key, has_certificate) != (not self.uses_tls_authentication, self.uses_tls_authentication):
            needed = "a certificate with its key, and no" if self.uses_tls_authentication else "only a"
            raise ValueError(f"{self.client_authentication.value} needs {needed} signing key")
        if self.assertion_names_certificate and self.signing_certificates_pem is None:
            raise ValueError("assertions can name the certificate of the signing key only when there is one")


@dataclass(frozen=True, kw_only=True)
class OidcConfig(Connection):
    """The connection with the broker through which citizens log in.

    `representation_allowed`: log-ins with DigiD Machtigen, and then only with an authorisation for `representation_service`,
    as this broker writes it (None where it does not say that). Else they are refused.
    """

    profile: BrokerProfile = BrokerProfile()
    minimum_level: str = levels.SUBSTANTIAL
    representation_allowed: bool = False
    representation_service: str | None = None

    def __post_init__(self) -> None:
        """Raises ValueError when the parts do not fit together."""
        super().__post_init__()
        if self.minimum_level not in levels.IN_ORDER:
            raise ValueError("the configured level of assurance is not a known one")
        if self.representation_allowed:
            self.profile.with_representation(self.representation_service)
        elif self.representation_service is not None:
            raise ValueError("representation_service means nothing while representation is refused")
