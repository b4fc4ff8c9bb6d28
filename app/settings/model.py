"""Every table and key of the settings file. Secrets have no default and stand in files of their own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, IPvAnyNetwork, model_validator

from app.http.proxy import TrustedProxies
from app.http.public_address import origin_of, path_of
from app.http.theme import DEFAULT, Theme
from app.persistence.key_ring_file import FileKeyRing
from app.ports.snapshot import Issuer
from app.settings.accessibility import AccessibilitySettings
from app.settings.api import ApiSettings
from app.settings.arrival import ArrivalSettings
from app.settings.audit import AuditSettings
from app.settings.database import DatabaseSettings
from app.settings.kinds import (
    FilePath,
    FolderPath,
    OrganizationIdentifier,
    Part,
    Seconds,
    SecretFile,
    SecurityContact,
    ServiceAddress,
    Text,
)
from app.settings.login import LoginSettings
from app.settings.operator import OperatorSettings
from app.settings.paper import PaperSettings
from app.settings.rates import RateSettings
from app.settings.seal import SealSettings
from app.settings.sessions import SessionSettings
from app.settings.sharing import SharingSettings
from app.settings.theme import load_theme
from claims.identity import Oin
from claims.organisation import ContactKind, ContactOption, Organisation


class ContactSettings(Part):
    """How citizens reach the organisation; `hours` are those of the telephone, in plain Dutch words."""

    phone: Text | None = None
    hours: Text | None = None
    email: Text | None = None
    url: Text | None = None

    @property
    def options(self) -> tuple[ContactOption, ...]:
        stated = (
            (ContactKind.PHONE, self.phone, self.hours),
            (ContactKind.EMAIL, self.email, None),
            (ContactKind.WEBSITE, self.url, None),
        )
        return tuple(ContactOption(kind, value, hours) for kind, value, hours in stated if value)


class OrganisationSettings(Part):
    """The organisation that seals. `organization_identifier` as in its seal certificate."""

    name: Text
    oin: Annotated[str, AfterValidator(lambda digits: Oin(digits).digits)]
    organization_identifier: OrganizationIdentifier
    contact: ContactSettings = ContactSettings()


class StorageSettings(Part):
    """`key_ring_file`: lines of `key-id base64(32 bytes)`, oldest first; the last key encrypts."""

    key_ring_file: SecretFile

    def key_ring(self) -> FileKeyRing:
        """Raises ValueError or OSError when the file is no key ring."""
        return FileKeyRing(self.key_ring_file)


class TimeSettings(Part):
    """When the page shows what is there, and when asking ends for good. Times of one source stand in the sources
    file."""

    show_after_seconds: Seconds = 10
    collection_seconds: Seconds = 30


class LimitSettings(Part):
    """`upload_bytes`: the largest file that the page for verifying takes and examines. `progress_streams`: how many
    progress pages one process fills in at the same time, `bodies_at_once`: how many forms and files one process receives
    at the same time. Each takes a thread, so keep their sum below the number of threads."""

    upload_bytes: Annotated[int, Field(gt=0, le=100_000_000)] = 10_000_000
    progress_streams: Annotated[int, Field(ge=0, le=1000)] = 3
    bodies_at_once: Annotated[int, Field(ge=1, le=1000)] = 3


class MonitorSettings(Part):
    """`keep_days`: how long the counts per source and day of the delivery monitor are kept."""

    keep_days: Annotated[int, Field(ge=31, le=3660)] = 400


class ProxySettings(Part):
    """How many proxies in front of us set X-Forwarded-For and X-Forwarded-Proto; 0: believe nobody. `addresses`: the
    networks from which the last of them connects to us, such as "10.1.0.0/16"; others are not believed. `continues_traces`: the
    last of them sets `traceparent` itself and never passes on a visitor's (docs/monitoring.md)."""

    trusted_hops: Annotated[int, Field(ge=0, le=5)] = 0
    addresses: tuple[IPvAnyNetwork, ...] = ()
    continues_traces: bool = False

    @model_validator(mode="after")
    def _go_together(self) -> ProxySettings:
        if bool(self.trusted_hops) != bool(self.addresses):
            raise ValueError(
                "trusted_hops and addresses go together: how many proxies, and where they connect from"
            )
        return self

    @property
    def trusted(self) -> TrustedProxies:
        return TrustedProxies(self.trusted_hops, self.addresses, continues_traces=self.continues_traces)


class Settings(Part):
    """Everything that differs between installations. There is no "environment" here on purpose.

    `public_url`: where browsers reach us: a host of its own, or a path on a host of the municipality (decision 39).
    `security_contact_until`: the day on which you will look whether `security_contact` still holds, at most a year from
    now (RFC 9116, 2.5.5). `theme_file`: the look of the pages (docs/theming.md); without it they are blue.
    `accessibility`: None as long as nobody of the organisation agreed to the statement.
    """

    public_url: ServiceAddress
    sources_file: FilePath
    trust_folder: FolderPath
    security_contact: SecurityContact
    security_contact_until: date
    theme_file: FilePath | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    organisation: OrganisationSettings
    database: DatabaseSettings
    storage: StorageSettings
    audit: AuditSettings
    login: LoginSettings
    seal: SealSettings
    times: TimeSettings = TimeSettings()
    sessions: SessionSettings = SessionSettings()
    limits: LimitSettings = LimitSettings()
    rates: RateSettings = RateSettings()
    monitor: MonitorSettings = MonitorSettings()
    proxy: ProxySettings = ProxySettings()
    operator: OperatorSettings | None = None
    api: ApiSettings | None = None
    sharing: SharingSettings | None = None
    accessibility: AccessibilitySettings | None = None
    paper: PaperSettings | None = None
    arrival: ArrivalSettings = ArrivalSettings()

    @model_validator(mode="after")
    def _password_fits(self) -> Settings:
        if self.database.password_file and self.database.url.startswith("sqlite:"):
            raise ValueError("database.password_file has no meaning for SQLite")
        return self

    @model_validator(mode="after")
    def _sites_differ(self) -> Settings:
        if self.operator is not None and self.operator.public_url == origin_of(self.public_url):
            raise ValueError("operator.public_url must be another address than public_url")
        return self

    @model_validator(mode="after")
    def _certificates_come_to_the_same_path(self) -> Settings:
        other = None if self.api is None else self.api.certificate_url
        if other is not None and path_of(other) != path_of(self.public_url):
            raise ValueError("api.certificate_url must have the path of public_url")
        return self

    @model_validator(mode="after")
    def _certificates_come_from_a_proxy(self) -> Settings:
        if self.api is not None and self.api.certificate_header and not self.proxy.trusted_hops:
            raise ValueError("api.certificate_header needs [proxy]: nobody else may tell us a certificate")
        return self

    @property
    def trusted_proxies(self) -> TrustedProxies:
        """Our own proxies, and whether they tell client certificates."""
        header = None if self.api is None else self.api.certificate_header
        return replace(self.proxy.trusted, certificate_header=header)

    def theme(self) -> Theme:
        """Raises ValueError when the file is not as it must be, or when its colours are too hard to tell apart."""
        return DEFAULT if self.theme_file is None else load_theme(self.theme_file)

    @property
    def issuer(self) -> Issuer:
        """The organisation as it stands in documents, with the fixed public page for verifying."""
        stated = self.organisation
        return Issuer(
            organisation=Organisation(stated.name, Oin(stated.oin)),
            organization_identifier=stated.organization_identifier,
            verify_address=f"{self.public_url}/controleren",
            contact=stated.contact.options,
            paper_days=None if self.paper is None else self.paper.keep_days,
        )
